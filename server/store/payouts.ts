// Payouts: written by settlement runs and moved on by the bank's word; they end with their call to the contract, which
// the database sees to (migration 0006). Runs themselves are in `settlement-runs`, transfers at the bank in `transfers`.

import { type Hex, toHex } from "../protocol/bytes.ts";
import type { ContractCall } from "../protocol/contract-calls.ts";
import { intend, intendAll } from "./chain-calls.ts";
import { only, type Queries, type Transaction } from "./database.ts";
import type { Rail } from "./parties.ts";

/**
 * Token: `intended`, then `paid` or `failed`. Bank: `waiting` for the bank, `confirmed` by it, then `paid`. A failed payout
 * has given its interval back. One that the bank has confirmed never does, whatever the contract says: the money is gone.
 */
export type PayoutState = "intended" | "waiting" | "confirmed" | "paid" | "failed";

export type Payout = {
  readonly id: bigint;
  readonly run: bigint;
  readonly line: number;
  readonly charity: Buffer;
  readonly registration: string;
  /** The charity's name. */
  readonly name: string;
  readonly unit: string;
  readonly rail: Rail;
  readonly from: bigint;
  readonly upto: bigint;
  readonly net_from: bigint;
  readonly net_to: bigint;
  /** What is transferred, in minor units. */
  readonly amount: bigint;
  readonly state: PayoutState;
  /** The call that records it with the contract; null while it waits for the bank. */
  readonly call: bigint | null;
  /** Why it failed, or what it waits for. */
  readonly reason: string | null;
  /** The batch whose statement ends at `upto`, and its root. */
  readonly batch: bigint | null;
  readonly root: Buffer | null;
  readonly transaction: Buffer | null;
  readonly created_at: Date;
  /** When the contract has recorded it. */
  readonly paid_at: Date | null;
  /** Whether its money came back after it was recorded, and has not left again. */
  readonly is_back: boolean;
  /** Seconds since `paid_at` of a bank payout that the charity has not signed for; null of any other. */
  readonly claimed_seconds: number | null;
};

const select = (sql: Queries) => sql`
  SELECT payouts.id, run, line, lines.charity, registration, name, lines.unit, payouts.rail, "from", upto, net_from, net_to,
    amount, payouts.state, call, coalesce(reason, CASE chain_calls.state WHEN 'intended' THEN waits_for END) AS reason,
    number AS batch, root, chain_calls.transaction, payouts.created_at, paid_at, ${isBack(sql)} AS is_back,
    CASE WHEN ${isClaimed(sql)} THEN extract(epoch FROM now() - paid_at)::float8 END AS claimed_seconds
  FROM payouts JOIN lines ON lines.id = line JOIN charities ON charities.id = lines.charity
  LEFT JOIN watermarks ON watermarks.charity = lines.charity AND watermarks.unit = lines.unit
  LEFT JOIN chain_calls ON chain_calls.id = call
  LEFT JOIN LATERAL (
    SELECT number, root FROM statements JOIN batches ON number = batch
    WHERE line = payouts.line AND statements.kind = 0 AND "to" = upto LIMIT 1) AS of ON true`;

/** Whether a payout's money came back, and has not left again. */
export const isBack = (sql: Queries) => sql`
  EXISTS (SELECT FROM transfers WHERE payout = payouts.id AND transfers.state = 'bounced')
    AND NOT EXISTS (SELECT FROM transfers WHERE payout = payouts.id AND transfers.state = 'confirmed')`;

/** Until the charity has signed for it, a bank payout is the operator's claim. */
const isClaimed = (sql: Queries) => sql`
  payouts.rail = 'bank' AND payouts.state = 'paid' AND upto > coalesce(acknowledged, 0)`;

export async function payoutById(sql: Queries, id: bigint): Promise<Payout | undefined> {
  const [row] = await sql<Payout[]>`${select(sql)} WHERE payouts.id = ${id}`;
  return row;
}

/** Bank payouts that wait for the bank, the oldest first: without a transfer, or with one on the way. */
export const waitingBankPayouts = (sql: Queries) =>
  sql<Payout[]>`${select(sql)} WHERE payouts.state = 'waiting' ORDER BY payouts.id`;

export type PayoutFilter = {
  readonly charity?: Uint8Array | null;
  readonly state?: PayoutState | null;
  readonly run?: bigint | null;
};

/** Payouts with numbers below `before`, the newest first. */
export const payoutsBefore = (sql: Queries, before: bigint, limit: number, filter: PayoutFilter) =>
  sql<Payout[]>`
    ${select(sql)} WHERE payouts.id < ${before}
      AND (${filter.charity ?? null}::bytea IS NULL OR lines.charity = ${filter.charity ?? null})
      AND (${filter.state ?? null}::text IS NULL OR payouts.state = ${filter.state ?? null})
      AND (${filter.run ?? null}::bigint IS NULL OR run = ${filter.run ?? null})
    ORDER BY payouts.id DESC LIMIT ${limit}`;

/** The payout that covers a gift which ends at `end` on its line; undefined while it is not paid. */
export async function payoutOf(sql: Queries, line: number, end: bigint): Promise<Payout | undefined> {
  const [row] = await sql<Payout[]>`
    ${select(sql)} WHERE line = ${line} AND "from" < ${end} AND upto >= ${end} AND payouts.state = 'paid'
    ORDER BY upto LIMIT 1`;
  return row;
}

export type Claim = {
  readonly upto: bigint;
  readonly amount: bigint;
  /** When the oldest of the payouts in it was recorded. */
  readonly since: Date;
  readonly seconds: number;
};

/** What was paid by bank on a line and not signed for by the charity yet; undefined when there is nothing. */
export async function claimOf(sql: Queries, charity: Uint8Array, unit: string): Promise<Claim | undefined> {
  const [row] = await sql<Claim[]>`
    SELECT max(upto) AS upto, sum(amount)::bigint AS amount, min(paid_at) AS since,
      extract(epoch FROM now() - min(paid_at))::float8 AS seconds
    FROM payouts JOIN lines ON lines.id = line
    LEFT JOIN watermarks ON watermarks.charity = lines.charity AND watermarks.unit = lines.unit
    WHERE lines.charity = ${charity} AND lines.unit = ${unit} AND ${isClaimed(sql)} HAVING count(*) > 0`;
  return row;
}

/** A payout as a run decides on it. */
export type NewPayout = {
  readonly line: number;
  readonly charity: Uint8Array;
  readonly unit: string;
  readonly rail: Rail;
  readonly from: bigint;
  readonly upTo: bigint;
  readonly netFrom: bigint;
  readonly netTo: bigint;
};

/**
 * Writes payouts down: those by token with the call that makes them, those by bank to wait for the bank. One that another
 * run has written first, or whose line has one under way, is left out. Answers with how many are new.
 */
export async function addPayouts(
  tx: Transaction,
  run: bigint,
  payouts: readonly NewPayout[],
): Promise<number> {
  const rows = payouts.map(({ line, rail, from, upTo, netFrom, netTo }) => ({
    line,
    rail,
    ...{ from: `${from}`, upto: `${upTo}`, net_from: `${netFrom}`, net_to: `${netTo}` },
  }));
  const added = await tx<{ id: bigint; line: number }[]>`
    INSERT INTO payouts (run, line, rail, "from", upto, net_from, net_to, state)
    SELECT ${run}, line, rail, "from", upto, net_from, net_to, CASE rail WHEN 'token' THEN 'intended' ELSE 'waiting' END
    FROM jsonb_to_recordset(${tx.json(rows)})
      AS new (line integer, rail text, "from" bigint, upto bigint, net_from bigint, net_to bigint)
    ORDER BY line ON CONFLICT DO NOTHING RETURNING id, line`;
  const ids = new Map(added.map(({ id, line }) => [line, id]));
  await intendTokens(
    tx,
    payouts.flatMap((payout) => {
      const id = ids.get(payout.line);
      return id === undefined || payout.rail === "bank" ? [] : [{ ...payout, id }];
    }),
  );
  return added.length;
}

async function intendTokens(tx: Transaction, payouts: readonly (NewPayout & { id: bigint })[]) {
  if (payouts.length === 0) return;
  const calls = await intendAll(tx, payouts.map(payToken));
  await tx`
    UPDATE payouts SET call = of.call
    FROM unnest(${`{${payouts.map(({ id }) => id)}}`}::bigint[], ${`{${calls}}`}::bigint[]) AS of (id, call)
    WHERE payouts.id = of.id`;
}

const payToken = ({ charity, unit, from, upTo, netTo }: NewPayout): ContractCall => ({
  kind: "payToken",
  args: { charity: toHex(charity), unit, from: `${from}`, upTo: `${upTo}`, netTo: `${netTo}` },
});

/**
 * The bank has moved the money: the payout is recorded with the contract, with the hash of the bank's reference. False when
 * it was not waiting for the bank.
 */
export async function confirmPayout(tx: Transaction, id: bigint, reference: Hex): Promise<boolean> {
  const confirmed = await tx`
    UPDATE payouts SET state = 'confirmed', reason = NULL WHERE id = ${id} AND state = 'waiting' RETURNING id`;
  if (confirmed.length === 0) return false;
  const { charity, unit, from, upto, net_to } = (await payoutById(tx, id)) as Payout;
  const interval = { from: `${from}`, upTo: `${upto}`, netTo: `${net_to}` };
  const args = { charity: toHex(charity), unit, ...interval, reference };
  const call = await intend(tx, { kind: "payBank", args });
  await tx`UPDATE payouts SET call = ${call} WHERE id = ${id}`;
  return true;
}

/** Tells what a payout that waits for the bank lacks, or that nothing is lacking any more. */
export async function explainPayout(tx: Queries, id: bigint, reason: string | null): Promise<void> {
  await tx`UPDATE payouts SET reason = ${reason} WHERE id = ${id} AND state = 'waiting'`;
}

/**
 * Asks again for what the contract has refused to record although the bank has moved the money; answers with how many.
 */
export async function recordConfirmedAgain(tx: Transaction): Promise<number> {
  const refused = await tx<{ id: bigint; kind: "payBank"; args: object }[]>`
    SELECT payouts.id, kind, args FROM payouts JOIN chain_calls ON chain_calls.id = call
    WHERE payouts.state = 'confirmed' AND chain_calls.state = 'failed' ORDER BY payouts.id FOR UPDATE OF payouts`;
  for (const { id, kind, args } of refused) {
    const call = await intend(tx, { kind, args } as ContractCall);
    await tx`UPDATE payouts SET call = ${call} WHERE id = ${id}`;
  }
  return refused.length;
}

/** How many token payouts of a run have a call that has neither ended nor been put off. */
export async function payoutsOnTheWay(sql: Queries, run: bigint): Promise<bigint> {
  const rows = await sql<{ count: bigint }[]>`
    SELECT count(*) FROM payouts JOIN chain_calls ON chain_calls.id = call
    WHERE run = ${run} AND payouts.state = 'intended' AND NOT (chain_calls.state = 'intended' AND waits_for IS NOT NULL)`;
  return only(rows).count;
}
