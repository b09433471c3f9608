// Builds the tree over a batch's statements and notices, with merkletreejs, and proofs out of it.
// The only file of the room with that library, so that a verifier in a browser does not load it.

import { MerkleTree } from "merkletreejs";
import { InputError, InvariantError } from "../errors.ts";
import { rootFromProof } from "./batch-proof.ts";
import { equalBytes, toHex } from "./bytes.ts";
import { type Hash, keccak } from "./hash.ts";

/** `proof` goes from the leaf up and is checked before it is handed out. */
export type BatchTree = { root: Uint8Array; proof(leaf: Uint8Array): Uint8Array[] };

/**
 * The tree over the leaves of one batch, in any order: leaves sorted, pairs sorted, an odd node moves up.
 * @throws InputError `no-leaves`, `leaf-twice`; from `proof` InputError `no-such-leaf`
 */
export function batchTree(leaves: readonly Uint8Array[], hash: Hash = keccak): BatchTree {
  if (leaves.length === 0)
    throw new InputError("no-leaves", "a batch has at least its notices; no leaf was given");
  const tree = new MerkleTree(
    leaves.map((leaf) => leaf.slice()),
    hash,
    {
      sortLeaves: true,
      sortPairs: true,
    },
  );
  const root = Uint8Array.from(tree.getRoot());
  const places = placesOf(tree.getLeaves());
  return { root, proof: (leaf) => checkedProof(tree, root, leaf, places, hash) };
}

/** merkletreejs looks leaves up one by one; a batch may hold a notice for each of a million merchants. */
function placesOf(sorted: readonly Uint8Array[]): Map<string, number> {
  const places = new Map(sorted.map((leaf, place) => [toHex(leaf), place] as const));
  if (places.size !== sorted.length)
    throw new InputError("leaf-twice", "a leaf was given twice to one batch");
  return places;
}

function checkedProof(
  tree: MerkleTree,
  root: Uint8Array,
  leaf: Uint8Array,
  places: Map<string, number>,
  hash: Hash,
): Uint8Array[] {
  const place = places.get(toHex(leaf));
  if (place === undefined) throw new InputError("no-such-leaf", `the batch holds no leaf ${toHex(leaf)}`);
  const proof = tree.getProof(leaf as Buffer, place).map(({ data }) => Uint8Array.from(data));
  if (!equalBytes(rootFromProof(leaf, proof, hash), root)) {
    throw new InvariantError(`the proof made for ${toHex(leaf)} does not lead to ${toHex(root)}`);
  }
  return proof;
}
