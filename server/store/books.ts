// What the books of batches are made of, in the order in which they tell it, and which of them have been published.

import type { Kind } from "../protocol/receipt.ts";
import { only, type Queries, type Transaction } from "./database.ts";

export type PublishedBook = { readonly batch: bigint; readonly sha256: Buffer; readonly bytes: bigint };

export async function publishedBook(sql: Queries, batch: bigint): Promise<PublishedBook | undefined> {
  const [row] = await sql<PublishedBook[]>`SELECT batch, sha256, bytes FROM books WHERE batch = ${batch}`;
  return row;
}

/** Records what was written, unless that was done before; answers with what is recorded, which never changes. */
export async function recordBook(sql: Queries, book: PublishedBook): Promise<PublishedBook> {
  await sql`
    INSERT INTO books (batch, sha256, bytes) VALUES (${book.batch}, ${book.sha256}, ${book.bytes}) ON CONFLICT DO NOTHING`;
  return (await publishedBook(sql, book.batch)) as PublishedBook;
}

/** The oldest sealed batch without a published book. */
export async function oldestUnpublished(sql: Queries): Promise<bigint | undefined> {
  const [row] = await sql<{ number: bigint }[]>`
    SELECT number FROM batches WHERE root IS NOT NULL AND number > ${(await lastPublished(sql)) ?? 0n}
    ORDER BY number LIMIT 1`;
  return row?.number;
}

/** Books are published in order, so all before it are there as well. */
export async function lastPublished(sql: Queries): Promise<bigint | null> {
  return only(await sql<{ last: bigint | null }[]>`SELECT max(batch) AS last FROM books`).last;
}

export const publishedAfter = (sql: Queries, batch: bigint, limit: number) =>
  sql<PublishedBook[]>`
    SELECT batch, sha256, bytes FROM books WHERE batch > ${batch} ORDER BY batch LIMIT ${limit}`;

/** What has a root, whether published or not. */
export async function isSealed(sql: Queries, batch: bigint): Promise<boolean> {
  const rows = await sql`SELECT FROM batches WHERE number = ${batch} AND root IS NOT NULL`;
  return rows.length === 1;
}

export type BookStatementRow = {
  readonly line: number;
  readonly kind: Kind;
  readonly charity: Buffer;
  readonly registration: string;
  readonly unit: string;
  readonly from: bigint;
  readonly to: bigint;
  readonly previous: bigint;
  readonly receipts: bigint;
  readonly receipts_root: Buffer;
};

/** A batch's statements, in no order. */
export const statementsForBook = (tx: Transaction, batch: bigint) =>
  tx<BookStatementRow[]>`
    SELECT line, kind, charity, registration, unit, "from", "to", previous, receipts, receipts_root
    FROM statements JOIN lines ON lines.id = line JOIN charities ON charities.id = charity WHERE batch = ${batch}`;

/** One side of a line, as the store names it, and its place among those of a book. */
export type Side = Pick<BookStatementRow, "line" | "kind"> & Placed;

type Placed = { readonly place: number };

/** Leaves with their amounts, packed: 40 bytes each. */
export type ChunkRow = Placed & { readonly leaves: Buffer };

const CHUNKS_AT_ONCE = 64;

/** The chunks of these sides in a batch: by their places, each in the line's order; in groups, one in memory at a time. */
export const readChunks = (tx: Transaction, batch: bigint, sides: readonly Side[]) =>
  fetchGroups<ChunkRow>(
    tx,
    "chunks_of_book",
    `SELECT side.place, leaves FROM ${placesOf(sides)}
     JOIN chunks ON chunks.batch = ${batch} AND chunks.line = side.line AND chunks.kind = side.kind
     ORDER BY side.place, first_id`,
    CHUNKS_AT_ONCE,
  );

export type ReversalRow = Placed & {
  readonly id: Buffer;
  readonly amount: bigint;
  readonly accepted_at: bigint;
  readonly terms: Buffer;
  readonly details: Buffer;
  /** Stays when a donor is erased: books publish it. */
  readonly salt: Buffer | null;
};

const REVERSALS_AT_ONCE = 2_048;

/** The reversals of these sides in a batch, likewise. */
export const readReversals = (tx: Transaction, batch: bigint, sides: readonly Side[]) =>
  fetchGroups<ReversalRow>(
    tx,
    "reversals_of_book",
    `SELECT side.place, id, amount, accepted_at, terms, details, salt FROM ${placesOf(sides)}
     JOIN receipts ON receipts.batch = ${batch} AND receipts.line = side.line AND receipts.kind = side.kind
     ORDER BY side.place, id`,
    REVERSALS_AT_ONCE,
  );

/** Numbers only, since a cursor takes no parameters. */
const placesOf = (sides: readonly Side[]): string => {
  const numbers = (name: keyof Side) => `'{${sides.map((side) => side[name])}}'::integer[]`;
  return `unnest(${numbers("line")}, ${numbers("kind")}, ${numbers("place")}) AS side (line, kind, place)`;
};

/** A cursor of the transaction's own, so that several may be read by turns: the driver's would hold up its connection. */
async function* fetchGroups<Row extends object>(
  tx: Transaction,
  name: string,
  query: string,
  rowsAtOnce: number,
): AsyncGenerator<Row[]> {
  await tx.unsafe(`DECLARE ${name} NO SCROLL CURSOR FOR ${query}`);
  for (;;) {
    const rows = await tx.unsafe<Row[]>(`FETCH ${rowsAtOnce} FROM ${name}`);
    if (rows.length === 0) break;
    yield [...rows];
  }
  await tx.unsafe(`CLOSE ${name}`);
}
