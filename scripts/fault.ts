// `npm run fault`: looks for what convicts the operator in receipt files and books, and brings it before the contract. Two
// donors' files are enough; no service is asked, and what the files say of their contract is not believed.

import { Command } from "commander";
import { InputError } from "../server/errors.ts";
import { fastKeccak } from "../server/hashing.ts";
import type { Hex } from "../server/protocol/bytes.ts";
import { lineOf } from "../server/protocol/evidence.ts";
import { SAY_FAULT, sayEvidence } from "../server/protocol/fault-wording.ts";
import { evidenceOfFiles } from "../server/protocol/file-evidence.ts";
import type { OpenedReceipt } from "../server/protocol/receipt-file.ts";
import { type Contract, openContract } from "./chain/contract.ts";
import { type ChainOptions, COULD_NOT, senderOf, withChainOptions } from "./chain/options.ts";
import { sayContract } from "./chain/say.ts";
import { sendAndWait } from "./chain/send.ts";
import { confirm, run } from "./charity/command.ts";
import { bringBefore, faultOf, type Outcome } from "./fault/accuse.ts";
import { type Found, foundInBooks, NOTHING } from "./fault/found.ts";
import { type Held, readHeld } from "./fault/held.ts";
import { say } from "./say.ts";

type Options = ChainOptions & { readonly books?: string };

const FAULT = 1;

const EXIT_CODES = `Exit code 0: nothing that the contract would convict a line of; 1: a fault, sent or not, or one that it keeps already; 2: it
could not be checked.

Anyone may prove a fault, from any account, for the fee of a transaction. It stays for ever: the line takes no more proofs
and no payout. What contradicts nothing anchored is refused, and costs nothing.

  npm run fault -- mine.json yours.json --rpc https://rpc.example --contract 0x…
  npm run fault -- --books https://charity.example/books --rpc https://rpc.example --contract 0x… --key-file my.key`;

await withChainOptions(
  new Command("npm run fault --")
    .description("Finds what convicts the operator in receipt files and books, and proves it on chain.")
    .argument("[file...]", "receipt files (JSON) of one ledger, of as many donors as there are")
    .option("--books <url-or-folder>", "the published books; without files, all of them are looked through"),
  EXIT_CODES,
)
  .action((files: string[], options: Options) => run(() => look(files, options)))
  .parseAsync();

async function look(paths: readonly string[], options: Options): Promise<void> {
  if (paths.length === 0 && options.books === undefined)
    throw new InputError("nothing-named", "wanted receipt files, --books, or both");
  const held = await Promise.all(paths.map(readHeld));
  const contract = await openContract(options, ledgerOf(held));
  say(sayContract(contract));
  const files = held.map(({ file }) => file).filter((file) => file !== null);
  const found = await find(contract, held, files, options);
  const outcomes = await bringBefore(contract, found.evidence);
  for (const outcome of outcomes) tell(contract, outcome);
  if (outcomes.some(({ state }) => state !== "refused")) process.exitCode = FAULT;
  else tellNothing(files, found);
  await send(contract, outcomes, options);
}

/** @throws InputError `several-ledgers` */
function ledgerOf(held: readonly Held[]): Hex | null {
  const [first, ...more] = new Set(held.map(({ ledger }) => ledger));
  if (more.length === 0) return first ?? null;
  throw new InputError("several-ledgers", `wanted files of one ledger, came ${first} and ${more.join(", ")}`);
}

async function find(
  contract: Contract,
  held: readonly Held[],
  files: readonly OpenedReceipt[],
  { books }: Options,
): Promise<Found> {
  const malformed = held.map(({ evidence }) => evidence).filter((evidence) => evidence !== null);
  const inFiles = { ...NOTHING, evidence: [...malformed, ...evidenceOfFiles(files, { hash: fastKeccak })] };
  if (books === undefined) return inFiles;
  const lastBatch = (await contract.read("lastBatch")) as bigint;
  const inBooks = await foundInBooks(contract.ledger, books, files, lastBatch);
  return { ...inBooks, evidence: [...inFiles.evidence, ...inBooks.evidence] };
}

function tell(contract: Contract, outcome: Outcome): void {
  const { charity, unit } = lineOf(outcome.evidence);
  say(`line of charity ${charity} in ${unit}`);
  say(`  ${sayEvidence(outcome.evidence)}`);
  for (const line of sayState(contract, outcome)) say(`  ${line}`);
}

function sayState(
  { address }: Contract,
  { evidence, state, fault, refusal, data, ...call }: Outcome,
): string[] {
  if (state === "refused")
    return [`the contract refuses it: ${refusal}; what was shown is not what was anchored`];
  if (state === "proven")
    return [`the line is at fault already${fault === null ? "" : `: ${SAY_FAULT[fault]}`}`];
  return [
    `✗ ${evidence.fault}: the contract takes it, as it stands now`,
    `to:   ${address}`,
    `call: ${call.function}`,
    `data: ${data}`,
  ];
}

function tellNothing(files: readonly OpenedReceipt[], { books, unread }: Found): void {
  const sealed = files.filter(({ seal }) => seal !== null).length;
  const where = [
    ...(files.length === 0 ? [] : [`${sealed} sealed of ${files.length} receipt files`]),
    ...(books === 0 ? [] : [`${books} books`]),
  ];
  say(`no contradiction that convicts anybody in ${where.join(" and ") || "what could be read"}`);
  if (files.length > 0) say("whether each file is valid by itself is told by npm run verify");
  if (unread.length === 0) return;
  say(`${unread.length} books could not be read: there may be more in them`);
  process.exitCode = COULD_NOT;
}

async function send(contract: Contract, outcomes: readonly Outcome[], options: Options): Promise<void> {
  const accepted = outcomes.filter(({ state }) => state === "accepted");
  if (accepted.length === 0) return;
  if (options.keyFile === undefined || options.dryRun === true)
    return say("nothing was sent: anyone may send it, with --key-file or from any wallet");
  const account = await senderOf(options);
  await confirm(`Prove it from ${account.address}, for the fee of ${accepted.length} transactions?`, options);
  for (const { evidence, data } of accepted) {
    await sendAndWait(contract, account, { data, value: 0n });
    const fault = await faultOf(contract, evidence);
    say(
      `the line of charity ${lineOf(evidence).charity} is at fault${fault === null ? "" : `: ${SAY_FAULT[fault]}`}`,
    );
  }
}
