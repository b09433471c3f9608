// That terms come before what follows from them: their notice stands in an earlier batch than the first receipt that names
// them, so that nobody can fit the terms to the amounts afterwards.

import type { Database } from "./database.ts";
import { closeBatch, openBatch } from "./sealing.ts";

/** Knows up to which batch this process has seen the batches closed. One for each process. */
export class NoticeFirst {
  readonly #sql: Database;
  readonly #now: () => number;
  #closed = 0n;

  /** @param now Unix seconds */
  constructor(sql: Database, now: () => number) {
    this.#sql = sql;
    this.#now = now;
  }

  /**
   * Resolves once `batch`, whose notice names the terms, is closed: what is written from then on falls into a later one.
   * Where it is open still it is closed at once, which happens once for all that was noticed in it.
   */
  async before(batch: bigint): Promise<void> {
    if (batch <= this.#closed) return;
    const { number } = await openBatch(this.#sql);
    // Another process may close it first, which is as good.
    if (number === batch) await closeBatch(this.#sql, batch, this.#now());
    this.#closed = number === batch ? batch : number - 1n;
  }
}
