// Terms, pledges, purchases and gifts for the tests of the rules. Everything not given is the usual.

import { createHash } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { InputError } from "../../server/errors.ts";
import type { Gift } from "../../server/programmes/gift.ts";
import type { Pledge } from "../../server/programmes/pledge.ts";
import { type Purchase, purchaseSchema } from "../../server/programmes/purchase.ts";
import { type Refund, refundSchema, type StandingGift } from "../../server/programmes/refund.ts";
import { type Sale, type Terms, termsHash, termsSchema } from "../../server/programmes/terms.ts";

export const DAY_SECONDS = 86_400;
/** 11 November 2025, 08:00 in Beijing. */
export const COMPLETED_AT = Date.UTC(2025, 10, 11) / 1000;

/** One percent of price and shipping in fen to one charity. */
export const terms = (given: object = {}): Terms =>
  termsSchema.parse({
    merchant: "shop",
    currency: "CNY",
    share: { basisPoints: 100 },
    charities: [{ charity: "GB-CHC-1164883" }],
    startsAt: "2025-01-01T00:00:00Z",
    ...given,
  });

export const pledge = (given: object = {}, state: Partial<Pledge> = {}): Pledge => {
  const own = terms(given);
  return { id: termsHash(own), terms: own, legalDonor: "Shop Ltd", accepted: true, endedAt: null, ...state };
};

export const purchase = (given: object = {}): Purchase =>
  purchaseSchema.parse({
    merchant: "shop",
    order: "order-1",
    completedAt: "2025-11-11T08:00:00+08:00",
    currency: "CNY",
    items: [{ item: "1", price: "1250", shipping: "100" }],
    ...given,
  });

export const refund = (given: object = {}): Refund =>
  refundSchema.parse({
    merchant: "shop",
    refund: "refund-1",
    order: "order-1",
    refundedAt: "2025-12-01T00:00:00Z",
    ...given,
  });

export const sale = (price: bigint, shipping = 0n, quantity = 1n): Sale => ({ price, shipping, quantity });

/** Gifts as they stand once they are recorded: none of them reversed. */
export const standing = (gifts: readonly Gift[], pledges: readonly Pledge[]): StandingGift[] =>
  gifts.map((gift, index) => ({
    ...gift,
    id: Uint8Array.of(index),
    leaf: createHash("sha256").update(`${index}`).digest(),
    pledge: pledges.find(({ id }) => id === gift.terms) as Pledge,
    reversed: 0n,
  }));

export const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, one) => total + one, 0n);

/** Fails unless the work is refused with an `InputError` that names the field. */
export function expectRefused(work: () => unknown, code: string, field: string): void {
  expect(work)
    .to.throw(InputError)
    .that.satisfies((error: InputError) => {
      expect(error.code).to.equal(code);
      expect(error.facts).to.include({ field });
      expect(error.message).to.contain(`${field}: wanted `).and.to.contain(", came ");
      return true;
    });
}

const minor = (most: number) => fc.bigInt({ min: 0n, max: BigInt(most) });

export const arbitrarySale: fc.Arbitrary<Sale> = fc.record({
  price: minor(10_000_000),
  shipping: minor(100_000),
  quantity: fc.bigInt({ min: 1n, max: 50n }),
});

export const arbitraryTerms: fc.Arbitrary<Terms> = fc
  .record({
    share: fc.oneof(
      fc.record({ basisPoints: fc.integer({ min: 10, max: 10_000 }) }),
      fc.record({ perItem: fc.integer({ min: 1, max: 5_000 }).map(String) }),
    ),
    base: fc.constantFrom("price", "price-and-shipping"),
    rounding: fc.constantFrom("half-up", "down", "up"),
    minimum: fc.integer({ min: 0, max: 300 }).map(String),
    charities: fc
      .array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.map((part, index) => ({ charity: `GB-CHC-${index}`, parts: part }))),
  })
  .map((given) => terms({ ...given, refunds: "reverse" }));
