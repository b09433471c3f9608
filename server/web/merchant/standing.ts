// How pledges stand at a moment: in force, to come, waiting for a charity, or past. Pure.

import type { Pledge } from "./queries.ts";

export type Standing = "inForce" | "toCome" | "waiting" | "past";

/** By the clock of the visitor, in Unix seconds. */
export function standingOf(
  { terms, accepted, endedAt }: Pick<Pledge, "terms" | "accepted" | "endedAt">,
  now: number,
): Standing {
  const ended = endedAt === null ? Number.POSITIVE_INFINITY : Date.parse(endedAt) / 1000;
  if (now >= Math.min(ended, terms.endsAt ?? Number.POSITIVE_INFINITY)) return "past";
  if (!accepted) return "waiting";
  return now < terms.startsAt ? "toCome" : "inForce";
}

const ORDER: readonly Standing[] = ["inForce", "toCome", "waiting", "past"];

/** Pledges by how they stand, those in force first; within each the newest first. */
export function byStanding(pledges: readonly Pledge[], now: number) {
  const groups = Map.groupBy(pledges, (pledge) => standingOf(pledge, now));
  return ORDER.flatMap((standing) => {
    const own = groups.get(standing);
    if (own === undefined) return [];
    return [{ standing, pledges: own.toSorted((a, b) => b.terms.startsAt - a.terms.startsAt) }];
  });
}

/** When a pledge ends or has ended, in Unix seconds; null when nobody has said. */
export function endOf({ terms, endedAt }: Pledge): number | null {
  const ended = endedAt === null ? null : Date.parse(endedAt) / 1000;
  if (ended === null || terms.endsAt === null) return ended ?? terms.endsAt;
  return Math.min(ended, terms.endsAt);
}
