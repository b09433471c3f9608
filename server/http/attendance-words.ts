// What both sides of an attendance share: how it is found, moved on from the state expected, and recorded once it is agreed.

import { ConflictError, NotFoundError } from "../errors.ts";
import { LEFT_AFTER_SECONDS, recordAgreed } from "../ingest/hours.ts";
import type { Activity } from "../programmes/hours/activity.ts";
import {
  type Attendance,
  type AttendanceName,
  type AttendanceState,
  attendanceOf,
  type Change,
  changeAttendance,
} from "../store/attendances.ts";
import type { Services } from "./services.ts";

/** The states of whoever has come, has gone again, and whose times the organiser has confirmed. */
export const CAME: readonly AttendanceState[] = [
  "checked-in",
  "checked-out",
  "proposed",
  "disputed",
  "decided",
  "appealed",
  "agreed",
  "recorded",
];
export const WENT = CAME.slice(1);
export const CONFIRMED = CAME.slice(2);

/** Throws `NotFoundError` when the volunteer has not signed up. */
export async function find({ sql }: Services, name: AttendanceName): Promise<Attendance> {
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
export async function move(services: Services, name: AttendanceName, { from, done, change }: Move) {
  const changed = await changeAttendance(services.sql, name, from, change);
  const attendance = await find(services, name);
  if (changed || done.includes(attendance.state)) return attendance;
  throw wrongState(from, attendance.state);
}

export const wrongState = (wanted: readonly AttendanceState[], came: AttendanceState) =>
  new ConflictError("wrong-state", `wanted an attendance that is ${wanted.join(" or ")}; it is ${came}`, {
    wanted: wanted.join(" or "),
    came,
  });

/** What is agreed is recorded at once; where that fails, it goes on by itself. */
export async function agree(
  services: Services,
  name: AttendanceName,
  from: AttendanceState[],
  change: object = {},
) {
  const due_at = services.ingest.recorder.now() + LEFT_AFTER_SECONDS;
  const done: AttendanceState[] = ["agreed", "recorded"];
  const agreed = await move(services, name, { from, done, change: { ...change, state: "agreed", due_at } });
  if (agreed.state === "agreed") await recordAgreed(services, [agreed]);
  return find(services, name);
}

/** Pieces are the organiser's to tell: nothing is proposed without. */
export const dueOf = ({ kind }: Activity, dueAt: number): number | null =>
  kind === "offline" ? dueAt : null;
