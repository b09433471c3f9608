// Days of steps that are held, with their reasons: what is asked and decided of them. Each change names the state that it
// expects, and moves the counts with it.

import { byteaArray, type Database, only, type Queries, type Transaction, textArray } from "./database.ts";

/** `accepted` is decided, `recorded` is in the ledger too. */
export const HELD_STATES = ["held", "appealed", "accepted", "recorded", "rejected"] as const;
export type HeldState = (typeof HELD_STATES)[number];

/** Of which somebody has to decide; or to decide the same again, where the recording was cut off. */
export const WAITING_STATES: readonly HeldState[] = ["held", "appealed", "accepted"];

export type HeldSteps = {
  readonly number: bigint;
  /** The event's id, 16 bytes. */
  readonly event: Buffer;
  readonly platform: string;
  readonly state: HeldState;
  /** JSON of the report as it would be recorded, `null` once erased; null once it is, since the event has it then. */
  readonly body: string | null;
  /** JSON of the reasons. */
  readonly reasons: string;
  readonly held_at: Date;
  readonly appeal: string | null;
  readonly appealed_at: Date | null;
  /** The reason of the last decision. */
  readonly decision: string | null;
  readonly decided_at: Date | null;
};

export type NewHeldSteps = {
  readonly event: Uint8Array;
  readonly platform: string;
  readonly body: string;
  readonly reasons: string;
};

/** Holds days that are not held yet; of one that is, what was told first stays. */
export async function holdSteps(sql: Database, held: readonly NewHeldSteps[]): Promise<void> {
  const rows = held.map(({ event, ...row }) => ({ ...row, event: Buffer.from(event).toString("hex") }));
  await sql`
    WITH added AS (
      INSERT INTO held_steps (event, platform, body, reasons)
      SELECT decode(event, 'hex'), platform, body, reasons
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
        AS told (event text, platform text, body text, reasons text)
      ORDER BY event ON CONFLICT (event) DO NOTHING RETURNING number
    )
    UPDATE held_steps_counts SET held = held + (SELECT count(*) FROM added)`;
}

/** Those of these events that are held, keyed by the event's id in hex. */
export async function heldByEvents(
  sql: Queries,
  events: readonly Uint8Array[],
): Promise<Map<string, HeldSteps>> {
  const rows = await sql<HeldSteps[]>`
    SELECT * FROM held_steps WHERE event = ANY(${byteaArray(events)}::bytea[])`;
  return new Map(rows.map((row) => [row.event.toString("hex"), row]));
}

export async function heldByNumber(sql: Queries, number: bigint): Promise<HeldSteps | undefined> {
  const [row] = await sql<HeldSteps[]>`SELECT * FROM held_steps WHERE number = ${number}`;
  return row;
}

export type HeldFilter = { readonly platform: string | null; readonly states: readonly HeldState[] };

/**
 * A page, the newest first: of all platforms or of one. Each state is looked at by itself, so that few days are read; named as
 * the beginning of what its index is sorted by, since numbers alone would lead over all days to those few that wait.
 */
export const heldBefore = (
  sql: Queries,
  before: bigint,
  limit: number,
  { platform, states }: HeldFilter,
) => sql<HeldSteps[]>`
    SELECT page.* FROM unnest(${textArray(states)}::text[]) AS wanted, LATERAL (
      SELECT * FROM held_steps WHERE state >= wanted AND (state, number) < (wanted, ${before}::bigint)
        ${platform === null ? sql`` : sql`AND platform = ${platform}`}
      ORDER BY state DESC, number DESC LIMIT ${limit}) AS page
    ORDER BY number DESC LIMIT ${limit}`;

/** Keeps an appeal; false when it is not in the state `from` any more, or was appealed before. */
export const appealHeld = (sql: Database, number: bigint, from: HeldState, text: string): Promise<boolean> =>
  moving(
    sql,
    from,
    "appealed",
    (tx) => tx`
    UPDATE held_steps SET state = 'appealed', appeal = ${text}, appealed_at = now()
    WHERE number = ${number} AND state = ${from} AND appeal IS NULL RETURNING number`,
  );

/** Keeps a decision; false when it is not in the state `from` any more. */
export const decideHeld = (
  sql: Database,
  number: bigint,
  from: HeldState,
  to: "accepted" | "rejected",
  reason: string,
): Promise<boolean> =>
  moving(
    sql,
    from,
    to,
    (tx) => tx`
    UPDATE held_steps SET state = ${to}, decision = ${reason}, decided_at = now()
    WHERE number = ${number} AND state = ${from} RETURNING number`,
  );

/** That what was accepted is in the ledger; false when it is not in that state any more. */
export const markRecorded = (sql: Database, event: Uint8Array): Promise<boolean> =>
  moving(
    sql,
    "accepted",
    "recorded",
    (tx) => tx`
    UPDATE held_steps SET state = 'recorded', body = NULL
    WHERE event = ${event} AND state = 'accepted' RETURNING number`,
  );

/**
 * Takes away what is personal of a day that is in no receipt: it stands as rejected, by its event's hash alone, so that the
 * same day is not told once more. False when it is not in the state `from` any more.
 */
export const eraseHeld = (sql: Database, number: bigint, from: HeldState): Promise<boolean> =>
  moving(
    sql,
    from,
    "rejected",
    (tx) => tx`
    UPDATE held_steps SET state = 'rejected', body = 'null', reasons = '[]', appeal = '', decision = 'erased', decided_at = now()
    WHERE number = ${number} AND state = ${from} AND state NOT IN ('accepted', 'recorded') RETURNING number`,
  );

/** Of days that were recorded and are erased now: what flagged them, and what was objected. */
export const forgetHeld = (tx: Transaction, events: readonly Uint8Array[]) => tx`
  UPDATE held_steps SET reasons = '[]', appeal = NULL
  WHERE event = ANY(${byteaArray(events)}::bytea[])`;

/** One change of state and its count, or neither. */
const moving = (
  sql: Database,
  from: HeldState,
  to: HeldState,
  change: (tx: Transaction) => PromiseLike<readonly unknown[]>,
): Promise<boolean> =>
  sql.begin(async (tx) => {
    if ((await change(tx)).length === 0) return false;
    if (from !== to)
      await tx`
        UPDATE held_steps_counts SET ${tx(from)} = ${tx(from)} - 1, ${tx(to)} = ${tx(to)} + 1`;
    return true;
  }) as Promise<boolean>;

export type HeldCounts = Readonly<Record<HeldState, bigint>>;

export async function heldCounts(sql: Queries): Promise<HeldCounts> {
  return only(
    await sql<HeldCounts[]>`
    SELECT held, appealed, accepted, recorded, rejected FROM held_steps_counts`,
  );
}
