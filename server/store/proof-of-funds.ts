// What happened to one line on chain, by time, from the calls that were sent: for a charity's statement of a period.

import type { Line } from "../protocol/verification.ts";
import { only, type Queries } from "./database.ts";

/** A line by its charity's id in 0x-hex. */
export type LineOnChain = { readonly charity: string; readonly unit: string };

/** The calls of a line that are on chain, with their arguments flat. A call found done by others has only our own time. */
const done = (sql: Queries, { charity, unit }: LineOnChain) => sql`(
  SELECT id, kind, told.args, transaction, coalesce(mined_at, created_at) AS at
  FROM chain_calls AS call CROSS JOIN LATERAL (SELECT coalesce(
    call.args->'acknowledgement', call.args->'disbursement', call.args->'statement', call.args) AS args) AS told
  WHERE state IN ('mined', 'final') AND told.args->>'unit' = ${unit}
    AND coalesce(call.args->>'charity', call.args->'acknowledgement'->>'charity',
      call.args->'disbursement'->>'charity', call.args->'statement'->>'charity') = ${charity})`;

/** How far the line had come before a moment (Unix seconds). */
export async function marksBefore(sql: Queries, line: LineOnChain, before: bigint): Promise<Line> {
  const reached = (kinds: readonly string[], member: string, side = 0) => sql`
    coalesce(max((args->>${member})::bigint) FILTER (WHERE kind IN ${sql(kinds)}
      AND coalesce(args->>'kind', ${`${side}`}) = ${`${side}`}), 0)::bigint`;
  return only(
    await sql<Line[]>`
      SELECT ${reached(["prove"], "to")} AS given, ${reached(["prove"], "to", 1)} AS reversed,
        ${reached(["payBank", "payToken"], "upTo")} AS paid, ${reached(["payBank", "payToken"], "netTo")} AS netted,
        ${reached(["acknowledge"], "upTo")} AS acknowledged, ${reached(["disburse"], "upTo")} AS spent
      FROM ${done(sql, line)} AS call WHERE at < to_timestamp(${before})`,
  );
}

export type LineEvent = {
  readonly kind: "payBank" | "payToken" | "repay" | "acknowledge" | "disburse";
  /** As in `protocol/contract-calls`; those of an acknowledgement or disbursement as they were signed. */
  readonly args: Readonly<Record<string, string>>;
  readonly transaction: Buffer | null;
  readonly at: Date;
  /** Of a payout: what was moved, in minor units. */
  readonly amount: bigint | null;
  /** Of a disbursement: the published report, in canonical JSON, if it is here. */
  readonly report: string | null;
};

/** Each payout's amount follows from the payout before it on the line, whenever that was. */
const events = (sql: Queries, line: LineOnChain) => sql`(
  SELECT kind, args, transaction, at, id,
    CASE WHEN kind IN ('payBank', 'payToken') THEN (args->>'upTo')::bigint - (args->>'from')::bigint
      - (args->>'netTo')::bigint + lag((args->>'netTo')::bigint, 1, 0::bigint)
        OVER (PARTITION BY kind IN ('payBank', 'payToken') ORDER BY (args->>'from')::bigint) END AS amount
  FROM ${done(sql, line)} AS call
  WHERE kind IN ('payBank', 'payToken', 'repay', 'acknowledge', 'disburse'))`;

/** What moved the line in a period (Unix seconds, `before` left out), in order. */
export const eventsBetween = (sql: Queries, line: LineOnChain, from: bigint, before: bigint, limit: number) =>
  sql<LineEvent[]>`
    SELECT event.kind, args, transaction, at, amount, documents.body AS report FROM ${events(sql, line)} AS event
    LEFT JOIN documents ON documents.kind = 'spending' AND event.kind = 'disburse'
      AND '0x' || encode(documents.hash, 'hex') = args->>'evidence' AND documents.public
    WHERE at >= to_timestamp(${from}) AND at < to_timestamp(${before}) ORDER BY event.id LIMIT ${limit}`;

export type Claimed = { readonly amount: string | null; readonly since: Date | null };

/** What was paid by bank before a moment and is not signed for by the position `acknowledged`. */
export async function claimedBefore(sql: Queries, line: LineOnChain, before: bigint, acknowledged: bigint) {
  return only(
    await sql<Claimed[]>`
      SELECT sum(amount)::text AS amount, min(at) AS since FROM ${events(sql, line)} AS event
      WHERE kind = 'payBank' AND at < to_timestamp(${before}) AND (args->>'upTo')::bigint > ${acknowledged}`,
  );
}

/** The units in which anything was given to a charity. */
export async function unitsOf(sql: Queries, charity: Uint8Array): Promise<string[]> {
  const rows = await sql<{ unit: string }[]>`SELECT unit FROM lines WHERE charity = ${charity} ORDER BY unit`;
  return rows.map(({ unit }) => unit);
}
