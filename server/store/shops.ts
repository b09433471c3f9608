// Charities' own shops: which merchants they are, and what was given under each of their pledges, added up while batches are
// indexed, and what the charities have reported as served. Nothing is counted when somebody asks.

import type { Queries, Transaction } from "./database.ts";

/** Adds what batches [from, upTo] give and take back under pledges of charities' shops. Once a batch, in the index's step. */
export async function addShopGifts(tx: Transaction, from: bigint, upTo: bigint): Promise<void> {
  if ((await tx`SELECT FROM shop_pledges LIMIT 1`).length === 0) return;
  await tx`
    UPDATE shop_pledges SET gifts = shop_pledges.gifts + added.gifts, given = given + added.amount
    FROM (
      SELECT terms, count(*) AS gifts, sum(amount)::bigint AS amount FROM receipts
      WHERE batch BETWEEN ${from} AND ${upTo} AND kind = 0 AND terms IN (SELECT pledge FROM shop_pledges) GROUP BY terms
    ) AS added WHERE pledge = added.terms`;
  await tx`
    UPDATE shop_pledges SET reversed = reversed + added.amount
    FROM (
      SELECT shop_pledge, sum(amount)::bigint AS amount FROM reversals
      WHERE batch BETWEEN ${from} AND ${upTo} AND shop_pledge IS NOT NULL GROUP BY shop_pledge
    ) AS added WHERE pledge = added.shop_pledge`;
}

/** What was given under a pledge of a charity's shop, in minor units. */
export type ShopGifts = {
  readonly pledge: Buffer;
  readonly gifts: bigint;
  readonly given: bigint;
  readonly reversed: bigint;
};

export const giftsOfShop = (sql: Queries, merchant: string, most: number) =>
  sql<ShopGifts[]>`
    SELECT pledge, gifts, given, reversed FROM shop_pledges WHERE merchant = ${merchant} ORDER BY pledge LIMIT ${most}`;

/** Merchants that are charities' own shops: a page by id. */
export const shopsAfter = (sql: Queries, after: string, limit: number) =>
  sql<{ id: string; name: string }[]>`
    SELECT id, name FROM merchants WHERE id > ${after} AND EXISTS (SELECT FROM shop_pledges WHERE merchant = id)
    ORDER BY id LIMIT ${limit}`;

/**
 * How many of a thing a charity has reported, by its reports that the contract has taken: those whose measure is `unit`, or
 * that name the thing itself; in either case, one or many. Exact decimal text.
 */
export async function countReported(
  sql: Queries,
  charity: Uint8Array,
  { what, unit }: { readonly what: string; readonly unit: string },
): Promise<string> {
  const [row] = await sql<{ count: string }[]>`
    SELECT coalesce(trim_scale(sum(count)), 0)::text AS count FROM reported_things
    WHERE charity = ${charity} AND (measure = thing_name(${unit}) OR what = thing_name(${what})) AND EXISTS (
      SELECT FROM chain_calls WHERE kind = 'disburse' AND state <> 'failed' AND mined_at IS NOT NULL
        AND args->'disbursement'->>'charity' = '0x' || encode(${charity}::bytea, 'hex')
        AND args->'disbursement'->>'evidence' = '0x' || encode(report, 'hex'))`;
  return (row as { count: string }).count;
}
