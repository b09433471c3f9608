// How a payout is shown: a bank payout is the operator's claim until the charity has signed for it, and grows old meanwhile.

import { z } from "zod";
import type { RecordedPayout } from "../store/acknowledgements.ts";
import { hex32, hexOrNull, minor, time } from "./words.ts";

export const payoutSchema = z
  .object({
    rail: z.enum(["token", "bank"]),
    upTo: minor,
    paidAt: time,
    claimed: z.boolean().meta({
      description: "the operator's word alone: by bank, and the charity has not signed for it yet",
    }),
    ageSeconds: z.int().meta({ description: "since it was recorded" }),
    transaction: hex32.nullable().meta({ description: "in which the contract recorded it" }),
  })
  .meta({ id: "RecordedPayout" });

/** `acknowledged`: how far the charity has signed. */
export const showPayout = ({ rail, upTo, paid_at, transaction }: RecordedPayout, acknowledged: bigint) => ({
  rail,
  upTo,
  paidAt: paid_at.toISOString(),
  claimed: rail === "bank" && upTo > acknowledged,
  ageSeconds: Math.max(0, Math.floor((Date.now() - paid_at.getTime()) / 1000)),
  transaction: hexOrNull(transaction),
});
