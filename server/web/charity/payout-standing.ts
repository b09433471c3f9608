// How a payout stands, in one word that the texts explain. Pure.

import type { Payout } from "./queries.ts";

export const STANDINGS = [
  "onItsWay",
  "confirmed",
  "failed",
  "cameBack",
  "claimed",
  "signed",
  "onChain",
] as const;
export type PayoutStanding = (typeof STANDINGS)[number];

type Told = Pick<Payout, "state" | "rail" | "claimed" | "cameBack">;

/** A bank's transfer that nobody has signed for is a claim, whatever else is recorded of it; one that came back is neither. */
export function standingOf({ state, rail, claimed, cameBack }: Told): PayoutStanding {
  if (state === "failed") return "failed";
  if (cameBack) return "cameBack";
  if (state === "confirmed") return "confirmed";
  if (state !== "paid") return "onItsWay";
  if (claimed) return "claimed";
  return rail === "token" ? "onChain" : "signed";
}
