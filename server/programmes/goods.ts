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

/**
 * When a price begins to hold: never for sales that may have been told already, unless the product had no price before.
 * Times in Unix seconds.
 * @throws InputError `in-the-past`
 */
export function beginningOf({ from }: Pick<Good, "from">, isFirst: boolean, now: number): number {
  const earliest = isFirst ? 1 : now + 1;
  const begins = from ?? now + 1;
  if (begins >= earliest) return begins;
  const wanted = "a time to come, since a change holds for later sales alone";
  const came = new Date(begins * 1000).toISOString();
  throw new InputError("in-the-past", `from: wanted ${wanted}, came ${came}`, {
    field: "from",
    wanted,
    came,
  });
}
