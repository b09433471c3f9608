// What a merchant has given in all, by charity and unit, and which batches hold the totals of its last days. Added up by
// the index in `donors`: nothing is counted when somebody asks.

import { only, type Queries } from "./database.ts";

/** One line that a merchant has given to, in minor units. */
export type GivenToLine = {
  readonly registration: string;
  readonly name: string;
  readonly unit: string;
  readonly given: bigint;
  readonly reversed: bigint;
};

/** A merchant gives to as many lines as its pledges have named, ever; so many are told. */
export const MOST_LINES = 1_000;

/** The largest first. */
export const giftsOfMerchant = (sql: Queries, merchant: string) =>
  sql<GivenToLine[]>`
    SELECT registration, charities.name, unit, given, reversed
    FROM merchant_gifts JOIN lines ON lines.id = line JOIN charities ON charities.id = charity
    WHERE merchant = ${merchant} ORDER BY given DESC, registration, unit LIMIT ${MOST_LINES}`;

/** The batches whose gifts are counted: from the first to the last, which is 0 while there is none. */
export async function batchesCounted(
  sql: Queries,
): Promise<{ readonly first: bigint; readonly last: bigint }> {
  return only(
    await sql<
      { first: bigint; last: bigint }[]
    >`SELECT gifts_from AS first, indexed AS last FROM index_progress`,
  );
}

/** A day, counted from 1970, whose total is recorded: the hash of its document, and the batch that timestamps it. */
export type PublishedDay = { readonly day: number; readonly document: Buffer; readonly batch: bigint };

/** The last days of a merchant, the newest first. */
export const publishedDays = (sql: Queries, merchant: string, limit: number) =>
  sql<PublishedDay[]>`
    SELECT day, document, batch FROM merchant_totals JOIN documents ON hash = document
    WHERE merchant = ${merchant} ORDER BY day DESC LIMIT ${limit}`;
