// /v1/activities/{id}/attendances…: what an organiser does with attendances, with the charity's key: times by hand,
// confirmation, decisions on disputes.

import { z } from "zod";
import { InputError } from "../errors.ts";
import { DISPUTE_WITHIN_SECONDS } from "../ingest/hours.ts";
import { count, instant, text } from "../programmes/fields.ts";
import type { Activity } from "../programmes/hours/activity.ts";
import { checkPieces, checkReport } from "../programmes/hours/report.ts";
import { toHex } from "../protocol/bytes.ts";
import type { StoredActivity } from "../store/activities.ts";
import {
  type Attendance,
  type AttendanceName,
  type AttendanceState,
  attendancesAfter,
  type Change,
} from "../store/attendances.ts";
import type { Caller } from "../store/keys.ts";
import { organisersView, ownActivityInPath, showNamed } from "./activity-words.ts";
import { agree, CONFIRMED, dueOf, move, wrongState } from "./attendance-words.ts";
import { type Asked, type Reply, type Route, route } from "./route.ts";
import type { Services } from "./services.ts";
import { bytesInPath, listOf, listReply, page } from "./words.ts";

const tag = "Three hours";
const VOLUNTEER_BYTES = 16;
const MOST_PIECES = 1_000;

type Named = { readonly stored: StoredActivity; readonly name: AttendanceName };

/** Whose attendance a path names, at an activity of the caller's own. */
async function namedOf({ params, caller }: Asked<unknown, unknown>, services: Services): Promise<Named> {
  const { id = "", volunteer = "" } = params;
  const stored = await ownActivityInPath(services, id, caller);
  return {
    stored,
    name: { activity: stored.id, volunteer: bytesInPath(volunteer, VOLUNTEER_BYTES, "volunteer") },
  };
}

const replyNamed = (attendance: Attendance, stored: StoredActivity): Reply => ({
  status: 200,
  body: showNamed(attendance, stored),
  headers: { "Cache-Control": "private, no-store" },
});

const pieces = count(MOST_PIECES).nullable().default(null);
const byHand = z.strictObject({
  checkIn: instant,
  checkOut: instant.nullable().default(null),
  reason: text(1_000),
});
const decision = z.strictObject({ checkIn: instant, checkOut: instant, pieces, reason: text(1_000) });

/** Throws what keeps these times, and pieces, from being counted. */
function requireCountable(
  activity: Activity,
  times: { checkIn: number; checkOut: number; pieces: number | null },
  now: number,
): void {
  const order = { field: "checkOut", wanted: "a time not before checkIn", came: `${times.checkOut}` };
  if (times.checkOut < times.checkIn)
    throw new InputError("before-check-in", `${order.field}: wanted ${order.wanted}`, order);
  const fault = checkReport({ activity: "", volunteer: "", ...times }, activity, now);
  if (fault !== null) throw fault;
}

const named = (attendance: string, summary: string) => ({
  tag,
  path: `/v1/activities/{id}/attendances/{volunteer}${attendance}`,
  summary: `${summary}, as the organiser`,
  callers: ["operator", "charity"] as const,
  answers: {
    200: { description: "The attendance as it stands", schema: organisersView },
    404: { description: "Not signed up" },
    409: { description: "Not in the state for it; `came` names the state" },
  },
});

export const attendanceRoutes: Route[] = [
  route({
    method: "get",
    path: "/v1/activities/{id}/attendances",
    tag,
    summary: "List attendances, as the organiser",
    callers: ["operator", "charity"],
    query: z.strictObject({
      ...page(),
      after: z
        .string()
        .regex(/^0x[0-9a-f]{32}$/)
        .optional(),
    }),
    answers: { 200: { description: "A page, by volunteer", schema: listOf(organisersView) } },
    handle: async ({ params: { id = "" }, query: { after, limit }, caller }, services) => {
      const stored = await ownActivityInPath(services, id, caller);
      const from = after === undefined ? Buffer.alloc(0) : bytesInPath(after, VOLUNTEER_BYTES, "volunteer");
      const found = await attendancesAfter(services.sql, stored.id, from, limit);
      const { items, next } = listReply(found, limit, ({ volunteer }) => toHex(volunteer));
      const body = { items: items.map((each) => showNamed(each, stored)), next };
      return { status: 200, body, headers: { "Cache-Control": "private, no-store" } };
    },
  }),
  route({
    method: "post",
    ...named("/by-hand", "Set the times by hand, with a reason"),
    description: "How many there are is public.",
    body: byHand,
    handle: async (asked, services) => {
      const { stored, name } = await namedOf(asked, services);
      const change = changeByHand(stored.activity, asked.body, services.ingest.recorder.now());
      const from: AttendanceState[] = ["signed-up", "checked-in", "checked-out"];
      return replyNamed(await move(services, name, { from, done: [], change }), stored);
    },
  }),
  route({
    method: "post",
    ...named("/confirmation", "Confirm what was counted"),
    description:
      "The volunteer then has 72 hours to dispute it. What counts by time and is not confirmed within 72 hours after the end is proposed as it was counted.",
    body: z.strictObject({ pieces }),
    handle: async (asked, services) => {
      const { stored, name } = await namedOf(asked, services);
      const fault = checkPieces(asked.body.pieces, stored.activity.kind);
      if (fault !== null) throw fault;
      const due_at = services.ingest.recorder.now() + DISPUTE_WITHIN_SECONDS;
      const change: Change = { state: "proposed", pieces: asked.body.pieces, due_at };
      return replyNamed(
        await move(services, name, { from: ["checked-out"], done: CONFIRMED, change }),
        stored,
      );
    },
  }),
  route({
    method: "post",
    ...named("/decision", "Decide a dispute"),
    description:
      "What the organiser decides, the volunteer may dispute once more within 72 hours; what the operator decides, stands.",
    body: decision,
    handle: async (asked, services) => {
      const { stored, name } = await namedOf(asked, services);
      requireCountable(stored.activity, asked.body, services.ingest.recorder.now());
      return replyNamed(await decide(services, name, asked.body, asked.caller), stored);
    },
  }),
];

function changeByHand(activity: Activity, body: z.output<typeof byHand>, now: number): Change {
  const { checkIn, checkOut, reason } = body;
  const end = checkOut ?? Math.max(checkIn, activity.startsAt + 1);
  // What counts in pieces has them told with the confirmation.
  requireCountable({ ...activity, kind: "offline" }, { checkIn, checkOut: end, pieces: null }, now);
  const due_at = dueOf(activity, activity.endsAt + DISPUTE_WITHIN_SECONDS);
  return checkOut === null
    ? { state: "checked-in", check_in: checkIn, by_hand: reason }
    : { state: "checked-out", check_in: checkIn, check_out: checkOut, by_hand: reason, due_at };
}

/** The same again is answered as it stands; whoever decides otherwise is told that it is decided. */
async function decideForGood(
  services: Services,
  name: AttendanceName,
  { checkIn, checkOut, pieces, reason }: z.output<typeof decision>,
  change: object,
): Promise<Attendance> {
  const from: AttendanceState[] = ["disputed", "appealed"];
  const stands = await agree(services, name, from, change);
  const isTheSame =
    stands.decision === reason &&
    Number(stands.checkIn) === checkIn &&
    Number(stands.checkOut) === checkOut &&
    stands.pieces === pieces;
  if (isTheSame) return stands;
  throw wrongState(from, stands.state);
}

function decide(services: Services, name: AttendanceName, body: z.output<typeof decision>, { role }: Caller) {
  const { checkIn, checkOut, pieces, reason } = body;
  const change = { check_in: checkIn, check_out: checkOut, pieces, decision: reason };
  if (role === "operator") return decideForGood(services, name, body, change);
  const due_at = services.ingest.recorder.now() + DISPUTE_WITHIN_SECONDS;
  const done: AttendanceState[] = [];
  return move(services, name, { from: ["disputed"], done, change: { ...change, state: "decided", due_at } });
}
