// What an attendance counts for. Pure, in whole tenths of an hour: six effective minutes are one, and what does not fill a
// tenth is not counted, so that nobody earns by coming and going.

import type { Activity } from "./activity.ts";
import { RULES, TENTH_SECONDS } from "./service-kinds.ts";

/** When someone came and went, in Unix seconds; or how many pieces were given. */
export type Service = {
  readonly checkIn: number;
  readonly checkOut: number;
  /** Null where time is counted. */
  readonly pieces: number | null;
};

/** What is counted of a service: how long of it was effective, and what that comes to. */
export type Counted = { readonly effectiveSeconds: number; readonly tenths: number };

type Times = Pick<Activity, "startsAt" | "endsAt" | "pauses">;

/** The seconds that two intervals share. */
const shared = (from: number, to: number, otherFrom: number, otherTo: number): number =>
  Math.max(0, Math.min(to, otherTo) - Math.max(from, otherFrom));

/** The seconds of [checkIn, checkOut) that lie within the activity and in none of its pauses. */
export function effectiveSeconds({ startsAt, endsAt, pauses }: Times, checkIn: number, checkOut: number) {
  const [from, to] = [Math.max(checkIn, startsAt), Math.min(checkOut, endsAt)];
  return pauses.reduce(
    (left, pause) => left - shared(from, to, pause.from, pause.to),
    Math.max(0, to - from),
  );
}

/** Pieces count for what the table says, up to the most at one occasion; time by its effective seconds. */
export function countService(activity: Times & Pick<Activity, "kind">, service: Service): Counted {
  const seconds = effectiveSeconds(activity, service.checkIn, service.checkOut);
  const { by, tenths, mostPieces } = RULES[activity.kind];
  const units =
    by === "time" ? Math.floor(seconds / TENTH_SECONDS) : Math.min(service.pieces ?? 0, mostPieces);
  return { effectiveSeconds: seconds, tenths: units * tenths };
}
