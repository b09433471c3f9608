// `npm run demo`: one campaign week of the whole system on a fresh folder, over all programmes, from gifts to money spent
// and the report on it; then a donor's receipt, a sponsor's gift for steps, a volunteer's certificate and the whole ledger checked
// as a stranger would. The parts of the week are in the folder beside.

import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Command } from "commander";
import pino from "pino";
import { freshDataDir } from "../server/embedded/data-dir.ts";
import { answers } from "../server/embedded/free-port.ts";
import { AmanahError } from "../server/errors.ts";
import { type Service, startService, untilSignal } from "../server/main.ts";
import { toHex } from "../server/protocol/bytes.ts";
import { readSettings } from "../server/settings.ts";
import { deploymentOf } from "../server/store/deployment.ts";
import { apiClient } from "./demo/api.ts";
import { BANK_ACCOUNT } from "./demo/bank.ts";
import { readKey } from "./demo/operator.ts";
import { playWeek, type Week } from "./demo/play.ts";
import { auditLedger, verifyFile } from "./demo/stranger.ts";
import { say, step } from "./demo/telling.ts";

type Options = { exit?: boolean; out?: string; seed: string };

const program = new Command("npm run demo --")
  .description(
    "Plays a campaign week on a fresh folder: purchases, a charity's shop, volunteers, steps; payout, report; then receipts verified, and the ledger audited.",
  )
  .option("--exit", "end when the day is over instead of staying up")
  .option("--out <file>", "keep the donor's anchored receipt file")
  .option("--seed <number>", "another week: the same seed plays the same", "11")
  .action(run);

async function run(options: Options): Promise<void> {
  const signal = untilSignal();
  const dataDir = await freshDataDir();
  try {
    await playAndStay(options, dataDir, signal);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function playAndStay(options: Options, dataDir: string, signal: Promise<unknown>): Promise<void> {
  const service = await step("PostgreSQL, chain, contract, service", () =>
    startService(settingsFor(dataDir), quietLog()),
  );
  try {
    const played = await Promise.race([playAll(service, options, dataDir), signal.then(() => undefined)]);
    if (played === undefined || options.exit === true) return;
    tellWhatNext(service, played);
    await signal;
    say("\nstopping");
  } finally {
    await service.stop();
  }
}

const quietLog = () => pino({ level: process.env.LOG_LEVEL ?? "error", base: null }, pino.destination(2));

/** The usual ports where they are free, so that the links look as they will at home. */
function settingsFor(dataDir: string) {
  const { DATABASE_URL: _, CHAIN_RPC_URL: __, ...environment } = process.env;
  return readSettings({
    ...environment,
    DATA_DIR: dataDir,
    SEAL_AFTER_SECONDS: "1",
    ...BANK_ACCOUNT,
    ...ports,
  });
}

const portOr = async (port: number) => ((await answers(port)) ? "0" : `${port}`);
const ports = {
  PORT: process.env.PORT ?? (await portOr(8080)),
  CHAIN_PORT: process.env.CHAIN_PORT ?? (await portOr(8545)),
};

type Played = Week & {
  readonly contract: string;
  /** Where the donor's receipt lies, and where the audit's report: a page for a browser. */
  readonly file: string;
  readonly audit: string;
};

async function playAll(service: Service, { seed, out }: Options, dataDir: string): Promise<Played> {
  const api = apiClient(service.url, await readKey(dataDir));
  const week = await playWeek(service, api, Number(seed));
  const [file, gift, certificate] = [
    resolve(out ?? join(dataDir, "receipt.json")),
    "step-gift",
    "certificate",
  ];
  await keep(file, await api.receipt(week.receipt));
  const others = [gift, certificate].map((name) => join(dataDir, `${name}.json`)) as [string, string];
  await keep(others[0], await api.receipt(week.stepGift));
  await keep(others[1], week.certificate);
  const contract = toHex((await deploymentOf(service.services.sql))?.contract as Buffer);
  const { issuer } = await api.get("/v1/certificates/issuer");
  const known = { rpc: service.rpcUrl, contract, issuer: issuer as string };
  for (const each of [file, ...others]) await verifyFile(each, known);
  const audit = join(dataDir, "audit.html");
  await auditLedger(`${service.url}/books`, known, join(dataDir, "audit"), audit);
  return { ...week, contract, file, audit };
}

async function keep(file: string, value: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}

function tellWhatNext(service: Service, { file, contract, receipt, stepGift, audit, report }: Played): void {
  say(`
A donor's receipt, at its address on the line:

  ${service.url}/r/${receipt.id}#${receipt.key}

Everything is still running. Open that link, and try:
  the campaign                 ${service.url}/campaigns
  a sponsor's gift for steps   ${service.url}/r/${stepGift.id}#${stepGift.key}
  what was given, and became   ${service.url}/reports/${report}
  all programmes               ${service.url}/programmes
  the API and its reference    ${service.url}/docs
  the audit's report           ${audit}
  change a digit in ${file}
  and run                      npm run verify -- ${file} --rpc ${service.rpcUrl} --contract ${contract}
Ctrl-C stops it and removes what it made.`);
}

program.parseAsync().catch((thrown) => {
  console.error(thrown instanceof AmanahError ? thrown.message : thrown);
  process.exitCode = 1;
});
