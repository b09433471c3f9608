// Moves of the ledger to another contract: the one under way, how far it has come, and where the ledger lived before. What
// is carried over are ordinary calls; in which order they go is in `deployment`.

import type { ContractCall } from "../protocol/contract-calls.ts";
import type { Kind } from "../protocol/receipt.ts";
import type { UnprovenStatement } from "./anchoring.ts";
import { type Database, only, type Queries } from "./database.ts";
import { askToOpen, type Carried, carryAll, planMoving } from "./deployment.ts";
import type { LineName } from "./lines.ts";

/**
 * `rebuilding`: the new contract is built. `compared`: it says what the earlier one says, and is to be opened. `opened`: the
 * ledger lives there. `succeeded`: the earlier contract names it, or is gone.
 */
export type MoveState = "rebuilding" | "compared" | "opened" | "succeeded";

export type Plan = {
  readonly from_chain: bigint;
  readonly from_contract: Buffer;
  readonly from_block: bigint;
  readonly forgotten: boolean;
  readonly last_good_batch: bigint;
  readonly to_chain: bigint;
};

export type Move = Plan & {
  readonly id: bigint;
  readonly state: MoveState;
  readonly to_contract: Buffer | null;
  readonly nonce: bigint | null;
};

/** The newest move, ended or not. */
export async function lastMove(sql: Queries): Promise<Move | undefined> {
  const [row] = await sql<Move[]>`
    SELECT id, from_chain, from_contract, from_block, forgotten, last_good_batch, to_chain, to_contract, state, nonce
    FROM moves ORDER BY id DESC LIMIT 1`;
  return row;
}

export type EarlierHome = Pick<Move, "from_chain" | "from_contract" | "last_good_batch">;

/** Where the ledger lived before, on chains that remember it, the oldest first. */
export const earlierHomes = (sql: Queries) =>
  sql<EarlierHome[]>`
    SELECT from_chain, from_contract, last_good_batch FROM moves
    WHERE NOT forgotten AND state IN ('opened', 'succeeded') ORDER BY id`;

/** Writes the move down with all that it carries over, or nothing of it. */
export async function beginMove(
  sql: Database,
  plan: Plan,
  founding: readonly ContractCall[],
  carried: readonly Carried[],
): Promise<Move> {
  await sql.begin(async (tx) => {
    await tx`INSERT INTO moves ${tx({ ...plan })}`;
    await planMoving(tx, plan, founding, carried);
  });
  return only(await sql<Move[]>`SELECT * FROM moves WHERE state <> 'succeeded'`);
}

/** What the earlier contract has taken since the move began. What is carried over already stays as it is. */
export async function carryMore(sql: Database, carried: readonly Carried[]): Promise<void> {
  await sql.begin((tx) => carryAll(tx, carried));
}

/** The new contract is as the earlier one: it may be opened, and is, once that is sent. */
export async function allowOpening(sql: Database, { id }: Move): Promise<void> {
  await sql.begin(async (tx) => {
    const moved = await tx`
      UPDATE moves SET state = 'compared', to_contract = (SELECT contract FROM deployment)
      WHERE id = ${id} AND state = 'rebuilding' RETURNING id`;
    if (moved.length === 1) await askToOpen(tx);
  });
}

/** Whether the opening is asked for, and nothing is signed for it yet. */
export async function isOpeningUnsent(sql: Queries): Promise<boolean> {
  const [row] = await sql`SELECT 1 FROM chain_calls WHERE kind = 'open' AND state = 'intended'`;
  return row !== undefined;
}

export async function noteOpened(sql: Queries, { id }: Move): Promise<void> {
  await sql`UPDATE moves SET state = 'opened' WHERE id = ${id} AND state = 'compared'`;
}

export async function noteSucceeded(sql: Queries, { id }: Move): Promise<void> {
  await sql`UPDATE moves SET state = 'succeeded', ended_at = now() WHERE id = ${id} AND state = 'opened'`;
}

/** The place that the transaction which names the successor shall take; null when it is to be chosen anew. */
export async function keepNonce(sql: Queries, { id }: Move, nonce: bigint | null): Promise<void> {
  await sql`UPDATE moves SET nonce = ${nonce} WHERE id = ${id} AND state = 'opened'`;
}

export type ProvenSide = LineName & { readonly kind: Kind; readonly to: bigint };

/** How far our own proofs have come that the contract has taken, of each side of each line. */
export const provenSides = (sql: Queries) =>
  sql<{ readonly charity: string; readonly unit: string; readonly kind: Kind; readonly to: bigint }[]>`
    SELECT args->'statement'->>'charity' AS charity, args->'statement'->>'unit' AS unit,
      (args->'statement'->>'kind')::smallint AS kind, max((args->'statement'->>'to')::bigint) AS "to"
    FROM chain_calls WHERE kind = 'prove' AND mined_at IS NOT NULL AND state <> 'failed' GROUP BY 1, 2, 3`;

/** The statement of a side of a line that ends there. */
export async function statementEndingAt(
  sql: Queries,
  { charity, unit, kind, to }: ProvenSide,
): Promise<UnprovenStatement | undefined> {
  const [row] = await sql<UnprovenStatement[]>`
    SELECT line, kind, batch, "from", "to", previous, receipts, receipts_root AS "receiptsRoot", leaf, charity, unit
    FROM statements JOIN lines ON lines.id = line
    WHERE charity = ${charity} AND unit = ${unit} AND kind = ${kind} AND "to" = ${to}`;
  return row;
}

/** The last of our batches with statements of those leaves, all of one charity; undefined when one of them is not ours. */
export async function lastBatchOf(
  sql: Queries,
  charity: Uint8Array,
  leaves: readonly Uint8Array[],
): Promise<bigint | undefined> {
  const ours = await sql<{ batch: bigint }[]>`
    SELECT batch FROM statements JOIN lines ON lines.id = line
    WHERE charity = ${charity} AND leaf IN ${sql(leaves)} ORDER BY batch DESC`;
  return ours.length === leaves.length ? ours[0]?.batch : undefined;
}

/** Our roots of batches, sealed or further, in their order. */
export const rootsBetween = (sql: Queries, first: bigint, last: bigint) =>
  sql<{ readonly number: bigint; readonly root: Buffer }[]>`
    SELECT number, root FROM batches WHERE number BETWEEN ${first} AND ${last} AND root IS NOT NULL ORDER BY number`;

/** Calls that were signed and may yet come about. */
export async function callsInFlight(sql: Queries): Promise<bigint> {
  const rows = await sql<{ count: bigint }[]>`
    SELECT count(*) FROM chain_calls WHERE state IN ('sent', 'mined')`;
  return only(rows).count;
}

/** The block that the contract was created in where the ledger lives; 0 when it was not created from here. */
export async function deployedIn(sql: Queries): Promise<bigint> {
  const [row] = await sql<{ block: bigint }[]>`
    SELECT block FROM chain_calls WHERE kind = 'deploy' AND state = 'final' AND block IS NOT NULL`;
  return row?.block ?? 0n;
}
