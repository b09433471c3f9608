// The terms of a pledge, and the share that they give. Pure and the same for ever: anyone who holds the terms
// recomputes what a purchase should have given.

import { z } from "zod";
import { canonicalJson } from "../protocol/details.ts";
import { type Hash, keccak } from "../protocol/hash.ts";
import { amountMinor, count, currency, instant, name, registration } from "./fields.ts";

const BASIS_POINTS_WHOLE = 10_000n;
const MAX_CHARITIES = 20;

const BASIS_POINTS = "wanted 10 to 10000 (0.1 to 100 %), whole";

const share = z.union(
  [
    z.strictObject({ basisPoints: z.int(BASIS_POINTS).min(10, BASIS_POINTS).max(10_000, BASIS_POINTS) }),
    z.strictObject({ perItem: amountMinor.refine((text) => text !== "0", "wanted at least 1") }),
  ],
  'wanted {"basisPoints": 100} or {"perItem": "100"}',
);

const beneficiary = z.strictObject({ charity: registration, parts: count(1_000_000).default(1) });

/** What a merchant states when it pledges; the canonical JSON of the parsed value is what is hashed. */
export const termsSchema = z
  .strictObject({
    programme: z.literal("goods-for-good").default("goods-for-good"),
    merchant: name,
    currency,
    share,
    base: z.enum(["price", "price-and-shipping"]).default("price-and-shipping"),
    rounding: z.enum(["half-up", "down", "up"]).default("half-up"),
    minimum: amountMinor.default("1"),
    refunds: z.enum(["merchant-bears", "reverse"]).default("merchant-bears"),
    charities: z.array(beneficiary).min(1).max(MAX_CHARITIES),
    startsAt: instant,
    endsAt: instant.nullable().default(null),
  })
  .refine((terms) => new Set(terms.charities.map((one) => one.charity)).size === terms.charities.length, {
    path: ["charities"],
    error: "wanted each charity once",
  })
  .refine((terms) => terms.endsAt === null || terms.endsAt > terms.startsAt, {
    path: ["endsAt"],
    error: "wanted a time after startsAt",
  });

export type Terms = z.output<typeof termsSchema>;

/** The document that is hashed: the terms under their format's name. */
export const termsDocument = (terms: Terms): string => canonicalJson({ format: "amanah-terms/1", ...terms });

/** keccak-256 of the terms' RFC 8785 JSON: the pledge's id, and `terms` in each of its receipts. */
export const termsHash = (terms: Terms, hash: Hash = keccak): Uint8Array =>
  hash(new TextEncoder().encode(termsDocument(terms)));

/** What an item's share is computed from, in minor units. */
export type Sale = { readonly price: bigint; readonly shipping: bigint; readonly quantity: bigint };

/**
 * What one item gives under the terms, in minor units. Never more than was paid, and never falls when the sale grows.
 * A fixed amount per piece above the piece's price gives the whole price.
 */
export function shareOf(terms: Terms, sale: Sale): bigint {
  // Nothing is sold any more: neither a fixed amount nor a minimum is owed for it.
  if (sale.quantity === 0n) return 0n;
  const base = terms.base === "price" ? sale.price : sale.price + sale.shipping;
  const stated =
    "perItem" in terms.share ? BigInt(terms.share.perItem) * sale.quantity : percentOf(terms, base);
  return least(base, most(stated, BigInt(terms.minimum)));
}

function percentOf(terms: Terms, base: bigint): bigint {
  const basisPoints = "basisPoints" in terms.share ? BigInt(terms.share.basisPoints) : 0n;
  const rounding = { "half-up": BASIS_POINTS_WHOLE / 2n, down: 0n, up: BASIS_POINTS_WHOLE - 1n };
  return (base * basisPoints + rounding[terms.rounding]) / BASIS_POINTS_WHOLE;
}

/**
 * Splits `total` by weight, exactly. `turn` in [0, 1) as a fraction of 2^32 shifts where the odd cents fall: with one
 * drawn evenly for each item nobody is favoured, however small the amounts. (Systematic sampling; Madow 1949.)
 */
export function split(total: bigint, weights: readonly bigint[], turn = 0n): bigint[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  const upTo = (weight: bigint) => (((total * weight) << 32n) + turn * whole) / (whole << 32n);
  let before = 0n;
  return weights.map((weight) => {
    before += weight;
    return upTo(before) - upTo(before - weight);
  });
}

const least = (a: bigint, b: bigint) => (a < b ? a : b);
const most = (a: bigint, b: bigint) => (a > b ? a : b);
