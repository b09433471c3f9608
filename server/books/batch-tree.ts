// The root over a batch's statements and notices, once more and without a library: leaves sorted, pairs sorted, an odd one
// moves up. A batch may hold a notice for each of a million merchants.

import { compareBytes, WORD_BYTES, ZERO32 } from "../protocol/bytes.ts";
import type { Hash } from "../protocol/hash.ts";
import { noticeLeaf, statementLeaf } from "../protocol/statement.ts";
import type { Book } from "./read.ts";

/** From the statements as they stand, whether or not their receipts bear them out. */
export const rootOfBatch = ({ ledger, statements, notices }: Book, hash: Hash): Uint8Array =>
  rootOfLeaves(
    [
      ...statements.map((statement) => statementLeaf(ledger, statement, hash)),
      ...notices.map((notice) => noticeLeaf(ledger, notice, hash)),
    ],
    hash,
  );

/** Zero, which is no root, for a batch without leaves. */
export function rootOfLeaves(leaves: readonly Uint8Array[], hash: Hash): Uint8Array {
  let level = leaves.toSorted(compareBytes);
  const pair = new Uint8Array(2 * WORD_BYTES);
  while (level.length > 1) level = levelAbove(level, pair, hash);
  return level[0] ?? ZERO32;
}

function levelAbove(level: readonly Uint8Array[], pair: Uint8Array, hash: Hash): Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let at = 0; at + 1 < level.length; at += 2) {
    const [a, b] = [level[at] as Uint8Array, level[at + 1] as Uint8Array];
    const inOrder = compareBytes(a, b) <= 0;
    pair.set(inOrder ? a : b);
    pair.set(inOrder ? b : a, WORD_BYTES);
    above.push(hash(pair));
  }
  if (level.length % 2 === 1) above.push(level.at(-1) as Uint8Array);
  return above;
}
