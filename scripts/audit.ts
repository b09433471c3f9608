// `npm run audit`: checks a whole ledger as a regulator would, from the contract and the published books alone. Needs
// neither the database nor the operator.
// Exit code 0: clean; 1: findings; 2: it could not be checked, or the command is wrong.

import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { availableParallelism, homedir } from "node:os";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { type Address, isAddress } from "viem";
import { AmanahError, messageOf } from "../server/errors.ts";
import { checkEndpoint } from "../server/verifier/contract-reader.ts";
import { isUrl } from "./audit/books/book-source.ts";
import { readSigners } from "./audit/documents/signers.ts";
import { page } from "./audit/html/page.ts";
import { showProgress } from "./audit/progress.ts";
import { type AuditReport, reportJson } from "./audit/report.ts";
import { audit, InterruptedError } from "./audit/run.ts";
import { tell } from "./audit/tell.ts";
import { readExport, readStatement } from "./completeness/files.ts";

const CLEAN = 0;
const FINDINGS = 1;
const COULD_NOT_CHECK = 2;
const MOST_WORKERS = 64;
/** How long what was done may take to be saved; behind that the process ends, and what was saved before is enough. */
const SAVE_LIMIT_MS = 5_000;

type Options = {
  rpc: string[];
  contract: Address;
  books: string;
  fromBlock: bigint;
  signers?: string;
  merchant: string[];
  merchantOrders?: string;
  json?: string;
  html?: string;
  workers: number;
  state?: string;
  resume: boolean;
};

const HELP = `
Take the contract's address from a source that you trust; the operator's own books prove nothing without it. Any endpoint
of the chain will do; two that agree are better than one. Books are public files: the operator's address, a mirror or a copy.

What is kept on disk while it runs (16 bytes a receipt) lets the same command go on after a kill or Ctrl-C. Whoever can
write to that folder could make the audit say what they like: keep it your own. Memory grows with the largest book and
with the number of the contract's events, and not with the number of receipts.

  npm run audit -- --rpc https://rpc.example --contract 0x… --books https://charity.example/books --html report.html`;

const command = new Command("npm run audit --")
  .description(
    "Recomputes a whole ledger from the contract and the published books, and tells all that is not so.",
  )
  .addOption(
    new Option(
      "--rpc <url>",
      "any JSON-RPC endpoint of the contract's chain; may be repeated, with one of each chain that the ledger has moved to",
    )
      .argParser((url: string, before: string[] = []) => [...before, endpoint(url)])
      .makeOptionMandatory(),
  )
  .addOption(
    new Option("--contract <address>", "the ledger's contract, from a source that you trust")
      .argParser(address)
      .makeOptionMandatory(),
  )
  .requiredOption("--books <url-or-folder>", "where <batch>.arrow and documents/ are")
  .addOption(
    new Option("--from-block <number>", "where to begin reading events: not behind the contract's deployment")
      .argParser(blockNumber)
      .default(0n, "0"),
  )
  .option("--signers <file>", '{"registration": "0x… signer"} as charities publish it themselves')
  .option("--merchant <file...>", "completeness statements (JSON) that a merchant was given", [])
  .option("--merchant-orders <file>", "the merchant's own orders of these days (CSV: order, paid, currency)")
  .option("--json <file>", "the whole outcome as JSON; - for standard output")
  .option("--html <file>", "the whole outcome as one page with charts, for a browser or to print")
  .option(
    "--workers <count>",
    "threads that hash",
    workerCount,
    Math.min(availableParallelism(), MOST_WORKERS),
  )
  .option(
    "--state <folder>",
    "where to keep what a broken-off audit goes on from (default: in ~/.amanah/audit)",
  )
  .option("--no-resume", "begin anew, whatever an earlier run has left")
  .addHelpText("after", HELP)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? CLEAN : COULD_NOT_CHECK))
  .action(run);

await command.parseAsync();

async function run(options: Options): Promise<void> {
  try {
    process.exitCode = await auditAndTell(options);
  } catch (error) {
    const isTold = error instanceof AmanahError || error instanceof InterruptedError;
    // Our own bug is no finding: 1 would be taken for one.
    console.error(isTold ? `audit: could not check: ${error.message}` : error);
    process.exitCode = COULD_NOT_CHECK;
  }
}

async function auditAndTell(options: Options): Promise<number> {
  const { contract, fromBlock, workers, resume } = options;
  const [rpc = "", ...furtherRpcs] = options.rpc;
  const books = isUrl(options.books) ? options.books : place(options.books);
  const report = await audit({
    ...{ rpc, furtherRpcs, contract, books, fromBlock, workers, resume },
    state: options.state === undefined ? ownFolder(contract, books) : place(options.state),
    signers: options.signers === undefined ? null : await readSigners(place(options.signers)),
    merchants: await Promise.all(options.merchant.map((file) => readStatement(place(file)))),
    orders: options.merchantOrders === undefined ? null : await readExport(place(options.merchantOrders)),
    signal: interruption(),
    progress: showProgress(process.stderr),
  });
  await write(report, options);
  return report.verdict === "clean" ? CLEAN : FINDINGS;
}

async function write(report: AuditReport, { json, html }: Options): Promise<void> {
  if (html !== undefined) await writeFile(place(html), page(report));
  if (json === "-") return void process.stdout.write(`${reportJson(report)}\n`);
  if (json !== undefined) await writeFile(place(json), `${reportJson(report)}\n`);
  console.log(tell(report).join("\n"));
}

/** npm runs scripts in the project's folder, and says where it was called. */
function place(path: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), path);
}

/** One for each contract and place of books, so that audits of several do not meet. */
function ownFolder(contract: Address, books: string): string {
  const home = process.env.AMANAH_HOME || join(homedir(), ".amanah");
  const name = createHash("sha256").update(`${contract} ${books}`).digest("hex").slice(0, 16);
  return join(home, "audit", name);
}

/** Aborts at the first Ctrl-C; it may come twice, from the terminal and from npm. */
function interruption(): AbortSignal {
  const stopping = new AbortController();
  const stop = (): void => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    setTimeout(endUnsaved, SAVE_LIMIT_MS).unref();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
  return stopping.signal;
}

function endUnsaved(): never {
  console.error("audit: stopped; the same command goes on from where its books were saved last");
  process.exit(COULD_NOT_CHECK);
}

function endpoint(url: string): string {
  try {
    return checkEndpoint(url);
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}

function address(text: string): Address {
  if (isAddress(text, { strict: false })) return text.toLowerCase() as Address;
  throw new InvalidArgumentError("Wanted 0x and 40 hex digits.");
}

function blockNumber(text: string): bigint {
  if (/^\d{1,18}$/.test(text)) return BigInt(text);
  throw new InvalidArgumentError("Wanted the number of a block.");
}

function workerCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_WORKERS) return count;
  throw new InvalidArgumentError(`Wanted 1 to ${MOST_WORKERS}.`);
}
