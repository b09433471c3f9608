// Where the ledger lives, and how a chain that has forgotten it is rebuilt from what was asked of it.

import { type ContractCall, nameOf, senderOf } from "../protocol/contract-calls.ts";
import type { Database, Queries, Transaction } from "./database.ts";

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
 * waits behind the opening. Answers are not given again: nobody has asked there.
 */
const TURN = (sql: Queries) => sql`
  CASE kind
    WHEN 'deploy' THEN 1 WHEN 'grantRole' THEN 2 WHEN 'admitPromiser' THEN 2 WHEN 'registerCharity' THEN 3 WHEN 'anchor' THEN 4
    WHEN 'prove' THEN CASE args->'statement'->>'kind' WHEN '0' THEN 5 ELSE 6 END
    WHEN 'payBank' THEN 7 WHEN 'payToken' THEN 7 WHEN 'repay' THEN 8 WHEN 'acknowledge' THEN 9 WHEN 'disburse' THEN 10
    WHEN 'proveFault' THEN 11 WHEN 'recordBreach' THEN 11 WHEN 'retirePromiser' THEN 12 WHEN 'open' THEN 13
  END`;

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

/** What was done stays done, wherever it was; what was on its way and not seen done is asked for anew, as new. */
async function forgetChain(tx: Transaction, chainId: number): Promise<void> {
  await tx`DELETE FROM chain_transactions WHERE chain_id = ${chainId}`;
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
