// Promises that are challenged at the contract that the ledger leaves, and not answered: which of them can be answered there,
// and of the others why not. None keeps a ledger from moving, or a thief of a key would keep it where he is.

import type { Hex } from "viem";
import { answersOf, OPEN_CHALLENGE, type Question } from "../../chain/ledger-questions.ts";
import { eventsWithin, inRanges } from "../../chain/logs.ts";
import { fastKeccak } from "../../hashing.ts";
import { fromHex, toHex } from "../../protocol/bytes.ts";
import type { CallArgs } from "../../protocol/contract-calls.ts";
import type { Database } from "../../store/database.ts";
import { Proofs } from "../../store/proofs.ts";
import { type Asked, answerFor, isAsPromised, receiptAsked, receiptBooked } from "../challenges/recorded.ts";
import { promisedIn } from "../challenges/watch.ts";
import type { Earlier } from "./mover.ts";
import type { EventOf } from "./testimony.ts";

export type OpenChallenge = {
  /** The promise's leaf, its name on chain. */
  readonly id: Hex;
  /** Unix seconds. */
  readonly dueAt: number;
  /** What answers it there; or why nothing can. */
  readonly answer: CallArgs["answer"] | string;
};

/** Those open at the earlier contract as of now, the oldest first. */
export async function openChallenges(earlier: Earlier, lastGoodBatch: bigint): Promise<OpenChallenge[]> {
  const { sql } = earlier.context;
  const proofs = new Proofs(sql, fastKeccak);
  const open: OpenChallenge[] = [];
  for (const { promiseId: id, dueAt, ...told } of await stillOpen(earlier)) {
    const asked = askedBy({ ...told, promiseId: id });
    open.push({ id, dueAt, answer: await answerThere(sql, proofs, asked, lastGoodBatch) });
  }
  return open;
}

async function stillOpen(earlier: Earlier) {
  const challenged = await challengedAt(earlier);
  const questions = challenged.map(({ promiseId }): Question => {
    return { functionName: "challengeOf", args: [promiseId] };
  });
  const states = await answersOf(earlier.context.chain, earlier.address, questions);
  return challenged.filter((_, index) => states[index] === OPEN_CHALLENGE);
}

async function challengedAt({ context: { chain }, address, fromBlock }: Earlier) {
  const within = (from: bigint, to: bigint) =>
    eventsWithin(chain, address, ["Challenged"] as const, [from, to]);
  const challenged: ChallengedArgs[] = [];
  for await (const { found } of inRanges(fromBlock, await chain.head(), within))
    challenged.push(...found.map(({ args }) => args));
  return challenged;
}

type ChallengedArgs = EventOf<"Challenged">["args"];

function askedBy({
  promiseId,
  promised,
  deadline,
}: Pick<ChallengedArgs, "promiseId" | "promised" | "deadline">): Asked {
  const { leaf, charity, unit, kind, amount } = promisedIn(promised);
  const [promise, ...names] = [fromHex(promiseId), leaf, charity].map((bytes) => Buffer.from(bytes));
  return {
    ...{ promise: promise as Buffer, leaf: names[0] as Buffer, charity: names[1] as Buffer },
    ...{ unit, kind, amount: `${amount}`, deadline },
  };
}

/** Only roots up to the last good batch are ours there. */
async function answerThere(
  sql: Database,
  proofs: Proofs,
  asked: Asked,
  lastGoodBatch: bigint,
): Promise<CallArgs["answer"] | string> {
  const receipt = (await receiptAsked(sql, asked)) ?? (await receiptBooked(sql, asked));
  if (receipt === undefined)
    return "no such promise is recorded here: if the store is no older backup, its key is in other hands and is to be retired; the breach will stand there";
  const name = `its receipt ${toHex(receipt.id)}`;
  if (!isAsPromised(receipt, asked)) return `${name} is recorded otherwise than it was promised`;
  if (receipt.batch > lastGoodBatch)
    return `${name} is in batch ${receipt.batch}, which that contract cannot take any more: its promise is kept here, at the successor, which those who verify follow; see that the batch is anchored, and answer whoever asks here`;
  const answer = await answerFor(proofs, receipt);
  return typeof answer === "string" ? `no proof can be made of ${name}: ${answer}` : answer;
}
