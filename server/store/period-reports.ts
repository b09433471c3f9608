// Period reports: what the gifts and reversals of consecutive batches come to, line by line, as public documents that a
// batch timestamps. Everything in one follows from statements, so that anyone with the books can recompute it.

import { toHex } from "../protocol/bytes.ts";
import type { Database, Queries, Transaction } from "./database.ts";
import { recordDocument, type StoredDocument } from "./documents.ts";

export const PERIOD_REPORT_FORMAT = "amanah-period-report/1";

/** One side of a line over the period: where it stood before and stands after, and by how many receipts. */
export type SideTotal = { readonly from: string; readonly to: string; readonly receipts: string };

/** The document. 64-bit integers are decimal strings; `charity` is the public registration id. */
export type PeriodReport = {
  readonly format: typeof PERIOD_REPORT_FORMAT;
  /** 0x-hex. */
  readonly ledger: string;
  readonly fromBatch: string;
  readonly toBatch: string;
  readonly receipts: string;
  /** Lines that were added to, by registration id and unit. */
  readonly lines: readonly {
    readonly charity: string;
    readonly unit: string;
    readonly gifts: SideTotal;
    readonly reversals: SideTotal;
  }[];
};

export type PeriodWanted = {
  /** Only batches that were closed before this, in Unix seconds; null for all that are sealed. */
  readonly closedBefore: bigint | null;
  /** Whether a period in which nothing was given or taken back is worth a report. */
  readonly orEmpty: boolean;
};

/** Records the report over all batches since the last one; undefined when there is nothing to report, or not yet. */
export function reportPeriod(
  sql: Database,
  ledger: Uint8Array,
  wanted: PeriodWanted,
): Promise<StoredDocument | undefined> {
  return sql.begin("ISOLATION LEVEL READ COMMITTED", async (tx) => {
    // Of two who report at once the second waits here, and then begins behind the first.
    await tx`LOCK TABLE period_reports IN SHARE ROW EXCLUSIVE MODE`;
    const period = await nextPeriod(tx, wanted.closedBefore);
    if (period === undefined) return undefined;
    const body = await makeReport(tx, ledger, period);
    if (body.receipts === "0" && !wanted.orEmpty) return undefined;
    const document = await recordDocument(tx, { kind: "period", body, isPublic: true });
    await tx`
      INSERT INTO period_reports (from_batch, to_batch, document) VALUES (${period.from}, ${period.to}, ${document.hash})`;
    return document;
  }) as Promise<StoredDocument | undefined>;
}

type Period = { readonly from: bigint; readonly to: bigint };

/** The sealed batches behind the last report; none while one that belongs to them is closed and not sealed. */
async function nextPeriod(tx: Transaction, closedBefore: bigint | null): Promise<Period | undefined> {
  const [row] = await tx<Period[]>`
    WITH next AS (SELECT coalesce(max(to_batch), 0) + 1 AS first FROM period_reports)
    SELECT first AS from, max(number) AS to FROM next JOIN batches ON number >= first
    WHERE ${closedBefore}::bigint IS NULL AND root IS NOT NULL OR closed_at < ${closedBefore}
    GROUP BY first HAVING every(root IS NOT NULL)`;
  return row;
}

async function makeReport(tx: Transaction, ledger: Uint8Array, { from, to }: Period): Promise<PeriodReport> {
  const rows = await sidesOf(tx, from, to);
  const lines = rows.map(({ registration, unit, gifts, reversals }) => ({
    charity: registration,
    unit,
    gifts,
    reversals,
  }));
  const receipts = rows.reduce(
    (sum, row) => sum + BigInt(row.gifts.receipts) + BigInt(row.reversals.receipts),
    0n,
  );
  return {
    format: PERIOD_REPORT_FORMAT,
    ledger: toHex(ledger),
    fromBatch: `${from}`,
    toBatch: `${to}`,
    receipts: `${receipts}`,
    lines,
  };
}

type Row = { registration: string; unit: string; gifts: SideTotal; reversals: SideTotal };

/** A side that was not added to stands where its last statement before the period ends. */
const sidesOf = (tx: Transaction, from: bigint, to: bigint) => tx<Row[]>`
  WITH added AS (
    SELECT line, kind, min("from") AS "from", max("to") AS "to", sum(receipts)::bigint AS receipts
    FROM statements WHERE batch BETWEEN ${from} AND ${to} GROUP BY line, kind
  ), side AS (
    SELECT line.id AS line, of.kind, coalesce(added."from", before."to", 0) AS "from",
      coalesce(added."to", before."to", 0) AS "to", coalesce(receipts, 0) AS receipts
    FROM (SELECT DISTINCT line AS id FROM added) AS line CROSS JOIN (VALUES (0::smallint), (1::smallint)) AS of (kind)
    LEFT JOIN added ON added.line = line.id AND added.kind = of.kind
    LEFT JOIN LATERAL (
      SELECT "to" FROM statements WHERE statements.line = line.id AND statements.kind = of.kind AND batch < ${from}
      ORDER BY batch DESC LIMIT 1) AS before ON true
  ), told AS (
    SELECT line, kind, jsonb_build_object('from', "from"::text, 'to', "to"::text, 'receipts', receipts::text) AS total FROM side
  )
  SELECT registration, unit, gifts.total AS gifts, reversals.total AS reversals
  FROM told AS gifts JOIN told AS reversals USING (line)
  JOIN lines ON lines.id = line JOIN charities ON charities.id = charity
  WHERE gifts.kind = 0 AND reversals.kind = 1
  ORDER BY registration COLLATE "C", unit COLLATE "C"`;

export type ReportRow = {
  readonly from_batch: bigint;
  readonly to_batch: bigint;
  readonly document: Buffer;
  readonly created_at: Date;
};

/** The reports that begin before this batch, the newest first. */
export const reportsBefore = (sql: Queries, batch: bigint, limit: number) =>
  sql<ReportRow[]>`
    SELECT from_batch, to_batch, document, created_at FROM period_reports WHERE from_batch < ${batch}
    ORDER BY from_batch DESC LIMIT ${limit}`;
