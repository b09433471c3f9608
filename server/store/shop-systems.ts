// Shop systems that may tell of a merchant's orders: the secrets that they sign with, and what they told twice, differently.

import type { ShopSystem } from "../programmes/shop-systems/shop-order.ts";
import type { Database, Queries } from "./database.ts";

const KEPT_DAYS = 7;

/** Puts a secret in force; the one before stays for a week, and any older one goes. False when it is in force already. */
export async function setShopSecret(
  sql: Database,
  merchant: string,
  system: ShopSystem,
  secret: string,
): Promise<boolean> {
  return (await sql.begin(async (tx) => {
    const own = tx`merchant = ${merchant} AND system = ${system}`;
    await tx`SELECT FROM merchants WHERE id = ${merchant} FOR UPDATE`;
    const [same] = await tx`SELECT FROM shop_systems WHERE ${own} AND secret = ${secret} AND until IS NULL`;
    if (same !== undefined) return false;
    await tx`DELETE FROM shop_systems WHERE ${own} AND (until IS NOT NULL OR secret = ${secret})`;
    await tx`UPDATE shop_systems SET until = now() + ${KEPT_DAYS} * interval '1 day' WHERE ${own}`;
    await tx`INSERT INTO shop_systems (merchant, system, secret) VALUES (${merchant}, ${system}, ${secret})`;
    return true;
  })) as boolean;
}

/** Takes all secrets of a system away: it may tell of nothing any more. False when there was none. */
export async function dropShopSystem(sql: Queries, merchant: string, system: ShopSystem): Promise<boolean> {
  const gone = await sql`
    DELETE FROM shop_systems WHERE merchant = ${merchant} AND system = ${system} RETURNING system`;
  return gone.length > 0;
}

/** The secrets in force: two at most. */
export async function shopSecrets(sql: Queries, merchant: string, system: ShopSystem): Promise<string[]> {
  const rows = await sql<{ secret: string }[]>`
    SELECT secret FROM shop_systems
    WHERE merchant = ${merchant} AND system = ${system} AND (until IS NULL OR until > now())`;
  return rows.map(({ secret }) => secret);
}

export type ShopSystemState = {
  readonly system: ShopSystem;
  readonly created_at: Date;
  /** Until when the secret before counts too; null when there is none. */
  readonly former_until: Date | null;
};

export const shopSystemsOf = (sql: Queries, merchant: string) =>
  sql<ShopSystemState[]>`
    SELECT system, max(created_at) FILTER (WHERE until IS NULL) AS created_at,
      max(until) FILTER (WHERE until > now()) AS former_until
    FROM shop_systems WHERE merchant = ${merchant} GROUP BY system ORDER BY system`;

export type ShopConflict = { readonly name: string; readonly differs: string; readonly told_at: Date };

/** Keeps that something was told again with other content, once for each name. */
export async function keepConflict(sql: Queries, merchant: string, name: string, differs: string) {
  await sql`
    INSERT INTO shop_conflicts (merchant, name, differs) VALUES (${merchant}, ${name}, ${differs})
    ON CONFLICT (merchant, name) DO UPDATE SET differs = excluded.differs, told_at = now()`;
}

export const conflictsAfter = (sql: Queries, merchant: string, after: string, limit: number) =>
  sql<ShopConflict[]>`
    SELECT name, differs, told_at FROM shop_conflicts WHERE merchant = ${merchant} AND name > ${after}
    ORDER BY name LIMIT ${limit}`;

/** A purchase as it was told, null once erased, and the refunds of it so far; undefined when it is not recorded. */
export async function purchaseAsTold(sql: Queries, event: Uint8Array) {
  const [told] = await sql<{ body: string | null }[]>`SELECT body FROM events WHERE id = ${event}`;
  if (told === undefined) return undefined;
  const refunds = await sql<{ refund: Buffer; body: string | null }[]>`
    SELECT refund, body FROM refunds WHERE purchase = ${event} ORDER BY position`;
  return { body: told.body, refunds };
}
