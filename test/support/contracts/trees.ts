// Sum trees in which every node is at hand, also such as no honest operator makes: a node may claim another sum than that
// of the two below it. Independent of the library that reference.ts builds honest trees with.
import { solidityPackedKeccak256 } from "ethers";
import type { ReceiptProof } from "./reference.ts";

export type Node = { hash: string; sum: bigint };
/** From the leaves up; the last level is the root alone. */
export type Levels = Node[][];
/** What the node above says of the sum of the node at `index` of `level`. */
export type Claim = { level: number; index: number; sum: bigint };
export type OpenedNode = { left: Node; right: Node; sum: bigint };

const WORD = 64;

export function nodeHash(left: Node, right: Node): string {
  const types = ["uint64", "bytes32", "uint64", "bytes32"];
  return solidityPackedKeccak256(types, [left.sum, left.hash, right.sum, right.hash]);
}

/** A claimed sum may be past 64 bits: what is hashed of it is then its last 64. */
const join = (left: Node, right: Node): Node => ({
  hash: nodeHash(left, right),
  sum: BigInt.asUintN(WORD, left.sum + right.sum),
});

const above = (level: Node[]): Node[] =>
  Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => {
    const [left, right] = [level[2 * i]!, level[2 * i + 1]];
    return right ? join(left, right) : left;
  });

const claimed = (level: Node[], number: number, claims: Claim[]): Node[] =>
  level.map((node, index) => {
    const claim = claims.find((each) => each.level === number && each.index === index);
    return claim ? { ...node, sum: claim.sum } : node;
  });

export function levelsOf(leaves: Node[], claims: Claim[] = []): Levels {
  const levels = [claimed(leaves, 0, claims)];
  while (levels.at(-1)!.length > 1) levels.push(claimed(above(levels.at(-1)!), levels.length, claims));
  return levels;
}

export const topOf = (levels: Levels): Node => levels.at(-1)![0]!;

/** The way from a node up, as if its level were the leaves. */
export function placeOf(levels: Levels, level: number, index: number): ReceiptProof {
  const path = levels.slice(level, -1).flatMap((nodes, up) => nodes[(index >> up) ^ 1] ?? []);
  return { index: BigInt(index), receipts: BigInt(levels[level]!.length), path };
}

/** The node and the two below it; null for a leaf, also one that moved up. */
export function openedAt(levels: Levels, level: number, index: number): OpenedNode | null {
  const { sum } = levels[level]![index]!;
  for (let [below, first] = [level - 1, 2 * index]; below >= 0; below--, first *= 2) {
    const [left, right] = [levels[below]![first]!, levels[below]![first + 1]];
    if (right) return { left, right, sum };
  }
  return null;
}
