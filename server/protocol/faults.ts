// What convicts a line: the judgement that the contract makes of anchored statements, here without a chain. Whether they are
// anchored, and how evidence is found and written down, is not known here.

import { MAX_AMOUNT } from "./amounts.ts";
import { equalBytes } from "./bytes.ts";
import { REVERSAL, type Receipt } from "./receipt.ts";
import type { Statement } from "./statement.ts";
import { type Level, nodeAt, proofPath, type ReceiptProof, type Sibling } from "./sum-tree.ts";

/** In the order of the contract, which counts them from 1; its 0 is none. */
export const FAULTS = ["overlap", "gap", "skip", "twice", "malformed", "false-sum", "false-receipt"] as const;

export type Fault = (typeof FAULTS)[number];
export type Contradiction = "overlap" | "gap" | "skip" | "twice";

/** A fault by the contract's number; null when there is none. */
export const faultNumbered = (number: number): Fault | null => FAULTS[number - 1] ?? null;

/** Whether two statements are of the same side of the same line. */
export const areOfOneSide = (a: Statement, b: Statement): boolean =>
  a.kind === b.kind && a.unit === b.unit && equalBytes(a.charity, b.charity);

/**
 * What two statements of one side of a line show, the earlier batch first; null for what an honest ledger may hold. Of
 * several contradictions the one that the contract records.
 */
export function contradictionOf(first: Statement, second: Statement): Contradiction | null {
  if (first.batch === second.batch) return isSame(first, second) ? null : "twice";
  if (first.batch > second.batch) return null;
  if (second.from < first.to) return "overlap";
  if (second.previous === first.batch && second.from !== first.to) return "gap";
  return second.previous < first.batch ? "skip" : null;
}

const isSame = (a: Statement, b: Statement): boolean =>
  areOfOneSide(a, b) &&
  a.batch === b.batch &&
  a.from === b.from &&
  a.to === b.to &&
  a.previous === b.previous &&
  a.receipts === b.receipts &&
  equalBytes(a.receiptsRoot, b.receiptsRoot);

/** Whether a statement contradicts itself. It may hold any unsigned figure: whoever anchored it was not bound to our form. */
export const isMalformed = ({ batch, kind, from, to, previous, receipts }: Statement): boolean =>
  kind > REVERSAL ||
  from >= to ||
  to > MAX_AMOUNT ||
  receipts === 0n ||
  receipts > to - from ||
  previous >= batch ||
  (previous === 0n) !== (from === 0n);

/**
 * Whether a tree that counts a receipt with `sum` counts it as it is, in a statement of its own line and side. A receipt of
 * nothing is none, however it is counted.
 */
export const isCounted = (receipt: Receipt, sum: bigint, statement: Statement): boolean =>
  receipt.amount !== 0n &&
  receipt.amount === sum &&
  receipt.kind === statement.kind &&
  receipt.unit === statement.unit &&
  equalBytes(receipt.charity, statement.charity);

/** A node of a sum tree opened into the two below it; `sum` is what the node above, or the statement, says of it. */
export type OpenedNode = { readonly left: Sibling; readonly right: Sibling; readonly sum: bigint };

/** Whether a node's sum is not that of the two below it. */
export const isFalse = ({ left, right, sum }: OpenedNode): boolean => left.sum + right.sum !== sum;

/** An opened node, and the way from it to the root: it stands in a tree of the same shape over the nodes of its level. */
export type PlacedNode = { readonly opened: OpenedNode; readonly place: ReceiptProof };

/**
 * The uppermost node of a tree that is not the sum of the two below it, out of all levels as whoever made them had them;
 * null when all are. `stated` is what the statement says of the root: to − from. Above it everything adds up, which is why
 * the way up from it can be climbed.
 */
export function uppermostFalse(levels: readonly Level[], stated: bigint): PlacedNode | null {
  for (let level = levels.length - 1; level > 0; level--) {
    for (let index = 0; index < sizeOf(levels, level); index++) {
      const opened = openedAt(levels, level, index, sumSaid(levels, level, index, stated));
      if (opened !== null && isFalse(opened)) return { opened, place: placeIn(levels, level, index) };
    }
  }
  return null;
}

const sizeOf = (levels: readonly Level[], level: number): number => (levels[level] as Level).sums.length;

/** A node of which `sum` is said; null for one that moved up, and is the one below it. */
export function openedAt(
  levels: readonly Level[],
  level: number,
  index: number,
  sum: bigint,
): OpenedNode | null {
  const below = levels[level - 1];
  if (below === undefined || 2 * index + 1 >= below.sums.length) return null;
  return { left: nodeAt(below, 2 * index), right: nodeAt(below, 2 * index + 1), sum };
}

/** The two that a node was hashed from, however far it has moved up; null for a leaf. */
export function pairBelow(
  levels: readonly Level[],
  level: number,
  index: number,
): readonly [Sibling, Sibling] | null {
  if (level === 0) return null;
  const opened = openedAt(levels, level, index, 0n);
  return opened === null ? pairBelow(levels, level - 1, 2 * index) : [opened.left, opened.right];
}

/** What is said of a node where it is hashed: an odd one at the end moves up first, at the root the statement says it. */
function sumSaid(levels: readonly Level[], level: number, index: number, stated: bigint): bigint {
  let [up, at] = [level, index];
  while (up < levels.length - 1 && at % 2 === 0 && at === sizeOf(levels, up) - 1)
    [up, at] = [up + 1, at >> 1];
  return up === levels.length - 1 ? stated : ((levels[up] as Level).sums[at] as bigint);
}

/** The way up from a node. */
export const placeIn = (levels: readonly Level[], level: number, index: number): ReceiptProof => ({
  index: BigInt(index),
  receipts: BigInt(sizeOf(levels, level)),
  path: proofPath(levels.slice(level), index),
});
