// The terms of a pledge: their schema, the document that is hashed. Pure and the same for ever: anyone who holds the terms
// recomputes what a purchase should have given, by `share`.

import { z } from "zod";
import { canonicalJson } from "../protocol/details.ts";
import { type Hash, keccak } from "../protocol/hash.ts";
import { amountMinor, count, currency, instant, name, registration, text } from "./fields.ts";

export { type Sale, shareOf, split } from "./share.ts";

const MAX_CHARITIES = 20;
const MAX_PRODUCTS = 1_000;
const WHOLE_PROCEEDS = { basisPoints: 10_000 };

const BASIS_POINTS = "wanted 10 to 10000 (0.1 to 100 %), whole";

const SHARE = 'wanted {"basisPoints": 100} or {"perItem": "100"}';

const share = z.union(
  [
    z.strictObject({ basisPoints: z.int(BASIS_POINTS).min(10, BASIS_POINTS).max(10_000, BASIS_POINTS) }),
    z.strictObject({ perItem: amountMinor.refine((text) => text !== "0", "wanted at least 1") }),
  ],
  SHARE,
);

/** The shop's own names of the products that the terms are of; left out for the whole shop. */
const products = z
  .array(name)
  .min(1)
  .max(MAX_PRODUCTS)
  .refine((items) => new Set(items).size === items.length, "wanted each item once");

/** What the proceeds of a charity's shop become: at so many minor units each. */
const outcome = z.strictObject({
  what: text(60),
  unit: z.string().regex(/^[A-Z]{2,12}$/, "wanted a unit of 2 to 12 capital letters, such as MEAL"),
  costs: amountMinor.refine((text) => text !== "0", "wanted at least 1"),
});

const beneficiary = z.strictObject({ charity: registration, parts: count(1_000_000).default(1) });

/** What a merchant states when it pledges; the canonical JSON of the parsed value is what is hashed. */
export const termsSchema = z
  .strictObject({
    programme: z.enum(["goods-for-good", "charity-shop"]).default("goods-for-good"),
    merchant: name,
    currency,
    share: share.optional().meta({ description: "all of it, by default, in a charity's own shop" }),
    items: products.nullish().meta({ description: "null or left out for the whole shop" }),
    outcome: outcome.nullish().meta({ description: "of a charity's own shop: what its proceeds become" }),
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
  })
  .refine((terms) => terms.share !== undefined || terms.programme === "charity-shop", {
    path: ["share"],
    error: SHARE,
  })
  .refine((terms) => terms.outcome == null || terms.programme === "charity-shop", {
    path: ["outcome"],
    error: "wanted none: only a charity's own shop states what its proceeds become",
  })
  .refine((terms) => terms.programme !== "charity-shop" || terms.charities.length === 1, {
    path: ["charities"],
    error: "wanted the one charity whose shop it is",
  })
  .transform(({ items, outcome, share: stated, ...terms }) => ({
    ...terms,
    share: stated ?? WHOLE_PROCEEDS,
    // What is not stated is not hashed: terms from before there was such a field keep their hash.
    ...(items == null ? {} : { items: items.toSorted() }),
    ...(outcome == null ? {} : { outcome }),
  }));

export type Terms = z.output<typeof termsSchema>;

/** The document that is hashed: the terms under their format's name. */
export const termsDocument = (terms: Terms): string => canonicalJson({ format: "amanah-terms/1", ...terms });

/** keccak-256 of the terms' RFC 8785 JSON: the pledge's id, and `terms` in each of its receipts. */
export const termsHash = (terms: Terms, hash: Hash = keccak): Uint8Array =>
  hash(new TextEncoder().encode(termsDocument(terms)));
