// A pledge: a merchant's terms, and when they apply.

import type { Purchase } from "./purchase.ts";
import type { Terms } from "./terms.ts";

export type Pledge = {
  /** The hash of the terms. */
  readonly id: Uint8Array;
  readonly terms: Terms;
  /** The name of the donor in law, who is the merchant and never the buyer. */
  readonly legalDonor: string;
  /** Whether every charity it names has accepted it: nobody is given to unasked. */
  readonly accepted: boolean;
  /** When the merchant ended it before its time, in Unix seconds. */
  readonly endedAt: number | null;
};

/** Whether the pledge was in force when the purchase completed: from its start, and until its end, the end left out. */
export function inForce(pledge: Pledge, purchase: Pick<Purchase, "completedAt" | "currency">): boolean {
  const { startsAt, endsAt, currency } = pledge.terms;
  const end = Math.min(endsAt ?? Infinity, pledge.endedAt ?? Infinity);
  return (
    pledge.accepted &&
    currency === purchase.currency &&
    startsAt <= purchase.completedAt &&
    purchase.completedAt < end
  );
}
