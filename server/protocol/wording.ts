// The plain sentences of a verification's steps. Positions and amounts are told in whole minor units of the line's unit.
// No check and no verdict is made here.

import { toHex } from "./bytes.ts";
import { SAY_FAULT } from "./fault-wording.ts";
import { faultNumbered } from "./faults.ts";
import { GIFT } from "./receipt.ts";
import type { OpenedReceipt, Seal } from "./receipt-file.ts";
import type { Line, Position, Status } from "./verification.ts";

export function sayFormat({ receipt, ledger }: OpenedReceipt): string {
  const what = receipt.kind === GIFT ? "gift" : "reversal";
  return `a receipt for a ${what} of ${receipt.amount} smallest units of ${receipt.unit}, in the ledger ${toHex(ledger.id)}`;
}

export const sayDetails = (): string => "the private details are those that the receipt was made with";

export const sayErased = (): string =>
  "the private details are erased: nothing ties this receipt to a purchase";

export const sayLeaf = (leaf: Uint8Array): string => `the receipt's leaf is ${toHex(leaf)}`;

export function sayNotSealed({ expected, promise }: OpenedReceipt): string {
  const when = expected === null ? "" : `; it is expected to be by ${isoTime(expected)}`;
  return `the receipt is not sealed into a batch yet${when}${promise === null ? ", and nothing in the file promises it" : ""}`;
}

export function sayBook({ batch, proof }: Seal): string {
  const number = `number ${proof.index + 1n} of ${proof.receipts}`;
  return `the book of batch ${batch} holds this receipt, ${number} in its line's statement`;
}

export const sayOtherRoot = (root: Uint8Array): string =>
  `the book leads to the root ${toHex(root)}, the file to another: one of the two is false`;

export function sayStatement({ batch, statement }: Seal): string {
  const interval = `[${statement.from}, ${statement.to})`;
  return `the statement is of this receipt's line; batch ${batch} fills the line's positions ${interval}`;
}

export function sayPath(siblings: number): string {
  const over = siblings === 1 ? "1 sibling" : `${siblings} siblings`;
  return `leaf and amount lead over ${over} to the root of the statement's receipts`;
}

export function saySum({ start, end }: Position): string {
  return `all sums agree: the receipt occupies the positions [${start}, ${end}); no other of its batch can`;
}

export const sayRoot = (batch: bigint, root: Uint8Array): string =>
  `batch ${batch} has then the root ${toHex(root)}`;

export const SAY_TERMS_OF_GIFT =
  "the terms are those of the gift that it takes back; how much depends on what was taken back before, and is not recomputed";

export const SAY_NO_TERMS = "the gift follows from no terms";

export const SAY_TERMS_NOT_HELD = "not checked: the file holds no terms";

export const SAY_NO_DETAILS_LEFT = "not recomputed: the private details are erased";

export const SAY_NO_RULES = "not recomputed: no rules for such terms are at hand";

export const SAY_NOTICE_NOT_READ = "the root of the batch that notices the terms was not read";

export const sayTerms = (noticedIn: bigint, batch: bigint): string =>
  `the terms are the receipt's, noticed in batch ${noticedIn}, before the receipt's, ${batch}`;

export const sayAmount = (amount: bigint, unit: string): string =>
  `by its terms the gift comes to exactly ${amount} smallest units of ${unit}`;

export const sayNoticed = (batch: bigint): string =>
  `the contract keeps the root of batch ${batch}, which notices the terms`;

export const sayLedger = (): string => "the contract keeps the ledger of this receipt";

export const sayAnchored = (batch: bigint): string =>
  `the contract keeps exactly this root for batch ${batch}`;

export const sayNotAnchored = (batch: bigint): string => `the contract has no root for batch ${batch} yet`;

/** @param line the watermarks that the status was judged by */
export function sayStatus(status: Status, { end }: Position, line: Line): string {
  const progress = { ...line, anchored: 0n };
  const watermark = `${status} stands at ${progress[status]}`;
  return status === "anchored"
    ? SAY_STATUS.anchored
    : `${SAY_STATUS[status]}: ${watermark}, the receipt ends at ${end}`;
}

export function sayTakenBack(reversed: bigint, given: bigint): string {
  return `the gift that it names is at hand: of ${given} given, ${reversed} are taken back`;
}

const SAY_STATUS: Record<Status, string> = {
  anchored: "anchored; the contract does not count this batch's statement in the line yet",
  given: "given; not paid to the charity yet",
  paid: "paid to the charity; not acknowledged by it yet",
  acknowledged: "paid, and the charity has signed for it; not reported as spent yet",
  spent: "paid, signed for and spent, as the charity reports",
  reversed: "the refund is counted; not set off against a payout yet",
  netted: "the refund is set off against a payout",
};

/** @param fault as the contract numbers faults */
export function sayFault(fault: number): string {
  const known = faultNumbered(fault);
  const shown = known === null ? `fault ${fault}` : `${known}: ${SAY_FAULT[known]}`;
  return `this line is at fault, proven to the contract by its own statements (${shown}): the receipt is anchored, but no position on this line can be relied on`;
}

export function isoTime(unixSeconds: bigint): string {
  const time = new Date(Number(unixSeconds) * 1000);
  return Number.isNaN(time.getTime()) ? `Unix second ${unixSeconds}` : time.toISOString();
}
