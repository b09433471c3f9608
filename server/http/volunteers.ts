// /v1/volunteers/me: a volunteer's own year, attendances and receipts, by the volunteer's key.

import { z } from "zod";
import { ConflictError } from "../errors.ts";
import { hoursText, type Year, yearOf } from "../programmes/hours/year.ts";
import { toHex } from "../protocol/bytes.ts";
import { activitiesByIds, type StoredActivity } from "../store/activities.ts";
import { attendancesOf, servedIn } from "../store/attendances.ts";
import { eraseVolunteer } from "../store/volunteer-erasure.ts";
import {
  activityView,
  attendanceView,
  showActivity,
  showAttendance,
  showOwnReceipt,
} from "./activity-words.ts";
import { parse } from "./problems.ts";
import { type Route, route } from "./route.ts";
import { requireVolunteer } from "./volunteer-keys.ts";
import { bytesInPath, hex32, listOf, listReply, page } from "./words.ts";

const tag = "Three hours";
const MOST_LISTED = 100;
const USUALLY_LISTED = 50;
const HASH_BYTES = 32;

export const yearText = z.coerce.number().int().min(2000).max(9999);

const counted = z.object({ tenths: z.int(), hours: z.string() });
export const yearSchema = z
  .object({
    year: z.int(),
    kinds: z.array(z.object({ kind: z.string(), tenths: z.int(), counted: z.int(), hours: z.string() })),
    counted,
    goal: counted,
    missing: counted,
    reached: z.boolean(),
  })
  .meta({ id: "VolunteerYear" });

const showTenths = (tenths: number) => ({ tenths, hours: hoursText(tenths) });

const showYear = (year: number, { kinds, counted, goal, missing, reached }: Year) => ({
  year,
  kinds: kinds.map((each) => ({ ...each, hours: hoursText(each.counted) })),
  counted: showTenths(counted),
  goal: showTenths(goal),
  missing: showTenths(missing),
  reached,
});

export const volunteerRoutes: Route[] = [
  route({
    method: "get",
    path: "/v1/volunteers/me/years/{year}",
    tag,
    summary: "One's year: hours by kind, and what is missing to three",
    description:
      "With `Authorization: Volunteer` and the volunteer's key. `counted` is under the table's caps.",
    answers: {
      200: { description: "What was recorded", schema: yearSchema },
      403: { description: "Not a key" },
    },
    handle: async ({ params: { year = "" }, request }, { sql, ledger }) => {
      const volunteer = requireVolunteer(request, ledger.secrets);
      const wanted = yearInPath(year);
      const served = await servedIn(sql, volunteer, wanted);
      const headers = { "Cache-Control": "private, no-store" };
      return { status: 200, body: showYear(wanted, yearOf(served)), headers };
    },
  }),
  route({
    method: "get",
    path: "/v1/volunteers/me/attendances",
    tag,
    summary: "One's attendances, with their activities and receipts",
    description: "With `Authorization: Volunteer` and the volunteer's key.",
    query: z.strictObject({ ...page(MOST_LISTED, USUALLY_LISTED), after: hex32.optional() }),
    answers: {
      200: {
        description: "A page, by activity",
        schema: listOf(attendanceView.extend({ announced: activityView, link: z.url().nullable() })),
      },
    },
    handle: async ({ query: { after, limit }, request }, services) => {
      const volunteer = requireVolunteer(request, services.ledger.secrets);
      const from = after === undefined ? Buffer.alloc(0) : bytesInPath(after, HASH_BYTES, "activity");
      const found = await attendancesOf(services.sql, volunteer, from, limit);
      const activities = await activitiesByIds(
        services.sql,
        found.map(({ activity }) => activity),
      );
      const { items, next } = listReply(found, limit, ({ activity }) => toHex(activity));
      const shown = items.map((each) => {
        const stored = activities.get(each.activity.toString("hex")) as StoredActivity;
        const link = each.receipt === null ? null : showOwnReceipt(services, each.receipt).link;
        return { ...showAttendance(each, stored.activity), announced: showActivity(stored), link };
      });
      const headers = { "Cache-Control": "private, no-store" };
      return { status: 200, body: { items: shown, next }, headers };
    },
  }),
  route({
    method: "post",
    path: "/v1/volunteers/me/erasure",
    tag,
    summary: "Erase oneself",
    description:
      "With `Authorization: Volunteer` and the volunteer's key. Names and reasons go at once, the details of receipts as with every erasure; leaves, amounts and proofs stay. At most 200 receipts a call: `receipts` below that means that all are asked for.",
    body: z.strictObject({}),
    answers: {
      202: {
        description: "Asked for; the rest waits for its batches",
        schema: z.object({ receipts: z.int() }),
      },
      409: { description: "A receipt is being written just now; ask again" },
    },
    handle: async ({ request }, { sql, ledger, ingest }) => {
      const volunteer = requireVolunteer(request, ledger.secrets);
      const erased = await eraseVolunteer(sql, volunteer, ingest.recorder.now());
      if (erased === "pending")
        throw new ConflictError(
          "receipt-pending",
          "a receipt is being written just now; ask again in a minute",
        );
      return { status: 202, body: { receipts: erased.length } };
    },
  }),
];

/** A calendar year in a path. Throws `InputError`. */
export const yearInPath = (text: string): number =>
  parse(z.strictObject({ year: yearText }), { year: text }).year;
