// Whose purchase is whose: the index of donors and merchants, made batch by batch off the hot path, together with the sums
// of each merchant's day, and what a donor has given. Erasing from it is in `erasure`.

import { type Database, only, type Queries, type Transaction } from "./database.ts";
import { addProgrammeSums } from "./programme-sums.ts";
import { addShopGifts } from "./shops.ts";

/** What one step reads at most: whole batches, so many or with so many receipts, and at least one. */
const MOST_BATCHES = 500;
const MOST_RECEIPTS = 500_000n;

const SECONDS_A_DAY = 86_400;

/** How far the index has come; held until the transaction ends, since the sums may be added once only. */
async function holdProgress(tx: Transaction) {
  return only(
    await tx<{ indexed: bigint; open_day: number }[]>`
      SELECT indexed, open_day FROM index_progress FOR UPDATE`,
  );
}

/**
 * Puts the next sealed batches into the index of donors and merchants and adds them to the sums of merchants' days. One
 * bounded step in one transaction; false when there was nothing to do. `key` is that of donors' names.
 */
export function indexDonors(sql: Database, key: Uint8Array): Promise<boolean> {
  return sql.begin("ISOLATION LEVEL READ COMMITTED", async (tx) => {
    const { indexed, open_day } = await holdProgress(tx);
    const upTo = await nextBatches(tx, indexed);
    if (upTo === null) return false;
    await indexBatches(tx, indexed + 1n, upTo, open_day, key);
    await addShopGifts(tx, indexed + 1n, upTo);
    await addProgrammeSums(tx, indexed + 1n, upTo);
    await tx`UPDATE index_progress SET indexed = ${upTo}`;
    return true;
  }) as Promise<boolean>;
}

/** The last batch of the next step; null when none behind `indexed` is sealed. Batches are sealed in order. */
async function nextBatches(tx: Transaction, indexed: bigint): Promise<bigint | null> {
  const rows = await tx<{ upto: bigint | null }[]>`
    SELECT max(number) AS upto FROM (
      SELECT number, sum(receipts) OVER (ORDER BY number) - receipts AS before FROM batches
      WHERE number > ${indexed} AND number <= ${indexed + BigInt(MOST_BATCHES)} AND state <> 'closed'
    ) AS next WHERE before < ${MOST_RECEIPTS}`;
  return only(rows).upto;
}

/**
 * All of it in one statement: what was told of is read once. What arrives late, for a day that is over, counts on the
 * first day that is not.
 */
async function indexBatches(tx: Transaction, from: bigint, upTo: bigint, openDay: number, key: Uint8Array) {
  // Of new tables the planner knows nothing and expects one row: it would read all amounts again for each event.
  await tx`SET LOCAL enable_nestloop = off`;
  await tx`
    WITH by_line AS MATERIALIZED (
      SELECT event, kind, line, sum(amount)::bigint AS amount FROM receipts
      WHERE batch BETWEEN ${from} AND ${upTo} GROUP BY event, kind, line
    ), amounts AS (
      SELECT event, kind, min(line) AS line, sum(amount)::bigint AS amount FROM by_line GROUP BY event, kind
    ), told AS MATERIALIZED (
      SELECT events.id, batch, greatest((accepted_at / ${SECONDS_A_DAY})::integer, ${openDay}::integer) AS day,
        body->>'merchant' AS merchant, body->>'buyer' AS buyer, (body->>'completedAt')::bigint AS completed_at,
        body ? 'refund' AS is_refund, coalesce(body->>'currency', unit, '') AS currency,
        coalesce(amount, 0) AS amount,
        (SELECT coalesce(sum((item->>'price')::bigint + (item->>'shipping')::bigint), 0)
          FROM jsonb_array_elements(body->'items') AS item WHERE NOT body ? 'refund')::bigint AS paid
      FROM (SELECT id, batch, accepted_at, body::jsonb AS body FROM events
            WHERE batch BETWEEN ${from} AND ${upTo} AND body IS NOT NULL OFFSET 0) AS events
      LEFT JOIN amounts ON event = events.id LEFT JOIN lines ON lines.id = line
      WHERE body ? 'order'
    ), indexed AS (
      INSERT INTO purchase_index (event, batch, merchant, day, completed_at, donor)
      SELECT id, batch, merchant, day, completed_at, ${donorName(tx, key)} FROM told WHERE NOT is_refund
    ), gifts AS (
      INSERT INTO merchant_gifts AS sums (merchant, line, given, reversed)
      SELECT merchant, by_line.line, coalesce(sum(by_line.amount) FILTER (WHERE NOT is_refund), 0),
        coalesce(sum(by_line.amount) FILTER (WHERE is_refund), 0)
      FROM told JOIN by_line ON event = id GROUP BY merchant, by_line.line ORDER BY merchant, by_line.line
      ON CONFLICT (merchant, line) DO UPDATE SET given = sums.given + excluded.given,
        reversed = sums.reversed + excluded.reversed
    )
    INSERT INTO merchant_sums AS sums (day, merchant, currency, purchases, paid, given, refunds, reversed)
    SELECT day, merchant, currency, count(*) FILTER (WHERE NOT is_refund), sum(paid),
      coalesce(sum(amount) FILTER (WHERE NOT is_refund), 0), count(*) FILTER (WHERE is_refund),
      coalesce(sum(amount) FILTER (WHERE is_refund), 0)
    FROM told GROUP BY day, merchant, currency ORDER BY day, merchant, currency
    ON CONFLICT (day, merchant, currency) DO UPDATE SET purchases = sums.purchases + excluded.purchases,
      paid = sums.paid + excluded.paid, given = sums.given + excluded.given,
      refunds = sums.refunds + excluded.refunds, reversed = sums.reversed + excluded.reversed`;
}

/** The same as `donorName` of `programmes/donor`, of the columns merchant and buyer; null where there is no buyer. */
const donorName = (sql: Queries, key: Uint8Array) => sql`
  substr(sha256(${key}::bytea || convert_to(merchant, 'UTF8') || '\\x00'::bytea || convert_to(buyer, 'UTF8')), 1, 16)`;

/** Whether anything is recorded of a donor that is not erased, in the index or behind it. */
export async function hasPurchases(sql: Queries, key: Uint8Array, donor: Uint8Array): Promise<boolean> {
  const found = await sql`
    SELECT WHERE EXISTS (SELECT FROM purchase_index WHERE donor = ${donor})
      OR EXISTS (SELECT FROM ${laterEvents(sql, key, donor)} AS later)`;
  return found.length === 1;
}

/** The events (id, body, receipts) of a donor that are not in the index yet, of all batches or of those up to `last`. */
const laterEvents = (sql: Queries, key: Uint8Array, donor: Uint8Array, last = LAST_BATCH) => sql`(
  SELECT id, body, receipts FROM (
    SELECT id, body, receipts, ${cutOut(sql, "merchant")} AS merchant, ${cutOut(sql, "buyer")} AS buyer FROM events
    WHERE batch > (SELECT indexed FROM index_progress) AND batch <= ${last} AND strpos(body, '"buyer":') > 0 OFFSET 0
  ) AS told WHERE ${donorName(sql, key)} = ${donor})`;

const LAST_BATCH = 2n ** 63n - 1n;

/** A gift as a donor's statement needs it. Watermarks are null while the contract has not been read. */
export type GivenGift = {
  readonly id: Buffer;
  readonly batch: bigint;
  readonly line: number;
  readonly kind: 0;
  readonly leaf: Buffer;
  readonly amount: bigint;
  readonly registration: string;
  readonly charity_name: string;
  readonly unit: string;
  /** Canonical JSON of the private details. */
  readonly private: string;
  readonly accepted_at: bigint;
  readonly refunded: bigint;
  /** Where its batch's statement of the line ends; null while it is not sealed. */
  readonly from: bigint | null;
  readonly to: bigint | null;
  readonly given: bigint | null;
  readonly paid: bigint | null;
  readonly acknowledged: bigint | null;
  readonly spent: bigint | null;
};

export type Period = { readonly from: bigint; readonly before: bigint };

/** How many batches behind the index are looked through, whole, for what a donor gave just now. */
const BATCHES_LOOKED_THROUGH = 10n;

/**
 * The gifts of a donor's purchases that completed in a period (Unix seconds, `before` left out), the earliest first, and
 * whether that is all: only so many batches are looked through that are not in the index yet. `key` is that of donors' names.
 */
export async function giftsOfDonor(
  sql: Queries,
  key: Uint8Array,
  donor: Uint8Array,
  { from, before }: Period,
  limit: number,
) {
  const rows = await sql<{ indexed: bigint; open: bigint }[]>`
    SELECT indexed, number AS open FROM index_progress, open_batch`;
  const { indexed, open } = only(rows);
  const last = indexed + BATCHES_LOOKED_THROUGH;
  // Purchases that gave nothing are left out before they are counted: else they would take the room of others.
  const gifts = await sql<GivenGift[]>`
    WITH own AS (
      SELECT event FROM purchase_index JOIN events ON id = event
      WHERE donor = ${donor} AND completed_at >= ${from} AND completed_at < ${before} AND receipts <> ''
      UNION
      SELECT id FROM ${laterEvents(sql, key, donor, last)} AS later
      WHERE (body::jsonb->>'completedAt')::bigint BETWEEN ${from} AND ${before - 1n} AND receipts <> ''
      LIMIT ${limit}
    )
    SELECT gift.id, gift.batch, gift.line, gift.kind, gift.leaf, gift.amount, registration, charities.name AS charity_name,
      lines.unit, gift.private, gift.accepted_at, statements."from", statements."to", given, paid, acknowledged, spent,
      (SELECT coalesce(sum(amount), 0)::bigint FROM reversals WHERE reversals.gift = gift.id) AS refunded
    FROM own JOIN events ON events.id = own.event
    CROSS JOIN LATERAL generate_series(0, length(events.receipts) / 16 - 1) AS n
    JOIN receipts AS gift ON gift.id = substr(events.receipts, 16 * n + 1, 16) AND gift.batch = events.batch
    JOIN lines ON lines.id = gift.line JOIN charities ON charities.id = lines.charity
    LEFT JOIN statements ON statements.batch = gift.batch AND statements.line = gift.line AND statements.kind = gift.kind
    LEFT JOIN watermarks ON watermarks.charity = lines.charity AND watermarks.unit = lines.unit
    WHERE gift.private IS NOT NULL AND gift.kind = 0
    ORDER BY (gift.private::jsonb->>'completedAt')::bigint, gift.id LIMIT ${limit}`;
  return { gifts, isWhole: open <= last };
}

/** A member whose text needs no escaping, without parsing the whole: a quote within a JSON text has a backslash before it. */
const cutOut = (sql: Queries, member: string) =>
  sql`split_part(split_part(body, ${`"${member}":"`}, 2), '"', 1)`;

/** Payouts of these lines that reach past what the charity has acknowledged: [from, upto), and by which rail. */
export type OpenPayout = {
  readonly line: number;
  readonly from: bigint;
  readonly upto: bigint;
  readonly bank: boolean;
  /** When the contract recorded it for the first time. */
  readonly paid_at: Date;
};

export const openPayouts = (sql: Queries, lines: readonly number[]) =>
  sql<OpenPayout[]>`
    SELECT lines.id AS line, (args->>'from')::bigint AS from, (args->>'upTo')::bigint AS upto, kind = 'payBank' AS bank,
      mined_at AS paid_at
    FROM lines
    JOIN chain_calls ON coalesce(args->>'charity', args->'acknowledgement'->>'charity',
      args->'disbursement'->>'charity', args->'statement'->>'charity') = '0x' || encode(charity, 'hex')
      AND args->>'unit' = unit
    LEFT JOIN watermarks ON watermarks.charity = lines.charity AND watermarks.unit = lines.unit
    WHERE lines.id = ANY(${`{${lines}}`}::integer[]) AND kind IN ('payBank', 'payToken') AND state IN ('mined', 'final')
      AND (args->>'upTo')::bigint > coalesce(acknowledged, 0)`;
