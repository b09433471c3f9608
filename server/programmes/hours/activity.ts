// An activity: who organises which service, where and when, and the pauses in it that do not count. A public document, whose
// hash is `terms` in each receipt for it, so that anyone who holds it recounts.

import { z } from "zod";
import { canonicalJson } from "../../protocol/details.ts";
import { type Hash, keccak } from "../../protocol/hash.ts";
import { count, instant, registration, text } from "../fields.ts";
import { KINDS } from "./service-kinds.ts";

const MOST_PAUSES = 20;
const MOST_PLACES = 10_000;
const LONGEST_SECONDS = 24 * 60 * 60;
export const ACTIVITY_FORMAT = "amanah-activity/1";

const pause = z
  .strictObject({ from: instant, to: instant })
  .refine(({ from, to }) => from < to, { path: ["to"], error: "wanted a time after from" });

type Interval = z.output<typeof pause>;

const inOrder = (pauses: readonly Interval[]): boolean =>
  pauses.every(({ from }, index) => index === 0 || from >= (pauses[index - 1] as Interval).to);

/** What an organiser announces. Times come with their offset, and are kept as Unix seconds. */
export const activitySchema = z
  .strictObject({
    /** The registration id of the charity that organises it. */
    organiser: registration,
    title: text(200),
    kind: z.enum(KINDS).default("offline"),
    place: text(300),
    startsAt: instant,
    endsAt: instant,
    /** The clock of the place: the year of a service is the year there. */
    utcOffset: z.string().regex(/^[+-](0\d|1[0-4]):[0-5]\d$/, 'wanted an offset such as "+08:00"'),
    /** Meals, rest, travel: they do not count. In order, without overlap. */
    pauses: z.array(pause).max(MOST_PAUSES).default([]),
    places: count(MOST_PLACES),
  })
  .refine(({ startsAt, endsAt }) => endsAt > startsAt && endsAt - startsAt <= LONGEST_SECONDS, {
    path: ["endsAt"],
    error: "wanted a time after startsAt, at most 24 hours later",
  })
  .refine(({ pauses }) => inOrder(pauses), {
    path: ["pauses"],
    error: "wanted pauses in order, without overlap",
  })
  .refine(
    ({ pauses, startsAt, endsAt }) => pauses.every(({ from, to }) => from >= startsAt && to <= endsAt),
    { path: ["pauses"], error: "wanted pauses within the activity" },
  );

export type Activity = z.output<typeof activitySchema>;

/** The document that is hashed: canonical JSON under its format's name. */
export const activityDocument = (activity: Activity): string =>
  canonicalJson({ format: ACTIVITY_FORMAT, ...activity });

/** keccak-256 of the document: the activity's id, and `terms` in each of its receipts. */
export const activityHash = (activity: Activity, hash: Hash = keccak): Uint8Array =>
  hash(new TextEncoder().encode(activityDocument(activity)));

/** The inverse of `activityDocument`, of a document that was made by it. */
export function readActivity(document: string): Activity {
  const { format: _, ...activity } = JSON.parse(document) as Activity & { format: string };
  return activity;
}
