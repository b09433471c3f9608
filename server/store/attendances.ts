// Attendances: one volunteer at one activity. Every change names the states that it expects; what is not in one of them stays.

import type { ServiceKind } from "../programmes/hours/service-kinds.ts";
import { leavePlace, takePlace } from "./activities.ts";
import { byteaArray, type Database, type Queries, type Transaction, textArray } from "./database.ts";

export type AttendanceState =
  | "signed-up"
  | "withdrawn"
  | "checked-in"
  | "checked-out"
  | "proposed"
  | "disputed"
  | "decided"
  | "appealed"
  | "agreed"
  | "recorded";

export type Attendance = {
  readonly activity: Buffer;
  readonly volunteer: Buffer;
  /** The volunteer under the pseudonym that they were named by. */
  readonly name: string;
  readonly displayName: string | null;
  readonly state: AttendanceState;
  /** Unix seconds. */
  readonly checkIn: bigint | null;
  readonly checkOut: bigint | null;
  readonly pieces: number | null;
  readonly byHand: string | null;
  /** Why the volunteer disputes, and what was decided then. */
  readonly reason: string | null;
  readonly decision: string | null;
  readonly dueAt: bigint | null;
  readonly tenths: number | null;
  readonly receipt: Buffer | null;
};

const select = (sql: Queries) => sql`
  SELECT activity, volunteer, name, display_name AS "displayName", state, check_in AS "checkIn", check_out AS "checkOut",
    pieces, by_hand AS "byHand", reason, decision, due_at AS "dueAt", tenths, receipt
  FROM attendances JOIN volunteers ON volunteers.id = volunteer`;

export type AttendanceName = { readonly activity: Uint8Array; readonly volunteer: Uint8Array };

export async function attendanceOf(sql: Queries, { activity, volunteer }: AttendanceName) {
  const rows = await sql<Attendance[]>`
    ${select(sql)} WHERE activity = ${activity} AND volunteer = ${volunteer}`;
  return rows[0];
}

/** Of an activity, by volunteer, behind `after`. */
export const attendancesAfter = (sql: Queries, activity: Uint8Array, after: Uint8Array, limit: number) =>
  sql<Attendance[]>`
    ${select(sql)} WHERE activity = ${activity} AND volunteer > ${after} ORDER BY volunteer LIMIT ${limit}`;

/** Of a volunteer, by activity, behind `after`; with the states that a page shows. */
export const attendancesOf = (sql: Queries, volunteer: Uint8Array, after: Uint8Array, limit: number) =>
  sql<Attendance[]>`
    ${select(sql)} WHERE volunteer = ${volunteer} AND activity > ${after} ORDER BY activity LIMIT ${limit}`;

/** Those that wait for the operator, at whatever activity, behind `after`. */
export const appealedAfter = (sql: Queries, { activity, volunteer }: AttendanceName, limit: number) =>
  sql<Attendance[]>`
    ${select(sql)} WHERE state = 'appealed' AND (activity, volunteer) > (${activity}, ${volunteer})
    ORDER BY activity, volunteer LIMIT ${limit}`;

/** What changes with the state. What is left out stays. */
export type Change = {
  readonly state: AttendanceState;
  readonly check_in?: number;
  readonly check_out?: number;
  readonly pieces?: number | null;
  readonly by_hand?: string;
  readonly reason?: string;
  readonly decision?: string;
  readonly due_at?: number | null;
};

/** Changes an attendance that is in one of the states expected; false when it is not. */
export async function changeAttendance(
  sql: Queries,
  { activity, volunteer }: AttendanceName,
  expected: readonly AttendanceState[],
  change: Change,
): Promise<boolean> {
  const changed = await sql`
    UPDATE attendances SET ${sql(change as unknown as Record<string, string>)}
    WHERE activity = ${activity} AND volunteer = ${volunteer} AND state = ANY(${textArray(expected)}::text[])
    RETURNING activity`;
  return changed.length === 1;
}

export type NewVolunteer = {
  readonly id: Uint8Array;
  readonly name: string;
  readonly displayName: string | null;
};

/** Adds a volunteer; one that is there stays as it is. */
export const addVolunteer = (sql: Queries, { id, name, displayName }: NewVolunteer) =>
  sql`
    INSERT INTO volunteers (id, name, display_name) VALUES (${id}, ${name}, ${displayName}) ON CONFLICT DO NOTHING`;

export async function volunteerById(sql: Queries, id: Uint8Array): Promise<NewVolunteer | undefined> {
  const [row] = await sql<NewVolunteer[]>`
    SELECT id, name, display_name AS "displayName" FROM volunteers WHERE id = ${id}`;
  return row;
}

/** Takes a place for the volunteer; "full" when there is none. Whoever has one keeps it, in whatever state. */
export const signUp = (
  sql: Database,
  activity: Uint8Array,
  volunteer: NewVolunteer,
): Promise<"added" | "known" | "full"> =>
  sql.begin(async (tx) => {
    await addVolunteer(tx, volunteer);
    const known = await tx`
      SELECT FROM attendances WHERE activity = ${activity} AND volunteer = ${volunteer.id} AND state <> 'withdrawn'`;
    if (known.length > 0) return "known";
    if (!(await takePlace(tx, activity))) return "full";
    // The place's row is locked from here on: whoever signed the same volunteer up meanwhile has committed.
    const added = await tx`
      INSERT INTO attendances AS own (activity, volunteer, state) VALUES (${activity}, ${volunteer.id}, 'signed-up')
      ON CONFLICT (activity, volunteer) DO UPDATE SET state = 'signed-up' WHERE own.state = 'withdrawn'
      RETURNING activity`;
    if (added.length === 1) return "added";
    await leavePlace(tx, activity);
    return "known";
  }) as Promise<"added" | "known" | "full">;

/** Gives the place back; false unless the volunteer is signed up and has not come yet. */
export const withdraw = (sql: Database, name: AttendanceName): Promise<boolean> =>
  sql.begin(async (tx) => {
    const changed = await changeAttendance(tx, name, ["signed-up"], { state: "withdrawn" });
    if (changed) await leavePlace(tx, name.activity);
    return changed;
  }) as Promise<boolean>;

/** Proposes what the codes counted where the organiser has said nothing in time; how many, at most `limit`. */
export const proposeOverdue = (sql: Database, now: number, dueAt: number, limit: number) =>
  advance(sql, ["checked-out"], now, limit, (tx) => tx`state = 'proposed', due_at = ${dueAt}`);

/** Has what nobody disputed in time agreed. */
export const agreeOverdue = (sql: Database, now: number, limit: number) =>
  advance(sql, ["proposed", "decided"], now, limit, (tx) => tx`state = 'agreed', due_at = ${now}`);

async function advance(
  sql: Database,
  expected: readonly AttendanceState[],
  now: number,
  limit: number,
  set: (tx: Queries) => ReturnType<Queries>,
): Promise<number> {
  const states = textArray(expected);
  const changed = await sql`
    UPDATE attendances SET ${set(sql)} WHERE state = ANY(${states}::text[]) AND due_at <= ${now}
      AND (activity, volunteer) IN (SELECT activity, volunteer FROM attendances
        WHERE state = ANY(${states}::text[]) AND due_at <= ${now} ORDER BY due_at LIMIT ${limit})
    RETURNING activity`;
  return changed.length;
}

/** Those that wait for their receipt, the longest first; later tries are put off by `putOff`. */
export const agreedAttendances = (sql: Queries, now: number, limit: number) =>
  sql<
    Attendance[]
  >`${select(sql)} WHERE state = 'agreed' AND due_at <= ${now} ORDER BY due_at LIMIT ${limit}`;

/** Has one that could not be recorded wait, so that it holds up none of the others. */
export const putOff = (sql: Queries, { activity, volunteer }: AttendanceName, dueAt: number) =>
  sql`
    UPDATE attendances SET due_at = ${dueAt}
    WHERE activity = ${activity} AND volunteer = ${volunteer} AND state = 'agreed'`;

export type Recorded = AttendanceName & {
  readonly kind: ServiceKind;
  readonly year: number;
  readonly tenths: number;
  /** Null where nothing was given. */
  readonly receipt: Uint8Array | null;
};

/** Notes the receipt of what was agreed. */
export const noteRecorded = (sql: Queries, { activity, volunteer, kind, year, tenths, receipt }: Recorded) =>
  sql`
    UPDATE attendances SET state = 'recorded', kind = ${kind}, year = ${year}, tenths = ${tenths}, receipt = ${receipt}
    WHERE activity = ${activity} AND volunteer = ${volunteer} AND state = 'agreed'`;

export type Reported = AttendanceName & {
  readonly checkIn: number;
  readonly checkOut: number;
  readonly pieces: number | null;
};

const numbers = (list: readonly (number | null)[]) => `{${list.map((each) => each ?? "NULL").join()}}`;

/**
 * Adds finished attendances that organisers' own systems tell of, and their volunteers, in an order that locks nobody out;
 * those that are there stay as they are.
 */
export async function addReported(
  tx: Transaction,
  told: readonly (Reported & { readonly name: string })[],
  dueAt: number,
): Promise<void> {
  const volunteers = byteaArray(told.map(({ volunteer }) => volunteer));
  await tx`
    INSERT INTO volunteers (id, name) SELECT id, name
    FROM unnest(${volunteers}::bytea[], ${textArray(told.map(({ name }) => name))}::text[]) AS told (id, name)
    ORDER BY id ON CONFLICT DO NOTHING`;
  await tx`
    INSERT INTO attendances (activity, volunteer, state, check_in, check_out, pieces, due_at)
    SELECT activity, volunteer, 'agreed', check_in, check_out, pieces, ${dueAt}::bigint
    FROM unnest(${byteaArray(told.map(({ activity }) => activity))}::bytea[], ${volunteers}::bytea[],
      ${numbers(told.map(({ checkIn }) => checkIn))}::bigint[], ${numbers(told.map(({ checkOut }) => checkOut))}::bigint[],
      ${numbers(told.map(({ pieces }) => pieces))}::integer[]) AS told (activity, volunteer, check_in, check_out, pieces)
    ORDER BY volunteer, activity ON CONFLICT DO NOTHING`;
}

export const attendancesByNames = (sql: Queries, names: readonly AttendanceName[]) =>
  sql<Attendance[]>`
    ${select(sql)} WHERE (activity, volunteer) IN (SELECT * FROM unnest(
      ${byteaArray(names.map(({ activity }) => activity))}::bytea[],
      ${byteaArray(names.map(({ volunteer }) => volunteer))}::bytea[]))`;

export type ServedKind = { readonly kind: ServiceKind; readonly tenths: number };

/** A volunteer's year, by kind. */
export const servedIn = (sql: Queries, volunteer: Uint8Array, year: number) =>
  sql<ServedKind[]>`
    SELECT kind, sum(tenths)::integer AS tenths FROM attendances
    WHERE volunteer = ${volunteer} AND year = ${year} AND state = 'recorded' GROUP BY kind ORDER BY kind`;

export type ServedReceipt = ServedKind & { readonly receipt: Buffer; readonly activity: Buffer };

/** The receipts of a volunteer's year, at most `limit`, in an order that does not change. */
export const receiptsOfYear = (sql: Queries, volunteer: Uint8Array, year: number, limit: number) =>
  sql<ServedReceipt[]>`
    SELECT receipt, activity, kind, tenths FROM attendances
    WHERE volunteer = ${volunteer} AND year = ${year} AND state = 'recorded' AND receipt IS NOT NULL
    ORDER BY check_out, receipt LIMIT ${limit}`;
