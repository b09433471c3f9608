// The price list of a charity's own shop. A change holds for later sales alone: old prices are kept. Pure.

import { z } from "zod";
import { InputError } from "../errors.ts";
import { amountMinor, currency, instant, name, text } from "./fields.ts";

const MOST_PRICE_MINOR = 10n ** 12n;

export const goodSchema = z.strictObject({
  product: name,
  title: text(200),
  currency,
  /** Of one piece, in minor units; null from when it is not sold any more. */
  price: amountMinor
    .refine((price) => BigInt(price) <= MOST_PRICE_MINOR, `wanted at most ${MOST_PRICE_MINOR} minor units`)
    .nullable(),
  /** What a piece becomes, in the shop's own words. */
  outcome: text(200).optional(),
  /** From when on; at once when left out. */
  from: instant.optional(),
});

export type Good = z.output<typeof goodSchema>;

/** A change is known everywhere before it holds: no sale is priced by a list that another process has changed already. */
const AHEAD_SECONDS = 5;

/**
 * When a price begins to hold: never for sales that may have been told already, unless the product had no price before.
 * Times in Unix seconds.
 * @throws InputError `too-early`
 */
export function beginningOf({ from }: Pick<Good, "from">, isFirst: boolean, now: number): number {
  if (isFirst) return from ?? now;
  const earliest = now + AHEAD_SECONDS;
  const begins = from ?? earliest;
  if (begins >= earliest) return begins;
  const wanted = `a time ${AHEAD_SECONDS} s ahead or later, since a change holds for later sales alone`;
  const came = new Date(begins * 1000).toISOString();
  throw new InputError("too-early", `from: wanted ${wanted}, came ${came}`, { field: "from", wanted, came });
}
