// Of any number of processes, one does a job at a time; when it dies, another takes over within seconds.

import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { messageOf } from "../errors.ts";
import type { Database } from "../store/database.ts";
import { type Lock, tryHold } from "../store/locks.ts";

const TRY_EVERY_MS = 1_000;

/**
 * Runs `work` whenever this process holds the lock, until `signal` aborts. `work` ends when its own signal aborts, which
 * it does with the lock. An error of `work` gives the lock up and is tried again. A leader that has lost the lock without
 * knowing may work on for a moment, so every change of state names the state that it expects.
 */
export async function lead(
  { sql, log }: { sql: Database; log: Logger },
  lock: Lock,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await leadOnce(sql, lock, signal, work);
    } catch (thrown) {
      if (!signal.aborted)
        log.error({ job: lock, err: thrown }, `${lock}: ${messageOf(thrown)}; trying again`);
    }
    await pause(TRY_EVERY_MS, signal);
  }
}

async function leadOnce(
  sql: Database,
  lock: Lock,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
) {
  const hold = await tryHold(sql, lock);
  if (hold === null) return;
  const lost = new AbortController();
  void hold.lost.then(() => lost.abort());
  try {
    await work(AbortSignal.any([signal, lost.signal]));
  } finally {
    await hold.release();
  }
}

/** Waits, and no longer than until the signal aborts. */
export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal }).catch(() => {});
