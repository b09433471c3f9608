// Receipts as they were written, looked up by id.

import type { Kind } from "../protocol/receipt.ts";
import { byteaArray, type Queries } from "./database.ts";

export type StoredReceipt = {
  readonly id: Buffer;
  readonly batch: bigint;
  readonly line: number;
  readonly charity: Buffer;
  readonly registration: string;
  readonly unit: string;
  readonly kind: Kind;
  readonly amount: bigint;
  readonly accepted_at: bigint;
  readonly terms: Buffer;
  readonly details: Buffer;
  /** Null once erased, as is `private`. */
  readonly salt: Buffer | null;
  readonly leaf: Buffer;
  readonly event: Buffer;
  /** The canonical JSON of the private details. */
  readonly private: string | null;
};

const select = (sql: Queries) => sql`
  SELECT receipts.id, batch, line, charity, registration, unit, kind, amount, accepted_at, terms, details, salt, leaf,
    event, private
  FROM receipts JOIN lines ON lines.id = line JOIN charities ON charities.id = charity`;

/** The receipts of these ids, keyed by id in hex; those that are not there are left out. */
export async function receiptsByIds(
  sql: Queries,
  ids: readonly Uint8Array[],
): Promise<Map<string, StoredReceipt>> {
  const rows = await sql<
    StoredReceipt[]
  >`${select(sql)} WHERE receipts.id = ANY(${byteaArray(ids)}::bytea[])`;
  return new Map(rows.map((row) => [row.id.toString("hex"), row]));
}

export async function receiptById(sql: Queries, id: Uint8Array): Promise<StoredReceipt | undefined> {
  const [row] = await sql<StoredReceipt[]>`${select(sql)} WHERE receipts.id = ${id}`;
  return row;
}

/** The receipt under a leaf, of some batches, all of whose receipts are read for it. */
export async function receiptWithin(
  sql: Queries,
  [first, last]: readonly [first: bigint, last: bigint],
  leaf: Uint8Array,
): Promise<StoredReceipt | undefined> {
  const [row] = await sql<StoredReceipt[]>`
    ${select(sql)} WHERE batch BETWEEN ${first} AND ${last} AND leaf = ${leaf}`;
  return row;
}

export type ReversalOf = { readonly gift: Buffer; readonly reversal: Buffer; readonly amount: bigint };

/** The reversals that name these gifts, in the order in which they were made. */
export const reversalsOfGifts = (sql: Queries, gifts: readonly Uint8Array[]) =>
  sql<ReversalOf[]>`
    SELECT gift, reversal, amount FROM reversals WHERE gift = ANY(${byteaArray(gifts)}::bytea[]) ORDER BY batch, reversal`;
