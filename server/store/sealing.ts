// The SQL of sealing: closing the open batch, reading its receipts in the order of the trees, keeping what was built.

import type { Notice, Statement } from "../protocol/statement.ts";
import { foldCounts } from "./campaign-totals.ts";
import { copyIn, copyOut, type Field, readCopy } from "./copy.ts";
import { type Database, only, type Queries, type Transaction } from "./database.ts";
import { holdExclusive } from "./locks.ts";
import { addSealed, forgetCommits } from "./totals.ts";

/** What the open batch holds so far. `ageSeconds` counts from its first receipt; null while there is none. */
export type OpenBatch = {
  readonly number: bigint;
  readonly receipts: bigint;
  readonly ageSeconds: number | null;
};

export async function openBatch(sql: Queries): Promise<OpenBatch> {
  const rows = await sql<{ number: bigint; receipts: bigint; age: number | null }[]>`
    SELECT number, coalesce(sum(receipts), 0)::bigint AS receipts,
      extract(epoch FROM clock_timestamp() - min(at))::float8 AS age
    FROM open_batch LEFT JOIN commits ON batch = number GROUP BY number`;
  const { number, receipts, age } = only(rows);
  return { number, receipts, ageSeconds: age };
}

/**
 * Closes batch `number` if it is the open one, and opens the next. Waits for the writes under way and holds up new ones
 * only for this transaction, which does nothing else. `now` in Unix seconds.
 */
export async function closeBatch(sql: Database, number: bigint, now: number): Promise<boolean> {
  await sql`SELECT ensure_receipts_partition(${number + 1n})`;
  return sql.begin("ISOLATION LEVEL READ COMMITTED", async (tx) => {
    await holdExclusive(tx, "batch");
    return closeHeld(tx, number, now);
  });
}

/**
 * As `closeBatch`, for whoever holds the batch lock exclusively and has seen to the next batch's partition. Whoever had to
 * wait for the lock closes no batch within a period that was reported on meanwhile without it.
 */
export async function closeHeld(tx: Transaction, number: bigint, now: number): Promise<boolean> {
  const closed = await tx<{ opened_at: bigint; closed_at: bigint }[]>`
    UPDATE open_batch SET number = number + 1,
      opened_at = greatest(${now}, opened_at, (SELECT max(period_upto) FROM philanthropy_reports))
    WHERE number = ${number}
    RETURNING old.opened_at, new.opened_at AS closed_at`;
  for (const { opened_at, closed_at } of closed) {
    await tx`
      INSERT INTO batches (number, state, opened_at, closed_at) VALUES (${number}, 'closed', ${opened_at}, ${closed_at})`;
  }
  return closed.length === 1;
}

export type ClosedBatch = { readonly number: bigint; readonly opened_at: bigint; readonly closed_at: bigint };

/** The oldest batch that is closed and has no root yet: they are sealed in order. */
export async function oldestClosed(sql: Queries): Promise<ClosedBatch | undefined> {
  const [row] = await sql<ClosedBatch[]>`
    SELECT number, opened_at, closed_at FROM batches WHERE state = 'closed' ORDER BY number LIMIT 1`;
  return row;
}

/** How many receipts write transactions have put into a batch, and their sum over all lines. */
export type Fill = { readonly receipts: bigint; readonly sum: bigint };

export async function committedFill(sql: Queries, batch: bigint): Promise<Fill> {
  const rows = await sql<{ receipts: bigint; sum: string }[]>`
    SELECT coalesce(sum(receipts), 0)::bigint AS receipts, coalesce(sum(sum), 0)::text AS sum
    FROM commits WHERE batch = ${batch}`;
  const { receipts, sum } = only(rows);
  return { receipts, sum: BigInt(sum) };
}

/** Memory that PostgreSQL may sort a batch in, so that a million rows do not go through the disk. */
const SORT_MEMORY = "256MB";

/**
 * A batch's leaves in the order of its trees: by line, kind and receipt id. `leaf` is packed: the hash and behind it the
 * amount, 8 bytes big-endian. The bytes are valid during the call only.
 *
 * Line, kind and id are sorted as one string of bytes, whose first eight PostgreSQL compares as a number: a million receipts
 * take 1.0 s so, and 3.3 s column by column.
 */
export function readLeaves(
  sql: Database,
  batch: bigint,
  onLeaf: (line: number, kind: number, id: Uint8Array, leaf: Uint8Array) => void,
): Promise<void> {
  return sql.begin("READ ONLY", async (tx) => {
    await tx.unsafe(`SET LOCAL work_mem = '${SORT_MEMORY}'`);
    const stream = await copyOut(tx`
      COPY (SELECT int4send(line * 2 + kind) || id AS place, leaf || int8send(amount) FROM receipts
            WHERE batch = ${tx.unsafe(`${batch}`)} ORDER BY place) TO STDOUT (FORMAT binary)`);
    await readCopy(stream, 2, (data, at, length) => {
      const bytes = (field: number) =>
        data.subarray(at[field], (at[field] as number) + (length[field] as number));
      const place = bytes(0) as Buffer;
      const side = place.readInt32BE();
      onLeaf(side >> 1, side & 1, place.subarray(SIDE_BYTES), bytes(1));
    });
  }) as Promise<void>;
}

/** A line and its kind, as one number before the id. */
const SIDE_BYTES = 4;

/** Where a line's side ended before: the last statement's batch and end. Keyed by `lineKey`. */
export type LineEnds = ReadonlyMap<string, { readonly batch: bigint; readonly to: bigint }>;

export const lineKey = (line: number, kind: number): string => `${line}/${kind}`;

export async function lineEnds(sql: Queries, lines: readonly number[]): Promise<LineEnds> {
  const rows = await sql<{ line: number; kind: number; batch: bigint; to: bigint }[]>`
    SELECT line, kind, batch, "to" FROM unnest(${`{${lines}}`}::integer[]) AS wanted (id)
    CROSS JOIN (VALUES (0::smallint), (1::smallint)) AS side (of)
    CROSS JOIN LATERAL (
      SELECT line, kind, batch, "to" FROM statements WHERE line = wanted.id AND kind = side.of ORDER BY batch DESC LIMIT 1
    ) AS last`;
  return new Map(rows.map((row) => [lineKey(row.line, row.kind), row]));
}

export type LineRow = { readonly id: number; readonly charity: Buffer; readonly unit: string };

export const linesByIds = (sql: Queries, ids: readonly number[]) =>
  sql<LineRow[]>`SELECT id, charity, unit FROM lines WHERE id = ANY(${`{${ids}}`}::integer[])`;

/** The root of a sealed batch; undefined before it is sealed. */
export async function rootOfBatch(sql: Queries, batch: bigint): Promise<Buffer | undefined> {
  const [row] = await sql<{ root: Buffer | null }[]>`SELECT root FROM batches WHERE number = ${batch}`;
  return row?.root ?? undefined;
}

/** A statement with its tree, as it is stored. */
export type SealedStatement = {
  readonly line: number;
  readonly statement: Statement;
  readonly leaf: Uint8Array;
  readonly chunks: readonly { readonly firstId: Uint8Array; readonly leaves: Uint8Array }[];
  /** The levels from 7, that of the chunks, up, the root's last; none when one chunk holds the whole tree. */
  readonly levels: readonly { readonly hashes: Uint8Array; readonly sums: BigUint64Array }[];
};

export type SealedBatch = {
  readonly number: bigint;
  readonly receipts: bigint;
  readonly root: Uint8Array;
  readonly statements: readonly SealedStatement[];
  readonly notices: readonly { readonly notice: Notice; readonly leaf: Uint8Array }[];
};

/** Keeps all that a batch's proofs need, and moves it from `closed` to `sealed`; false when it was not closed. */
export function saveSealed(sql: Database, batch: SealedBatch): Promise<boolean> {
  return sql.begin(async (tx) => {
    const moved = await tx`
      UPDATE batches SET state = 'sealed', root = ${batch.root}, receipts = ${batch.receipts}, sealed_at = now()
      WHERE number = ${batch.number} AND state = 'closed' RETURNING number`;
    if (moved.length === 0) return false;
    await saveStatements(tx, batch);
    await saveNotices(tx, batch);
    await copyIn(tx`COPY chunks FROM STDIN (FORMAT binary)`, grouped(chunkRows(batch)));
    await copyIn(tx`COPY nodes FROM STDIN (FORMAT binary)`, grouped(nodeRows(batch)));
    await forgetCommits(tx, batch.number);
    await foldCounts(tx, batch.number);
    // Last, since whoever adds to the same totals waits for the end of this.
    await addSealed(tx, batch.number);
    return true;
  });
}

async function saveStatements(tx: Transaction, { statements }: SealedBatch): Promise<void> {
  const rows = statements.map(({ line, leaf, statement: s }): Field[] => [
    { int8: s.batch },
    { int4: line },
    { int2: s.kind },
    { int8: s.from },
    { int8: s.to },
    { int8: s.previous },
    { int8: s.receipts },
    { bytes: s.receiptsRoot },
    { bytes: leaf },
  ]);
  await copyIn(tx`COPY statements FROM STDIN (FORMAT binary)`, [rows]);
}

async function saveNotices(tx: Transaction, { notices }: SealedBatch): Promise<void> {
  const rows = notices.map(({ notice: { batch, kind, subject, content }, leaf }): Field[] => [
    { int8: batch },
    { bytes: kind },
    { bytes: subject },
    { bytes: content },
    { bytes: leaf },
  ]);
  await copyIn(tx`COPY notices FROM STDIN (FORMAT binary)`, [rows]);
}

function* chunkRows({ number, statements }: SealedBatch): Generator<Field[]> {
  for (const { line, statement, chunks } of statements) {
    for (const [index, { firstId, leaves }] of chunks.entries())
      yield [
        { int8: number },
        { int4: line },
        { int2: statement.kind },
        { int8: BigInt(index) },
        { bytes: firstId },
        { bytes: leaves },
      ];
  }
}

/** Below this level a chunk is rehashed instead. */
const FIRST_STORED_LEVEL = 7;

function* nodeRows({ number, statements }: SealedBatch): Generator<Field[]> {
  for (const { line, statement, levels } of statements) {
    for (const [above, { hashes, sums }] of levels.entries()) {
      for (let position = 0; position < sums.length; position++)
        yield [
          { int8: number },
          { int4: line },
          { int2: statement.kind },
          { int2: FIRST_STORED_LEVEL + above },
          { int8: BigInt(position) },
          { bytes: hashes.subarray(position * 32, position * 32 + 32) },
          { int8: sums[position] as bigint },
        ];
    }
  }
}

const ROWS_AT_ONCE = 500;

function* grouped<T>(rows: Iterable<T>): Generator<T[]> {
  let group: T[] = [];
  for (const row of rows) {
    if (group.push(row) < ROWS_AT_ONCE) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
