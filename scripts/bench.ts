// npm run bench: how fast ingest, sealing and audits are, as ratios that hold on any machine. Tells, and judges nothing: a figure
// that is missed does not fail the run.

import { Command, InvalidArgumentError } from "commander";
import { benchAudit } from "./bench/audit.ts";
import { type Figure, isMet, tableOf } from "./bench/figures.ts";
import { benchIngest } from "./bench/ingest.ts";
import { benchSeal } from "./bench/seal.ts";
import { InterruptedError, onStage } from "./bench/stage.ts";
import { benchSteps } from "./bench/steps.ts";

type Options = { seconds: number; rounds: number; json?: boolean; profile?: string; size: number };

function parseCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Wanted a whole number from 1.");
}

function show(figures: readonly Figure[], { json = false }: Options): void {
  const met = figures.map((figure) => ({ ...figure, met: isMet(figure) }));
  console.log(json ? JSON.stringify(met, null, 2) : tableOf(figures));
}

const flagsOf = ({ profile }: Options): string[] =>
  profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`];

const program = new Command("npm run bench --").description(
  "Measures in a fresh folder, which is removed at the end.",
);
const topic = (name: string, description: string, size: string, rounds: string) =>
  program
    .command(name)
    .description(description)
    .option("--size <count>", "receipts or purchases in one round", parseCount, Number(size))
    .option("--rounds <count>", "of each side, in turn", parseCount, Number(rounds))
    .option("--json", "print the figures as JSON");

topic("ingest", "Single and bulk purchases.", "50000", "5")
  .option("--seconds <count>", "of single purchases in one round", parseCount, 4)
  .option("--profile <folder>", "keep a CPU profile of the service")
  .action(async (options: Options) =>
    show(await onStage((stage) => benchIngest(stage, { ...options, flags: flagsOf(options) })), options),
  );

topic("seal", "Trees, a whole seal, and proofs.", "1000000", "3").action(async (options: Options) =>
  show(await onStage((stage) => benchSeal(stage, options)), options),
);

topic("steps", "Donated steps into sponsors' gifts.", "50000", "3").action(async (options: Options) =>
  show(await onStage((stage) => benchSteps(stage, options)), options),
);

topic("audit", "A whole audit, from books in a folder.", "2000000", "3").action(async (options: Options) =>
  show(await benchAudit(options), options),
);

try {
  await program.parseAsync();
} catch (thrown) {
  console.error(thrown instanceof InterruptedError ? thrown.message : thrown);
  process.exitCode = 1;
}
