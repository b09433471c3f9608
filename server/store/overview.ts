// What the public pages and resources read: batches, statements, lines and their watermarks.

import type { Fault } from "../protocol/faults.ts";
import { byteaArray, type Queries } from "./database.ts";

export type BatchState = "open" | "closed" | "sealed" | "submitted" | "anchored" | "final";

export type BatchRow = {
  readonly number: bigint;
  readonly state: BatchState;
  readonly opened_at: bigint;
  readonly closed_at: bigint | null;
  readonly receipts: bigint | null;
  readonly root: Buffer | null;
  readonly transaction: Buffer | null;
  readonly block: bigint | null;
  readonly sealed_at: Date | null;
  readonly anchored_at: Date | null;
};

const select = (sql: Queries) => sql`
  SELECT number, state, opened_at, closed_at, receipts, root, transaction, block, sealed_at, anchored_at FROM batches`;

/** Batches before a number, newest first; the open one is not among them. */
export const batchesBefore = (sql: Queries, before: bigint, limit: number) =>
  sql<BatchRow[]>`${select(sql)} WHERE number < ${before} ORDER BY number DESC LIMIT ${limit}`;

export async function batchByNumber(sql: Queries, number: bigint): Promise<BatchRow | undefined> {
  const [row] = await sql<BatchRow[]>`${select(sql)} WHERE number = ${number}`;
  return row ?? (await openBatchRow(sql, number));
}

async function openBatchRow(sql: Queries, number: bigint): Promise<BatchRow | undefined> {
  const [row] = await sql<BatchRow[]>`
    SELECT number, 'open' AS state, opened_at, NULL AS closed_at, NULL AS receipts, NULL AS root, NULL AS transaction,
      NULL AS block, NULL AS sealed_at, NULL AS anchored_at
    FROM open_batch WHERE number = ${number}`;
  return row;
}

export type StatementRow = {
  readonly batch: bigint;
  readonly charity: Buffer;
  readonly registration: string;
  /** The charity's. */
  readonly name: string;
  readonly unit: string;
  readonly kind: number;
  readonly from: bigint;
  readonly to: bigint;
  readonly previous: bigint;
  readonly receipts: bigint;
  readonly receipts_root: Buffer;
};

export const statementsOfBatch = (sql: Queries, batch: bigint) =>
  sql<StatementRow[]>`
    SELECT batch, charity, registration, charities.name, unit, kind, "from", "to", previous, receipts, receipts_root
    FROM statements JOIN lines ON lines.id = line JOIN charities ON charities.id = charity
    WHERE batch = ${batch} ORDER BY registration, unit, kind`;

export const noticesOfBatch = (sql: Queries, batch: bigint) =>
  sql<{ kind: string; subject: Buffer; content: Buffer }[]>`
    SELECT kind, subject, content FROM notices WHERE batch = ${batch} ORDER BY kind, subject`;

/** A line: what is sealed of it here, and how far the contract's watermarks were when last read. */
export type LineView = {
  readonly charity: Buffer;
  readonly registration: string;
  readonly unit: string;
  /** Ends of the last sealed statements of gifts and of reversals. */
  readonly sealed_gifts: bigint;
  readonly sealed_reversals: bigint;
  readonly given: bigint;
  readonly reversed: bigint;
  readonly paid: bigint;
  readonly netted: bigint;
  readonly acknowledged: bigint;
  readonly spent: bigint;
  /** The fault that was proven of it: such a line stands still. */
  readonly fault: Fault | null;
  /** Null while the contract has not been read. */
  readonly read_at: Date | null;
};

const selectLines = (sql: Queries) => sql`
  SELECT lines.charity, registration, lines.unit,
    coalesce((SELECT "to" FROM statements WHERE line = lines.id AND kind = 0 ORDER BY batch DESC LIMIT 1), 0) AS sealed_gifts,
    coalesce((SELECT "to" FROM statements WHERE line = lines.id AND kind = 1 ORDER BY batch DESC LIMIT 1), 0) AS sealed_reversals,
    coalesce(given, 0) AS given, coalesce(reversed, 0) AS reversed, coalesce(paid, 0) AS paid,
    coalesce(netted, 0) AS netted, coalesce(acknowledged, 0) AS acknowledged, coalesce(spent, 0) AS spent, fault, read_at
  FROM lines JOIN charities ON charities.id = lines.charity
  LEFT JOIN watermarks ON watermarks.charity = lines.charity AND watermarks.unit = lines.unit`;

export async function lineByName(
  sql: Queries,
  charity: Uint8Array,
  unit: string,
): Promise<LineView | undefined> {
  const [row] = await sql<
    LineView[]
  >`${selectLines(sql)} WHERE lines.charity = ${charity} AND lines.unit = ${unit}`;
  return row;
}

/** A page of lines by (registration, unit): all, or those of some charities. */
export const linesAfter = (
  sql: Queries,
  registration: string,
  unit: string,
  limit: number,
  charities: readonly Uint8Array[] | null,
  onlyUnit: string | null = null,
) =>
  sql<LineView[]>`
    ${selectLines(sql)}
    WHERE (registration, lines.unit) > (${registration}, ${unit})
      AND (${onlyUnit}::text IS NULL OR lines.unit = ${onlyUnit})
      AND (${charities === null} OR lines.charity = ANY(${byteaArray(charities ?? [])}::bytea[]))
    ORDER BY registration, lines.unit LIMIT ${limit}`;

/** How far behind sealing and anchoring are: the age of the oldest receipt that waits for each, in seconds. */
export type Backlog = {
  readonly unsealed_seconds: number | null;
  readonly unanchored_seconds: number | null;
  readonly sealed_batches: number;
};

export async function backlog(sql: Queries): Promise<Backlog> {
  const [row] = await sql<Backlog[]>`
    SELECT
      (SELECT extract(epoch FROM clock_timestamp() - min(at)) FROM commits)::float8 AS unsealed_seconds,
      (SELECT extract(epoch FROM clock_timestamp()) - min(closed_at) FROM batches
        WHERE state IN ('closed', 'sealed', 'submitted'))::float8 AS unanchored_seconds,
      (SELECT count(*) FROM batches WHERE state IN ('sealed', 'submitted'))::int AS sealed_batches`;
  return row as Backlog;
}
