// What has happened that other systems may want to hear of, and the messages that it comes to: one for each endpoint that
// asked for it. What is written in the transaction of what happens is in migration 0026; here it is shared out.

import type { EventRecord } from "../programmes/record.ts";
import type { WebhookKind } from "../programmes/webhooks/kinds.ts";
import type { Database, Queries, Transaction } from "./database.ts";

/** Writes down that a refund reversed gifts, where its merchant wants to hear of that. */
export async function tellOfRefund(tx: Queries, { id, body }: EventRecord): Promise<void> {
  const { merchant } = JSON.parse(body) as { merchant: string };
  await tx`
    INSERT INTO webhook_events (kind, key, merchant) SELECT 'receipt.recorded', ${Buffer.from(id).toString("hex")}, ${merchant}
    WHERE EXISTS (SELECT FROM webhooks WHERE role = 'merchant' AND subject = ${merchant} AND ${hears(tx, "receipt.recorded")})
    ON CONFLICT DO NOTHING`;
}

const hears = (sql: Queries, kind: WebhookKind) => sql`strpos(kinds, ${` ${kind} `}) > 0`;

const MOST_EVENTS = 100;

/**
 * Makes the messages of what has happened: one bounded step in one transaction, so that nothing is lost where it is cut
 * off, and nothing is made twice. Answers with how many happenings were shared out.
 */
export function shareOut(sql: Database): Promise<number> {
  return sql.begin("ISOLATION LEVEL READ COMMITTED", async (tx) => {
    const events = await tx<{ id: bigint }[]>`
      SELECT id FROM webhook_events WHERE told_at IS NULL ORDER BY id LIMIT ${MOST_EVENTS} FOR UPDATE`;
    if (events.length === 0) return 0;
    const ids = `{${events.map(({ id }) => id)}}`;
    await tx`
      INSERT INTO webhook_messages (endpoint, kind, key)
      SELECT webhooks.id, kind, key FROM webhook_events JOIN webhooks
        ON strpos(kinds, ' ' || kind || ' ') > 0 AND disabled_at IS NULL AND ${mayHear(tx)}
      WHERE webhook_events.id = ANY(${ids}::bigint[])
      ON CONFLICT DO NOTHING`;
    await tx`UPDATE webhook_events SET told_at = now() WHERE id = ANY(${ids}::bigint[])`;
    return events.length;
  }) as Promise<number>;
}

/** See `programmes/webhooks/kinds`. */
const mayHear = (sql: Queries) => sql`CASE
  WHEN merchant IS NOT NULL THEN role = 'merchant' AND subject = merchant
  WHEN webhook_events.charity IS NULL OR role = 'operator' THEN true
  WHEN role = 'charity' THEN webhooks.charity = webhook_events.charity
  ELSE EXISTS (SELECT FROM merchant_gifts JOIN lines ON lines.id = line
    WHERE merchant_gifts.merchant = subject AND lines.charity = webhook_events.charity) END`;

const MOST_ENDPOINTS = 100;
const MOST_PURCHASES = 500;
/** So many messages of an endpoint wait at most for their turn; the purchases behind them wait where they are. */
const MOST_WAITING = 5_000;

/**
 * Goes on through the purchases of merchants who want to hear of them, as far as the index of purchases has come: the next
 * hundred endpoints behind `after`, each by a bounded step. Answers with the last of them; 0 when all have been seen.
 */
export async function sharePurchases(sql: Database, after: bigint): Promise<{ last: bigint; made: number }> {
  const endpoints = await sql<{ id: bigint }[]>`
    SELECT id FROM webhooks WHERE id > ${after} AND role = 'merchant' AND disabled_at IS NULL
      AND ${hears(sql, "receipt.recorded")} ORDER BY id LIMIT ${MOST_ENDPOINTS}`;
  let made = 0;
  for (const { id } of endpoints) made += await sharePurchasesWith(sql, id);
  return { last: endpoints.length < MOST_ENDPOINTS ? 0n : (endpoints.at(-1)?.id ?? 0n), made };
}

const sharePurchasesWith = (sql: Database, endpoint: bigint): Promise<number> =>
  sql.begin("ISOLATION LEVEL READ COMMITTED", async (tx) => {
    const [at] = await tx<{ subject: string; batch: bigint; event: Buffer }[]>`
      SELECT subject, batch, event FROM webhooks WHERE id = ${endpoint} FOR UPDATE`;
    if (at === undefined || (await isFull(tx, endpoint))) return 0;
    const purchases = await tx<{ batch: bigint; event: Buffer }[]>`
      SELECT batch, event FROM purchase_index
      WHERE merchant = ${at.subject} AND (batch, event) > (${at.batch}, ${at.event})
      ORDER BY batch, event LIMIT ${MOST_PURCHASES}`;
    const last = purchases.at(-1);
    if (last === undefined) return 0;
    await tx`
      INSERT INTO webhook_messages (endpoint, kind, key)
      SELECT ${endpoint}, 'receipt.recorded', key FROM unnest(${`{${purchases.map(({ event }) => event.toString("hex"))}}`}::text[]) AS key
      ON CONFLICT DO NOTHING`;
    await tx`UPDATE webhooks SET batch = ${last.batch}, event = ${last.event} WHERE id = ${endpoint}`;
    return purchases.length;
  }) as Promise<number>;

async function isFull(tx: Transaction, endpoint: bigint): Promise<boolean> {
  const rows = await tx`
    SELECT FROM webhook_messages WHERE endpoint = ${endpoint} AND due_at IS NOT NULL OFFSET ${MOST_WAITING - 1} LIMIT 1`;
  return rows.length > 0;
}
