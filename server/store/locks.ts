// The advisory locks, all in one place: who takes them, and what they protect.

import { connectAlone, type Database, only, type Transaction } from "./database.ts";

/** Marks our locks among those of other users of the database: "aman". */
const SPACE = 0x616d616e;

const LOCKS = {
  /** Shared by every write of receipts (within `record_events`) or documents, exclusive to the closing of a batch: which batch a write falls into. */
  batch: 1,
  migrate: 2,
  /** Held by the one service on a data folder, for as long as it lives. */
  folder: 3,
  /** Held by the one process that seals. */
  seal: 4,
  /** Held by the one process that speaks to the contract. */
  chain: 5,
  /** Held by the one process that settles. */
  settle: 6,
  /** Held by the one process that publishes: books, indexes of donors, daily documents. */
  publish: 7,
  /** Shared by whoever keeps a printed statement, exclusive to erasing: none is kept that tells of what is erased. */
  papers: 8,
  /** Held by the one process that converts donated steps. */
  convert: 9,
  /** Held by the one process that tells other systems. */
  webhooks: 10,
} as const;

export type Lock = keyof typeof LOCKS;

export const holdExclusive = (tx: Transaction, lock: Lock) =>
  tx`SELECT pg_advisory_xact_lock(${SPACE}, ${LOCKS[lock]})`;

/** Together with others who share it; until the transaction ends. */
export const holdShared = (tx: Transaction, lock: Lock) =>
  tx`SELECT pg_advisory_xact_lock_shared(${SPACE}, ${LOCKS[lock]})`;

/**
 * A lock that lasts as long as its connection: when the process dies, the database lets go of it. `lost` resolves when
 * the connection is gone, whoever ended it.
 */
export type Hold = { release(): Promise<void>; readonly lost: Promise<void> };

const END_SECONDS = 5;

/**
 * Takes the lock, or returns null at once when another process has it. On a connection of its own: one of the pool would
 * be opened again by the next query after its loss, which then nobody notices.
 */
export async function tryHold(sql: Database, lock: Lock): Promise<Hold | null> {
  const { promise: lost, resolve: lose } = Promise.withResolvers<void>();
  const connection = connectAlone(sql, lose);
  const end = () => connection.end({ timeout: END_SECONDS });
  try {
    const rows = await connection`SELECT pg_try_advisory_lock(${SPACE}, ${LOCKS[lock]}) AS got`;
    if (only(rows).got === true) return { release: () => letGo(connection, lock, end), lost };
  } catch (thrown) {
    await end();
    throw thrown;
  }
  await end();
  return null;
}

/** Unlocks first: the server lets go of a connection's locks only a moment after its end. */
async function letGo(connection: Database, lock: Lock, end: () => Promise<void>): Promise<void> {
  await connection`SELECT pg_advisory_unlock(${SPACE}, ${LOCKS[lock]})`.catch(() => {});
  await end();
}
