// Whether the roots on the earlier contract are ours, and up to which batch: a thief of the anchor's key leaves others.

import { answersOf, type Question } from "../../chain/ledger-questions.ts";
import { ledgerReader } from "../../chain/ledger-reader.ts";
import { ConflictError } from "../../errors.ts";
import { toHex } from "../../protocol/bytes.ts";
import { rootsBetween } from "../../store/moves.ts";
import type { Earlier } from "./mover.ts";

const ROOTS_AT_ONCE = 1_000n;

/**
 * The last batch of the earlier contract whose root, like all before, is ours. One that is not the contract's last must be
 * what the operator says: nobody moves away from roots without having looked at them.
 * @throws ConflictError `root-differs`
 */
export async function lastGoodBatchOf(earlier: Earlier, said: bigint | undefined): Promise<bigint> {
  const { context, address } = earlier;
  const lastBatch = await ledgerReader(context.chain, address).lastBatch();
  const good = await lastOfOurs(earlier, lastBatch);
  if (good === (said ?? lastBatch)) return good;
  const differing = `batch ${good + 1n} has a root at ${address} that is not ours`;
  const says =
    good === lastBatch
      ? `all ${lastBatch} roots at ${address} are ours: leave --last-good-batch out`
      : `${differing}: if somebody else has anchored it, pass --last-good-batch ${good}; if the store is an older backup, do not move`;
  throw new ConflictError("root-differs", says);
}

async function lastOfOurs(earlier: Earlier, lastBatch: bigint): Promise<bigint> {
  for (let first = 1n; first <= lastBatch; first += ROOTS_AT_ONCE) {
    const last = first + ROOTS_AT_ONCE - 1n < lastBatch ? first + ROOTS_AT_ONCE - 1n : lastBatch;
    const differs = await firstDiffering(earlier, first, last);
    if (differs !== undefined) return differs - 1n;
  }
  return lastBatch;
}

async function firstDiffering(
  { context, address }: Earlier,
  first: bigint,
  last: bigint,
): Promise<bigint | undefined> {
  const numbers = Array.from({ length: Number(last - first) + 1 }, (_, index) => first + BigInt(index));
  const questions = numbers.map((number): Question => ({ functionName: "root", args: [number] }));
  const found = await answersOf(context.chain, address, questions);
  const ours = new Map(
    (await rootsBetween(context.sql, first, last)).map(({ number, root }) => [number, toHex(root)]),
  );
  return numbers.find((number, index) => ours.get(number) !== found[index]);
}
