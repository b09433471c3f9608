// Messages on their way: which are due, which were taken, which are tried again or given up. Dead ones stay to be looked at
// and sent again.

import type { MessageKind } from "../programmes/webhooks/kinds.ts";
import { type Database, type Queries, textArray } from "./database.ts";

export type DueMessage = {
  readonly endpoint: bigint;
  readonly kind: MessageKind;
  readonly key: string;
  readonly attempts: number;
  readonly url: string;
  /** The secret in force, and the one before for as long as it counts too. */
  readonly secrets: readonly Buffer[];
  readonly failing: boolean;
  readonly role: string;
  readonly subject: string | null;
};

type DueRow = Omit<DueMessage, "secrets"> & { secret: Buffer; former_secret: Buffer | null };

/** The oldest that are due, of all endpoints but the busy ones. */
export async function dueMessages(
  sql: Queries,
  busy: readonly bigint[],
  most: number,
): Promise<DueMessage[]> {
  const rows = await sql<DueRow[]>`
    SELECT endpoint, kind, key, attempts, url, secret, failing_since IS NOT NULL AS failing, role, subject,
      CASE WHEN former_until > now() THEN former_secret END AS former_secret
    FROM webhook_messages JOIN webhooks ON id = endpoint
    WHERE due_at <= now() AND disabled_at IS NULL AND endpoint <> ALL(${`{${busy}}`}::bigint[])
    ORDER BY due_at LIMIT ${most}`;
  return rows.map(({ secret, former_secret, ...row }) => ({
    ...row,
    secrets: former_secret === null ? [secret] : [secret, former_secret],
  }));
}

type Name = Pick<DueMessage, "endpoint" | "kind" | "key">;

const named = (sql: Queries, { endpoint, kind, key }: Name) =>
  sql`endpoint = ${endpoint} AND kind = ${kind} AND key = ${key}`;

/** The endpoint has taken it: nothing of it is kept. */
export async function messageTaken(sql: Queries, message: DueMessage): Promise<void> {
  await sql`DELETE FROM webhook_messages WHERE ${named(sql, message)}`;
  await sql`UPDATE webhooks SET failing_since = NULL WHERE id = ${message.endpoint} AND failing_since IS NOT NULL`;
}

/** The endpoint before its messages, always in this order: else whoever removes it would wait for us, and we for them. */
const holdWebhook = (tx: Queries, endpoint: bigint) =>
  tx`SELECT FROM webhooks WHERE id = ${endpoint} FOR UPDATE`;

/** After how many days without a message taken an endpoint is disabled. */
const PATIENCE_DAYS = 5;

/** Tries it again after so many seconds; without them it is dead. */
export async function messageFailed(
  sql: Database,
  message: DueMessage,
  failure: string,
  retrySeconds: number | undefined,
): Promise<void> {
  await sql.begin(async (tx) => {
    await holdWebhook(tx, message.endpoint);
    await tx`
      UPDATE webhook_messages SET attempts = attempts + 1, failure = ${failure},
        due_at = now() + ${retrySeconds ?? null}::float8 * interval '1 second'
      WHERE ${named(tx, message)} AND due_at IS NOT NULL`;
    await tx`UPDATE webhooks SET failing_since = now() WHERE id = ${message.endpoint} AND failing_since IS NULL`;
    const [late] = await tx`
      SELECT FROM webhooks WHERE id = ${message.endpoint} AND failing_since < now() - ${PATIENCE_DAYS} * interval '1 day'`;
    const reason = `no message was taken for ${PATIENCE_DAYS} days; the last failure: ${failure}`;
    if (late !== undefined) await disable(tx, message.endpoint, reason);
  });
}

/** The endpoint is gone, as it says itself. */
export async function disableWebhook(sql: Database, endpoint: bigint, reason: string): Promise<void> {
  await sql.begin((tx) => disable(tx, endpoint, reason));
}

/** What waits for it is due no more, so that nobody looks through it again and again. */
async function disable(tx: Queries, endpoint: bigint, reason: string): Promise<void> {
  await tx`
    UPDATE webhooks SET disabled_at = now(), disabled_reason = ${reason} WHERE id = ${endpoint} AND disabled_at IS NULL`;
  await tx`UPDATE webhook_messages SET due_at = 'infinity' WHERE endpoint = ${endpoint} AND due_at IS NOT NULL`;
}

export type DeadMessage = {
  readonly kind: MessageKind;
  readonly key: string;
  readonly attempts: number;
  readonly made_at: Date;
  readonly failure: string | null;
};

/** Dead ones behind (kind, key), in that order. */
export const deadMessages = (sql: Queries, endpoint: bigint, after: readonly string[], limit: number) =>
  sql<DeadMessage[]>`
    SELECT kind, key, attempts, made_at, failure FROM webhook_messages
    WHERE endpoint = ${endpoint} AND due_at IS NULL AND (kind, key) > (${after[0] ?? ""}, ${after[1] ?? ""})
    ORDER BY kind, key LIMIT ${limit}`;

const MOST_REPLAYED = 1_000;

/** Which of them: of one kind, of these keys; what is left out narrows nothing. */
export type DeadFilter = {
  readonly kind?: string | undefined;
  readonly keys?: readonly string[] | undefined;
};

/** Sends dead messages again, the first thousand of those, with as many attempts as new ones. */
export function replayDead(sql: Database, endpoint: bigint, { kind, keys }: DeadFilter): Promise<number> {
  return sql.begin(async (tx) => {
    await holdWebhook(tx, endpoint);
    const replayed = await tx`
      UPDATE webhook_messages SET due_at = now(), attempts = 0 WHERE (endpoint, kind, key) IN (
        SELECT endpoint, kind, key FROM webhook_messages WHERE endpoint = ${endpoint} AND due_at IS NULL
          AND (${keys === undefined} OR key = ANY(${textArray(keys ?? [])}::text[]))
          ${kind === undefined ? sql`` : sql`AND kind = ${kind}`}
        ORDER BY kind, key LIMIT ${MOST_REPLAYED})
      RETURNING key`;
    return replayed.length;
  }) as Promise<number>;
}

const KEPT_DAYS = 30;

/** Dead messages are kept for thirty days, and so is what a shop's system told twice: an order's number is personal. */
export async function forgetOldMessages(sql: Queries): Promise<void> {
  await sql`DELETE FROM webhook_messages WHERE due_at IS NULL AND made_at < now() - ${KEPT_DAYS} * interval '1 day'`;
  await sql`DELETE FROM shop_conflicts WHERE told_at < now() - ${KEPT_DAYS} * interval '1 day'`;
}
