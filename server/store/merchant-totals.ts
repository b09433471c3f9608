// What was recorded of each merchant on each day: when a day is over, one document a merchant, of which the next batch
// publishes the hash. The sums are added up by the index in `donors`.

import { byteaArray, type Database, only, type Queries, type Transaction, textArray } from "./database.ts";
import { documentByHash } from "./documents.ts";
import { holdShared } from "./locks.ts";

/** How many documents one transaction records, and how many a batch takes: its book lists each of them. */
const MERCHANTS_A_STEP = 1_000;
const MOST_TOTALS_IN_A_BATCH = 5_000;

const SECONDS_A_DAY = 86_400n;

export type CurrencySums = {
  readonly currency: string;
  readonly purchases: bigint;
  readonly paid: bigint;
  readonly given: bigint;
  readonly refunds: bigint;
  readonly reversed: bigint;
};

export type MerchantDay = {
  readonly merchant: string;
  /** Counted from 1970. */
  readonly day: number;
  readonly sums: readonly CurrencySums[];
  /** The number of all its purchases until the end of the day. */
  readonly last: bigint;
};

/** The document of one merchant's day, ready to be recorded: its canonical JSON, the hash of that, and its subject. */
export type NewTotal = { readonly hash: Uint8Array; readonly subject: Uint8Array; readonly body: string };

/**
 * Records the documents of some merchants whose day is over, which `documentOf` makes. One bounded step in one transaction;
 * false when there was nothing to do, or the open batch holds as many as it takes. `now` in Unix seconds.
 */
export function recordTotals(
  sql: Database,
  now: number,
  documentOf: (day: MerchantDay) => NewTotal,
): Promise<boolean> {
  return sql.begin("ISOLATION LEVEL READ COMMITTED", async (tx) => {
    const openDay = await endDays(tx, now);
    const days = await nextDays(tx, openDay);
    const last = days.at(-1);
    if (last === undefined) return false;
    const documents = days.map(documentOf);
    // The batch lock is had last, and let go of right after: nothing is computed while it holds up the closing of a batch.
    if (!(await recordDocuments(tx, documents))) return false;
    await tx`
      INSERT INTO merchant_totals (merchant, day, document, last)
      SELECT * FROM unnest(${textArray(days.map(({ merchant }) => merchant))}::text[],
        ${`{${days.map(({ day }) => day)}}`}::integer[], ${byteaArray(documents.map(({ hash }) => hash))}::bytea[],
        ${`{${days.map((one) => one.last)}}`}::bigint[])`;
    await tx`UPDATE index_progress SET totals_day = ${last.day}, totals_after = ${last.merchant}`;
    return true;
  }) as Promise<boolean>;
}

/**
 * Ends the days before today whose batches are all in the index, and answers with the first that is not over. A batch that
 * was opened before midnight may hold purchases from before midnight; an open one without any holds none.
 */
async function endDays(tx: Transaction, now: number): Promise<number> {
  await tx`
    UPDATE index_progress SET open_day = today FROM (
      SELECT (least(${BigInt(now)}, min(opened_at)) / ${SECONDS_A_DAY})::integer AS today FROM (
        SELECT opened_at FROM batches, index_progress WHERE number > indexed
        UNION ALL SELECT opened_at FROM open_batch WHERE EXISTS (SELECT FROM commits WHERE batch = number)
      ) AS waiting
    ) AS past WHERE open_day < today`;
  return only(await tx<{ open_day: number }[]>`SELECT open_day FROM index_progress FOR UPDATE`).open_day;
}

/** Merchants' days that are over and have no document, by day and merchant; each with all of its currencies. */
async function nextDays(tx: Transaction, openDay: number): Promise<MerchantDay[]> {
  const rows = await tx<{ merchant: string; day: number; sums: JsonSums[]; before: bigint }[]>`
    WITH next AS (
      SELECT day, merchant FROM merchant_sums, index_progress
      WHERE (day, merchant) > (totals_day, totals_after) AND day < ${openDay}
      GROUP BY day, merchant ORDER BY day, merchant LIMIT ${MERCHANTS_A_STEP}
    )
    SELECT next.day, next.merchant, jsonb_agg(jsonb_build_object('currency', currency, 'purchases', purchases::text,
        'paid', paid::text, 'given', given::text, 'refunds', refunds::text, 'reversed', reversed::text)
        ORDER BY currency) AS sums,
      coalesce((SELECT last FROM merchant_totals AS earlier WHERE earlier.merchant = next.merchant
        ORDER BY day DESC LIMIT 1), 0) AS before
    FROM next JOIN merchant_sums USING (day, merchant) GROUP BY next.day, next.merchant ORDER BY next.day, next.merchant`;
  // A merchant's second day in one step counts on from its first.
  const lasts = new Map<string, bigint>();
  return rows.map(({ merchant, day, sums: told, before }) => {
    const sums = told.map(fromJson);
    const last = (lasts.get(merchant) ?? before) + sums.reduce((sum, one) => sum + one.purchases, 0n);
    lasts.set(merchant, last);
    return { merchant, day, sums, last };
  });
}

type JsonSums = { readonly [Name in keyof CurrencySums]: string };

const fromJson = ({ currency, purchases, paid, given, refunds, reversed }: JsonSums): CurrencySums => ({
  currency,
  purchases: BigInt(purchases),
  paid: BigInt(paid),
  given: BigInt(given),
  refunds: BigInt(refunds),
  reversed: BigInt(reversed),
});

/** As `recordDocument`, many at once; false when the open batch has no room for them. */
async function recordDocuments(tx: Transaction, documents: readonly NewTotal[]): Promise<boolean> {
  await holdShared(tx, "batch");
  const room = await tx`
    SELECT FROM open_batch WHERE (
      SELECT count(*) FROM documents WHERE batch = number AND kind = 'merchant-total') < ${MOST_TOTALS_IN_A_BATCH}`;
  if (room.length === 0) return false;
  await tx`
    WITH added AS (
      INSERT INTO documents (hash, kind, subject, batch, public, body)
      SELECT hash, 'merchant-total', subject, number, false, body FROM open_batch, jsonb_to_recordset(
        ${tx.json(documents.map(({ hash, subject, body }) => ({ hash: bytea(hash), subject: bytea(subject), body })))}
      ) AS told (hash bytea, subject bytea, body text)
      ON CONFLICT (hash) DO NOTHING RETURNING batch
    )
    INSERT INTO commits (batch, receipts, sum) SELECT DISTINCT batch, 0, 0 FROM added`;
  return true;
}

const bytea = (bytes: Uint8Array) => `\\x${Buffer.from(bytes).toString("hex")}`;

export type RecordedTotal = {
  readonly hash: Buffer;
  readonly subject: Buffer;
  readonly batch: bigint;
  /** Canonical JSON. */
  readonly body: string;
};

/** The document of a merchant's day; undefined when there is none, or not yet. */
export async function totalOf(
  sql: Queries,
  merchant: string,
  day: number,
): Promise<RecordedTotal | undefined> {
  const [row] = await sql<{ document: Buffer }[]>`
    SELECT document FROM merchant_totals WHERE merchant = ${merchant} AND day = ${day}`;
  return row === undefined ? undefined : documentByHash(sql, row.document);
}

export type TotalsProgress = {
  /** The first day that is not over. */
  readonly openDay: number;
  /** Whether this merchant's documents of all days before that are recorded. */
  readonly isRecorded: boolean;
};

/** Whether a merchant's day that has no document is still to have one. */
export async function totalsProgress(sql: Queries, merchant: string, day: number): Promise<TotalsProgress> {
  return only(
    await sql<TotalsProgress[]>`
      SELECT open_day AS "openDay", day_is_over AND NOT EXISTS (
          SELECT FROM merchant_sums WHERE merchant = ${merchant} AND day = ${day}) AS "isRecorded"
      FROM (SELECT open_day, ${day}::integer < open_day AS day_is_over FROM index_progress) AS progress`,
  );
}

/** The order numbers of a merchant's day, sorted, and how many were erased since. More than `limit` are not read. */
export async function ordersOfDay(sql: Queries, merchant: string, day: number, limit: number) {
  const rows = await sql<{ order: string | null }[]>`
    SELECT body::jsonb->>'order' AS order FROM purchase_index AS own JOIN events ON events.id = own.event
    WHERE merchant = ${merchant} AND day = ${day} LIMIT ${limit}`;
  const orders = rows.flatMap(({ order }) => order ?? []).sort();
  return { orders, erased: rows.length - orders.length };
}
