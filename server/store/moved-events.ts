// What the contract's events say of batches and watermarks, each with block, time and transaction, up to a settled block: what
// reports name as their proof. Read by a job; kept so that whoever asks the service does not ask the chain. What contracts
// were told that the ledger has left keeps its time when the successor tells it again.

import type { Database, Queries, Transaction } from "./database.ts";

/** Where and how far events were read. */
export type ReadUpTo = {
  readonly chain_id: bigint;
  readonly contract: Buffer;
  readonly block: bigint;
  readonly hash: Buffer;
  /** Of the block, in Unix seconds. */
  readonly at: bigint;
};

export type EventPlace = {
  readonly block: bigint;
  readonly log: number;
  readonly at: bigint;
  readonly transaction: Uint8Array;
};

export type AnchoredEvent = EventPlace & { readonly batch: bigint };
export type MovedEvent = EventPlace & {
  readonly step: "paid" | "acknowledged" | "spent";
  readonly charity: Uint8Array;
  readonly unit: string;
  readonly from: bigint;
  readonly upTo: bigint;
  /** Of disbursements: the hash of the report. */
  readonly evidence: Uint8Array | null;
};

/** Undefined before anything was read. */
export async function movesReadUpTo(sql: Queries): Promise<ReadUpTo | undefined> {
  const [row] = await sql<ReadUpTo[]>`SELECT chain_id, contract, block, hash, at FROM moves_read`;
  return row;
}

/** Has everything read again from the first block. */
export async function forgetMoves(sql: Database): Promise<void> {
  await sql.begin((tx) => forget(tx));
}

async function forget(tx: Transaction): Promise<void> {
  await tx`DELETE FROM moves_read`;
  await tx`DELETE FROM anchored_events`;
  await tx`DELETE FROM moved_events`;
}

/**
 * Keeps when a contract that is left was told of its good batches and of watermarks, and has all events read again under
 * those times. Kept once: what an even earlier contract was told stays.
 */
export async function keepFirstTold(sql: Database, { anchored, moved }: NewMoves): Promise<void> {
  await sql.begin(async (tx) => {
    for (const rows of inPieces(anchored.map(anchoredRow)))
      await tx`
        INSERT INTO first_anchored (batch, at)
        SELECT batch, at FROM jsonb_to_recordset(${tx.json(rows)}) AS told (batch bigint, at bigint)
        ON CONFLICT DO NOTHING`;
    for (const rows of inPieces(moved.map(movedRow)))
      await tx`
        INSERT INTO first_moved (charity, unit, step, upto, at)
        SELECT decode(charity, 'hex'), unit, step, upto, at
        FROM jsonb_to_recordset(${tx.json(rows)}) AS told (charity text, unit text, step text, upto bigint, at bigint)
        ON CONFLICT DO NOTHING`;
    await forget(tx);
  });
}

const ROWS_AT_ONCE = 1_000;

function* inPieces<Row>(rows: readonly Row[]): Generator<Row[]> {
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) yield rows.slice(at, at + ROWS_AT_ONCE);
}

export type NewMoves = {
  readonly anchored: readonly AnchoredEvent[];
  readonly moved: readonly MovedEvent[];
};

/** Keeps what was found behind block `before` (null: nothing was read yet); false when another process was first. */
export function keepMoves(
  sql: Database,
  before: bigint | null,
  upTo: Omit<ReadUpTo, "contract" | "hash"> & { readonly contract: Uint8Array; readonly hash: Uint8Array },
  { anchored, moved }: NewMoves,
): Promise<boolean> {
  return sql.begin(async (tx) => {
    const { chain_id, contract, block, hash, at } = upTo;
    const taken = await tx`
      INSERT INTO moves_read AS read (chain_id, contract, block, hash, at)
      VALUES (${chain_id}, ${contract}, ${block}, ${hash}, ${at})
      ON CONFLICT (sole) DO UPDATE SET block = excluded.block, hash = excluded.hash, at = excluded.at
      WHERE read.block = ${before}::bigint AND read.chain_id = excluded.chain_id AND read.contract = excluded.contract
      RETURNING block`;
    if (taken.length === 0) return false;
    await keepAnchored(tx, anchored);
    await keepMoved(tx, moved);
    return true;
  }) as Promise<boolean>;
}

const hex = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString("hex"));

const anchoredRow = ({ batch, block, at, transaction }: AnchoredEvent) => ({
  ...{ batch: `${batch}`, block: `${block}`, at: `${at}`, transaction: hex(transaction) },
});

async function keepAnchored(tx: Transaction, events: readonly AnchoredEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx`
    INSERT INTO anchored_events (batch, block, at, transaction)
    SELECT batch, block, coalesce(first.at, told.at), decode(transaction, 'hex')
    FROM jsonb_to_recordset(${tx.json(events.map(anchoredRow))})
      AS told (batch bigint, block bigint, at bigint, transaction text)
    LEFT JOIN first_anchored AS first USING (batch)
    ON CONFLICT (batch) DO NOTHING`;
}

const movedRow = ({ step, unit, log, ...event }: MovedEvent) => ({
  ...{
    step,
    unit,
    log,
    block: `${event.block}`,
    at: `${event.at}`,
    from: `${event.from}`,
    upto: `${event.upTo}`,
  },
  ...{ charity: hex(event.charity), evidence: hex(event.evidence), transaction: hex(event.transaction) },
});

async function keepMoved(tx: Transaction, events: readonly MovedEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx`
    INSERT INTO moved_events (block, log, step, charity, unit, "from", upto, evidence, at, transaction)
    SELECT block, log, told.step, decode(told.charity, 'hex'), told.unit, "from", told.upto, decode(evidence, 'hex'),
      coalesce(first.at, told.at), decode(transaction, 'hex')
    FROM jsonb_to_recordset(${tx.json(events.map(movedRow))}) AS told (block bigint, log integer, step text, charity text,
      unit text, "from" bigint, upto bigint, evidence text, at bigint, transaction text)
    LEFT JOIN first_moved AS first ON first.charity = decode(told.charity, 'hex') AND first.unit = told.unit
      AND first.step = told.step AND first.upto = told.upto
    ON CONFLICT (block, log) DO NOTHING`;
}
