// Arbitrary receipts, statements and trees for the property tests.

import fc from "fast-check";
import { MAX_AMOUNT } from "../../server/protocol/amounts.ts";
import type { Kind, Receipt } from "../../server/protocol/receipt.ts";
import type { Statement } from "../../server/protocol/statement.ts";
import type { Sibling } from "../../server/protocol/sum-tree.ts";

export const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
export const uint63 = fc.bigInt({ min: 0n, max: MAX_AMOUNT });
export const unit = fc.stringMatching(/^[\x21-\x7e]{1,32}$/);
export const kind = fc.constantFrom<Kind>(0, 1);

export const receipt: fc.Arbitrary<Receipt> = fc.record({
  id: bytes(16),
  charity: bytes(32),
  unit,
  kind,
  amount: fc.bigInt({ min: 1n, max: MAX_AMOUNT }),
  acceptedAt: uint63,
  terms: bytes(32),
  details: bytes(32),
  salt: bytes(32),
});

/** Of the right form; the figures need not agree with each other. */
export const statement: fc.Arbitrary<Statement> = fc.record({
  batch: uint63,
  charity: bytes(32),
  unit,
  kind,
  from: uint63,
  to: uint63,
  previous: uint63,
  receipts: uint63,
  receiptsRoot: bytes(32),
});

/** Leaves with amounts; up to 2^52 each, so that no sum of them passes 2^63. */
export const leaves = (most: number): fc.Arbitrary<Sibling[]> =>
  fc.array(fc.record({ hash: bytes(32), sum: fc.bigInt({ min: 1n, max: 2n ** 52n }) }), {
    minLength: 1,
    maxLength: most,
  });
