// What a sponsor's gift was to come to by its pool's terms, "amanah-pool/1": the steps that it names, at the pool's rate.

import { VerificationError } from "../../errors.ts";
import type { Details } from "../../protocol/details.ts";
import type { Recompute } from "../../protocol/terms-steps.ts";
import * as read from "./read.ts";

/**
 * Committed money and what is left over at a pool's end name no steps: nothing is reckoned of them.
 * @throws VerificationError `terms-of-another-sale`, `terms-not-in-force`
 */
export const recomputePool: Recompute = ({ receipt, details, document }) =>
  read.orUntold(() => {
    if (!read.has(details, "stepsFrom")) return read.untold("the gift is for no steps");
    checkPool(document, details, receipt.unit);
    const before = read.minorAt(details, "paidBefore");
    const steps = read.minorAt(details, "stepsUpTo") - read.minorAt(details, "stepsFrom");
    const rate = read.objectAt(document, "rate");
    const [per, amount] = [read.minorAt(rate, "steps"), read.minorAt(rate, "amount")];
    if (per === 0n || steps < 0n) return read.untold("no rate can be reckoned with");
    return { amount: ((before + steps) * amount) / per - (before * amount) / per };
  });

function checkPool(document: Details, details: Details, unit: string): void {
  for (const name of ["charity", "sponsor"]) {
    const [wanted, came] = [read.textAt(document, name), read.textAt(details, name)];
    demand(wanted === came, "terms-of-another-sale", `the pool is of ${name} ${wanted}, not ${came}`);
  }
  const currency = read.textAt(document, "currency");
  demand(currency === unit, "terms-of-another-sale", `the pool gives ${currency}, not ${unit}`);
  const donatedAt = read.numberAt(details, "donatedAt");
  const isOpen =
    read.numberAt(document, "startsAt") <= donatedAt && donatedAt < read.numberAt(document, "endsAt");
  demand(isOpen, "terms-not-in-force", "the steps were not donated while the pool was open");
}

function demand(holds: boolean, reason: string, otherwise: string): void {
  if (!holds) throw new VerificationError(reason, otherwise);
}
