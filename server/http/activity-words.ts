// How activities and attendances are written on the wire, and found by their names in a path.

import { z } from "zod";
import type { Activity } from "../programmes/hours/activity.ts";
import { countService } from "../programmes/hours/counting.ts";
import { hoursText } from "../programmes/hours/year.ts";
import { toHex } from "../protocol/bytes.ts";
import { activityById, type StoredActivity } from "../store/activities.ts";
import type { Attendance } from "../store/attendances.ts";
import type { Caller } from "../store/keys.ts";
import { mayActFor } from "./auth.ts";
import { linkOf, receiptKey } from "./receipt-keys.ts";
import type { Services } from "./services.ts";
import { bytesInPath, hex32, hexOrNull, isoTime, minor, noSuch, receiptIdText, time } from "./words.ts";

const HASH_BYTES = 32;

export const activityView = z
  .object({
    id: hex32.meta({ description: "the hash of the announcement: `terms` in its receipts" }),
    organiser: z.string(),
    title: z.string(),
    kind: z.string(),
    place: z.string(),
    startsAt: time,
    endsAt: time,
    utcOffset: z.string(),
    pauses: z.array(z.object({ from: time, to: time })),
    places: z.int(),
    free: z.int(),
    batch: minor.meta({ description: "whose notice names it; receipts for it come in later batches" }),
  })
  .meta({ id: "Activity" });

export function showActivity({ id, activity, taken, batch }: StoredActivity) {
  const { organiser, title, kind, place, startsAt, endsAt, utcOffset, pauses, places } = activity;
  return {
    id: toHex(id),
    organiser,
    title,
    kind,
    place,
    startsAt: isoTime(startsAt),
    endsAt: isoTime(endsAt),
    utcOffset,
    pauses: pauses.map(({ from, to }) => ({ from: isoTime(from), to: isoTime(to) })),
    places,
    free: places - taken,
    batch,
  };
}

/** The activity that a path names. Throws `NotFoundError`. */
export async function activityInPath({ sql }: Services, id: string): Promise<StoredActivity> {
  const activity = await activityById(sql, bytesInPath(id, HASH_BYTES, "activity"));
  if (activity === undefined) throw noSuch("activity", id);
  return activity;
}

/** The same, where the caller has to speak for its organiser. */
export async function ownActivityInPath(services: Services, id: string, caller: Caller) {
  const stored = await activityInPath(services, id);
  mayActFor(caller, "charity", stored.activity.organiser);
  return stored;
}

export const attendanceView = z
  .object({
    activity: hex32,
    volunteer: z.string(),
    state: z.enum([
      "signed-up",
      "withdrawn",
      "checked-in",
      "checked-out",
      "proposed",
      "disputed",
      "decided",
      "appealed",
      "agreed",
      "recorded",
    ]),
    checkIn: time.nullable(),
    checkOut: time.nullable(),
    pieces: z.int().nullable(),
    byHand: z.string().nullable().meta({ description: "why the organiser set the times by hand" }),
    reason: z.string().nullable().meta({ description: "why the volunteer disputes" }),
    decision: z.string().nullable().meta({ description: "what was decided of it, and why" }),
    dueAt: time.nullable().meta({ description: "when it goes on by itself" }),
    counted: z
      .object({ effectiveMinutes: z.int(), tenths: z.int(), hours: z.string() })
      .nullable()
      .meta({ description: "what it counts for as it stands; null before the check-out" }),
    receipt: receiptIdText.nullable(),
  })
  .meta({ id: "Attendance" });

/** With what the volunteer is called, which is for the organiser and the operator. */
export const organisersView = attendanceView.extend({ name: z.string(), displayName: z.string().nullable() });

const timeOrNull = (seconds: bigint | null) => (seconds === null ? null : isoTime(seconds));

export function showAttendance(attendance: Attendance, activity: Activity) {
  const { checkIn, checkOut, pieces, byHand, reason, decision, dueAt, receipt, state } = attendance;
  return {
    activity: toHex(attendance.activity),
    volunteer: toHex(attendance.volunteer),
    state,
    checkIn: timeOrNull(checkIn),
    checkOut: timeOrNull(checkOut),
    pieces,
    byHand,
    reason,
    decision,
    dueAt: timeOrNull(dueAt),
    counted: countedOf(attendance, activity),
    receipt: hexOrNull(receipt),
  };
}

export const showNamed = (attendance: Attendance, { activity }: StoredActivity) => ({
  ...showAttendance(attendance, activity),
  name: attendance.name,
  displayName: attendance.displayName,
});

const SECONDS_A_MINUTE = 60;

function countedOf({ checkIn, checkOut, pieces }: Attendance, activity: Activity) {
  if (checkIn === null || checkOut === null) return null;
  const service = { checkIn: Number(checkIn), checkOut: Number(checkOut), pieces };
  const { effectiveSeconds, tenths } = countService(activity, service);
  return {
    effectiveMinutes: Math.floor(effectiveSeconds / SECONDS_A_MINUTE),
    tenths,
    hours: hoursText(tenths),
  };
}

/** A receipt of the volunteer's own, with the key that opens it. */
export function showOwnReceipt({ ledger, settings }: Services, receipt: Uint8Array) {
  const id = toHex(receipt);
  const key = receiptKey(ledger.secret, receipt);
  return { id, key, link: linkOf(settings, id, key) };
}
