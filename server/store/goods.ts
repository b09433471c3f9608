// The price lists of charities' own shops. Prices are added and never changed: each sale has the one that was in force.

import { type Database, only, type Queries, type Transaction, textArray } from "./database.ts";

export type StoredPrice = {
  readonly merchant: string;
  readonly product: string;
  readonly currency: string;
  /** Unix seconds. */
  readonly valid_from: bigint;
  /** Of one piece, in minor units; null where it is not sold any more. */
  readonly price: bigint | null;
  readonly title: string;
  readonly outcome: string | null;
};

type Priced = { readonly price: StoredPrice; readonly isNew: boolean };

/**
 * Adds a price that begins at `from` (Unix seconds), where that is said; else, or where it is new, `beginningOf` decides, is
 * told whether it is the product's first in its currency, and may throw. Two at once follow each other. Answers with the
 * price of that moment, which stays as it is, and whether it is new.
 */
export function addPrice(
  sql: Database,
  price: Omit<StoredPrice, "valid_from">,
  from: number | undefined,
  beginningOf: (isFirst: boolean) => number,
): Promise<Priced> {
  return sql.begin("ISOLATION LEVEL READ COMMITTED", async (tx): Promise<Priced> => {
    await tx`SELECT FROM merchants WHERE id = ${price.merchant} FOR NO KEY UPDATE`;
    const recorded = await tx<StoredPrice[]>`
      SELECT * FROM goods_prices
      WHERE (merchant, product, currency) = (${price.merchant}, ${price.product}, ${price.currency})
      ORDER BY valid_from = ${from ?? null}::bigint DESC NULLS LAST LIMIT 1`;
    const [known] = recorded;
    if (known !== undefined && known.valid_from === BigInt(from ?? -1)) return { price: known, isNew: false };
    return { price: await insertPrice(tx, price, beginningOf(known === undefined)), isNew: true };
  }) as Promise<Priced>;
}

async function insertPrice(tx: Transaction, given: Omit<StoredPrice, "valid_from">, from: number) {
  const { merchant, product, currency, price, title, outcome } = given;
  const rows = await tx<StoredPrice[]>`
    INSERT INTO goods_prices (merchant, product, currency, valid_from, price, title, outcome)
    VALUES (${merchant}, ${product}, ${currency}, ${from}, ${price}, ${title}, ${outcome})
    ON CONFLICT (merchant, product, currency, valid_from) DO UPDATE SET product = excluded.product RETURNING *`;
  return only(rows);
}

/** What is sold at a moment (Unix seconds), by product and currency: a page behind those of `after`. */
export const goodsAt = (
  sql: Queries,
  merchant: string,
  at: number,
  [product, currency]: readonly [string, string],
  limit: number,
) =>
  sql<StoredPrice[]>`
    SELECT * FROM (
      SELECT DISTINCT ON (product, currency) * FROM goods_prices
      WHERE merchant = ${merchant} AND (product, currency) > (${product}, ${currency}) AND valid_from <= ${at}
      ORDER BY product, currency, valid_from DESC
    ) AS list WHERE price IS NOT NULL ORDER BY product, currency LIMIT ${limit}`;

/** All prices that a product has had and will have, the newest first. */
export const pricesOfProduct = (sql: Queries, merchant: string, product: string, limit: number) =>
  sql<StoredPrice[]>`
    SELECT * FROM goods_prices WHERE merchant = ${merchant} AND product = ${product}
    ORDER BY valid_from DESC, currency LIMIT ${limit}`;

/** A product whose price at a moment (Unix seconds) is wanted. */
export type WantedPrice = {
  readonly merchant: string;
  readonly product: string;
  readonly currency: string;
  readonly at: number;
};

/** The prices in force, each for the product that was asked for; undefined where there is none. One query. */
export async function pricesInForce(
  sql: Queries,
  wanted: readonly WantedPrice[],
): Promise<(StoredPrice | undefined)[]> {
  if (wanted.length === 0) return [];
  const column = (read: (each: WantedPrice) => string) => textArray(wanted.map(read));
  const rows = await sql<(StoredPrice & { n: bigint })[]>`
    SELECT n, list.* FROM unnest(
      ${column(({ merchant }) => merchant)}::text[], ${column(({ product }) => product)}::text[],
      ${column(({ currency }) => currency)}::text[], ${`{${wanted.map(({ at }) => at)}}`}::bigint[]
    ) WITH ORDINALITY AS wanted (merchant, product, currency, at, n)
    CROSS JOIN LATERAL (
      SELECT * FROM goods_prices AS price
      WHERE price.merchant = wanted.merchant AND price.product = wanted.product AND price.currency = wanted.currency
        AND valid_from <= at ORDER BY valid_from DESC LIMIT 1) AS list`;
  const found = new Map(rows.map(({ n, ...price }) => [Number(n) - 1, price]));
  return wanted.map((_, index) => found.get(index));
}
