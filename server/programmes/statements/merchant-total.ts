// The document of one merchant's day, `amanah-merchant-total/1`: how much was recorded of it, so that nothing can be left
// out afterwards. The salt keeps strangers from guessing whose it is.

import type { z } from "zod";
import { MERCHANT_TOTAL_FORMAT, type MerchantTotal, type merchantTotalSchema } from "../completeness.ts";
import { dayOf } from "./dates.ts";

/** One merchant's day as it was added up. Amounts in minor units; currency is empty where nothing was taken back. */
export type AddedUp = {
  readonly merchant: string;
  readonly day: number;
  readonly sums: readonly {
    readonly currency: string;
    readonly purchases: bigint;
    readonly paid: bigint;
    readonly given: bigint;
    readonly refunds: bigint;
    readonly reversed: bigint;
  }[];
  readonly last: bigint;
};

export function merchantTotal(
  ledger: string,
  { merchant, day, sums, last }: AddedUp,
  salt: string,
): MerchantTotal {
  const total = (of: "purchases" | "refunds") => `${sums.reduce((sum, one) => sum + one[of], 0n)}`;
  const document: z.input<typeof merchantTotalSchema> = {
    format: MERCHANT_TOTAL_FORMAT,
    ledger,
    merchant,
    day: dayOf(day),
    purchases: total("purchases"),
    sums: sums
      .filter(({ purchases }) => purchases > 0n)
      .map(({ currency, paid, given }) => ({ currency, paid: `${paid}`, given: `${given}` })),
    refunds: {
      count: total("refunds"),
      sums: sums
        .filter(({ reversed }) => reversed > 0n)
        .map(({ currency, reversed }) => ({ currency, reversed: `${reversed}` })),
    },
    last: `${last}`,
    salt,
  };
  return document;
}
