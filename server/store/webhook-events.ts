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

const MOST_LISTENERS = 1_000;

type Untold = {
  id: bigint;
  kind: WebhookKind;
  key: string;
  charity: Buffer | null;
  merchant: string | null;
  told_to: bigint;
};

/**
 * Makes the messages of the oldest happening that is not told yet, to the next thousand endpoints: one bounded step in one
 * transaction, so that nothing is lost where it is cut off, and nothing is made twice. False when there was nothing to do.
 */
export function shareOut(sql: Database): Promise<boolean> {
  return sql.begin("ISOLATION LEVEL READ COMMITTED", async (tx) => {
    const [event] = await tx<Untold[]>`
      SELECT id, kind, key, charity, merchant, told_to FROM webhook_events
      WHERE told_at IS NULL ORDER BY id LIMIT 1 FOR UPDATE`;
    if (event === undefined) return false;
    const endpoints = await tx<{ id: bigint }[]>`
      SELECT id FROM webhooks WHERE id > ${event.told_to} AND (${event.merchant}::text IS NULL OR subject = ${event.merchant})
      ORDER BY id LIMIT ${MOST_LISTENERS}`;
    await shareWith(tx, event, endpoints);
    const last = endpoints.length < MOST_LISTENERS ? null : (endpoints.at(-1)?.id ?? null);
    await tx`
      UPDATE webhook_events SET told_to = coalesce(${last}, told_to), told_at = CASE WHEN ${last}::bigint IS NULL THEN now() END
      WHERE id = ${event.id}`;
    return true;
  }) as Promise<boolean>;
}

/** Of these endpoints with those that want to hear of it and may; who may is told in `programmes/webhooks/kinds`. */
async function shareWith(
  tx: Transaction,
  { kind, key, charity, merchant }: Untold,
  endpoints: readonly { id: bigint }[],
) {
  await tx`
    INSERT INTO webhook_messages (endpoint, kind, key)
    SELECT id, ${kind}, ${key} FROM webhooks
    WHERE id = ANY(${`{${endpoints.map(({ id }) => id)}}`}::bigint[]) AND ${hears(tx, kind)} AND disabled_at IS NULL AND CASE
      WHEN ${merchant}::text IS NOT NULL THEN role = 'merchant' AND subject = ${merchant}
      WHEN ${charity}::bytea IS NULL OR role = 'operator' THEN true
      WHEN role = 'charity' THEN charity = ${charity}
      ELSE EXISTS (SELECT FROM merchant_gifts JOIN lines ON lines.id = line
        WHERE merchant_gifts.merchant = subject AND lines.charity = ${charity}) END
    ON CONFLICT DO NOTHING`;
}

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
