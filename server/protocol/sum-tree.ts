// The sum tree of one statement: building it level by level, paths out of it, and climbing a path back to its root.
// Nodes are packed, since a batch holds a million of them. What the leaves are, and where trees are stored, is not here.

import { InputError, VerificationError } from "../errors.ts";
import { isUint63, MAX_AMOUNT } from "./amounts.ts";
import { WORD_BYTES } from "./bytes.ts";
import { type Hash, keccak } from "./hash.ts";

/**
 * The nodes of one level, left to right: n × 32 bytes of hashes and their n sums. Level 0 is the leaves with their
 * amounts. Node i of level k covers the leaves [i·2^k, (i+1)·2^k), as far as there are leaves.
 */
export type Level = { hashes: Uint8Array; sums: BigUint64Array };

/** A node beside the path from a leaf to the root: its hash, 32 bytes, and the sum of the amounts under it. */
export type Sibling = { hash: Uint8Array; sum: bigint };

/** Where a sibling stands: its level, and its number in that level counted from 0. */
export type NodePlace = { level: number; index: bigint };

/** `index` and `receipts` are claims; the siblings go from the leaf up. */
export type ReceiptProof = { index: bigint; receipts: bigint; path: Sibling[] };

/** The root that a path leads to, the sum under it, and the sum of everything left of the leaf. */
export type Climb = { hash: Uint8Array; sum: bigint; before: bigint };

const NODE_BYTES = 80;
const LEFT_HASH_AT = 8;
const RIGHT_SUM_AT = 40;
const RIGHT_HASH_AT = 48;

/**
 * The level above: parents are hash(leftSum ‖ leftHash ‖ rightSum ‖ rightHash), one permutation of keccak each; an odd
 * node at the end moves up unchanged (RFC 6962 §2.1 shape).
 * @throws InputError `wrong-level`, `sum-out-of-range`
 */
export function parentLevel(level: Level, hash: Hash = keccak): Level {
  const size = levelSize(level);
  const parents = emptyLevel((size + 1) >> 1);
  joinPairs(level, parents, hash);
  if (size % 2 === 1) moveUp(level, parents);
  return parents;
}

/** Every level above the given one, up to the root; none when it holds a single node. Any level may be given. */
export function levelsAbove(level: Level, hash: Hash = keccak): Level[] {
  const above: Level[] = [];
  let top = level;
  while (levelSize(top) > 1) {
    top = parentLevel(top, hash);
    above.push(top);
  }
  return above;
}

/** All levels: the leaves first, the root's level, of one node, last. */
export function sumTreeLevels(leaves: Level, hash: Hash = keccak): Level[] {
  return [leaves, ...levelsAbove(leaves, hash)];
}

/** How many levels a tree over so many receipts has, the leaves' and the root's included. */
export function levelCount(receipts: bigint): number {
  checkReceipts(receipts);
  return (receipts - 1n).toString(2).length + (receipts > 1n ? 1 : 0);
}

/** A copy of one node. */
export function nodeAt(level: Level, index: number): Sibling {
  const sum = level.sums[index];
  if (sum === undefined)
    throw new InputError("no-such-node", `no node ${index} in a level of ${levelSize(level)}`);
  return { hash: level.hashes.slice(index * WORD_BYTES, (index + 1) * WORD_BYTES), sum };
}

/** The root of the tree: the one node of the last level. */
export function rootNode(levels: Level[]): Sibling {
  return nodeAt(levels[levels.length - 1]!, 0);
}

/** The siblings on the way from leaf `index` to the root, out of all levels of a tree. */
export function proofPath(levels: Level[], index: number): Sibling[] {
  const places = pathPlaces(BigInt(index), BigInt(levelSize(levels[0]!)));
  return places.map((place) => nodeAt(levels[place.level]!, Number(place.index)));
}

/**
 * Where the siblings of a path stand, from the leaf up; levels where the node moves up unchanged have none
 * (RFC 9162 §2.1.3.2).
 * @throws VerificationError `index-out-of-range`
 */
export function pathPlaces(index: bigint, receipts: bigint): NodePlace[] {
  checkIndex(index, receipts);
  const places: NodePlace[] = [];
  let [node, last] = [index, receipts - 1n];
  for (let level = 0; last > 0n; level++) {
    const sibling = node ^ 1n;
    if (sibling <= last) places.push({ level, index: sibling });
    node >>= 1n;
    last >>= 1n;
  }
  return places;
}

/**
 * The side on which each sibling of the path stands, from the leaf up.
 * @throws VerificationError `index-out-of-range`
 */
export function pathShape(index: bigint, receipts: bigint): ("left" | "right")[] {
  return pathPlaces(index, receipts).map((place) => (place.index & 1n ? "right" : "left"));
}

/**
 * Climbs from a leaf to the root that its path claims. Sides come from index and number alone, the path must be exactly
 * as long as these say, and every sum on the way must stay below 2^63: libraries that skip this accept forged sums.
 * @throws VerificationError `index-out-of-range`, `path-length`, `sum-out-of-range`
 */
export function climb(leaf: Uint8Array, amount: bigint, proof: ReceiptProof, hash: Hash = keccak): Climb {
  const sides = pathShape(proof.index, proof.receipts);
  checkPathLength(sides.length, proof.path.length);
  checkSum(amount, "amount");
  const node = new Uint8Array(NODE_BYTES);
  let here: Climb = { hash: leaf, sum: amount, before: 0n };
  for (const [step, side] of sides.entries()) here = stepUp(here, proof.path[step]!, side, node, hash);
  return here;
}

function stepUp(here: Climb, sibling: Sibling, side: "left" | "right", node: Uint8Array, hash: Hash): Climb {
  checkSum(sibling.sum, "sum of a sibling");
  const sum = here.sum + sibling.sum;
  checkSum(sum, "sum of a node");
  const [left, right] = side === "left" ? [sibling, here] : [here, sibling];
  writeNode(node, left, right);
  return { hash: hash(node), sum, before: here.before + (side === "left" ? sibling.sum : 0n) };
}

function writeNode(node: Uint8Array, left: Sibling, right: Sibling): void {
  const sums = new DataView(node.buffer);
  sums.setBigUint64(0, left.sum);
  node.set(left.hash, LEFT_HASH_AT);
  sums.setBigUint64(RIGHT_SUM_AT, right.sum);
  node.set(right.hash, RIGHT_HASH_AT);
}

function checkPathLength(wanted: number, came: number): void {
  if (wanted === came) return;
  const message = `the path has ${came} siblings; index and number of receipts ask for ${wanted}`;
  throw new VerificationError("path-length", message, { wanted, came });
}

function checkSum(sum: bigint, what: string): void {
  if (isUint63(sum)) return;
  throw new VerificationError("sum-out-of-range", `${what} is not in [0, 2^63): ${sum}`);
}

function checkIndex(index: bigint, receipts: bigint): void {
  checkReceipts(receipts);
  if (index >= 0n && index < receipts) return;
  throw new VerificationError(
    "index-out-of-range",
    `index ${index} is not below the number of receipts, ${receipts}`,
  );
}

function checkReceipts(receipts: bigint): void {
  if (receipts > 0n && isUint63(receipts)) return;
  throw new VerificationError("index-out-of-range", `a tree has 1 to 2^63 − 1 receipts, not ${receipts}`);
}

/** The number of nodes, once hashes and sums agree on it. */
function levelSize(level: Level): number {
  const size = level.sums.length;
  if (size > 0 && level.hashes.length === size * WORD_BYTES) return size;
  const message = `a level has at least one node and 32 bytes of hash for each sum, not ${level.hashes.length} for ${size}`;
  throw new InputError("wrong-level", message);
}

function emptyLevel(size: number): Level {
  return { hashes: new Uint8Array(size * WORD_BYTES), sums: new BigUint64Array(size) };
}

/** The hot path of sealing: one buffer for all nodes, nothing allocated but what the hash function returns. */
function joinPairs(level: Level, parents: Level, hash: Hash): void {
  const node = new Uint8Array(NODE_BYTES);
  const nodeSums = new DataView(node.buffer);
  const { hashes, sums } = level;
  const pairs = sums.length >> 1;
  for (let parent = 0, at = 0; parent < pairs; parent++, at += 2 * WORD_BYTES) {
    const left = sums[2 * parent]!;
    const right = sums[2 * parent + 1]!;
    const sum = left + right;
    if (sum > MAX_AMOUNT)
      throw new InputError("sum-out-of-range", `the amounts add up to ${sum}, past 2^63 − 1`);
    nodeSums.setBigUint64(0, left);
    nodeSums.setBigUint64(RIGHT_SUM_AT, right);
    copyWord(hashes, at, node, LEFT_HASH_AT);
    copyWord(hashes, at + WORD_BYTES, node, RIGHT_HASH_AT);
    parents.hashes.set(hash(node), parent * WORD_BYTES);
    parents.sums[parent] = sum;
  }
}

function copyWord(from: Uint8Array, fromAt: number, to: Uint8Array, toAt: number): void {
  for (let i = 0; i < WORD_BYTES; i++) to[toAt + i] = from[fromAt + i]!;
}

function moveUp(level: Level, parents: Level): void {
  const last = level.sums.length - 1;
  const top = parents.sums.length - 1;
  parents.hashes.set(level.hashes.subarray(last * WORD_BYTES), top * WORD_BYTES);
  parents.sums[top] = level.sums[last]!;
}
