// What was given over a period, line by line, and how much of it by each merchant that shows its totals. Added up by the
// index in `donors`, by the day on which batches were closed; sums are exact, whatever they come to.

import { only, type Queries } from "./database.ts";
import { rowsAtATime, type Unsent } from "./exports.ts";

/** Days counted from 1970, both of them in it. */
export type Days = { readonly first: number; readonly last: number };

/** What a line was given within a period, in minor units. */
export type LineSum = {
  readonly line: number;
  readonly registration: string;
  /** The charity's. */
  readonly name: string;
  readonly unit: string;
  /** Decimals, since 64 bits may not hold the sum. */
  readonly given: string;
  readonly reversed: string;
};

/** The same of one merchant's buyers. */
export type MerchantSum = LineSum & { readonly merchant: string; readonly donor: string };

/** By merchant; only of those that show their totals. */
export const sumsOfMerchants = (sql: Queries, { first, last }: Days, signal: AbortSignal) =>
  rowsAtATime<MerchantSum>(
    sql`
      SELECT merchants.id AS merchant, legal_donor AS donor, line, registration, charities.name, unit, given, reversed
      FROM merchants CROSS JOIN LATERAL (
        SELECT line, sum(given)::text AS given, sum(reversed)::text AS reversed FROM merchant_gift_days
        WHERE merchant = merchants.id AND day BETWEEN ${first} AND ${last} GROUP BY line
      ) AS sums JOIN lines ON lines.id = line JOIN charities ON charities.id = charity
      WHERE shows_totals ORDER BY merchants.id, line` as unknown as Unsent<MerchantSum>,
    signal,
  );

/** Of every line that was given anything within the period. */
export const sumsOfLines = (sql: Queries, { first, last }: Days, signal: AbortSignal) =>
  rowsAtATime<LineSum>(
    sql`
      SELECT lines.id AS line, registration, name, unit, given, reversed
      FROM lines JOIN charities ON charities.id = charity CROSS JOIN LATERAL (
        SELECT sum(given)::text AS given, sum(reversed)::text AS reversed FROM line_days
        WHERE line = lines.id AND day BETWEEN ${first} AND ${last}
      ) AS sums WHERE given IS NOT NULL ORDER BY lines.id` as unknown as Unsent<LineSum>,
    signal,
  );

/** The last batch that is in the sums; 0 while there is none. */
export const lastBatchSummed = async (sql: Queries): Promise<bigint> =>
  only(await sql<{ indexed: bigint }[]>`SELECT indexed FROM index_progress`).indexed;
