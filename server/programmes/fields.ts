// The fields that bodies are made of, each bounded and each with an error that says what was wanted.

import { z } from "zod";

const MAX_MINOR = 2n ** 63n - 1n;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._:@-]*$/;
const REGISTRATION = /^[A-Z]{2,3}-[A-Z0-9]+-[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)?$/;

/** A whole number of minor units as a decimal string, below 2^63. Never a JSON number, which may be a float. */
export const amountMinor = z
  .string('wanted a decimal string of whole minor units, such as "1250"')
  .regex(/^(0|[1-9][0-9]{0,18})$/, {
    error: 'wanted a decimal string of whole minor units, such as "1250"',
    abort: true,
  })
  .refine((text) => BigInt(text) <= MAX_MINOR, "wanted an amount below 2^63");

/** An instant with its offset, kept as Unix seconds. */
export const instant = z.iso
  .datetime({ offset: true, error: "wanted a time with its offset, such as 2026-11-11T08:00:00+08:00" })
  .transform((text) => Math.floor(Date.parse(text) / 1000))
  .refine((seconds) => seconds > 0, "wanted a time after 1970");

/** A caller's own name for a thing: an order number, a merchant id. */
export const name = z
  .string()
  .min(1)
  .max(100)
  .regex(NAME, "wanted letters, digits and . _ : @ - (at most 100, a letter or digit first)");

/** A charity's public registration id in org-id.guide form, with /project behind it for a restricted fund. */
export const registration = z
  .string()
  .max(120)
  .regex(
    REGISTRATION,
    "wanted an org-id.guide registration id, such as GB-CHC-1164883 or GB-CHC-1164883/lunches",
  );

/** Whole characters, and no NUL, which a database cannot hold. */
export const isPlain = (value: string): boolean => value.isWellFormed() && !value.includes("\0");

/** Text for people. */
export const text = (most: number) =>
  z.string().trim().min(1).max(most).refine(isPlain, "wanted text of whole characters, without NUL");

export const count = (most: number) => z.int("wanted a whole number").min(1).max(most);

export const currency = z.string().regex(/^[A-Z]{3}$/, "wanted an ISO 4217 code, such as CNY");
