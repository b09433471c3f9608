// What campaigns have come to. Each write leaves its counts behind in its own transaction; sealing a batch folds them, in
// one transaction too: whoever reads both in one statement reads the sum of the receipts that there are at that moment.

import type { Total } from "../programmes/campaign.ts";
import type { Queries, Transaction } from "./database.ts";

type Row = {
  readonly campaign: number;
  readonly unit: string;
  readonly gifts: string;
  readonly given: string;
  readonly reversals: string;
  readonly taken_back: string;
};

const sums = (sql: Queries) => sql`
  coalesce(sum(receipts) FILTER (WHERE kind = 0), 0)::text AS gifts, coalesce(sum(sum) FILTER (WHERE kind = 0), 0)::text AS given,
  coalesce(sum(receipts) FILTER (WHERE kind = 1), 0)::text AS reversals,
  coalesce(sum(sum) FILTER (WHERE kind = 1), 0)::text AS taken_back`;

const toTotal = ({ unit, gifts, given, reversals, taken_back }: Row): Total => ({
  unit,
  gifts: BigInt(gifts),
  given: BigInt(given),
  reversals: BigInt(reversals),
  takenBack: BigInt(taken_back),
});

/** The totals of these campaigns as they are now, by their numbers, each by unit. One statement: one moment. */
export async function campaignTotals(
  sql: Queries,
  numbers: readonly number[],
): Promise<Map<number, readonly Total[]>> {
  const wanted = `{${numbers}}`;
  const rows = await sql<Row[]>`
    SELECT campaign, unit, ${sums(sql)} FROM (
      SELECT campaign, unit, kind, receipts, sum FROM campaign_totals WHERE campaign = ANY(${wanted}::integer[])
      UNION ALL
      SELECT campaign, unit, kind, receipts, sum FROM campaign_counts WHERE campaign = ANY(${wanted}::integer[])) AS parts
    GROUP BY campaign, unit ORDER BY campaign, unit`;
  const of = (number: number) => rows.filter(({ campaign }) => campaign === number).map(toTotal);
  return new Map(numbers.map((number) => [number, of(number)]));
}

export type BatchTotal = Total & { readonly batch: bigint };

/** What each sealed batch has added to a campaign, behind (batch, unit): fixed for ever. */
export async function campaignBatches(
  sql: Queries,
  number: number,
  after: { readonly batch: bigint; readonly unit: string },
  limit: number,
): Promise<BatchTotal[]> {
  const rows = await sql<(Row & { batch: bigint })[]>`
    SELECT batch, unit, ${sums(sql)} FROM campaign_batches
    WHERE campaign = ${number} AND (batch, unit) > (${after.batch}, ${after.unit})
    GROUP BY batch, unit ORDER BY batch, unit LIMIT ${limit}`;
  return rows.map((row) => ({ batch: row.batch, ...toTotal(row) }));
}

/** Folds what the writes of a batch have counted into the batch's figures and the totals. In the transaction that seals it. */
export async function foldCounts(tx: Transaction, batch: bigint): Promise<void> {
  await tx`
    WITH gone AS (
      DELETE FROM campaign_counts WHERE batch = ${batch} RETURNING campaign, unit, kind, receipts, sum
    ), folded AS (
      INSERT INTO campaign_batches (campaign, batch, unit, kind, receipts, sum)
      SELECT campaign, ${batch}, unit, kind, sum(receipts), sum(sum) FROM gone GROUP BY campaign, unit, kind
      RETURNING campaign, unit, kind, receipts, sum
    )
    INSERT INTO campaign_totals AS total (campaign, unit, kind, receipts, sum)
    SELECT campaign, unit, kind, receipts, sum FROM folded
    ON CONFLICT (campaign, unit, kind) DO UPDATE SET receipts = total.receipts + excluded.receipts, sum = total.sum + excluded.sum`;
}
