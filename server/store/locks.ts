// The advisory locks, all in one place: who takes them, and what they protect.

import type { Database, Transaction } from "./database.ts";

/** Marks our locks among those of other users of the database: "aman". */
const SPACE = 0x616d616e;

const LOCKS = {
  /** Shared by every write of receipts, exclusive to the closing of a batch: which batch a write falls into. */
  batch: 1,
  migrate: 2,
  /** Held by the one service on a data folder, for as long as it lives. */
  folder: 3,
  /** Held by the one process that seals. */
  seal: 4,
  /** Held by the one process that speaks to the contract. */
  chain: 5,
} as const;

export type Lock = keyof typeof LOCKS;

export const holdShared = (tx: Transaction, lock: Lock) =>
  tx`SELECT pg_advisory_xact_lock_shared(${SPACE}, ${LOCKS[lock]})`;

export const holdExclusive = (tx: Transaction, lock: Lock) =>
  tx`SELECT pg_advisory_xact_lock(${SPACE}, ${LOCKS[lock]})`;

/** A lock that lasts as long as its connection: when the process dies, the database lets go of it. */
export type Hold = { release(): Promise<void>; readonly lost: Promise<void> };

/** Takes the lock on a connection of its own, or returns null at once when another process has it. */
export async function tryHold(sql: Database, lock: Lock): Promise<Hold | null> {
  const connection = await sql.reserve();
  const [row] = await connection`SELECT pg_try_advisory_lock(${SPACE}, ${LOCKS[lock]}) AS got`;
  if (row?.got !== true) {
    connection.release();
    return null;
  }
  const watch = watchConnection(connection);
  const release = async () => {
    watch.stop();
    await connection`SELECT pg_advisory_unlock(${SPACE}, ${LOCKS[lock]})`.catch(() => {});
    connection.release();
  };
  return { release, lost: watch.lost };
}

const WATCH_EVERY_MS = 1_000;

/** A lock is lost with its connection, and nothing tells us so: we ask. */
function watchConnection(connection: Awaited<ReturnType<Database["reserve"]>>) {
  let stop = () => {};
  const lost = new Promise<void>((resolve) => {
    const timer = setInterval(() => void connection`SELECT 1`.catch(() => resolve()), WATCH_EVERY_MS);
    timer.unref();
    stop = () => clearInterval(timer);
  });
  return { lost, stop: () => stop() };
}
