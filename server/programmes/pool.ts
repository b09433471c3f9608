// A pool: money that a sponsor commits beforehand, for good, to be given for the steps that others donate. Its terms, and the
// unit in which it is committed. Pure; how steps become gifts is in conversion.ts.

import { z } from "zod";
import { canonicalJson } from "../protocol/details.ts";
import { type Hash, keccak } from "../protocol/hash.ts";
import { checkCurrency } from "./currency.ts";
import { amountMinor, currency, instant, name, registration, text } from "./fields.ts";
import type { Gift } from "./gift.ts";
import { poolUnit } from "./pool-unit.ts";

export const POOL_FORMAT = "amanah-pool/1";

const positive = amountMinor.refine((amount) => amount !== "0", "wanted at least 1");

/** What a sponsor states; the canonical JSON of the parsed value is what is hashed. Amounts in minor units. */
export const poolSchema = z
  .strictObject({
    /** The donor in law. */
    sponsor: text(200),
    charity: registration,
    currency: currency.refine(isCurrency, "wanted an ISO 4217 code, such as CNY"),
    /** So many steps bring so much. */
    rate: z.strictObject({ steps: positive, amount: positive }),
    /** The most that is given in a day; null for no bound. */
    dailyCap: positive.nullable().default(null),
    /** From when on steps count, and until when; the days begin at midnight in this offset from UTC. */
    startsAt: instant,
    endsAt: instant,
    utcOffset: z
      .string()
      .regex(/^[+-](0[0-9]|1[0-4]):[0-5][0-9]$/, "wanted an offset from UTC, such as +08:00")
      .default("+00:00"),
  })
  .refine(({ startsAt, endsAt }) => startsAt < endsAt, {
    path: ["endsAt"],
    error: "wanted a time after startsAt",
  });

export type PoolTerms = z.output<typeof poolSchema>;

function isCurrency(code: string): boolean {
  try {
    return checkCurrency(code) === code;
  } catch {
    return false;
  }
}

/** The published document: canonical JSON of the terms under their format's name. */
export const poolDocument = (terms: PoolTerms): string => canonicalJson({ format: POOL_FORMAT, ...terms });

/** keccak-256 of the document: the pool's id, and `terms` in each of its receipts. */
export const poolId = (terms: PoolTerms, hash: Hash = keccak): Uint8Array =>
  hash(new TextEncoder().encode(poolDocument(terms)));

/** The day of a moment, counted from 1970, by the pool's clock. Unix seconds in. */
export function dayOf({ utcOffset }: Pick<PoolTerms, "utcOffset">, seconds: number): number {
  const [hours, minutes] = utcOffset.slice(1).split(":").map(Number) as [number, number];
  const offset = (hours * 60 + minutes) * 60 * (utcOffset.startsWith("-") ? -1 : 1);
  return Math.floor((seconds + offset) / 86_400);
}

/** A line holds 2^62, and what is committed stays: one zero too many must not fill the charity's lines. */
const MOST_FUNDED_MINOR = 10n ** 15n;

/** What a sponsor pays in. The same reference again is the same funding. */
export const fundingSchema = z.strictObject({
  amount: positive.refine(
    (amount) => BigInt(amount) <= MOST_FUNDED_MINOR,
    `wanted at most ${MOST_FUNDED_MINOR} minor units`,
  ),
  reference: name,
});

export type Funding = z.output<typeof fundingSchema>;

/** The committed money as a gift on the pool's own line. */
export const fundingGift = (
  terms: PoolTerms,
  id: { readonly bytes: Uint8Array; readonly hex: string },
  { amount, reference }: Funding,
): Gift => ({
  item: reference,
  charity: terms.charity,
  unit: poolUnit(terms.currency),
  amount: BigInt(amount),
  terms: id.bytes,
  details: {
    programme: "steps",
    charity: terms.charity,
    item: reference,
    sponsor: terms.sponsor,
    legalDonor: terms.sponsor,
    pool: id.hex,
    funding: reference,
  },
});
