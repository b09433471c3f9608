// Where the bench plays: a fresh data folder with a database in it. All that was started there is stopped and the folder
// removed, whether the bench ends, fails, or is interrupted.

import { rm } from "node:fs/promises";
import { freshDataDir } from "../../server/embedded/data-dir.ts";
import { type EmbeddedPostgres, startPostgres } from "../../server/embedded/postgres.ts";

/** Somebody has ended the bench before its time. */
export class InterruptedError extends Error {}

export class Stage {
  readonly dataDir: string;
  #postgres: EmbeddedPostgres;
  readonly #undo: (() => unknown)[] = [];

  constructor(dataDir: string, postgres: EmbeddedPostgres) {
    this.dataDir = dataDir;
    this.#postgres = postgres;
    this.later(() => rm(dataDir, { recursive: true, force: true }));
    this.later(() => this.#postgres.stop());
  }

  get databaseUrl(): string {
    return this.#postgres.url;
  }

  /** Has a step done at the end; the last is done first. */
  later(step: () => unknown): void {
    this.#undo.unshift(step);
  }

  /** Stops PostgreSQL, which takes what it holds in memory away, and starts it again. */
  async restartDatabase(): Promise<void> {
    await this.#postgres.stop();
    this.#postgres = await startPostgres({ dataDir: this.dataDir });
  }

  async clear(): Promise<void> {
    for (const step of this.#undo.splice(0)) await step();
  }
}

/** Has `work` play on a stage of its own, which is cleared whatever comes of it. */
export async function onStage<Result>(work: (stage: Stage) => Promise<Result>): Promise<Result> {
  // Heard from the first moment on: also what is still starting is stopped and removed.
  const interrupted = interruption();
  interrupted.catch(() => {});
  const dataDir = await freshDataDir();
  const stage = new Stage(dataDir, await startPostgres({ dataDir }));
  try {
    return await Promise.race([work(stage), interrupted]);
  } finally {
    await stage.clear();
  }
}

/** Never resolves; fails at Ctrl-C and SIGTERM. */
const interruption = (): Promise<never> =>
  new Promise((_, reject) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => reject(new InterruptedError(`interrupted by ${signal}`)));
  });
