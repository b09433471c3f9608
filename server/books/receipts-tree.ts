// The root of a statement's sum tree, out of its leaves and amounts, part by part: no more of the tree is held than one
// part's nodes. Amounts of a false book may be anything below 2^64; their sum is told as it is, claimable or not.

import { InputError } from "../errors.ts";
import { WORD_BYTES } from "../protocol/bytes.ts";
import type { Hash } from "../protocol/hash.ts";
import { type Level, parentLevel, type Sibling } from "../protocol/sum-tree.ts";

/** A power of two, so that each part is a subtree of its own: 2 MB of leaves, and a twentieth of a second. */
const PART_RECEIPTS = 1 << 16;

const NO_ROOT = new Uint8Array(WORD_BYTES);

/**
 * `hash` of the answer is zero where the sums leave [0, 2^63): such a tree proves nothing.
 * @param onHashed told of each further part, how many receipts it was
 */
export function rootOfReceipts(
  leaves: Uint8Array,
  amounts: BigUint64Array,
  hash: Hash,
  onHashed: (receipts: number) => void = () => {},
): Sibling {
  try {
    return topOf(partRoots(leaves, amounts, hash, onHashed), hash);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { hash: NO_ROOT, sum: amounts.reduce((sum, amount) => sum + amount, 0n) };
  }
}

/** The level at which each node covers one part; of the last, which may be smaller, its root moves up to there unchanged. */
function partRoots(
  leaves: Uint8Array,
  amounts: BigUint64Array,
  hash: Hash,
  onHashed: (receipts: number) => void,
): Level {
  const parts = Math.ceil(amounts.length / PART_RECEIPTS);
  const roots = { hashes: new Uint8Array(parts * WORD_BYTES), sums: new BigUint64Array(parts) };
  for (let part = 0; part < parts; part++) {
    const [from, to] = [part * PART_RECEIPTS, (part + 1) * PART_RECEIPTS];
    const sums = amounts.subarray(from, to);
    const top = topOf({ hashes: leaves.subarray(from * WORD_BYTES, to * WORD_BYTES), sums }, hash);
    roots.hashes.set(top.hash, part * WORD_BYTES);
    roots.sums[part] = top.sum;
    onHashed(sums.length);
  }
  return roots;
}

function topOf(level: Level, hash: Hash): Sibling {
  let top = level;
  while (top.sums.length > 1) top = parentLevel(top, hash);
  return { hash: top.hashes.slice(0, WORD_BYTES), sum: top.sums[0] as bigint };
}
