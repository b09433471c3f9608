// The result of verifying a receipt file: its shape, its verdict, and what it leaves open.
// The checks that lead to it are in `verify`.

import type { Hex } from "./bytes.ts";
import { GIFT, type Kind } from "./receipt.ts";
import type { OpenedReceipt } from "./receipt-file.ts";
import type { Step, Trail } from "./trail.ts";

/** The interval [start, end) that a receipt occupies on one side of one line. */
export type Position = { charity: Uint8Array; unit: string; kind: Kind; start: bigint; end: bigint };

/** How far a line has come, as the contract keeps it: the watermarks, and the reversal side's `reversed` and `netted`. */
export type Line = {
  given: bigint;
  reversed: bigint;
  paid: bigint;
  netted: bigint;
  acknowledged: bigint;
  spent: bigint;
};

/**
 * How far a receipt has come. `anchored`: its batch's root is on chain, its statement not yet counted. A gift is then
 * given, paid, acknowledged and spent, a reversal is reversed and netted.
 */
export type Status = "anchored" | "given" | "paid" | "acknowledged" | "spent" | "reversed" | "netted";

/** `unknown`: nothing contradicts, and yet it cannot be told; the last undecided step says why. */
export type Verdict = "valid" | "invalid" | "unknown";

/** What the checks brought to light; what comes after the last step is null. Hashes are 32 bytes. */
export type Findings = {
  file: OpenedReceipt | null;
  leaf: Uint8Array | null;
  /** The account that promised this receipt, by its signature; null where the file holds no promise. */
  promiser: Hex | null;
  batch: bigint | null;
  position: Position | null;
  root: Uint8Array | null;
  /** The root of the batch that notices the gift's terms; null where the file does not hold them. */
  termsRoot: Uint8Array | null;
  status: Status | null;
};

/** Before the first step. */
export const NOTHING_FOUND: Findings = {
  file: null,
  leaf: null,
  promiser: null,
  batch: null,
  position: null,
  root: null,
  termsRoot: null,
  status: null,
};

export type Verification = Findings & {
  verdict: Verdict;
  /** Why it is not valid: a stable code; null when it is. */
  reason: string | null;
  steps: Step[];
  /** In plain sentences: what stays open, however valid the receipt. */
  notProven: string[];
};

/** The verdict on a trail. `open` is the reason why it is undecided even when walked to its end; null if it is not. */
export function conclude({ steps, ended }: Trail, found: Findings, open: string | null): Verification {
  const reason = ended === null ? open : ended.reason;
  const verdict = ended?.ok === false ? "invalid" : reason === null ? "valid" : "unknown";
  return { ...found, verdict, reason, steps, notProven: notProven(found.file, steps) };
}

function notProven(file: OpenedReceipt | null, steps: readonly Step[]): string[] {
  if (file === null) return [];
  const isInBook = steps.some(({ step, ok }) => step === "book" && ok === true);
  const ofKind = file.receipt.kind === GIFT ? NO_REFUND_NOT_PROVEN : GIFT_NOT_PROVEN;
  return [
    ...(file.details === null ? [OWNER_NOT_PROVEN] : []),
    ofKind,
    ...(isInBook ? [] : [NUMBER_NOT_PROVEN]),
    NEVER_PROVEN,
  ];
}

const OWNER_NOT_PROVEN =
  "whose gift this is: its private details are erased, so no order number ties it to a purchase";
const NO_REFUND_NOT_PROVEN =
  "that the gift was not refunded later: a reversal would name it, and the published books list every reversal";
/** Of a reversal, unless the file of its gift is at hand. */
export const GIFT_NOT_PROVEN =
  "that the gift it names exists, came earlier and was at least as large: the gift's own file, or the books, show it";
/** Unless the batch's book is at hand. */
const NUMBER_NOT_PROVEN =
  "the receipt's number among the receipts of its batch: index and count are claims until the book is checked";
const NEVER_PROVEN =
  "what happened outside: purchases that the shop never reported, or what the money did after the charity signed";
