// Events as they were accepted, with their receipts.

import { byteaArray, type Queries, type Transaction } from "./database.ts";

export type StoredEvent = {
  readonly id: Buffer;
  readonly batch: bigint;
  readonly accepted_at: bigint;
  /** RFC 8785 JSON of the normalised body; null once erased. */
  readonly body: string | null;
  /** SHA-256 of the body in UTF-8, once that is erased. */
  readonly body_hash: Buffer | null;
  /** The ids of its receipts, in the order of the answer. */
  readonly receipts: readonly Buffer[];
  /** The number of what promises them; null if nothing does. */
  readonly promise: bigint | null;
  /** The numbers of the campaigns that it counts for; null if none. */
  readonly campaigns: readonly number[] | null;
};

type Row = Omit<StoredEvent, "receipts"> & { receipts: Buffer };

const ID_BYTES = 16;

const select = (sql: Queries) => sql`
  SELECT id, batch, accepted_at, body, body_hash, receipts, promise, to_jsonb(campaigns) AS campaigns FROM events`;

/** The events of these ids, keyed by id in hex; those that are not there are left out. */
export async function eventsByIds(
  sql: Queries,
  ids: readonly Uint8Array[],
): Promise<Map<string, StoredEvent>> {
  const rows = await sql<Row[]>`
    ${select(sql)} WHERE id = ANY(${byteaArray(ids)}::bytea[])`;
  return new Map(rows.map((row) => [row.id.toString("hex"), toEvent(row)]));
}

/** One event, held until the transaction ends: refunds of one purchase follow each other. */
export async function holdEvent(tx: Transaction, id: Uint8Array): Promise<StoredEvent | undefined> {
  const rows = await tx<Row[]>`
    ${select(tx)} WHERE id = ${id} FOR NO KEY UPDATE`;
  return rows.map(toEvent)[0];
}

function toEvent({ receipts, ...row }: Row): StoredEvent {
  const count = receipts.length / ID_BYTES;
  const idAt = (_: unknown, index: number) => receipts.subarray(index * ID_BYTES, (index + 1) * ID_BYTES);
  return { ...row, receipts: Array.from({ length: count }, idAt) };
}
