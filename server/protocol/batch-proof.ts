// Checks a proof in the tree over a batch's statements and notices. Without dependencies: this half runs at the donor's.
// Building that tree is another file.

import { VerificationError } from "../errors.ts";
import { compareBytes, WORD_BYTES } from "./bytes.ts";
import { type Hash, keccak } from "./hash.ts";

/** Enough for 2^64 leaves. */
export const MAX_BATCH_PROOF_LENGTH = 64;

/**
 * The root that a proof leads to: pairs are hashed with the smaller hash first, as OpenZeppelin's `MerkleProof` does.
 * Whether it is the batch's root is for the caller to compare. 32 bytes.
 * @throws VerificationError `batch-proof-malformed`
 */
export function rootFromProof(
  leaf: Uint8Array,
  proof: readonly Uint8Array[],
  hash: Hash = keccak,
): Uint8Array {
  if (proof.length > MAX_BATCH_PROOF_LENGTH) {
    const message = `the proof has ${proof.length} hashes, more than ${MAX_BATCH_PROOF_LENGTH}`;
    throw new VerificationError("batch-proof-malformed", message);
  }
  const pair = new Uint8Array(2 * WORD_BYTES);
  return proof.reduce((node, sibling) => hashPair(node, sibling, pair, hash), checkedHash(leaf));
}

function hashPair(a: Uint8Array, b: Uint8Array, pair: Uint8Array, hash: Hash): Uint8Array {
  const ordered = compareBytes(a, checkedHash(b)) <= 0;
  pair.set(ordered ? a : b);
  pair.set(ordered ? b : a, WORD_BYTES);
  return hash(pair);
}

function checkedHash(node: Uint8Array): Uint8Array {
  if (node.length === WORD_BYTES) return node;
  throw new VerificationError(
    "batch-proof-malformed",
    `a hash in the proof has ${node.length} bytes, not 32`,
  );
}
