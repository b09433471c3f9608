// npm run import: another shop's purchases into the service, through its public API. Everything it does can be done again
// without counting anything twice, so an import that broke off is continued by starting it anew.

import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { AmanahError } from "../server/errors.ts";
import { readSettings } from "../server/settings.ts";
import { FORMATS } from "./import/adaptors.ts";
import { type ImportOptions, importFolder } from "./import/import-folder.ts";

/** "1" and "0.25" as basis points, without a float in between. */
function parsePercent(text: string): number {
  const [, whole, fraction = ""] = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  const basisPoints = whole === undefined ? 0 : Number(whole) * 100 + Number(fraction.padEnd(2, "0"));
  if (basisPoints >= 10 && basisPoints <= 10_000) return basisPoints;
  throw new InvalidArgumentError("Wanted 0.1 to 100, with at most two decimals.");
}

function command(): Command {
  const { HOST, PORT, DATA_DIR } = readSettings();
  return new Command("npm run import --")
    .description("Imports purchases of another shop. Doing it again counts nothing twice.")
    .argument("<format>", `of the files: ${FORMATS}`)
    .argument("<folder>", "where the files are")
    .requiredOption("--charity <registration>", "who receives, such as GB-CHC-1164883; registered when new")
    .requiredOption("--percent <number>", "of price and shipping that every merchant gives", parsePercent)
    .addOption(
      new Option("--refunds <rule>", "what a refund does to its gifts")
        .choices(["merchant-bears", "reverse"])
        .default("merchant-bears"),
    )
    .option("--url <address>", "of the service", `http://${HOST}:${PORT}`)
    .option("--key-file <file>", "with the operator's key", join(DATA_DIR, "operator.key"))
    .option("--out <file>", "for the answers, one a line, with the receipts' ids and keys")
    .option("--receipts <folder>", "for the receipt files; waits until all are anchored")
    .action(async (format: string, folder: string, { percent, ...options }: Parsed) => {
      const complete = await importFolder(format, folder, { ...options, basisPoints: percent });
      if (!complete) process.exitCode = 1;
    });
}

type Parsed = Omit<ImportOptions, "basisPoints"> & { readonly percent: number };

try {
  await command().parseAsync();
} catch (thrown) {
  console.error(thrown instanceof AmanahError ? `import: ${thrown.message}` : thrown);
  process.exitCode = 1;
}
