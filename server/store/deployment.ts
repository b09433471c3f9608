// Where the ledger lives, and how a chain that has forgotten it is rebuilt from what was asked of it.

import { type ContractCall, nameOf, senderOf } from "../protocol/contract-calls.ts";
import { forgetChallenges } from "./challenge-watch.ts";
import { type Database, only, type Queries, type Transaction } from "./database.ts";

export type Deployment = {
  readonly chain_id: bigint;
  readonly contract: Buffer;
  /** When the watermarks of all lines were last read. */
  readonly read_at: Date | null;
};

export async function deploymentOf(sql: Queries): Promise<Deployment | undefined> {
  const [row] = await sql<Deployment[]>`SELECT chain_id, contract, read_at FROM deployment`;
  return row;
}

export type AnchoredBatch = { readonly number: bigint; readonly root: Buffer };

/** The newest batch that is final. */
export async function lastFinalBatch(sql: Queries): Promise<AnchoredBatch | undefined> {
  const [row] = await sql<AnchoredBatch[]>`
    SELECT number, root FROM batches WHERE state = 'final' ORDER BY number DESC LIMIT 1`;
  return row;
}

/**
 * The order of a rebuilding: what later calls rest on comes first, and the opening ends it. Gifts are proven before
 * reversals, since `reversed` may not pass `given`. Faults come behind all that they forbid. What was never done before
 * waits behind the opening. Answers are not given again: nobody has asked there. Signatures were given under one signer
 * after the other: those under the second come three turns behind those under the first, with the change between.
 */
const TURN = (sql: Queries) => sql`
  CASE kind
    WHEN 'deploy' THEN 1 WHEN 'grantRole' THEN 2 WHEN 'admitPromiser' THEN 2 WHEN 'registerCharity' THEN 3 WHEN 'anchor' THEN 4
    WHEN 'prove' THEN CASE args->'statement'->>'kind' WHEN '0' THEN 5 ELSE 6 END
    WHEN 'payBank' THEN 7 WHEN 'payToken' THEN 7 WHEN 'repay' THEN 8
    WHEN 'acknowledge' THEN 9 WHEN 'disburse' THEN 10 WHEN 'changeSigner' THEN 11
    WHEN 'changePayee' THEN 94 WHEN 'proveFault' THEN 95 WHEN 'recordBreach' THEN 95 WHEN 'retirePromiser' THEN 96
    WHEN 'carryPromiser' THEN 96
    WHEN 'open' THEN 97
  END`;

const TURNS_OF_A_SIGNER = 3;
/** Each signer has turns of its own, up to those of what comes behind all signatures. */
export const MOST_SIGNERS = 28;

/** How many calls a founding or a rebuilding still has before it. New calls wait until there are none. */
export async function leftToRebuild(sql: Queries): Promise<bigint> {
  const [row] = await sql<{ count: bigint }[]>`
    SELECT count(*) FROM chain_calls WHERE state NOT IN ('final', 'failed')
      AND (turn < 100 OR kind IN ('deploy', 'grantRole', 'admitPromiser', 'open'))`;
  return row?.count ?? 0n;
}

/**
 * Has the ledger built on a chain that knows nothing of it: `founding` are its deployment, its roles and its opening, and
 * all that was ever done is done again, in order. Nothing is sent here. Times that were recorded first are kept.
 */
export async function planRebuilding(
  sql: Database,
  chainId: number,
  founding: readonly ContractCall[],
): Promise<void> {
  await sql.begin(async (tx) => {
    await forgetChain(tx, chainId);
    for (const call of founding) await addFounding(tx, call);
    await tx`
      UPDATE chain_calls SET state = 'intended', turn = ${TURN(tx)}
      WHERE state = 'final' AND kind NOT IN ('setToken', 'answer') AND id NOT IN (${outdatedProofs(tx)})`;
  });
}

/** A call that a contract which is left has taken; `signer` counts the signers that its charity had before. */
export type Carried = { readonly call: ContractCall; readonly signer: number };

/** `forgotten`: the earlier contract tells nothing any more; then only what we have asked of it is known. */
type MovePlan = {
  readonly to_chain: bigint;
  readonly last_good_batch: bigint;
  readonly forgotten: boolean;
};

/**
 * The same for a ledger that moves: carried over is what the earlier contract has taken, as far as it tells or we know it.
 * Accounts have the roles that `founding` gives them, and no others: a thief's stay behind. The opening is asked for later.
 */
export async function planMoving(
  tx: Transaction,
  { to_chain: chainId, last_good_batch: lastGood, forgotten }: MovePlan,
  founding: readonly ContractCall[],
  carried: readonly Carried[],
): Promise<void> {
  await forgetChain(tx, Number(chainId));
  const founded = founding.filter(({ kind }) => kind !== "open").map((call) => ({ call, signer: 0 }));
  await carryAll(tx, [...founded, ...carried]);
  await tx`
    UPDATE chain_calls SET state = 'intended', turn = ${TURN(tx)}
    WHERE turn >= ${NEW} AND id NOT IN (${outdatedProofs(tx)}) AND (
      (state = 'final' AND kind IN ('registerCharity', 'anchor', 'prove', 'payBank', 'payToken', 'repay', 'acknowledge',
        'disburse'))
      OR (state = 'final' AND ${forgotten} AND kind IN ('proveFault', 'recordBreach'))
      OR (state = 'intended' AND kind = 'anchor' AND (args->>'batch')::bigint <= ${lastGood}))`;
}

/** Calls of this turn and behind wait for the opening: they are no part of a rebuilding. */
export const NEW = 100;
const CALLS_AT_ONCE = 1_000;

/** Has calls carried over that are not yet. */
export async function carryAll(tx: Transaction, carried: readonly Carried[]): Promise<void> {
  const each = [...new Map(carried.map((one) => [nameOf(one.call), one])).values()];
  for (let at = 0; at < each.length; at += CALLS_AT_ONCE)
    await carrySome(tx, each.slice(at, at + CALLS_AT_ONCE));
}

async function carrySome(tx: Transaction, carried: readonly Carried[]): Promise<void> {
  const rows = carried.map(({ call, signer }) => {
    return { ...call, once: nameOf(call), role: senderOf(call), later: TURNS_OF_A_SIGNER * signer };
  });
  await tx`
    INSERT INTO chain_calls (kind, once, args, role, state, turn)
    SELECT kind, once, args, role, 'intended', ${TURN(tx)} + later
    FROM (
      SELECT call->>'kind' AS kind, call->>'once' AS once, call->'args' AS args, call->>'role' AS role,
        (call->>'later')::smallint AS later, place
      FROM jsonb_array_elements(${tx.json(rows)}) WITH ORDINALITY AS asked (call, place)) AS asked
    ORDER BY place
    ON CONFLICT (once) DO UPDATE SET kind = excluded.kind, args = excluded.args, state = 'intended', turn = excluded.turn
    WHERE chain_calls.turn >= ${NEW} AND chain_calls.state IN ('intended', 'final')`;
}

/** How many of the calls that are carried over are on their way. */
export async function leftToCarry(sql: Queries): Promise<bigint> {
  const rows = await sql<{ count: bigint }[]>`
    SELECT count(*) FROM chain_calls WHERE turn < ${NEW} AND state NOT IN ('final', 'failed')`;
  return only(rows).count;
}

/** Has the contract opened that a moved ledger was built in. */
export async function askToOpen(tx: Transaction): Promise<void> {
  const open: ContractCall = { kind: "open", args: {} };
  await carryAll(tx, [{ call: open, signer: 0 }]);
}

/** What was done stays done, wherever it was; what was on its way and not seen done is asked for anew, as new. */
async function forgetChain(tx: Transaction, chainId: number): Promise<void> {
  await tx`DELETE FROM chain_transactions WHERE chain_id = ${chainId}`;
  await forgetChallenges(tx);
  await tx`
    UPDATE chain_calls SET state = CASE WHEN mined_at IS NULL THEN 'intended' ELSE 'final' END, turn = DEFAULT,
      sender = NULL, nonce = NULL, attempts = 0, transaction = NULL, block = NULL
    WHERE state <> 'failed'`;
  // A token lives on its chain: here it is another one, to be named anew.
  await tx`UPDATE chain_calls SET once = NULL WHERE kind = 'setToken' AND state = 'final'`;
}

/** Founding calls count as done before, so that they have their turn; only their account and arguments may be new. */
async function addFounding(tx: Transaction, call: ContractCall): Promise<void> {
  await tx`
    INSERT INTO chain_calls (kind, once, args, role, state)
    VALUES (${call.kind}, ${nameOf(call)}, ${tx.json(call.args)}, ${senderOf(call)}, 'final')
    ON CONFLICT (once) DO UPDATE SET args = excluded.args, state = 'final'`;
}

/** Proofs that a later statement of the same side of a line has made needless: each raises the watermark further. */
const outdatedProofs = (sql: Queries) => sql`
  SELECT id FROM (
    SELECT id, row_number() OVER (
      PARTITION BY args->'statement'->>'charity', args->'statement'->>'unit', args->'statement'->>'kind'
      ORDER BY (args->'statement'->>'to')::bigint DESC) AS place
    FROM chain_calls WHERE kind = 'prove' AND state = 'final') AS proof
  WHERE place > 1`;
