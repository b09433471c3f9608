// The root over a batch's statements and notices, and the way from one of them up to it, once more and without a library:
// leaves sorted, pairs sorted, an odd node moves up, as `batchTree` does. For who checks a whole batch, which may hold a
// notice for each of a million merchants, also in a browser. Sealing builds its trees elsewhere.

import { InputError } from "../errors.ts";
import { compareBytes, equalBytes, toHex, WORD_BYTES, ZERO32 } from "./bytes.ts";
import { type Hash, keccak } from "./hash.ts";

/** `proof` goes from the leaf up. */
export type BatchPath = { readonly root: Uint8Array; readonly proof: readonly Uint8Array[] };

/** The root over leaves in any order, as they stand, even twice; zero, which is no root, where there are none. */
export function rootOfLeaves(leaves: readonly Uint8Array[], hash: Hash = keccak): Uint8Array {
  let level = leaves.toSorted(compareBytes);
  while (level.length > 1) level = levelAbove(level, hash);
  return level[0] ?? ZERO32;
}

/**
 * The root over the leaves of one batch, in any order, and one leaf's way to it.
 * @throws InputError `no-such-leaf`, `leaf-twice`
 */
export function batchPath(leaves: readonly Uint8Array[], leaf: Uint8Array, hash: Hash = keccak): BatchPath {
  let level = leaves.toSorted(compareBytes);
  checkDistinct(level);
  let at = level.findIndex((each) => equalBytes(each, leaf));
  if (at < 0) throw new InputError("no-such-leaf", `the batch holds no leaf ${toHex(leaf)}`);
  const proof: Uint8Array[] = [];
  while (level.length > 1) {
    const sibling = level[at ^ 1];
    if (sibling !== undefined) proof.push(sibling);
    level = levelAbove(level, hash);
    at >>= 1;
  }
  return { root: level[0] as Uint8Array, proof };
}

function checkDistinct(sorted: readonly Uint8Array[]): void {
  if (sorted.some((leaf, i) => i > 0 && equalBytes(leaf, sorted[i - 1] as Uint8Array)))
    throw new InputError("leaf-twice", "a leaf was given twice to one batch");
}

function levelAbove(level: readonly Uint8Array[], hash: Hash): Uint8Array[] {
  const above: Uint8Array[] = [];
  const pair = new Uint8Array(2 * WORD_BYTES);
  for (let i = 0; i + 1 < level.length; i += 2) {
    const [a, b] = [level[i] as Uint8Array, level[i + 1] as Uint8Array];
    const inOrder = compareBytes(a, b) <= 0;
    pair.set(inOrder ? a : b);
    pair.set(inOrder ? b : a, WORD_BYTES);
    above.push(hash(pair));
  }
  if (level.length % 2 === 1) above.push(level.at(-1) as Uint8Array);
  return above;
}
