// Settlement runs: that one is asked for, how far it has come, and the facts of the lines that it decides on. The payouts
// that come of it are in `payouts`.

import type { LineFacts } from "../programmes/settlement.ts";
import { type Database, only, type Queries, type Transaction } from "./database.ts";
import { addPayouts, type NewPayout } from "./payouts.ts";

/** It proves what is anchored, decides line by line, has the payouts made, and is done. */
export type RunState = "proving" | "deciding" | "paying" | "done";

export type SettlementRun = {
  readonly id: bigint;
  readonly asked_by: "operator" | "schedule";
  readonly state: RunState;
  /** The last line that was decided on. */
  readonly decided_to: number;
  /** How many lines were decided on. */
  readonly looked_at: number;
  /** On how many lines nothing was paid, by reason. */
  readonly unpaid: Readonly<Record<string, number>>;
  readonly started_at: Date;
  readonly ended_at: Date | null;
  readonly age_seconds: number;
};

const select = (sql: Queries) => sql`
  SELECT *, extract(epoch FROM now() - started_at)::float8 AS age_seconds FROM settlement_runs`;

/** Starts a run, or joins the one that is under way; `isNew` tells which. */
export async function askForRun(
  sql: Queries,
  askedBy: SettlementRun["asked_by"],
): Promise<{ run: SettlementRun; isNew: boolean }> {
  const added = await sql`
    INSERT INTO settlement_runs (asked_by) VALUES (${askedBy}) ON CONFLICT DO NOTHING RETURNING id`;
  const run = (await runUnderWay(sql)) ?? (await runsBefore(sql, MAX_ID, 1))[0];
  return { run: run as SettlementRun, isNew: added.length === 1 };
}

const MAX_ID = 2n ** 63n - 1n;

export async function runUnderWay(sql: Queries): Promise<SettlementRun | undefined> {
  const [row] = await sql<SettlementRun[]>`${select(sql)} WHERE state <> 'done'`;
  return row;
}

export async function runById(sql: Queries, id: bigint): Promise<SettlementRun | undefined> {
  const [row] = await sql<SettlementRun[]>`${select(sql)} WHERE id = ${id}`;
  return row;
}

/** Runs with numbers below `before`, the newest first. */
export const runsBefore = (sql: Queries, before: bigint, limit: number) =>
  sql<SettlementRun[]>`${select(sql)} WHERE id < ${before} ORDER BY id DESC LIMIT ${limit}`;

/** Whether the last run, or the ledger's beginning, lies so far back that the next one is due. */
export async function isRunDue(sql: Queries, everySeconds: number): Promise<boolean> {
  const rows = await sql<{ due: boolean }[]>`
    SELECT greatest(max(started_at), (SELECT created_at FROM ledger)) <= now() - ${everySeconds} * interval '1 second' AS due
    FROM settlement_runs`;
  return only(rows).due;
}

/** Moves a run on. False when it was not in the state that it is moved from: another process has it in hand. */
export async function moveRun(sql: Queries, id: bigint, from: RunState, to: RunState): Promise<boolean> {
  const moved = await sql`
    UPDATE settlement_runs SET state = ${to}, ended_at = CASE ${to} WHEN 'done' THEN now() END
    WHERE id = ${id} AND state = ${from} RETURNING id`;
  return moved.length === 1;
}

export type LineToSettle = LineFacts & {
  readonly line: number;
  readonly charity: Buffer;
  readonly registration: string;
};

/**
 * The facts of the lines behind `after`, in the order of their numbers. Of the ends of reversals only the furthest that may be
 * netted and fits is looked up, so that a line with a year of refunds costs no more than another; what may be netted
 * is for `decide` to say, which checks it again.
 */
export const linesToSettle = (sql: Queries, after: number, limit: number) =>
  sql<LineToSettle[]>`
    WITH line AS (
      SELECT lines.id, lines.charity, registration, lines.unit, rail, payee IS NOT NULL AS "hasPayee", signer IS NOT NULL AS "hasSigner",
        coalesce(given, 0) AS given, coalesce(reversed, 0) AS reversed, coalesce(paid, 0) AS paid, coalesce(netted, 0) AS netted, fault IS NOT NULL AS "isAtFault"
      FROM lines JOIN charities ON charities.id = lines.charity
      LEFT JOIN watermarks ON watermarks.charity = lines.charity AND watermarks.unit = lines.unit
      WHERE lines.id > ${after} ORDER BY lines.id LIMIT ${limit}
    )
    SELECT line.id AS line, charity, registration, unit, rail, "hasPayee", "hasSigner", given, reversed, paid, netted, "isAtFault",
      ${isUnderWay(sql)} AS "isUnderWay", next.batch AS "nextGiftBatch",
      CASE WHEN fitting.batch IS NULL THEN '[]'::jsonb
        ELSE jsonb_build_array(jsonb_build_object('batch', fitting.batch::text, 'to', fitting."to"::text)) END AS "reversalEnds",
      closed_at AS "waitingSince"
    FROM line
    LEFT JOIN LATERAL (
      SELECT batch FROM statements WHERE statements.line = line.id AND kind = 0 AND "to" > given ORDER BY "to" LIMIT 1
    ) AS next ON true
    LEFT JOIN LATERAL (
      SELECT batch, "to" FROM statements
      WHERE statements.line = line.id AND kind = 1 AND "to" > netted AND "to" <= least(reversed, netted + (given - paid))
        AND (next.batch IS NULL OR batch < next.batch)
      ORDER BY "to" DESC LIMIT 1
    ) AS fitting ON true
    LEFT JOIN LATERAL (
      SELECT closed_at FROM statements JOIN batches ON number = batch
      WHERE statements.line = line.id AND kind = 0 AND "to" > paid AND "to" <= given ORDER BY "to" LIMIT 1
    ) AS oldest ON true
    ORDER BY line.id`.then((rows) => rows.map(withEnds));

const withEnds = (row: LineToSettle): LineToSettle => ({
  ...row,
  reversalEnds: row.reversalEnds.map(({ batch, to }) => ({ batch: BigInt(batch), to: BigInt(to) })),
});

/** A payout behind `paid`, or a call that pays from there, by whomever it was asked for (`nameOf` of its kind). */
const isUnderWay = (sql: Queries) => sql`
  EXISTS (SELECT FROM payouts WHERE payouts.line = line.id AND state <> 'failed' AND upto > paid)
  OR EXISTS (SELECT FROM chain_calls WHERE once = concat('pay/0x', encode(charity, 'hex'), '/', unit, '/', paid))`;

/** What was decided on a page of lines. */
export type Decided = {
  /** The number of the last line of the page. */
  readonly upToLine: number;
  readonly lines: number;
  readonly payouts: readonly NewPayout[];
  /** Lines on which nothing is paid, by reason. */
  readonly unpaid: Readonly<Record<string, number>>;
  readonly setAside: readonly { readonly line: number; readonly reason: string }[];
};

/** Keeps a page with its payouts and their calls, or nothing of it: false when another process has kept it already. */
export async function keepDecided(sql: Database, run: SettlementRun, page: Decided): Promise<boolean> {
  return await sql.begin(async (tx) => {
    const moved = await tx`
      UPDATE settlement_runs SET decided_to = ${page.upToLine}, looked_at = looked_at + ${page.lines},
        unpaid = ${tx.json(addUp(run.unpaid, page.unpaid))}
      WHERE id = ${run.id} AND state = 'deciding' AND decided_to = ${run.decided_to} RETURNING id`;
    if (moved.length === 0) return false;
    await addPayouts(tx, run.id, page.payouts);
    await setAside(tx, run.id, page.setAside);
    return true;
  });
}

function addUp(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>) {
  const sum = { ...a };
  for (const [reason, lines] of Object.entries(b)) sum[reason] = (sum[reason] ?? 0) + lines;
  return sum;
}

async function setAside(tx: Transaction, run: bigint, lines: Decided["setAside"]): Promise<void> {
  if (lines.length === 0) return;
  await tx`
    INSERT INTO settlement_set_aside (run, line, reason)
    SELECT ${run}, line, reason FROM jsonb_to_recordset(${tx.json(lines as never)}) AS aside (line integer, reason text)`;
}

/** What a run's payouts have come to, for each unit and state. */
export type RunTotal = {
  readonly unit: string;
  readonly state: string;
  readonly payouts: bigint;
  readonly amount: string;
};

export const totalsOf = (sql: Queries, run: bigint) =>
  sql<RunTotal[]>`
    SELECT unit, state, count(*) AS payouts, sum(amount)::text AS amount FROM payouts JOIN lines ON lines.id = line
    WHERE run = ${run} GROUP BY unit, state ORDER BY unit, state`;

/** A line whose money does not move until somebody acts, or until what it waits for is there. */
export type SetAside = {
  readonly charity: Buffer;
  readonly registration: string;
  readonly unit: string;
  /** Null when no payout was made at all. */
  readonly payout: bigint | null;
  readonly reason: string;
};

export const setAsideBy = (sql: Queries, run: bigint, limit: number) =>
  sql<SetAside[]>`
    SELECT charity, registration, unit, payout, reason FROM (
      SELECT line, NULL::bigint AS payout, reason FROM settlement_set_aside WHERE run = ${run}
      UNION ALL
      SELECT line, payouts.id, coalesce(reason, waits_for) FROM payouts LEFT JOIN chain_calls ON chain_calls.id = call
      WHERE run = ${run} AND payouts.state <> 'paid'
        AND (reason IS NOT NULL OR (chain_calls.state = 'intended' AND waits_for IS NOT NULL))
    ) AS aside JOIN lines ON lines.id = line JOIN charities ON charities.id = charity
    ORDER BY registration, unit LIMIT ${limit}`;

/** How many lines there are. */
export async function lineCount(sql: Queries): Promise<bigint> {
  return only(await sql<{ count: bigint }[]>`SELECT count(*) FROM lines`).count;
}
