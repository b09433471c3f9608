// How faults are shown: each accusation from what an accuser holds, and the numbers by which the ledger names faults.
import type { LedgerContract } from "./chain.ts";
import type { Forged } from "./forger.ts";
import type { Receipt, ReceiptProof, Statement } from "./reference.ts";
import { type OpenedNode, openedAt, placeOf } from "./trees.ts";

export const FAULT = {
  none: 0n,
  overlap: 1n,
  gap: 2n,
  skip: 3n,
  twice: 4n,
  malformed: 5n,
  falseSum: 6n,
  falseReceipt: 7n,
} as const;
export type FaultName = keyof typeof FAULT;

export type Shown = { statement: Statement; proof: string[] };
/** A call of the ledger, not yet sent. */
export type Accusation = { name: keyof LedgerContract & string; args: unknown[] };

export const contradiction = (first: Shown, second: Shown): Accusation => ({
  name: "proveContradiction",
  args: [first.statement, first.proof, second.statement, second.proof],
});

export const malformed = ({ statement, proof }: Shown): Accusation => ({
  name: "proveMalformed",
  args: [statement, proof],
});

export const falseNode = (shown: Shown, opened: OpenedNode, place: ReceiptProof): Accusation => ({
  name: "proveFalseSum",
  args: [shown.statement, shown.proof, opened, place],
});

/** Of the node at `index` of `level`, which must not be a leaf. */
export const falseSum = (forged: Forged, level: number, index: number): Accusation =>
  falseNode(forged, openedAt(forged.levels, level, index)!, placeOf(forged.levels, level, index));

export const falseCount = (shown: Shown, receipt: Receipt, sum: bigint, place: ReceiptProof): Accusation => ({
  name: "proveFalseReceipt",
  args: [shown.statement, shown.proof, receipt, sum, place],
});

/** Of the receipt at `index`, as the tree counts it. */
export const falseReceipt = (forged: Forged, index: number): Accusation =>
  falseCount(
    forged,
    forged.receipts[index]!,
    forged.levels[0]![index]!.sum,
    placeOf(forged.levels, 0, index),
  );

export const accuse = (contract: LedgerContract, { name, args }: Accusation) =>
  contract.getFunction(name)(...args);
