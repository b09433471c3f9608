// `npm run completeness`: a merchant lays what was recorded of its days beside its own export. Needs neither the service nor
// the chain. Exit code 0: complete; 1: something differs; 2: it cannot be compared, or the command is wrong.

import { resolve } from "node:path";
import { Command } from "commander";
import { AmanahError } from "../server/errors.ts";
import {
  type Completeness,
  type CompletenessFinding,
  compareWithExport,
  type ExportedOrder,
} from "../server/programmes/completeness.ts";
import { readExport, readStatement } from "./completeness/files.ts";
import { say, warn } from "./say.ts";

const COMPLETE = 0;
const DIFFERS = 1;
const CANNOT_COMPARE = 2;
const MOST_TOLD = 100;

type Options = { statement: string[]; export: string; json?: true };

const HELP = `
The export is comma-separated with the columns order, paid and currency in its first line (others are ignored): the orders
that you reported on exactly the days of the statements; paid is everything paid for the order, shipping included, in whole
minor units. Statements come from the service, with the order numbers if missing orders are to be named:

  curl -H "Authorization: Bearer $KEY" "$URL/v1/merchants/$ID/completeness?day=2026-11-11&orders=true" > 2026-11-11.json

That the statement is the one whose hash was published is checked by npm run audit with --merchant.`;

await new Command("npm run completeness --")
  .description("Compares what was recorded of a merchant's days with its own export of orders.")
  .requiredOption("--statement <file...>", "completeness statements (JSON), one a day")
  .requiredOption("--export <file>", "your own orders of these days (CSV)")
  .option("--json", "the findings as one JSON document")
  .addHelpText("after", HELP)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? COMPLETE : CANNOT_COMPARE))
  .action(run)
  .parseAsync();

async function run(options: Options): Promise<void> {
  try {
    process.exitCode = await compare(options);
  } catch (thrown) {
    if (!(thrown instanceof AmanahError)) throw thrown;
    warn(`completeness: ${thrown.message}`);
    process.exitCode = CANNOT_COMPARE;
  }
}

async function compare({ statement, export: file, json }: Options): Promise<number> {
  // npm runs scripts in the project's folder, and says where it was called.
  const folder = process.env.INIT_CWD ?? process.cwd();
  const statements = await Promise.all(statement.map((one) => readStatement(resolve(folder, one))));
  const orders = await readExport(resolve(folder, file));
  const findings = compareWithExport(statements, orders);
  if (json) console.log(JSON.stringify({ findings }));
  else tell(statements, orders, findings);
  return findings.length === 0 ? COMPLETE : DIFFERS;
}

function tell(
  statements: readonly Completeness[],
  orders: readonly ExportedOrder[],
  findings: readonly CompletenessFinding[],
): void {
  for (const { code, says } of findings.slice(0, MOST_TOLD)) say(`✗ ${code}  ${says}`);
  if (findings.length > MOST_TOLD) say(`… and ${findings.length - MOST_TOLD} more; all with --json`);
  const days = statements.map(({ day }) => day).sort();
  const listed = statements.every((one) => one.orders !== null) ? "each by its number" : "by count and sum";
  const result =
    findings.length === 0
      ? `complete: ${orders.length} orders agree, ${listed}`
      : `${findings.length} differ`;
  say(`${statements[0]?.merchant}, ${days.join(", ")}: ${result}`);
}
