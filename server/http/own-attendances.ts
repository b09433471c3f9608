// /v1/activities/{id}/attendance…: what a volunteer does, with the volunteer's key: coming and going, agreement, dispute. The
// clock is the service's own.

import { z } from "zod";
import { ConflictError, ForbiddenError } from "../errors.ts";
import { DISPUTE_WITHIN_SECONDS } from "../ingest/hours.ts";
import { text } from "../programmes/fields.ts";
import { isDoorCode } from "../programmes/hours/door-code.ts";
import type { StoredActivity } from "../store/activities.ts";
import { type Attendance, type AttendanceName, type Change, withdraw } from "../store/attendances.ts";
import { activityInPath, attendanceView, showAttendance, showOwnReceipt } from "./activity-words.ts";
import { agree, CAME, dueOf, find, move, WENT, wrongState } from "./attendance-words.ts";
import { type Asked, type Reply, type Route, route } from "./route.ts";
import type { Services } from "./services.ts";
import { requireVolunteer } from "./volunteer-keys.ts";

const tag = "Three hours";
/** How long before the start, and after the end, the door is open. */
const DOOR_SECONDS = 60 * 60;

const ownView = attendanceView.extend({
  receiptKey: z.string().nullable(),
  link: z.url().nullable(),
});

/** Whose attendance it is by the key that came, and at which activity. */
async function ownOf({ params: { id = "" }, request }: Asked<unknown, unknown>, services: Services) {
  const stored = await activityInPath(services, id);
  const volunteer = requireVolunteer(request, services.ledger.secrets);
  return { stored, name: { activity: stored.id, volunteer } };
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

export const ownAttendanceRoutes: Route[] = [
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
];

const dispute = (services: Services, name: AttendanceName, { state }: Attendance, reason: string) => {
  const isDecided = state === "decided" || state === "appealed";
  return move(services, name, {
    from: isDecided ? ["decided"] : ["proposed"],
    done: isDecided ? ["appealed"] : ["disputed"],
    change: { state: isDecided ? "appealed" : "disputed", reason, due_at: null },
  });
};
