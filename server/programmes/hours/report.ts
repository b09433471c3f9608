// A finished attendance as an organiser's own system tells of it: the same rules as at the door.

import { z } from "zod";
import { InputError } from "../../errors.ts";
import { count, instant, name } from "../fields.ts";
import type { Activity } from "./activity.ts";
import { RULES } from "./service-kinds.ts";

/** More than any table allows for one occasion. */
const MOST_PIECES = 1_000;

export const reportSchema = z
  .strictObject({
    /** The activity's hash. */
    activity: z
      .string()
      .regex(/^0x[0-9a-f]{64}$/, "wanted the activity's hash: 0x and 64 hexadecimal digits"),
    /** The volunteer under the reporter's own pseudonym; never a name or an address. */
    volunteer: name,
    checkIn: instant,
    checkOut: instant,
    /** How many, of a kind that is counted in pieces. */
    pieces: count(MOST_PIECES).nullable().default(null),
  })
  .refine(({ checkIn, checkOut }) => checkOut >= checkIn, {
    path: ["checkOut"],
    error: "wanted a time not before checkIn",
  });

export type ServiceReport = z.output<typeof reportSchema>;

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

const refuse = (code: string, field: string, wanted: string, came: string) =>
  new InputError(code, `${field}: wanted ${wanted}, came ${came}`, { field, wanted, came });

/** What keeps a report from being counted, by the clock (Unix seconds) and the kind of the activity. */
export function checkReport(report: ServiceReport, activity: Activity, now: number): InputError | null {
  const { checkIn, checkOut, pieces } = report;
  if (checkOut > now) return refuse("in-the-future", "checkOut", "a time that is over", iso(checkOut));
  if (checkIn >= activity.endsAt || checkOut <= activity.startsAt)
    return refuse(
      "outside-activity",
      "checkIn",
      `a time before ${iso(activity.endsAt)}, the end`,
      iso(checkIn),
    );
  return checkPieces(pieces, activity.kind);
}

/** Pieces are told for what is counted in pieces, at most so many; and for nothing else. */
export function checkPieces(pieces: number | null, kind: Activity["kind"]): InputError | null {
  const { by, mostPieces } = RULES[kind];
  if (by === "time")
    return pieces === null
      ? null
      : refuse("wrong-pieces", "pieces", `none: ${kind} counts by time`, `${pieces}`);
  if (pieces !== null && pieces <= mostPieces) return null;
  return refuse("wrong-pieces", "pieces", `1 to ${mostPieces} of ${kind}`, `${pieces}`);
}
