// The plain sentences of faults: what each is, and what a piece of evidence shows, with its numbers. Positions and amounts are
// told in whole minor units. Nothing is judged here.

import type { StatementArgs } from "./contract-calls.ts";
import type { Evidence } from "./evidence.ts";
import type { Fault } from "./faults.ts";

/** What is so on a line at fault. */
export const SAY_FAULT: Record<Fault, string> = {
  overlap: "two statements give the same positions",
  gap: "a statement does not begin where the one that it names as previous ends",
  skip: "a statement passes over an earlier one",
  twice: "one batch states the line twice",
  malformed: "a statement contradicts itself",
  "false-sum": "a node of a tree is not the sum of the two below it",
  "false-receipt": "a receipt is counted with another amount, or on another line, or is of nothing",
};

/** What the evidence shows, as one sentence. */
export function sayEvidence(evidence: Evidence): string {
  const side = evidence.first.statement.kind === 0 ? "gifts" : "reversals";
  return `${side} of ${evidence.first.statement.unit}: ${sayWhat(evidence)}`;
}

function sayWhat(evidence: Evidence): string {
  const { statement } = evidence.first;
  switch (evidence.fault) {
    case "malformed":
      return `the statement of batch ${statement.batch} contradicts itself: ${sayFigures(statement)}`;
    case "false-sum": {
      const { left, right, sum } = evidence.opened;
      const added = BigInt(left.sum) + BigInt(right.sum);
      return `the tree of batch ${statement.batch} counts ${sum} for a node that stands for ${left.sum} and ${right.sum}, which is ${added}`;
    }
    case "false-receipt":
      return sayReceipt(evidence);
    default:
      return SAY_PAIR[evidence.fault](statement, evidence.second.statement);
  }
}

const sayFigures = ({ from, to, previous, receipts }: StatementArgs): string =>
  `it goes from ${from} to ${to} with ${receipts} receipts, and names batch ${previous} as the one before (0: none)`;

function sayReceipt({
  first: { statement },
  receipt,
  sum,
}: Extract<Evidence, { fault: "false-receipt" }>): string {
  const counts = `the tree of batch ${statement.batch} counts the receipt ${receipt.id}`;
  return receipt.amount === sum
    ? `${counts}, which is of another line or side`
    : `${counts} with ${sum}, which is for ${receipt.amount}`;
}

const SAY_PAIR: Record<
  "overlap" | "gap" | "skip" | "twice",
  (first: StatementArgs, second: StatementArgs) => string
> = {
  overlap: (first, second) =>
    `batch ${second.batch} begins at ${second.from}, although batch ${first.batch} before it ends at ${first.to}: the positions between are given twice`,
  gap: (first, second) =>
    `batch ${second.batch} names batch ${first.batch} as the one before and begins at ${second.from}, not at ${first.to} where that ends`,
  skip: (first, second) =>
    `batch ${second.batch} names batch ${second.previous} as the one before, and so passes over batch ${first.batch}`,
  twice: (first, second) =>
    `batch ${first.batch} states the line twice: from ${first.from} to ${first.to}, and from ${second.from} to ${second.to}`,
};
