// The steps of a verification that follow a gift to the terms that it was given under: they are the receipt's, they were
// noticed before it, and its amount is what they say. What terms say is a programme's business: its judge is handed in.

import { VerificationError } from "../errors.ts";
import { MAX_BATCH_PROOF_LENGTH, rootFromProof } from "./batch-proof.ts";
import { equalBytes, fromHex, toHex, WORD_BYTES, ZERO32 } from "./bytes.ts";
import { type Details, detailsHash } from "./details.ts";
import * as read from "./fields.ts";
import type { Hash } from "./hash.ts";
import { REVERSAL, type Receipt } from "./receipt.ts";
import type { OpenedReceipt } from "./receipt-file.ts";
import { noticeLeaf } from "./statement.ts";
import type { Trail } from "./trail.ts";
import * as say from "./wording.ts";

/** The terms of a receipt as its file holds them: the document, and what ties its notice to the root of its batch. */
export type OpenedTerms = {
  document: Details;
  batch: bigint;
  notice: { kind: string; subject: Uint8Array; content: Uint8Array };
  proof: Uint8Array[];
};

/** The same in JSON. */
export type TermsFile = {
  document: Details;
  batch: string;
  notice: { kind: string; subject: string; content: string };
  proof: string[];
};

/** What a gift was to come to by its terms, in the unit's smallest part; or why that cannot be told. */
export type Recomputed = { amount: bigint } | { reason: string; says: string };

/** @throws VerificationError where details contradict the terms in something else than the amount */
export type Recompute = (gift: { receipt: Receipt; details: Details; document: Details }) => Recomputed;

/** @throws InputError as `parseReceiptFile` */
export function parseTerms(fields: read.Fields): OpenedTerms {
  const notice = read.objectAt(fields, "notice");
  return {
    document: read.objectAt(fields, "document").members as Details,
    batch: read.wholeNumberAt(fields, "batch"),
    notice: {
      kind: read.tagAt(notice, "kind"),
      subject: read.hexAt(notice, "subject", WORD_BYTES),
      content: read.hexAt(notice, "content", WORD_BYTES),
    },
    proof: read.listAt(fields, "proof", MAX_BATCH_PROOF_LENGTH, (hash, path) =>
      fromHex(hash as string, WORD_BYTES, path),
    ),
  };
}

export const encodeTerms = ({ document, batch, notice, proof }: OpenedTerms): TermsFile => ({
  document,
  batch: `${batch}`,
  notice: { kind: notice.kind, subject: toHex(notice.subject), content: toHex(notice.content) },
  proof: proof.map(toHex),
});

/**
 * Follows a gift to its terms, and recomputes its amount. Answers with the root of the batch that notices the terms; null
 * where there are none to follow.
 * @param batch of the receipt
 */
export function checkTerms(
  trail: Trail,
  file: OpenedReceipt,
  batch: bigint,
  { hash, recompute }: { hash: Hash; recompute: Recompute | null },
): Uint8Array | null {
  const { terms = null, receipt } = file;
  if (receipt.kind === REVERSAL) return leaveOut(trail, "terms-of-gift", say.SAY_TERMS_OF_GIFT);
  if (equalBytes(receipt.terms, ZERO32)) return leaveOut(trail, "no-terms", say.SAY_NO_TERMS);
  if (terms === null) return leaveOut(trail, "terms-not-held", say.SAY_TERMS_NOT_HELD);
  const root = trail.take(
    "terms",
    () => rootOfTerms(file, terms, batch, hash),
    () => say.sayTerms(terms.batch, batch),
  );
  checkAmount(trail, file, terms, recompute);
  return root;
}

function leaveOut(trail: Trail, reason: string, says: string): null {
  trail.skip("terms", reason, says);
  return null;
}

function rootOfTerms(
  { receipt, ledger }: OpenedReceipt,
  { document, batch: noticedIn, notice, proof }: OpenedTerms,
  batch: bigint,
  hash: Hash,
): Uint8Array {
  const made = detailsHash(document, hash);
  demand(equalBytes(made, receipt.terms), "terms-differ", () => {
    return `these are not the receipt's terms: they hash to ${toHex(made)}, the receipt names ${toHex(receipt.terms)}`;
  });
  demand(equalBytes(notice.content, receipt.terms), "terms-notice-differs", () => {
    return `the notice is of another document: ${toHex(notice.content)}`;
  });
  demand(noticedIn < batch, "terms-not-before", () => {
    return `the terms are noticed in batch ${noticedIn}, which does not come before the receipt's, ${batch}`;
  });
  return rootFromProof(noticeLeaf(ledger.id, { batch: noticedIn, ...notice }, hash), proof, hash);
}

function checkAmount(
  trail: Trail,
  { receipt, details }: OpenedReceipt,
  { document }: OpenedTerms,
  recompute: Recompute | null,
): void {
  const judge = (): Recomputed => {
    if (details === null) return { reason: "amount-details-erased", says: say.SAY_NO_DETAILS_LEFT };
    if (recompute === null) return { reason: "terms-not-known", says: say.SAY_NO_RULES };
    const told = recompute({ receipt, details, document });
    if ("amount" in told) demandAmount(receipt, told.amount);
    return told;
  };
  const told = trail.attempt("amount", judge);
  if ("reason" in told) trail.skip("amount", told.reason, told.says);
  else
    trail.take(
      "amount",
      () => told.amount,
      (amount) => say.sayAmount(amount, receipt.unit),
    );
}

function demandAmount({ amount, unit }: Receipt, expected: bigint): void {
  demand(amount === expected, "amount-differs", () => {
    return `by the terms ${expected} smallest units of ${unit} were to be given, the receipt is of ${amount}`;
  });
}

/** Whether the contract keeps the root that the notice of the terms leads to, too. */
export function checkNoticed(
  trail: Trail,
  { batch }: OpenedTerms,
  root: Uint8Array,
  kept: Uint8Array | undefined,
): void {
  if (kept === undefined) {
    trail.skip("noticed", "terms-not-compared", say.SAY_NOTICE_NOT_READ);
    return;
  }
  const demandKept = () =>
    demand(equalBytes(root, kept), "terms-root-differs", () => {
      return `the contract keeps ${toHex(kept)} for batch ${batch}, the notice of the terms leads to ${toHex(root)}`;
    });
  trail.take("noticed", demandKept, () => say.sayNoticed(batch));
}

function demand(holds: boolean, reason: string, otherwise: () => string): void {
  if (!holds) throw new VerificationError(reason, otherwise());
}
