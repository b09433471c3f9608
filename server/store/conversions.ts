// The SQL of converting donated steps: which batch comes next, its donations in the line's order, and what was paid for them.

import type { Conversion, Donation, Pool } from "../programmes/conversion.ts";
import { byteaArray, type Database, only, type Queries } from "./database.ts";

/** How far it has come: batches up to `batch` are done, and of the next all positions before (`line`, `position`). */
export type ConversionPlace = {
  readonly batch: bigint;
  readonly line: number;
  readonly position: bigint;
};

export async function conversionPlace(sql: Queries): Promise<ConversionPlace> {
  return only(await sql<ConversionPlace[]>`SELECT batch, line, position FROM conversion_progress`);
}

/** The first sealed batch behind `batch` that adds steps or committed money to a charity with a pool. */
export async function nextToConvert(sql: Queries, batch: bigint): Promise<bigint | undefined> {
  const rows = await sql<{ batch: bigint | null }[]>`
    SELECT min(next.batch) AS batch FROM (SELECT DISTINCT charity FROM pools) AS sponsored
    JOIN lines ON lines.charity = sponsored.charity AND (unit = 'STEP' OR starts_with(unit, 'POOL-'))
    CROSS JOIN LATERAL (
      SELECT batch FROM statements WHERE line = lines.id AND kind = 0 AND batch > ${batch} ORDER BY batch LIMIT 1
    ) AS next`;
  return only(rows).batch ?? undefined;
}

/** A line of steps in a batch, and where the batch begins on it. */
export type StepLine = { readonly line: number; readonly charity: Buffer; readonly from: bigint };

export const stepLines = (sql: Queries, batch: bigint, fromLine: number) => sql<StepLine[]>`
  SELECT line, charity, "from" FROM statements JOIN lines ON lines.id = line
  WHERE batch = ${batch} AND kind = 0 AND unit = 'STEP' AND line >= ${fromLine}
    AND EXISTS (SELECT FROM pools WHERE pools.charity = lines.charity)
  ORDER BY line`;

const DONATIONS_AT_ONCE = 500;

/** The donations of a batch to one line, in the line's order, some at a time. */
export function eachDonation(
  sql: Database,
  batch: bigint,
  { line, from }: StepLine,
  work: (donations: readonly Donation[]) => Promise<void>,
): Promise<unknown> {
  return sql.begin("READ ONLY", async (tx) => {
    let at = from;
    const rows = tx<{ id: Buffer; amount: bigint; accepted_at: bigint }[]>`
      SELECT id, amount, accepted_at FROM receipts WHERE batch = ${batch} AND line = ${line} AND kind = 0 ORDER BY id`;
    for await (const some of rows.cursor(DONATIONS_AT_ONCE)) {
      const donations = some.map(({ id, amount, accepted_at }) => {
        const donation = { receipt: id, batch, from: at, upTo: at + amount, acceptedAt: Number(accepted_at) };
        at = donation.upTo;
        return donation;
      });
      await work(donations);
    }
  });
}

/** A conversion with the receipt of its gift; null where it comes to nothing. */
export type Converted = Conversion & { readonly gift: Uint8Array | null };

/**
 * Records what was paid for, the pools as they stand then, and how far it has come, or nothing at all: false when another
 * process was here before.
 */
export const saveConversions = (
  sql: Database,
  before: ConversionPlace,
  after: ConversionPlace,
  pools: readonly Pool[],
  converted: readonly Converted[],
): Promise<boolean> =>
  sql.begin("ISOLATION LEVEL READ COMMITTED", async (tx) => {
    const moved = await tx`
      UPDATE conversion_progress SET line = ${after.line}, position = ${after.position}
      WHERE batch = ${before.batch} AND line = ${before.line} AND position = ${before.position} RETURNING sole`;
    if (moved.length === 0) return false;
    for (const { id, used, steps, day, dayUsed } of pools)
      await tx`UPDATE pools SET used = ${used}, steps = ${steps}, day = ${day}, day_used = ${dayUsed} WHERE id = ${id}`;
    if (converted.length > 0) await insertConversions(tx, converted);
    return true;
  }) as Promise<boolean>;

const insertConversions = (tx: Queries, converted: readonly Converted[]) => tx`
  INSERT INTO conversions (step_receipt, pool, gift, "from", upto, amount)
  SELECT step_receipt, pool, nullif(gift, ''::bytea), "from", upto, amount FROM unnest(
    ${byteaArray(converted.map(({ donation }) => donation.receipt))}::bytea[],
    ${byteaArray(converted.map(({ pool }) => pool.id))}::bytea[],
    ${byteaArray(converted.map(({ gift }) => gift ?? new Uint8Array(0)))}::bytea[],
    ${numbers(converted.map(({ from }) => from))}::bigint[],
    ${numbers(converted.map(({ upTo }) => upTo))}::bigint[],
    ${numbers(converted.map(({ amount }) => amount))}::bigint[]
  ) AS c (step_receipt, pool, gift, "from", upto, amount)`;

const numbers = (list: readonly bigint[]): string => `{${list.join()}}`;

/** Adds what a batch commits to pools, behind its steps, and goes on to the next; again changes nothing. */
export const finishConversion = (sql: Database, before: ConversionPlace, batch: bigint): Promise<boolean> =>
  sql.begin("ISOLATION LEVEL READ COMMITTED", async (tx) => {
    const moved = await tx`
      UPDATE conversion_progress SET batch = ${batch}, line = 0, position = 0
      WHERE batch = ${before.batch} AND line = ${before.line} AND position = ${before.position} RETURNING sole`;
    if (moved.length === 0) return false;
    await tx`
      UPDATE pools SET funded = funded + paid_in.amount FROM (
        SELECT terms, sum(amount)::bigint AS amount FROM receipts JOIN lines ON lines.id = line
        WHERE batch = ${batch} AND kind = 0 AND starts_with(unit, 'POOL-') GROUP BY terms
      ) AS paid_in WHERE pools.id = paid_in.terms`;
    return true;
  }) as Promise<boolean>;

/** Whether nothing that was accepted before a time, in Unix seconds, can still be waiting for its seal. */
export async function isSealedUntil(sql: Queries, seconds: number): Promise<boolean> {
  const rows = await sql<{ sealed: boolean }[]>`
    SELECT NOT EXISTS (SELECT FROM batches WHERE state = 'closed')
      AND (opened_at >= ${seconds} OR NOT EXISTS (SELECT FROM commits WHERE batch = number)) AS sealed FROM open_batch`;
  return only(rows).sealed;
}

/** That what was left of a pool has been given; again changes nothing. */
export const saveRemainder = (sql: Queries, { id, used }: Pool) => sql`
  UPDATE pools SET used = funded, remainder_at = now() WHERE id = ${id} AND used = ${used} AND remainder_at IS NULL`;

export type ConversionRow = {
  readonly pool: Buffer;
  readonly gift: Buffer | null;
  readonly from: bigint;
  readonly upto: bigint;
  readonly amount: bigint;
};

/** What paid for a donation of steps, in the order of the steps. */
export const conversionsOf = (sql: Queries, stepReceipt: Uint8Array) => sql<ConversionRow[]>`
  SELECT pool, gift, "from", upto, amount FROM conversions WHERE step_receipt = ${stepReceipt} ORDER BY "from"`;
