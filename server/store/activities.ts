// Activities, as they were announced, and their places.

import { randomBytes } from "node:crypto";
import { type Activity, activityDocument, activityHash, readActivity } from "../programmes/hours/activity.ts";
import { charityId } from "../protocol/ids.ts";
import { byteaArray, type Database, type Queries, type Transaction } from "./database.ts";
import { recordDocument } from "./documents.ts";

const SECRET_BYTES = 32;

export type StoredActivity = {
  readonly id: Buffer;
  readonly activity: Activity;
  /** The batch whose notice names it. */
  readonly batch: bigint;
  readonly taken: number;
  readonly doorSecret: Buffer;
};

type Row = { id: Buffer; batch: bigint; taken: number; document: string; door_secret: Buffer };

const toActivity = ({ id, batch, taken, document, door_secret }: Row): StoredActivity => ({
  id,
  activity: readActivity(document),
  batch,
  taken,
  doorSecret: door_secret,
});

/** Adds and publishes it, under its hash; false when the same was announced before. */
export const addActivity = (sql: Database, activity: Activity): Promise<boolean> =>
  sql.begin(async (tx) => {
    const document = activityDocument(activity);
    const organiser = charityId(activity.organiser);
    const { batch } = await recordDocument(tx, {
      kind: "activity",
      subject: organiser,
      body: JSON.parse(document),
      isPublic: true,
    });
    const { startsAt, endsAt, places } = activity;
    const added = await tx`
      INSERT INTO activities (id, organiser, batch, starts_at, ends_at, places, document, door_secret)
      VALUES (${activityHash(activity)}, ${organiser}, ${batch}, ${startsAt}, ${endsAt}, ${places}, ${document},
        ${randomBytes(SECRET_BYTES)})
      ON CONFLICT DO NOTHING RETURNING id`;
    return added.length === 1;
  }) as Promise<boolean>;

const select = (sql: Queries) => sql`SELECT id, batch, taken, document, door_secret FROM activities`;

export async function activityById(sql: Queries, id: Uint8Array): Promise<StoredActivity | undefined> {
  const rows = await sql<Row[]>`${select(sql)} WHERE id = ${id}`;
  return rows.map(toActivity)[0];
}

/** Keyed by id in hex, without 0x; those that are not there are left out. */
export async function activitiesByIds(sql: Queries, ids: readonly Uint8Array[]) {
  const rows = await sql<Row[]>`${select(sql)} WHERE id = ANY(${byteaArray(ids)}::bytea[])`;
  return new Map(rows.map((row) => [row.id.toString("hex"), toActivity(row)]));
}

/** Where a page of activities goes on: behind this end and id. */
export type ActivityCursor = { readonly endsAt: number; readonly id: Uint8Array };

/** By their ends, from the cursor on; of all organisers or of one. */
export async function activitiesAfter(
  sql: Queries,
  { endsAt, id }: ActivityCursor,
  limit: number,
  organiser: Uint8Array | null,
): Promise<StoredActivity[]> {
  const own = organiser === null ? sql`true` : sql`organiser = ${organiser}`;
  const rows = await sql<Row[]>`
    ${select(sql)} WHERE (ends_at, id) > (${endsAt}::bigint, ${id}) AND ${own} ORDER BY ends_at, id LIMIT ${limit}`;
  return rows.map(toActivity);
}

/** Takes one of its places; false when all are taken. */
export async function takePlace(tx: Transaction, id: Uint8Array): Promise<boolean> {
  const taken =
    await tx`UPDATE activities SET taken = taken + 1 WHERE id = ${id} AND taken < places RETURNING id`;
  return taken.length === 1;
}

export const leavePlace = (tx: Transaction, id: Uint8Array) =>
  tx`UPDATE activities SET taken = taken - 1 WHERE id = ${id}`;

/** How many attendances had their times set by hand. */
export async function byHandOf(sql: Queries, id: Uint8Array): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::integer AS count FROM attendances WHERE activity = ${id} AND by_hand IS NOT NULL`;
  return row?.count ?? 0;
}
