// `npm run answer`: shows the contract that a challenged receipt is in an anchored batch. Anyone may, and earns the bond when
// it is in time. From a sealed receipt file, or from the public books; no service is asked.

import { Command, InvalidArgumentError } from "commander";
import type { Hex } from "viem";
import { encodeCalls } from "../server/chain/encode.ts";
import { InputError } from "../server/errors.ts";
import { answerArgs } from "../server/protocol/answer.ts";
import { toHex } from "../server/protocol/bytes.ts";
import type { OpenedReceipt, Seal } from "../server/protocol/receipt-file.ts";
import { sealFromBooks } from "./answer/books.ts";
import { type Challenged, challengedByFile, challengedByLeaf } from "./answer/challenged.ts";
import { checkShows, isAnchored } from "./answer/prove.ts";
import { answerGiven, type ChallengeState, challengeState } from "./chain/challenge-state.ts";
import { type Contract, newestBlock, openContract } from "./chain/contract.ts";
import { type ChainOptions, senderOf, withChainOptions } from "./chain/options.ts";
import { readReceiptFile } from "./chain/receipt-file.ts";
import { moment, sayContract, sayPromised } from "./chain/say.ts";
import { coins, sendAndWait } from "./chain/send.ts";
import { RefusedError } from "./charity/client.ts";
import { confirm, run } from "./charity/command.ts";
import { say } from "./say.ts";

type Options = ChainOptions & { readonly books?: string; readonly leaf?: Hex };

const EXIT_CODES =
  "Exit code 0: answered, now or before; 1: there is nothing to answer, or nothing to answer with; 2: it could not be done.";

await withChainOptions(
  new Command("npm run answer --")
    .description(
      "Answers a challenged promise, on chain, with the proof that its receipt is in an anchored batch.",
    )
    .argument("[receipt.json]", "the receipt file, sealed or with --books")
    .option(
      "--leaf <hash>",
      "the promise's leaf or the receipt's, where there is no file; with --books",
      leafOf,
    )
    .option("--books <url-or-folder>", "the published books, to find the receipt in"),
  EXIT_CODES,
)
  .action((file: string | undefined, options: Options) => run(() => answer(file, options)))
  .parseAsync();

function leafOf(text: string): Hex {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase() as Hex;
  throw new InvalidArgumentError("Wanted 0x and 64 hexadecimal digits.");
}

async function answer(path: string | undefined, options: Options): Promise<void> {
  const file = path === undefined ? null : await readReceiptFile(path);
  if ((file === null) === (options.leaf === undefined))
    throw new InputError("not-named", "wanted a receipt file or --leaf, one of the two");
  const contract = await openContract(options, file && toHex(file.ledger.id));
  say(sayContract(contract));
  const challenged = file ? challengedByFile(file) : await challengedByLeaf(contract, options.leaf as Hex);
  say(`challenged: ${sayPromised(challenged.promised)}`);
  const standing = await challengeState(contract, challenged.id);
  if (!(await needsAnswer(contract, challenged, standing))) return;
  const seal = await sealOf(contract, file, challenged, options);
  checkShows(challenged.promised, seal);
  await send(contract, challenged, seal, options);
}

/** False when it was answered before. @throws RefusedError `not-challenged` */
async function needsAnswer(
  contract: Contract,
  { id }: Challenged,
  standing: ChallengeState,
): Promise<boolean> {
  if (standing.state === "none")
    throw new RefusedError(
      "not-challenged",
      "nobody has challenged this receipt: there is nothing to answer",
    );
  if (standing.state === "open" || standing.state === "breached") {
    await tellBond(contract, standing);
    return true;
  }
  const given = await answerGiven(contract, id, standing);
  say(`it is answered already${given === undefined ? "" : `, from batch ${given.batch} by ${given.by}`}`);
  return false;
}

async function tellBond(contract: Contract, { state, dueAt }: ChallengeState): Promise<void> {
  const { time } = await newestBlock(contract);
  const bond = coins((await contract.read("challengeBond")) as bigint);
  if (state === "open" && time <= dueAt)
    return say(`whoever answers until ${moment(dueAt)} takes the bond of ${bond}`);
  say("the time to answer is over: an answer is recorded beside the breach, and earns no bond");
}

/** @throws RefusedError `not-found` when nothing shows that the receipt is in an anchored batch */
async function sealOf(
  contract: Contract,
  file: OpenedReceipt | null,
  challenged: Challenged,
  { books }: Options,
): Promise<Seal> {
  if (file?.seal && (await isAnchored(contract, file.seal))) return file.seal;
  if (books === undefined) throw new RefusedError("not-found", sayNoProof(file));
  const seal = await sealFromBooks(contract, books, challenged);
  if (seal !== undefined) return seal;
  throw new RefusedError(
    "not-found",
    "no book that leads to an anchored root holds this receipt as it was promised",
  );
}

function sayNoProof(file: OpenedReceipt | null): string {
  if (!file?.seal)
    return "there is no proof to answer with: pass --books, with the address or the folder of the published books";
  return `the file's proof does not lead to the root that the contract keeps for batch ${file.seal.batch}; --books may show where it is`;
}

async function send(
  contract: Contract,
  { promised, id }: Challenged,
  seal: Seal,
  options: Options,
): Promise<void> {
  say(`the receipt is in batch ${seal.batch}, which is anchored`);
  if (options.dryRun === true) return say("nothing was sent");
  const account = await senderOf(options);
  await confirm(`Answer from ${account.address}?`, options);
  const data = encodeCalls([{ kind: "answer", args: answerArgs(promised, seal) }]);
  await sendAndWait(contract, account, { data, value: 0n });
  const { state } = await challengeState(contract, id);
  say(
    state === "answered"
      ? `answered: the bond went to ${account.address}`
      : "answered: it stands beside the breach",
  );
}
