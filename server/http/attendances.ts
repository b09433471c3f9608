// /v1/activities/{id}/attendance…: coming and going, confirmation, disputes. What a volunteer does is done with the
// volunteer's key, what an organiser does with the charity's; the clock is the service's own.

import { z } from "zod";
import { ConflictError, ForbiddenError, InputError, NotFoundError } from "../errors.ts";
import { DISPUTE_WITHIN_SECONDS, LEFT_AFTER_SECONDS, recordAgreed } from "../ingest/hours.ts";
import { count, instant, text } from "../programmes/fields.ts";
import type { Activity } from "../programmes/hours/activity.ts";
import { isDoorCode } from "../programmes/hours/door-code.ts";
import { checkPieces, checkReport } from "../programmes/hours/report.ts";
import { toHex } from "../protocol/bytes.ts";
import type { StoredActivity } from "../store/activities.ts";
import {
  type Attendance,
  type AttendanceName,
  type AttendanceState,
  attendanceOf,
  attendancesAfter,
  type Change,
  changeAttendance,
  withdraw,
} from "../store/attendances.ts";
import type { Caller } from "../store/keys.ts";
import {
  activityInPath,
  attendanceView,
  organisersView,
  ownActivityInPath,
  showAttendance,
  showNamed,
  showOwnReceipt,
} from "./activity-words.ts";
import { type Asked, type Reply, type Route, route } from "./route.ts";
import type { Services } from "./services.ts";
import { requireVolunteer } from "./volunteer-keys.ts";
import { bytesInPath, listOf, listReply, page } from "./words.ts";

const tag = "Three hours";
const VOLUNTEER_BYTES = 16;
/** How long before the start, and after the end, the door is open. */
const DOOR_SECONDS = 60 * 60;
const MOST_PIECES = 1_000;

const ownView = attendanceView.extend({
  receiptKey: z.string().nullable(),
  link: z.url().nullable(),
});

type Own = { readonly stored: StoredActivity; readonly name: AttendanceName };

/** Whose attendance it is by the key that came, and at which activity. */
async function ownOf({ params: { id = "" }, request }: Asked<unknown, unknown>, services: Services) {
  const stored = await activityInPath(services, id);
  const volunteer = requireVolunteer(request, services.ledger.secrets);
  return { stored, name: { activity: stored.id, volunteer } };
}

/** Whose attendance a path names, at an activity of the caller's own. */
async function namedOf({ params, caller }: Asked<unknown, unknown>, services: Services): Promise<Own> {
  const { id = "", volunteer = "" } = params;
  const stored = await ownActivityInPath(services, id, caller);
  return {
    stored,
    name: { activity: stored.id, volunteer: bytesInPath(volunteer, VOLUNTEER_BYTES, "volunteer") },
  };
}

/** Throws `NotFoundError` when the volunteer has not signed up. */
async function find({ sql }: Services, name: AttendanceName): Promise<Attendance> {
  const attendance = await attendanceOf(sql, name);
  if (attendance !== undefined) return attendance;
  throw new NotFoundError("not-signed-up", "this volunteer has not signed up for this activity");
}

type Move = {
  readonly from: readonly AttendanceState[];
  /** The states in which it was done before: then it is answered as it stands. */
  readonly done: readonly AttendanceState[];
  readonly change: Change;
};

/** Moves an attendance on from the states expected, once. Throws `ConflictError` `wrong-state`. */
async function move(services: Services, name: AttendanceName, { from, done, change }: Move) {
  const changed = await changeAttendance(services.sql, name, from, change);
  const attendance = await find(services, name);
  if (changed || done.includes(attendance.state)) return attendance;
  throw wrongState(from, attendance.state);
}

const wrongState = (wanted: readonly AttendanceState[], came: AttendanceState) =>
  new ConflictError("wrong-state", `wanted an attendance that is ${wanted.join(" or ")}; it is ${came}`, {
    wanted: wanted.join(" or "),
    came,
  });

/** What is agreed is recorded at once; where that fails, it goes on by itself. */
async function agree(services: Services, name: AttendanceName, from: AttendanceState[], change: object = {}) {
  const due_at = services.ingest.recorder.now() + LEFT_AFTER_SECONDS;
  const done: AttendanceState[] = ["agreed", "recorded"];
  const agreed = await move(services, name, { from, done, change: { ...change, state: "agreed", due_at } });
  if (agreed.state === "agreed") await recordAgreed(services, [agreed]);
  return find(services, name);
}

function showOwn(services: Services, attendance: Attendance, { activity }: StoredActivity): Reply {
  const { receipt } = attendance;
  const opened = receipt === null ? null : showOwnReceipt(services, receipt);
  return {
    status: 200,
    body: {
      ...showAttendance(attendance, activity),
      receiptKey: opened?.key ?? null,
      link: opened?.link ?? null,
    },
    headers: { "Cache-Control": "private, no-store" },
  };
}

const replyNamed = (attendance: Attendance, stored: StoredActivity): Reply => ({
  status: 200,
  body: showNamed(attendance, stored),
  headers: { "Cache-Control": "private, no-store" },
});

/** Throws unless the code is the door's of this moment, and the door is open. */
function requireDoor({ activity, doorSecret }: StoredActivity, code: string, now: number): void {
  if (now < activity.startsAt - DOOR_SECONDS || now > activity.endsAt + DOOR_SECONDS)
    throw new ConflictError(
      "door-closed",
      "the door opens an hour before the start and closes an hour after the end",
    );
  if (!isDoorCode(doorSecret, code, now))
    throw new ForbiddenError("wrong-code", "code: this is not the code at the door now; read it again");
}

const atDoor = z.strictObject({ code: z.string().max(100) });
const nothing = z.strictObject({});
const told = z.strictObject({ reason: text(1_000) });
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

const own = (attendance: string, summary: string) => ({
  tag,
  path: `/v1/activities/{id}/attendance${attendance}`,
  summary: `${summary}, as the volunteer`,
  description: "With `Authorization: Volunteer` and the volunteer's key.",
  answers: {
    200: { description: "The attendance as it stands", schema: ownView },
    403: { description: "Not this volunteer's key, or not the code at the door" },
    404: { description: "Not signed up" },
    409: { description: "Not in the state for it; `came` names the state" },
  },
});

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

const CAME: readonly AttendanceState[] = [
  "checked-in",
  "checked-out",
  "proposed",
  "disputed",
  "decided",
  "appealed",
  "agreed",
  "recorded",
];
const WENT = CAME.slice(1);
const CONFIRMED = CAME.slice(2);

export const attendanceRoutes: Route[] = [
  route({
    method: "get",
    ...own("", "Read one's attendance"),
    handle: async (asked, services) => {
      const { stored, name } = await ownOf(asked, services);
      return showOwn(services, await find(services, name), stored);
    },
  }),
  route({
    method: "post",
    ...own("/withdrawal", "Withdraw before the start"),
    body: nothing,
    handle: async (asked, services) => {
      const { stored, name } = await ownOf(asked, services);
      if (services.ingest.recorder.now() >= stored.activity.startsAt)
        throw new ConflictError(
          "activity-begun",
          "this activity has begun; nobody withdraws from it any more",
        );
      const withdrawn = await withdraw(services.sql, name);
      const attendance = await find(services, name);
      if (!withdrawn && attendance.state !== "withdrawn") throw wrongState(["signed-up"], attendance.state);
      return showOwn(services, attendance, stored);
    },
  }),
  route({
    method: "post",
    ...own("/check-in", "Check in with the code at the door"),
    body: atDoor,
    handle: async (asked, services) => {
      const { stored, name } = await ownOf(asked, services);
      const now = services.ingest.recorder.now();
      requireDoor(stored, asked.body.code, now);
      const change: Change = { state: "checked-in", check_in: now };
      const attendance = await move(services, name, { from: ["signed-up"], done: CAME, change });
      return showOwn(services, attendance, stored);
    },
  }),
  route({
    method: "post",
    ...own("/check-out", "Check out with the code at the door"),
    body: atDoor,
    handle: async (asked, services) => {
      const { stored, name } = await ownOf(asked, services);
      const now = services.ingest.recorder.now();
      requireDoor(stored, asked.body.code, now);
      const due_at = stored.activity.endsAt + DISPUTE_WITHIN_SECONDS;
      const change: Change = { state: "checked-out", check_out: now, due_at: dueOf(stored.activity, due_at) };
      const attendance = await move(services, name, { from: ["checked-in"], done: WENT, change });
      return showOwn(services, attendance, stored);
    },
  }),
  route({
    method: "post",
    ...own("/agreement", "Agree to what is proposed"),
    body: nothing,
    handle: async (asked, services) => {
      const { stored, name } = await ownOf(asked, services);
      return showOwn(services, await agree(services, name, ["proposed", "decided"]), stored);
    },
  }),
  route({
    method: "post",
    ...own("/dispute", "Dispute what is proposed or decided"),
    body: told,
    handle: async (asked, services) => {
      const { stored, name } = await ownOf(asked, services);
      const attendance = await find(services, name);
      const isPast = attendance.dueAt !== null && attendance.dueAt <= BigInt(services.ingest.recorder.now());
      if (isPast && (attendance.state === "proposed" || attendance.state === "decided"))
        throw new ConflictError("too-late", "the time to dispute it has passed");
      return showOwn(services, await dispute(services, name, attendance, asked.body.reason), stored);
    },
  }),
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

/** Pieces are the organiser's to tell: nothing is proposed without. */
const dueOf = ({ kind }: Activity, dueAt: number): number | null => (kind === "offline" ? dueAt : null);

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

const dispute = (services: Services, name: AttendanceName, { state }: Attendance, reason: string) => {
  const isDecided = state === "decided" || state === "appealed";
  return move(services, name, {
    from: isDecided ? ["decided"] : ["proposed"],
    done: isDecided ? ["appealed"] : ["disputed"],
    change: { state: isDecided ? "appealed" : "disputed", reason, due_at: null },
  });
};

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
