// A merchant's side: the totals that it was given are timestamped by the books, follow on one another, and agree with its
// own export of orders. The comparison itself is the merchant's own command's.

import {
  type Completeness,
  type CompletenessCode,
  compareWithExport,
  type ExportedOrder,
} from "../../../server/programmes/completeness.ts";
import type { Hex } from "../../../server/protocol/bytes.ts";
import type { LoggedNotice } from "../books/walk-log.ts";
import type { FindingCode } from "../catalogue.ts";
import type { Findings } from "../findings.ts";

export const MERCHANT_TOTAL = "merchant-total";

const CODES: Record<CompletenessCode, FindingCode> = {
  "hash-differs": "merchant-total-false",
  "subject-differs": "merchant-total-false",
  "another-merchant": "merchant-total-false",
  "sequence-differs": "merchant-sequence-gap",
  "order-twice": "merchant-total-false",
  "missing-order": "merchant-order-missing",
  "extra-order": "merchant-order-unknown",
  "count-differs": "merchant-total-false",
  "sum-differs": "merchant-total-false",
};

export type MerchantContext = {
  readonly ledger: Hex;
  /** Null when the merchant's own orders are not at hand: then only what is published can be checked. */
  readonly orders: readonly ExportedOrder[] | null;
  readonly notices: ReadonlyMap<Hex, readonly LoggedNotice[]>;
  readonly isComplete: boolean;
  readonly findings: Findings;
};

export function checkMerchants(statements: readonly Completeness[], context: MerchantContext): void {
  for (const statement of statements) checkPublished(statement, context);
  // Without orders what compares with them has nothing to say, and the rest still has.
  const found = compareWithExport(statements, context.orders ?? []).filter(
    ({ code }) => context.orders !== null || !NEEDS_ORDERS.has(code),
  );
  for (const { code, says, order, day, currency } of found) {
    const numbers = { ...(order && { order }), ...(day && { day }), ...(currency && { currency }) };
    context.findings.add({
      code: CODES[code],
      says: `${statements[0]?.merchant}: ${says}`,
      place: {},
      numbers,
    });
  }
}

const NEEDS_ORDERS: ReadonlySet<CompletenessCode> = new Set([
  "missing-order",
  "extra-order",
  "count-differs",
  "sum-differs",
]);

function checkPublished(
  { merchant, day, hash, subject, batch, total }: Completeness,
  context: MerchantContext,
): void {
  const { ledger, notices, isComplete, findings } = context;
  const numbers = { merchant, day, hash, batch };
  if (total.ledger !== ledger)
    findings.add({
      code: "merchant-total-false",
      says: `${merchant}: the total of ${day} is of the ledger ${total.ledger}`,
      place: {},
      numbers,
    });
  const isThere = (notices.get(hash as Hex) ?? []).some(
    (notice) => notice.kind === MERCHANT_TOTAL && notice.subject === subject && `${notice.batch}` === batch,
  );
  if (isThere || !isComplete) return;
  const says = `${merchant}: the total of ${day} is in no notice of batch ${batch}`;
  findings.add({ code: "merchant-total-unpublished", says, place: { batch: BigInt(batch) }, numbers });
}
