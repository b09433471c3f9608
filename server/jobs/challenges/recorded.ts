// What is recorded here of a promise that somebody has challenged, at whichever contract, and the proof that answers it. Why
// it cannot be answered is said by whoever asks.

import { InvariantError } from "../../errors.ts";
import { answerArgs } from "../../protocol/answer.ts";
import type { CallArgs } from "../../protocol/contract-calls.ts";
import { bookedReceipt } from "../../store/booked.ts";
import type { Challenge } from "../../store/challenges.ts";
import type { Database } from "../../store/database.ts";
import { receiptOfPromise } from "../../store/promises.ts";
import type { Proofs } from "../../store/proofs.ts";
import { receiptById, type StoredReceipt } from "../../store/receipts.ts";

export type Asked = Pick<Challenge, "promise" | "leaf" | "charity" | "unit" | "kind" | "amount" | "deadline">;

/** The receipt that was promised; undefined when nobody here has promised it. */
export async function receiptAsked(
  sql: Database,
  { deadline, promise }: Asked,
): Promise<StoredReceipt | undefined> {
  if (deadline === null) return undefined;
  const id = await receiptOfPromise(sql, deadline, promise);
  return id && (await receiptById(sql, id));
}

/**
 * The receipt that was not promised here under these terms, but is recorded as they say: whoever has a key that promises can
 * take leaf, line and amount of any receipt from the books, and promise it anew. Its own promise has the same name on chain,
 * and would stand as broken with that one. Undefined when there is none; looks through all of the line.
 */
export async function receiptBooked(sql: Database, asked: Asked): Promise<StoredReceipt | undefined> {
  const receipt = await bookedReceipt(sql, asked);
  return receipt !== undefined && isAsPromised(receipt, asked) ? receipt : undefined;
}

export const isAsPromised = (receipt: StoredReceipt, { leaf, charity, unit, kind, amount }: Asked) =>
  receipt.leaf.equals(leaf) &&
  receipt.charity.equals(charity) &&
  receipt.unit === unit &&
  receipt.kind === kind &&
  `${receipt.amount}` === amount;

/** The answer; or why none can be made. One receipt that the store has spoilt must not keep the others from being answered. */
export async function answerFor(
  proofs: Proofs,
  receipt: StoredReceipt,
): Promise<CallArgs["answer"] | string> {
  try {
    const seal = await proofs.of(receipt);
    return seal === null ? "its statement is missing" : answerArgs(receipt, seal);
  } catch (thrown) {
    if (!(thrown instanceof InvariantError)) throw thrown;
    return thrown.message;
  }
}
