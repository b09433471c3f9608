// The endpoints that other systems have named.

import { type Listener, TEST_KIND, type WebhookKind } from "../programmes/webhooks/kinds.ts";
import { type Database, only, type Queries } from "./database.ts";

export type Webhook = {
  readonly id: bigint;
  readonly role: Listener;
  readonly subject: string | null;
  readonly url: string;
  readonly kinds: readonly WebhookKind[];
  readonly created_at: Date;
  /** Since when no message was taken; null when the last one was. */
  readonly failing_since: Date | null;
  readonly disabled_at: Date | null;
  readonly disabled_reason: string | null;
  readonly former_until: Date | null;
};

export type NewWebhook = Pick<Webhook, "role" | "subject" | "url" | "kinds"> & {
  readonly charity: Uint8Array | null;
  readonly secret: Uint8Array;
};

type Row = Omit<Webhook, "kinds"> & { kinds: string };

const toWebhook = ({ kinds, ...row }: Row): Webhook => ({
  ...row,
  kinds: kinds.trim().split(" ") as WebhookKind[],
});

const COLUMNS = (sql: Queries) => sql`id, role, subject, url, kinds, created_at, failing_since, disabled_at,
  disabled_reason, CASE WHEN former_until > now() THEN former_until END AS former_until`;

/** Of one caller: whoever needs more has made a mistake. */
const MOST_WEBHOOKS = 20;

/** Hears of what happens from now on. Undefined when the caller has as many as one may have. */
export function addWebhook(sql: Database, webhook: NewWebhook): Promise<Webhook | undefined> {
  const { role, subject, charity, url, kinds, secret } = webhook;
  return sql.begin(async (tx) => {
    const own = await webhooksOf(tx, role, subject);
    if (own.length >= MOST_WEBHOOKS) return undefined;
    // Purchases of the open batch and of those that are not in the index yet are told of: they are on their way there.
    const rows = await tx<Row[]>`
      INSERT INTO webhooks (role, subject, charity, url, kinds, secret, batch)
      SELECT ${role}, ${subject}, ${charity}, ${url}, ${` ${kinds.join(" ")} `}, ${secret}, indexed + 1 FROM index_progress
      RETURNING ${COLUMNS(tx)}`;
    return toWebhook(only(rows));
  }) as Promise<Webhook | undefined>;
}

export async function webhooksOf(sql: Queries, role: Listener, subject: string | null): Promise<Webhook[]> {
  const rows = await sql<Row[]>`
    SELECT ${COLUMNS(sql)} FROM webhooks WHERE role = ${role} AND subject IS NOT DISTINCT FROM ${subject} ORDER BY id`;
  return rows.map(toWebhook);
}

export async function webhookById(sql: Queries, id: bigint): Promise<Webhook | undefined> {
  const rows = await sql<Row[]>`SELECT ${COLUMNS(sql)} FROM webhooks WHERE id = ${id}`;
  return rows.map(toWebhook)[0];
}

export async function dropWebhook(sql: Queries, id: bigint): Promise<void> {
  await sql`DELETE FROM webhooks WHERE id = ${id}`;
}

const FORMER_HOURS = 24;

/** Puts a new secret in force; for a day messages carry a signature by the one before as well. */
export async function rotateSecret(sql: Queries, id: bigint, secret: Uint8Array): Promise<void> {
  await sql`
    UPDATE webhooks SET former_secret = secret, former_until = now() + ${FORMER_HOURS} * interval '1 hour', secret = ${secret}
    WHERE id = ${id}`;
}

/** Has a disabled endpoint told again, and all that waits for it sent at once. */
export async function enableWebhook(sql: Database, id: bigint): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`
      UPDATE webhooks SET disabled_at = NULL, disabled_reason = NULL, failing_since = NULL WHERE id = ${id}`;
    await tx`UPDATE webhook_messages SET due_at = now() WHERE endpoint = ${id} AND due_at IS NOT NULL`;
  });
}

/** Asks for a message that says nothing but that this endpoint is told; `key` tells it from others. */
export async function askTest(sql: Queries, id: bigint, key: string): Promise<void> {
  await sql`INSERT INTO webhook_messages (endpoint, kind, key) VALUES (${id}, ${TEST_KIND}, ${key})
    ON CONFLICT DO NOTHING`;
}

/** How far the index of purchases has come. */
export async function indexedBatch(sql: Queries): Promise<bigint> {
  return only(await sql<{ indexed: bigint }[]>`SELECT indexed FROM index_progress`).indexed;
}
