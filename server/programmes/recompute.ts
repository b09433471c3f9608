// What a gift was to come to by the terms that its receipt names: anyone who holds both recomputes it. Each programme has its
// rules under the format of its documents. Pure, and without a schema, so that a browser loads little of it.

import type { Recompute } from "../protocol/terms-steps.ts";
import { recomputeService } from "./recompute/activity.ts";
import { recomputePledge } from "./recompute/pledge.ts";
import { recomputePool } from "./recompute/pool.ts";
import { recomputeSteps } from "./recompute/steps.ts";

/** By the `format` of the document. */
const RULES: Readonly<Record<string, Recompute>> = {
  "amanah-activity/1": recomputeService,
  "amanah-pool/1": recomputePool,
  "amanah-steps-rules/1": recomputeSteps,
  "amanah-terms/1": recomputePledge,
};

/** @throws VerificationError as the rules of the format do */
export const recompute: Recompute = (gift) => {
  const { format } = gift.document;
  const rules = typeof format === "string" && Object.hasOwn(RULES, format) ? RULES[format] : undefined;
  if (rules === undefined)
    return { reason: "terms-not-known", says: "not recomputed: no rules for such terms are at hand" };
  return rules(gift);
};
