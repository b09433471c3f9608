// `npm run verify`: checks receipt files as a stranger would, trusting nothing that comes from the service.
// Exit code 0: all valid; 1: at least one is not; 2: it cannot be told, or the command is wrong.

import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { type Address, isAddress } from "viem";
import { AmanahError, messageOf } from "../server/errors.ts";
import { toHex } from "../server/protocol/bytes.ts";
import { checkEndpoint } from "../server/verifier/contract-reader.ts";
import { witnessOf } from "./verify/books.ts";
import { type Judged, judgeFiles } from "./verify/judge.ts";
import { pinsFile, readPins, writePin } from "./verify/pins.ts";
import { report, toJson } from "./verify/report.ts";

const VALID = 0;
const INVALID = 1;
const CANNOT_TELL = 2;

type Options = {
  rpc?: string[];
  contract?: Address;
  book?: string[];
  issuer?: string;
  json?: true;
  pin?: true;
};

const command = new Command("npm run verify --")
  .description("Verifies receipt files: by themselves, and against the contract that you choose.")
  .argument("<file...>", "receipt files, or volunteers' certificates (JSON)")
  .addOption(
    new Option(
      "--rpc <url>",
      "any JSON-RPC endpoint of the contract's chain; may be repeated, with one of each chain that the ledger has moved to",
    ).argParser((url: string, before: string[] = []) => [...before, endpoint(url)]),
  )
  .addOption(
    new Option("--contract <address>", "the ledger's contract, from a source that you trust").argParser(
      address,
    ),
  )
  .option(
    "--book <file>",
    "the book of a file's batch: for a receipt saved before it was sealed, and to check index and count; may be repeated",
    (file: string, before: string[] = []) => [...before, file],
  )
  .option("--issuer <did>", "the did:key that signs volunteers' certificates, from a source that you trust")
  .option("--pin", "remember the contract for this ledger once everything has proved valid")
  .option("--json", "one JSON document a file, in one line each")
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? VALID : CANNOT_TELL))
  .action(verify);

await command.parseAsync();

async function verify(files: string[], options: Options): Promise<void> {
  try {
    process.exitCode = await judgeAndTell(files, options);
  } catch (error) {
    if (!(error instanceof AmanahError)) throw error;
    console.error(error.message);
    process.exitCode = CANNOT_TELL;
  }
}

async function judgeAndTell(
  files: string[],
  { rpc, contract, book = [], issuer, json, pin }: Options,
): Promise<number> {
  // npm runs scripts in the project's folder, and says where it was called.
  const folder = process.env.INIT_CWD ?? process.cwd();
  const pins = await readPins(pinsFile());
  const witness = await witnessOf(book.map((file) => resolve(folder, file)));
  const choice = { rpc: rpc ?? [], contract: contract ?? null, pins, witness, issuer: issuer ?? null };
  const paths = files.map((file) => resolve(folder, file));
  const judged = await judgeFiles(paths, choice);
  for (const line of json ? judged.map(toJson) : report(judged)) console.log(line);
  const code = exitCodeOf(judged);
  if (pin && code === VALID) await pinContracts(judged);
  return code;
}

function exitCodeOf(judged: readonly Judged[]): number {
  const verdicts = new Set(judged.map(({ verification }) => verification.verdict));
  return verdicts.has("invalid") ? INVALID : verdicts.has("unknown") ? CANNOT_TELL : VALID;
}

async function pinContracts(judged: readonly Judged[]): Promise<void> {
  const file = pinsFile();
  const ledgers = new Map(
    judged
      .filter(({ verification }) => verification.file !== null)
      .map((each) => [toHex(each.verification.file!.ledger.id), each.contract!] as const),
  );
  for (const [ledger, { address: chosen, chainId }] of ledgers) {
    await writePin(file, ledger, { chainId, contract: chosen });
    console.error(`pinned: ${ledger} is kept by ${chosen} on chain ${chainId} (${file})`);
  }
}

function endpoint(url: string): string {
  return orInvalidArgument(() => checkEndpoint(url));
}

function address(text: string): Address {
  if (isAddress(text, { strict: false })) return text.toLowerCase() as Address;
  throw new InvalidArgumentError("Wanted 0x and 40 hex digits.");
}

function orInvalidArgument<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}
