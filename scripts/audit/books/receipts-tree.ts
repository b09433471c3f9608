// The root of a statement's sum tree, out of its leaves and amounts, in place: a level is written over the one below it.
// Amounts of a false book may be anything below 2^64; their sum is told as it is, whether a statement may claim it or not.

import { InputError } from "../../../server/errors.ts";
import { fastKeccak } from "../../../server/hashing.ts";
import { WORD_BYTES } from "../../../server/protocol/bytes.ts";
import { parentLevel } from "../../../server/protocol/sum-tree.ts";

const NO_ROOT = new Uint8Array(WORD_BYTES);

/** `hash` is zero where the sums leave [0, 2^63): such a tree proves nothing. */
export function rootOfReceipts(
  leaves: Uint8Array,
  amounts: BigUint64Array,
): { hash: Uint8Array; sum: bigint } {
  try {
    let level = { hashes: leaves, sums: amounts };
    while (level.sums.length > 1) level = parentLevel(level, fastKeccak);
    return { hash: level.hashes.slice(0, WORD_BYTES), sum: level.sums[0] as bigint };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { hash: NO_ROOT, sum: amounts.reduce((sum, amount) => sum + amount, 0n) };
  }
}
