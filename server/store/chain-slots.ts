// Calls on their way. A slot is a sender and a nonce: the place that one signed transaction takes on the chain, together
// with its replacements at higher fees; the chain takes exactly one of them. Each step names the state that it expects.

import type { CallKind } from "../protocol/contract-calls.ts";
import type { Database, Queries, Transaction } from "./database.ts";

export type Slot = { readonly sender: Uint8Array; readonly nonce: bigint };

export type SlotInFlight = Slot & {
  readonly state: "sent" | "mined";
  readonly calls: bigint;
  /** The block it was seen in. */
  readonly block: bigint | null;
};

/** A transaction as it was signed. */
export type SignedForm = Slot & { readonly hash: Uint8Array; readonly raw: Uint8Array };

/** What became of a slot: the transaction that the chain took, when, and the contract that it created, if any. */
export type MinedForm = {
  readonly hash: Uint8Array;
  readonly block: bigint;
  /** Of the block, in Unix seconds. */
  readonly at: bigint;
  readonly created: Uint8Array | null;
};

/** The slots that are not final, in the order in which they were filled. */
export const slotsInFlight = (sql: Queries) =>
  sql<SlotInFlight[]>`
    SELECT sender, nonce, state, max(block) AS block, count(*) AS calls FROM chain_calls
    WHERE state IN ('sent', 'mined') GROUP BY sender, nonce, state ORDER BY min(turn), min(id)`;

/** All signed forms for a slot, the newest first, with their age in seconds. */
export const formsOf = (sql: Queries, chainId: number, { sender, nonce }: Slot) =>
  sql<{ hash: Buffer; raw: Buffer; age: number }[]>`
    SELECT hash, raw, extract(epoch FROM now() - created_at)::float8 AS age FROM chain_transactions
    WHERE chain_id = ${chainId} AND sender = ${sender} AND nonce = ${nonce} ORDER BY created_at DESC, hash`;

/** The first nonce of a sender that none of our transactions has taken. */
export async function nextNonce(sql: Queries, chainId: number, sender: Uint8Array): Promise<bigint> {
  const [row] = await sql<{ next: bigint }[]>`
    SELECT coalesce(max(nonce) + 1, 0)::bigint AS next FROM chain_transactions
    WHERE chain_id = ${chainId} AND sender = ${sender}`;
  return row?.next ?? 0n;
}

/**
 * Puts calls into a slot, with its signed form, before it is sent. False when another process was first with one of the
 * calls: then nothing is kept, and nothing may be sent.
 */
export async function fillSlot(
  sql: Database,
  chainId: number,
  ids: readonly bigint[],
  form: SignedForm,
): Promise<boolean> {
  const taken = new Error("another process was first");
  const fill = sql.begin(async (tx) => {
    const moved = await tx`
      UPDATE chain_calls SET state = 'sent', sender = ${form.sender}, nonce = ${form.nonce}
      WHERE id = ANY(${`{${ids.join()}}`}::bigint[]) AND state = 'intended' RETURNING id`;
    if (moved.length !== ids.length) throw taken;
    await keepForm(tx, chainId, form);
    return true;
  });
  return fill.catch((thrown) => {
    if (thrown === taken) return false;
    throw thrown;
  });
}

/** Keeps another signed form of a slot, before it is sent. */
export async function keepForm(sql: Queries, chainId: number, form: SignedForm): Promise<void> {
  const { hash, sender, nonce, raw } = form;
  await sql`
    INSERT INTO chain_transactions (hash, chain_id, sender, nonce, raw)
    VALUES (${hash}, ${chainId}, ${sender}, ${nonce}, ${raw}) ON CONFLICT DO NOTHING`;
}

/** The slot's transaction is in a block; or, seen before, in another block than it was. */
export async function slotMined(sql: Database, chainId: number, slot: Slot, mined: MinedForm): Promise<void> {
  await sql.begin(async (tx) => {
    const { sender, nonce } = slot;
    const calls = await tx<{ kind: CallKind }[]>`
      UPDATE chain_calls SET state = 'mined', transaction = ${mined.hash}, block = ${mined.block},
        mined_at = coalesce(mined_at, ${timeOf(tx, mined)})
      WHERE sender = ${sender} AND nonce = ${nonce} AND state IN ('sent', 'mined') RETURNING kind`;
    if (calls.some(({ kind }) => kind === "anchor")) await anchorBatches(tx, slot, mined);
    if (calls.some(({ kind }) => kind === "deploy") && mined.created !== null)
      await recordContract(tx, chainId, mined.created);
  });
}

/** The time of the block; the clock of a chain that runs ahead is not believed. */
const timeOf = (sql: Queries, { at }: MinedForm) => sql`least(to_timestamp(${at}), now())`;

async function anchorBatches(tx: Transaction, slot: Slot, mined: MinedForm): Promise<void> {
  await tx`
    UPDATE batches SET state = CASE state WHEN 'submitted' THEN 'anchored' ELSE state END,
      transaction = ${mined.hash}, block = ${mined.block}, anchored_at = coalesce(anchored_at, ${timeOf(tx, mined)})
    WHERE number IN (${batchesOf(tx, slot)}) AND state IN ('submitted', 'anchored', 'final')`;
}

const batchesOf = (sql: Queries, { sender, nonce }: Slot) => sql`
  SELECT (args->>'batch')::bigint FROM chain_calls
  WHERE kind = 'anchor' AND sender = ${sender} AND nonce = ${nonce} AND state IN ('sent', 'mined', 'final')`;

/** Where the ledger lives: the contract that its deployment created. */
export async function recordContract(sql: Queries, chainId: number, contract: Uint8Array): Promise<void> {
  await sql`
    INSERT INTO deployment (chain_id, contract) VALUES (${chainId}, ${contract})
    ON CONFLICT (sole) DO UPDATE SET chain_id = excluded.chain_id, contract = excluded.contract`;
}

/** Enough blocks lie on the slot's transaction. */
export async function slotFinal(sql: Database, slot: Slot): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`UPDATE batches SET state = 'final' WHERE number IN (${batchesOf(tx, slot)}) AND state = 'anchored'`;
    await tx`
      UPDATE chain_calls SET state = 'final' WHERE sender = ${slot.sender} AND nonce = ${slot.nonce} AND state = 'mined'`;
  });
}

/** A reorganisation has taken the slot's transaction out of its block: the same bytes are to be sent again. */
export async function slotLost(sql: Database, slot: Slot): Promise<void> {
  await sql.begin(async (tx) => {
    await unanchor(tx, slot);
    await tx`
      UPDATE chain_calls SET state = 'sent', transaction = NULL, block = NULL, mined_at = NULL
      WHERE sender = ${slot.sender} AND nonce = ${slot.nonce} AND state = 'mined'`;
  });
}

/**
 * The slot brought nothing about: its calls wait to be sent once more, in another slot. What was seen done in it, before a
 * reorganisation, counts as never done.
 */
export async function slotEmptied(sql: Database, slot: Slot): Promise<void> {
  await sql.begin(async (tx) => {
    await unanchor(tx, slot);
    await tx`
      UPDATE chain_calls SET state = 'intended', sender = NULL, nonce = NULL, transaction = NULL, block = NULL,
        attempts = attempts + 1, mined_at = CASE state WHEN 'sent' THEN mined_at END
      WHERE sender = ${slot.sender} AND nonce = ${slot.nonce} AND state IN ('sent', 'mined')`;
  });
}

const unanchor = (tx: Transaction, slot: Slot) => tx`
  UPDATE batches SET state = 'submitted', transaction = NULL, block = NULL, anchored_at = NULL
  WHERE number IN (${batchesOf(tx, slot)}) AND state = 'anchored'`;
