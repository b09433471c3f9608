// The service told to stop in the thick of it: while purchases, bulks and refunds pour in, and while its jobs wait for a
// database that does not answer them. What it does with single requests is in main.test.ts.

import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { freshDataDir } from "../server/embedded/data-dir.ts";
import { startPostgres } from "../server/embedded/postgres.ts";
import { connect, type Database } from "../server/store/database.ts";
import { auditReceipts, auditRefunds } from "./faults/audit.ts";
import { Customer } from "./faults/customer.ts";
import { call } from "./support/client.ts";
import { killAtOnce } from "./support/lines.ts";
import { type ServiceProcess, startProcess } from "./support/process.ts";
import { seeded } from "./support/random.ts";
import { openShop } from "./support/shop.ts";

const SETTINGS = { SEAL_AFTER_SECONDS: "1" };
const LOAD_MS = 3_000;
/**
 * Beside the time of its start, which a busy machine lengthens as it does the stop. Jobs and pool are given five seconds each;
 * nothing here should come near to using them.
 */
const STOP_LIMIT_MS = 4_000;
/** Longer than any stop. */
const HOLDING = `$$ BEGIN
  LOCK TABLE index_progress, settlement_runs IN ACCESS EXCLUSIVE MODE;
  PERFORM pg_sleep(600);
END $$`;

describe("a service told to stop", function () {
  this.timeout(90_000);
  let dataDir: string;
  let running: ServiceProcess[];
  let pools: Database[];

  beforeEach(async () => {
    dataDir = await freshDataDir();
    [running, pools] = [[], []];
  });
  afterEach(async () => {
    await Promise.all(pools.map((sql) => sql.end({ timeout: 1 })));
    await Promise.all(running.map(({ child }) => killAtOnce(child)));
    if (existsSync(join(dataDir, "postgres", "postmaster.pid")))
      await (await startPostgres({ dataDir })).stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function start(): Promise<ServiceProcess> {
    const service = await startProcess(dataDir, SETTINGS);
    running.push(service);
    return service;
  }

  async function database(): Promise<Database> {
    const sql = connect((await startPostgres({ dataDir })).url, 2);
    pools.push(sql);
    return sql;
  }

  async function openCustomer({ url }: ServiceProcess): Promise<Customer> {
    const door = { url, operatorKey: readFileSync(join(dataDir, "operator.key"), "utf8").trim() };
    const terms = { share: { basisPoints: 1000 } };
    const shops = [await openShop(door, { terms }), await openShop(door, { terms, charities: 3 })];
    return new Customer(shops, seeded(20_251_112));
  }

  it("ends with 0 under bulks, purchases and refunds; what was acknowledged is there after a restart", async () => {
    const first = await start();
    const customer = await openCustomer(first);
    const leaving = new AbortController();
    const shopping = customer.shop(first.url, leaving.signal);
    await sleep(LOAD_MS);
    const stopping = performance.now();
    expect(await first.end(), first.said()).to.equal(0);
    expect(performance.now() - stopping, `milliseconds to stop\n${first.said()}`).to.be.below(
      STOP_LIMIT_MS + first.startMs,
    );
    expect(first.said()).not.to.contain("cut off");
    leaving.abort();
    await shopping;
    expect(customer.acknowledged.size).to.be.above(100);

    const second = await start();
    await customer.settle(second.url);
    const sql = await database();
    const receipts = await auditReceipts(sql, customer);
    await customer.repeatAll(second.url);
    expect(await auditReceipts(sql, customer), "telling all again adds nothing").to.equal(receipts);
    await auditRefunds(sql);
    await sql.end();
    expect(await second.end(), second.said()).to.equal(0);
  });

  it("cuts off jobs whose queries do not end, ends with 0 all the same, and starts again", async () => {
    const first = await start();
    const sql = await database();
    const holding = sql`DO ${sql.unsafe(HOLDING)}`.catch(() => "ended with the database");
    // Those that publish, tell other systems, and settle.
    await untilWaiting(sql, 3);
    expect(await first.end(), first.said()).to.equal(0);
    expect(await holding).to.equal("ended with the database");
    expect(first.said()).to.match(/"jobs":\[.*"publish".*"settle".*\].*cut off/);

    const second = await start();
    expect((await call(`${second.url}/health`)).status).to.equal(200);
    expect(await second.end(), second.said()).to.equal(0);
  });
});

/** Resolves when so many sessions wait for a lock. */
async function untilWaiting(sql: Database, sessions: number): Promise<void> {
  const waiting = () => sql`SELECT DISTINCT pid FROM pg_locks WHERE NOT granted AND locktype = 'relation'`;
  while ((await waiting()).length < sessions) await sleep(20);
}
