// What all lines of a unit come to, in all and day by day (migration 0017): kept while batches are sealed and watermarks
// are read, so that telling it costs the same however many receipts, statements and lines there are.

import { only, type Queries, type Transaction } from "./database.ts";

/** Sums in minor units, as decimal text: over all lines they may exceed what a line can hold. */
export type Sums = {
  readonly given: string;
  readonly reversed: string;
  readonly paid: string;
  /** Of `paid`: what refunds were set off, so that it was not transferred. */
  readonly netted: string;
  readonly acknowledged: string;
  readonly spent: string;
};

export type UnitTotals = Sums & { readonly unit: string; readonly gifts: bigint };

const sums = (sql: Queries) => sql`
  given::text, reversed::text, paid::text, netted::text, acknowledged::text, spent::text`;

/** The totals of every unit in which something was given. */
export const unitTotals = (sql: Queries) =>
  sql<UnitTotals[]>`SELECT unit, gifts, ${sums(sql)} FROM unit_totals ORDER BY unit`;

export type DayTotals = Sums & { readonly day: number; readonly gifts: bigint };

/** The days of [from, to] on which something happened, counted from 1970, the earliest first. */
export const dayTotals = (sql: Queries, unit: string, from: number, to: number) =>
  sql<DayTotals[]>`
    SELECT day, gifts, ${sums(sql)} FROM day_totals
    WHERE unit = ${unit} AND day BETWEEN ${from} AND ${to} ORDER BY day`;

/** What there was of a unit before a day. */
export async function totalsBefore(sql: Queries, unit: string, day: number): Promise<Sums> {
  const rows = await sql<Sums[]>`
    SELECT coalesce(sum(given), 0)::text AS given, coalesce(sum(reversed), 0)::text AS reversed,
      coalesce(sum(paid), 0)::text AS paid, coalesce(sum(netted), 0)::text AS netted,
      coalesce(sum(acknowledged), 0)::text AS acknowledged, coalesce(sum(spent), 0)::text AS spent
    FROM day_totals WHERE unit = ${unit} AND day < ${day}`;
  return only(rows);
}

/** Adds what a batch gives and takes back, by its statements. Once a batch: in the transaction that seals it. */
export async function addSealed(tx: Transaction, batch: bigint): Promise<void> {
  await tx`
    SELECT add_to_totals(unit, day, gifts, given, reversed, 0, 0, 0, 0) FROM (
      SELECT unit, (SELECT closed_at / 86400 FROM batches WHERE number = ${batch}) AS day,
        coalesce(sum(receipts) FILTER (WHERE kind = 0), 0)::bigint AS gifts,
        coalesce(sum("to" - "from") FILTER (WHERE kind = 0), 0) AS given,
        coalesce(sum("to" - "from") FILTER (WHERE kind = 1), 0) AS reversed
      FROM statements JOIN lines ON lines.id = line WHERE batch = ${batch} GROUP BY unit ORDER BY unit) AS added`;
}

const RECENT_SECONDS = 300;

/** A sealed batch's commits have served; how many receipts they added in which second is kept for some minutes. */
export async function forgetCommits(tx: Transaction, batch: bigint): Promise<void> {
  await tx`
    WITH gone AS (DELETE FROM commits WHERE batch = ${batch} RETURNING receipts, floor(extract(epoch FROM at))::bigint AS second)
    INSERT INTO recent_receipts (second, batch, receipts)
    SELECT second, ${batch}, sum(receipts) FROM gone
    WHERE second > extract(epoch FROM clock_timestamp()) - ${RECENT_SECONDS} GROUP BY second`;
  await tx`DELETE FROM recent_receipts WHERE second < extract(epoch FROM clock_timestamp()) - ${RECENT_SECONDS}`;
}

export type Pace = {
  /** The open batch, and how many receipts are in it so far. */
  readonly open: bigint;
  readonly waiting: bigint;
  /** Receipts that were written within the last sixty seconds, by any process. */
  readonly minute: bigint;
};

/** By the commits of batches that are not sealed, and the seconds that are kept of those that are. */
export async function paceOf(sql: Queries): Promise<Pace> {
  const rows = await sql<Pace[]>`
    SELECT number AS open,
      (SELECT coalesce(sum(receipts), 0) FROM commits)::bigint AS waiting,
      ((SELECT coalesce(sum(receipts), 0) FROM commits WHERE at > clock_timestamp() - interval '1 minute')
        + (SELECT coalesce(sum(receipts), 0) FROM recent_receipts
          WHERE second >= extract(epoch FROM clock_timestamp()) - 60))::bigint AS minute
    FROM open_batch`;
  return only(rows);
}

/** A payout by bank that the charity has not signed for. */
export type OldestClaim = {
  readonly payout: bigint;
  readonly registration: string;
  readonly name: string;
  readonly unit: string;
  readonly amount: bigint;
  readonly since: Date;
};

/** The one that was recorded first of those that nobody has signed for. */
export async function oldestClaim(sql: Queries): Promise<OldestClaim | undefined> {
  const [row] = await sql<OldestClaim[]>`
    SELECT payouts.id AS payout, registration, name, unit, amount, paid_at AS since
    FROM payouts JOIN lines ON lines.id = line JOIN charities ON charities.id = charity
    WHERE payouts.rail = 'bank' AND payouts.state = 'paid' AND acknowledged_at IS NULL
    ORDER BY paid_at, payouts.id LIMIT 1`;
  return row;
}
