// Of any number of processes, one does a job at a time; when it dies, another takes over within seconds. A process that
// stops waits for its jobs, and not for ever.

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

const FINISH_JOBS_MS = 5_000;

/** The jobs of one process, told to stop together. */
export class Jobs {
  readonly #services: { readonly sql: Database; readonly log: Logger };
  readonly #stopping = new AbortController();
  readonly #underWay = new Map<Lock, Promise<void>>();

  constructor(services: { readonly sql: Database; readonly log: Logger }) {
    this.#services = services;
  }

  /** Runs `work` for as long as this process leads it; see `lead`. */
  start(lock: Lock, work: (signal: AbortSignal) => Promise<void>): void {
    const job = lead(this.#services, lock, this.#stopping.signal, work);
    this.#underWay.set(
      lock,
      job.finally(() => this.#underWay.delete(lock)),
    );
  }

  /**
   * Resolves when all have ended, or have been given the time for it. What is under way then, such as a query that takes
   * long, fails when the store is closed: every step may be cut off, and is done again by the next leader.
   */
  async stop(milliseconds = FINISH_JOBS_MS): Promise<void> {
    this.#stopping.abort();
    const late = sleep(milliseconds, undefined, { ref: false });
    await Promise.race([late, Promise.all(this.#underWay.values())]);
    const jobs = [...this.#underWay.keys()];
    if (jobs.length > 0) this.#services.log.warn({ jobs }, "jobs did not end in time; they are cut off");
  }
}

/** Waits, and no longer than until the signal aborts. */
export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal }).catch(() => {});
