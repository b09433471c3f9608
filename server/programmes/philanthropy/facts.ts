// What a philanthropy report is reckoned from: facts that are public, and that the service has in its store and an audit
// collects itself from books, documents and the contract. Whoever collects the same facts comes to the same report.

import type { Hex } from "../../protocol/bytes.ts";

/** Unix seconds; `upTo` is left out. */
export type Period = { readonly from: bigint; readonly upTo: bigint };

/** The block as of which the contract was read. */
export type AsOf = {
  readonly chainId: bigint;
  readonly contract: Hex;
  readonly block: bigint;
  readonly hash: Hex;
  /** Unix seconds. */
  readonly at: bigint;
};

/**
 * A contract that the ledger has left, good up to a batch. What was told there before its successor was opened happened when
 * it was told there, though the successor's own event is later.
 */
export type EarlierContract = {
  readonly chainId: bigint;
  readonly contract: Hex;
  readonly lastGoodBatch: bigint;
};

/** The batches that were closed in the period: the first, the last, and the last one's root. */
export type BatchRange = { readonly from: bigint; readonly to: bigint; readonly root: Hex };

/** `charity` is the public registration id. */
export type LineOf = { readonly charity: string; readonly unit: string };

/** One statement of a batch of the period. Statements come in the order of batches. */
export type StatementFact = LineOf & {
  readonly batch: bigint;
  /** 0 gifts, 1 reversals. */
  readonly kind: number;
  readonly from: bigint;
  readonly to: bigint;
  readonly receipts: bigint;
  /** When the batch was closed, and first anchored, in Unix seconds; null while it is not anchored as of the block. */
  readonly closedAt: bigint;
  readonly anchoredAt: bigint | null;
};

export const STEPS = ["paid", "acknowledged", "spent"] as const;
export type Step = (typeof STEPS)[number];

/** An event by which the contract moved a watermark of a line to `upTo`. */
export type Moved = LineOf & {
  readonly step: Step;
  readonly upTo: bigint;
  readonly block: bigint;
  readonly at: bigint;
  readonly transaction: Hex;
};

/** A charity's signed report of what became of [from, upTo). */
export type Disbursed = LineOf & {
  readonly from: bigint;
  readonly upTo: bigint;
  readonly evidence: Hex;
  readonly block: bigint;
  readonly at: bigint;
  readonly transaction: Hex;
};

/** A disbursement with the parts of its published report; null where that is not published. */
export type Reported = Disbursed & { readonly parts: readonly ReportedPart[] | null };

export type ReportedPart = {
  readonly from: string;
  readonly upTo: string;
  readonly place: { readonly country: string; readonly name: string };
  readonly bought: readonly { readonly what: string; readonly count: string; readonly measure: string }[];
  readonly beneficiaries?: number | undefined;
};
