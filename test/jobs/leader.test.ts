// One of many does the job: who leads, what happens when it dies, stops or fails.

import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import { Jobs, lead, pause } from "../../server/jobs/leader.ts";
import { connect, type Database } from "../../server/store/database.ts";
import { killAtOnce, lineOf } from "../support/lines.ts";
import { freshDatabase, type TestDatabase } from "../support/postgres.ts";
import { silent } from "../support/service.ts";

const LEADER = join(import.meta.dirname, "..", "support", "start-leader.ts");

describe("a leader", () => {
  let database: TestDatabase;
  let pools: Database[];
  let stopping: AbortController;
  let jobs: Promise<void>[];

  beforeEach(async () => {
    database = await freshDatabase();
    [pools, jobs, stopping] = [[], [], new AbortController()];
  });
  afterEach(async () => {
    stopping.abort();
    await Promise.all(jobs);
    await Promise.all(pools.map((sql) => sql.end({ timeout: 1 })));
    await database.drop();
  });

  function connectTo(url: string): Database {
    const sql = connect(url, 2);
    pools.push(sql);
    return sql;
  }

  /** A process of its own, as far as the database can tell, that would lead. */
  function candidate(work: (signal: AbortSignal) => Promise<void>, signal = stopping.signal): void {
    jobs.push(lead({ sql: connectTo(database.url), log: silent }, "seal", signal, work));
  }

  const untilAborted = (signal: AbortSignal) =>
    new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  const until = async (holds: () => boolean, milliseconds = 5_000) => {
    const end = performance.now() + milliseconds;
    while (!holds() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(holds(), `within ${milliseconds} ms`).to.equal(true);
  };

  it("is one of five, never two at a time, and the next takes over when it stops", async () => {
    let [working, most, terms] = [0, 0, 0];
    for (let at = 0; at < 5; at++)
      candidate(async (signal) => {
        working += 1;
        terms += 1;
        most = Math.max(most, working);
        await Promise.race([untilAborted(signal), new Promise((resolve) => setTimeout(resolve, 200))]);
        working -= 1;
      });
    await until(() => terms >= 4, 10_000);
    expect(most).to.equal(1);
  });

  it("tries again after its work has failed", async () => {
    let tries = 0;
    candidate(async (signal) => {
      tries += 1;
      if (tries === 1) throw new Error("failed for the test");
      await untilAborted(signal);
    });
    await until(() => tries === 2);
  });

  it("ends its work when its lock is lost, and leads again", async () => {
    let [begun, ended] = [0, 0];
    candidate(async (signal) => {
      begun += 1;
      await untilAborted(signal);
      ended += 1;
    });
    await until(() => begun === 1);
    await pools[0]!`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'`;
    await until(() => ended === 1 && begun === 2);
  });

  it("stops with the other jobs of its process at once, whatever they wait for", async () => {
    const own = new Jobs({ sql: connectTo(database.url), log: silent });
    const begun = new Set<string>();
    for (const lock of ["seal", "chain"] as const)
      own.start(lock, async (signal) => {
        begun.add(lock);
        while (!signal.aborted) await pause(60_000, signal);
      });
    await until(() => begun.size === 2);
    await own.stop(60_000);
  });

  it("is left behind when it does not end in time, and named", async () => {
    const told: unknown[] = [];
    const log = { ...silent, warn: (facts: object) => told.push(facts) } as unknown as typeof silent;
    const own = new Jobs({ sql: connectTo(database.url), log });
    const released = Promise.withResolvers<void>();
    let begun = 0;
    const work = (end: Promise<void>) => async (signal: AbortSignal) => {
      begun += 1;
      await Promise.all([untilAborted(signal), end]);
    };
    own.start("seal", work(released.promise));
    own.start("chain", work(Promise.resolve()));
    await until(() => begun === 2);
    await own.stop(200);
    expect(told).to.deep.equal([{ jobs: ["seal"] }]);
    released.resolve();
    await own.stop();
    expect(told.length, "it has ended since").to.equal(1);
  });

  it("goes on when the database was gone for a while", async () => {
    let begun = 0;
    candidate(async (signal) => {
      begun += 1;
      await untilAborted(signal);
    });
    await until(() => begun === 1);
    const other = connect(database.url.replace(/[^/]+$/, "amanah"), 1);
    const name = new URL(database.url).pathname.slice(1);
    await other`ALTER DATABASE ${other(name)} ALLOW_CONNECTIONS false`;
    await other`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${name}`;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(begun).to.equal(1);
    await other`ALTER DATABASE ${other(name)} ALLOW_CONNECTIONS true`;
    await until(() => begun === 2, 10_000);
    await other.end({ timeout: 1 });
  });

  it("that is killed with -9 is taken over from within seconds", async () => {
    const child: ChildProcess = spawn(process.execPath, [LEADER, database.url], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      await lineOf(child.stdout!, (line) => line === "leading");
      let leads = false;
      candidate(async (signal) => {
        leads = true;
        await untilAborted(signal);
      });
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(leads, "while the other lives").to.equal(false);
      await killAtOnce(child);
      await until(() => leads, 3_000);
    } finally {
      await killAtOnce(child);
    }
  });
});
