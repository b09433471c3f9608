// What a charity can sign for: the payouts of a line that the contract has recorded, and how far they are signed for.
// Payouts before the contract knows of them are not read here.

import { toHex } from "../protocol/bytes.ts";
import type { Queries } from "./database.ts";
import type { LineName } from "./lines.ts";
import type { Rail } from "./parties.ts";
import { signedUpTo } from "./signed-calls.ts";
import { watermarksOf } from "./watermarks.ts";

/** A payout as the contract has it: the gifts of [from, upTo), with refunds set off up to `netTo` on the reversal line. */
export type RecordedPayout = {
  readonly rail: Rail;
  readonly from: bigint;
  readonly upTo: bigint;
  readonly netTo: bigint;
  readonly paid_at: Date;
  readonly transaction: Buffer | null;
  /** Hash of the bank's reference. */
  readonly reference: string | null;
};

const END = (sql: Queries) => sql`(args->>'upTo')::bigint`;

/** Taken by the contract, now or on a chain that has forgotten it since. */
const recorded = (sql: Queries, { charity, unit }: LineName) => sql`
  SELECT CASE kind WHEN 'payBank' THEN 'bank' ELSE 'token' END AS rail, (args->>'from')::bigint AS "from",
    ${END(sql)} AS "upTo", (args->>'netTo')::bigint AS "netTo", mined_at AS paid_at, transaction,
    args->>'reference' AS reference
  FROM chain_calls
  WHERE kind IN ('payBank', 'payToken') AND args->>'charity' = ${toHex(charity)} AND args->>'unit' = ${unit}
    AND state <> 'failed' AND mined_at IS NOT NULL`;

/** The payouts that end behind a position, in their order. */
export const payoutsBehind = (sql: Queries, line: LineName, position: bigint, most: number) =>
  sql<RecordedPayout[]>`
    ${recorded(sql, line)} AND ${END(sql)} > ${position} ORDER BY ${END(sql)} LIMIT ${most}`;

export async function payoutEndingAt(
  sql: Queries,
  line: LineName,
  upTo: bigint,
): Promise<RecordedPayout | undefined> {
  const [row] = await sql<RecordedPayout[]>`${recorded(sql, line)} AND ${END(sql)} = ${upTo}`;
  return row;
}

/** The end of the last payout; 0 before the first. */
export async function paidUpTo(sql: Queries, line: LineName): Promise<bigint> {
  const [row] = await sql<RecordedPayout[]>`${recorded(sql, line)} ORDER BY ${END(sql)} DESC LIMIT 1`;
  return row?.upTo ?? 0n;
}

/** Where a payout ends on the reversal line; position 0, before the first payout, ends at 0. Undefined at no payout's end. */
export async function netToAt(sql: Queries, line: LineName, upTo: bigint): Promise<bigint | undefined> {
  return upTo === 0n ? 0n : (await payoutEndingAt(sql, line, upTo))?.netTo;
}

/** How far the charity has signed for its money, and reported it spent, by the newest that is known. */
export async function signedPositions(
  sql: Queries,
  line: LineName,
): Promise<{ acknowledged: bigint; spent: bigint }> {
  const [marks, acknowledged, spent] = await Promise.all([
    watermarksOf(sql, line),
    signedUpTo(sql, "acknowledge", line),
    signedUpTo(sql, "disburse", line),
  ]);
  return {
    acknowledged: later(marks?.acknowledged ?? 0n, acknowledged),
    spent: later(marks?.spent ?? 0n, spent),
  };
}

const later = (a: bigint, b: bigint) => (a > b ? a : b);

/** The units in which a charity was ever paid. */
export async function unitsPaid(sql: Queries, charity: Uint8Array): Promise<string[]> {
  const rows = await sql<{ unit: string }[]>`
    SELECT DISTINCT args->>'unit' AS unit FROM chain_calls
    WHERE kind IN ('payBank', 'payToken') AND args->>'charity' = ${toHex(charity)} AND state <> 'failed'
      AND mined_at IS NOT NULL
    ORDER BY unit`;
  return rows.map(({ unit }) => unit);
}

/** The newest batches that lie deep enough, and the root of each. */
export async function anchoredRoot(sql: Queries, batch: bigint): Promise<Buffer | undefined> {
  const [row] = await sql<{ root: Buffer }[]>`
    SELECT root FROM batches WHERE number = ${batch} AND state IN ('anchored', 'final')`;
  return row?.root;
}

/** The payout that brought the money of [start, end) to the charity: payouts end where statements do, so it is one. */
export async function payoutOver(
  sql: Queries,
  line: LineName,
  [start, end]: readonly [bigint, bigint],
): Promise<RecordedPayout | undefined> {
  const [payout] = await payoutsBehind(sql, line, end - 1n, 1);
  return payout !== undefined && payout.from <= start ? payout : undefined;
}
