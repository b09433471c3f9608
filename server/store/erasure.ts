// What erasure is asked to take away, and the tombstones that tell of it: what, when, by whom, and no personal data. Asked
// for first and done afterwards, in `erasing`, so that a kill in between loses nothing.

import { byteaArray, only, type Queries, type Transaction } from "./database.ts";
import { holdShared } from "./locks.ts";

/** What shall be erased: all that a donor gave until now, or one purchase with its refunds. */
export type Erasable = { readonly donor: Uint8Array } | { readonly purchase: Uint8Array };

/** Who asks: the role and label of the key, no more. */
export type Asker = { readonly role: string; readonly label: string };

export type Erasure = {
  readonly id: bigint;
  readonly generation: number;
  readonly role: string;
  readonly label: string;
  /** Unix seconds. */
  readonly asked_at: bigint;
  readonly purchases: bigint;
  readonly receipts: bigint;
  /** Null while something waits for its batch. */
  readonly finished_at: Date | null;
};

const columns = (sql: Queries) =>
  sql`id, generation, role, label, asked_at, purchases, receipts, finished_at`;

const named = (sql: Queries, what: Erasable) =>
  "donor" in what ? sql`donor = ${what.donor}` : sql`purchase = ${what.purchase}`;

/**
 * Writes down that something shall be erased: the tombstone. Asked for again before it is done, it reaches until now; asked
 * for after, it is another one of the next generation. `now` in Unix seconds.
 */
export async function askErasure(tx: Transaction, what: Erasable, by: Asker, now: number): Promise<Erasure> {
  const upTo = await openBatchThatCloses(tx);
  const asked = (await extend(tx, what, now, upTo)) ?? (await begin(tx, what, by, now, upTo));
  // Neither, when somebody else has begun or finished one in between.
  return asked ?? askErasure(tx, what, by, now);
}

async function extend(
  tx: Transaction,
  what: Erasable,
  now: number,
  upTo: bigint,
): Promise<Erasure | undefined> {
  const [extended] = await tx<Erasure[]>`
    UPDATE erasures SET asked_at = ${now}, upto = ${upTo} WHERE ${named(tx, what)} AND finished_at IS NULL
    RETURNING ${columns(tx)}`;
  return extended;
}

async function begin(tx: Transaction, what: Erasable, { role, label }: Asker, now: number, upTo: bigint) {
  const [donor, purchase] = "donor" in what ? [what.donor, null] : [null, what.purchase];
  const [begun] = await tx<Erasure[]>`
    INSERT INTO erasures (donor, purchase, generation, role, label, asked_at, upto)
    SELECT ${donor}, ${purchase}, coalesce(max(generation), 0) + 1, ${role}, ${label}, ${now}, ${upTo}
    FROM erasures WHERE ${named(tx, what)} HAVING count(*) = count(finished_at)
    ON CONFLICT DO NOTHING RETURNING ${columns(tx)}`;
  return begun;
}

/** The open batch, which is closed in its time even if nothing else comes: an erasure waits for it. */
async function openBatchThatCloses(tx: Transaction): Promise<bigint> {
  await holdShared(tx, "batch");
  const rows = await tx<{ batch: bigint }[]>`
    INSERT INTO commits (batch, receipts, sum) SELECT number, 0, 0 FROM open_batch RETURNING batch`;
  return only(rows).batch;
}

/** All erasures of a donor or a purchase, the newest first. */
export const erasuresOf = (sql: Queries, what: Erasable) =>
  sql<Erasure[]>`SELECT ${columns(sql)} FROM erasures WHERE ${named(sql, what)} ORDER BY generation DESC`;

export async function erasureById(sql: Queries, id: bigint): Promise<Erasure | undefined> {
  const [row] = await sql<Erasure[]>`SELECT ${columns(sql)} FROM erasures WHERE id = ${id}`;
  return row;
}

/** The events of a purchase and its refunds that are not erased. */
export const withDetails = (sql: Queries, purchase: Uint8Array | null) => sql`
  SELECT FROM events WHERE id = ${purchase} AND body IS NOT NULL
  UNION ALL SELECT FROM refunds JOIN events ON id = refund WHERE purchase = ${purchase} AND events.body IS NOT NULL`;

/** Whether anything of a purchase or its refunds is not erased. */
export const hasDetails = async (sql: Queries, purchase: Uint8Array): Promise<boolean> =>
  (await withDetails(sql, purchase)).length > 0;

/** The purchase that a receipt is of: a gift's event, or the one whose gift a reversal takes back. */
export async function purchaseOfReceipt(sql: Queries, id: Uint8Array): Promise<Buffer | undefined> {
  const [row] = await sql<{ purchase: Buffer }[]>`
    SELECT coalesce(purchase, event) AS purchase FROM receipts LEFT JOIN refunds ON refund = event WHERE receipts.id = ${id}`;
  return row?.purchase;
}

/** Whether all of these receipts still have their details. */
export async function areWhole(sql: Queries, receipts: readonly Uint8Array[]): Promise<boolean> {
  const erased = await sql`
    SELECT FROM receipts WHERE id = ANY(${byteaArray(receipts)}::bytea[]) AND private IS NULL LIMIT 1`;
  return erased.length === 0;
}

/** When the event of a receipt was erased, in Unix seconds; null while it is not. */
export async function erasedAt(sql: Queries, event: Uint8Array): Promise<bigint | null> {
  const [row] = await sql<{ erased_at: bigint | null }[]>`SELECT erased_at FROM events WHERE id = ${event}`;
  return row?.erased_at ?? null;
}
