// What receipts' details say by programme, and by merchants that show their totals: added up batch by batch by the index in
// `donors`, before erasure takes details away, and published as documents over consecutive batches of one day.

import {
  MOST_MERCHANTS,
  PROGRAMMES_FORMAT,
  type ProgrammesDocument,
  UNKNOWN_PROGRAMME,
} from "../programmes/philanthropy/programmes-document.ts";
import { toHex } from "../protocol/bytes.ts";
import type { Database, Queries, Transaction } from "./database.ts";
import { recordDocument } from "./documents.ts";

/** In the transaction that indexes these batches. Details are flat, with programme and merchant as plain names in them. */
export async function addProgrammeSums(tx: Transaction, from: bigint, upTo: bigint): Promise<void> {
  await tx`
    INSERT INTO programme_sums (batch, line, kind, programme, merchant, receipts, amount)
    SELECT batch, line, kind, coalesce(nullif(programme, ''), ${UNKNOWN_PROGRAMME}), coalesce(merchants.id, ''),
      count(*), sum(amount)
    FROM (
      SELECT batch, line, kind, amount, ${cutOut(tx, "programme")} AS programme, ${cutOut(tx, "merchant")} AS merchant
      FROM receipts WHERE batch BETWEEN ${from} AND ${upTo} OFFSET 0
    ) AS told LEFT JOIN merchants ON merchants.id = told.merchant AND shows_totals
    GROUP BY batch, line, kind, 4, 5`;
}

/** A member whose text needs no escaping: a quote within a JSON text has a backslash before it. */
const cutOut = (sql: Queries, member: string) =>
  sql`split_part(split_part(private, ${`"${member}":"`}, 2), '"', 1)`;

const SECONDS_A_DAY = 86_400n;

/**
 * Publishes the sums of the next batches that no document tells of, all of one day, if they were closed before a time (Unix
 * seconds) and are indexed; false when there are none. Batches without receipts wait for some with: a document is itself
 * what makes a batch.
 */
export function recordProgrammes(sql: Database, ledger: Uint8Array, closedBefore: bigint): Promise<boolean> {
  return sql.begin("ISOLATION LEVEL READ COMMITTED", async (tx) => {
    // Of two who publish at once the second waits here, and then begins behind the first.
    await tx`LOCK TABLE programmes_documents IN SHARE ROW EXCLUSIVE MODE`;
    const range = await nextRange(tx, closedBefore);
    if (range === undefined) return false;
    const body = await makeDocument(tx, ledger, range);
    const { hash } = await recordDocument(tx, { kind: "programmes", body, isPublic: true });
    await tx`
      INSERT INTO programmes_documents (from_batch, to_batch, document) VALUES (${range.from}, ${range.to}, ${hash})`;
    return true;
  }) as Promise<boolean>;
}

type Range = { readonly from: bigint; readonly to: bigint };

/** From the first batch that has receipts to the last one of its day. */
async function nextRange(tx: Transaction, closedBefore: bigint): Promise<Range | undefined> {
  const [row] = await tx<Range[]>`
    WITH behind AS (
      SELECT greatest(programmes_from, coalesce((SELECT max(to_batch) FROM programmes_documents), 0) + 1) AS first, indexed
      FROM index_progress
    ), begins AS (
      SELECT number, closed_at FROM batches, behind
      WHERE number BETWEEN first AND indexed AND receipts > 0 AND closed_at < ${closedBefore} ORDER BY number LIMIT 1
    )
    SELECT begins.number AS from, max(batches.number) AS to FROM begins, batches, behind
    WHERE batches.number BETWEEN begins.number AND indexed AND batches.receipts > 0
      AND batches.closed_at < least(${closedBefore}, (begins.closed_at / ${SECONDS_A_DAY} + 1) * ${SECONDS_A_DAY})
    GROUP BY begins.number`;
  return row;
}

async function makeDocument(tx: Transaction, ledger: Uint8Array, range: Range): Promise<ProgrammesDocument> {
  return {
    format: PROGRAMMES_FORMAT,
    ledger: toHex(ledger),
    fromBatch: `${range.from}`,
    toBatch: `${range.to}`,
    programmes: await sumsBy<ProgrammesDocument["programmes"][number]>(tx, range, "programme"),
    merchants: await sumsBy<ProgrammesDocument["merchants"][number]>(tx, range, "merchant"),
  };
}

/** Of merchants, the largest that still show their totals. */
const sumsBy = <Row extends object>(tx: Transaction, { from, to }: Range, name: "programme" | "merchant") =>
  tx<Row[]>`
    WITH sums AS (
      SELECT ${tx(name)} AS who, line, kind, sum(receipts) AS receipts, sum(amount) AS amount FROM programme_sums
      WHERE batch BETWEEN ${from} AND ${to} AND ${tx(name)} <> ''
        AND (${name} <> 'merchant' OR EXISTS (SELECT FROM merchants WHERE id = merchant AND shows_totals))
      GROUP BY ${tx(name)}, line, kind
    ), largest AS (
      SELECT who FROM sums GROUP BY who ORDER BY sum(amount) DESC, who LIMIT ${MOST_MERCHANTS}
    )
    SELECT who AS ${tx(name)}, registration AS charity, unit,
      jsonb_build_object('receipts', coalesce(sum(receipts) FILTER (WHERE kind = 0), 0)::text,
        'amount', coalesce(sum(amount) FILTER (WHERE kind = 0), 0)::text) AS gifts,
      jsonb_build_object('receipts', coalesce(sum(receipts) FILTER (WHERE kind = 1), 0)::text,
        'amount', coalesce(sum(amount) FILTER (WHERE kind = 1), 0)::text) AS reversals
    FROM sums JOIN largest USING (who) JOIN lines ON lines.id = line JOIN charities ON charities.id = charity
    GROUP BY who, registration, unit ORDER BY who COLLATE "C", registration COLLATE "C", unit COLLATE "C"`;
