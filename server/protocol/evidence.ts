// Evidence: what convicts a line, as plain JSON that can be kept, shown and sent. Made of what was judged before; it is the
// contract that has the last word on it.

import { proofArgs, statementArgs } from "./answer.ts";
import { type Hex, toHex } from "./bytes.ts";
import type { Decimal, ReceiptProofArgs, StatementArgs } from "./contract-calls.ts";
import {
  areOfOneSide,
  type Contradiction,
  contradictionOf,
  isCounted,
  isFalse,
  isMalformed,
  type PlacedNode,
} from "./faults.ts";
import type { Receipt } from "./receipt.ts";
import { encodeReceipt, type ReceiptFile, type Seal } from "./receipt-file.ts";
import type { ReceiptProof } from "./sum-tree.ts";

/** A statement, and the way from it to its batch's root. */
export type ShownStatement = Pick<Seal, "statement" | "statementProof">;

export type ShownArgs = { readonly statement: StatementArgs; readonly proof: Hex[] };
type NodeArgs = { readonly hash: Hex; readonly sum: Decimal };

/** The arguments of one of the contract's accusations, by the fault that it shows. */
export type Evidence =
  | { readonly fault: Contradiction; readonly first: ShownArgs; readonly second: ShownArgs }
  | { readonly fault: "malformed"; readonly first: ShownArgs }
  | {
      readonly fault: "false-sum";
      readonly first: ShownArgs;
      readonly opened: { readonly left: NodeArgs; readonly right: NodeArgs; readonly sum: Decimal };
      readonly place: ReceiptProofArgs;
    }
  | {
      readonly fault: "false-receipt";
      readonly first: ShownArgs;
      readonly receipt: ReceiptFile["receipt"];
      /** With which the tree counts it. */
      readonly sum: Decimal;
      readonly place: ReceiptProofArgs;
    };

/** The line that a piece of evidence is about. */
export const lineOf = ({ first: { statement } }: Evidence) => ({
  charity: statement.charity,
  unit: statement.unit,
});

/** What two statements of one side of a line show, in either order; null when they show nothing. */
export function evidenceOfPair(a: ShownStatement, b: ShownStatement): Evidence | null {
  const [first, second] = a.statement.batch <= b.statement.batch ? [a, b] : [b, a];
  if (!areOfOneSide(first.statement, second.statement)) return null;
  const fault = contradictionOf(first.statement, second.statement);
  return fault && { fault, first: shownArgs(first), second: shownArgs(second) };
}

/** What a statement shows against itself; null when it is well formed. */
export const evidenceOfForm = (shown: ShownStatement): Evidence | null =>
  isMalformed(shown.statement) ? { fault: "malformed", first: shownArgs(shown) } : null;

/** What an opened node of a statement's tree shows; null when it adds up. */
export function evidenceOfNode(shown: ShownStatement, { opened, place }: PlacedNode): Evidence | null {
  if (!isFalse(opened)) return null;
  const [left, right] = [nodeArgs(opened.left), nodeArgs(opened.right)];
  return {
    fault: "false-sum",
    first: shownArgs(shown),
    opened: { left, right, sum: `${opened.sum}` },
    place: proofArgs({ proof: place }),
  };
}

/** What a receipt in a statement's tree shows that counts it with `sum`; null when it is counted as it is. */
export function evidenceOfReceipt(
  shown: ShownStatement,
  receipt: Receipt,
  sum: bigint,
  place: ReceiptProof,
): Evidence | null {
  if (isCounted(receipt, sum, shown.statement)) return null;
  return {
    fault: "false-receipt",
    first: shownArgs(shown),
    receipt: encodeReceipt(receipt),
    sum: `${sum}`,
    place: proofArgs({ proof: place }),
  };
}

/**
 * What statements show against each other and against themselves, those of one side of a line put in order first. Only
 * neighbours are compared: where each of them agrees with the next, all do.
 */
export function evidenceOfStatements(shown: readonly ShownStatement[]): Evidence[] {
  const sides = Map.groupBy(
    shown,
    ({ statement: { charity, unit, kind } }) => `${toHex(charity)} ${unit} ${kind}`,
  );
  const pairs = [...sides.values()].flatMap((side) => {
    const inOrder = side.toSorted((a, b) => Number(a.statement.batch - b.statement.batch));
    return inOrder.slice(1).map((second, i) => evidenceOfPair(inOrder[i] as ShownStatement, second));
  });
  return [...pairs, ...shown.map(evidenceOfForm)].filter((found) => found !== null);
}

const shownArgs = (shown: ShownStatement): ShownArgs => ({
  statement: statementArgs(shown),
  proof: shown.statementProof.map(toHex),
});

const nodeArgs = ({ hash, sum }: PlacedNode["opened"]["left"]): NodeArgs => ({
  hash: toHex(hash),
  sum: `${sum}`,
});
