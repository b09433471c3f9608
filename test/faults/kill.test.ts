// kill -9 at seeded random moments: of the service, of the service and its database, of a service that is just starting.
// In the end exactly what was acknowledged is there, sealed, proven and counted by the contract.
// KILL_ROUNDS sets the number of rounds, KILL_SEED the seed.

import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { freshDataDir } from "../../server/embedded/data-dir.ts";
import { startPostgres } from "../../server/embedded/postgres.ts";
import { findPostmaster } from "../../server/embedded/postmaster.ts";
import { connect, type Database } from "../../server/store/database.ts";
import { call } from "../support/client.ts";
import { killAtOnce } from "../support/lines.ts";
import { type ServiceProcess, spawnService, startProcess } from "../support/process.ts";
import { between, seeded } from "../support/random.ts";
import { openShop } from "../support/shop.ts";
import { auditBatches, auditPromises, auditReceipts, auditRefunds } from "./audit.ts";
import { Customer } from "./customer.ts";

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 6);
const SEED = Number(process.env.KILL_SEED ?? 20_251_111);
const SETTINGS = { SEAL_AFTER_SECONDS: "1", LOG_LEVEL: "info" };
const FINISH_LIMIT_MS = 60_000;

describe("kill -9", function () {
  this.timeout(120_000 + ROUNDS * 40_000);
  let dataDir: string;
  let service: ServiceProcess | undefined;
  let sql: Database | undefined;

  before(async () => {
    dataDir = await freshDataDir();
  });
  after(async () => {
    await sql?.end({ timeout: 1 });
    if (service !== undefined) await killAtOnce(service.child);
    await (await startPostgres({ dataDir })).stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const start = async () => {
    service = await startProcess(dataDir, SETTINGS);
    return service;
  };

  async function killDatabase(): Promise<void> {
    const postmaster = await findPostmaster(join(dataDir, "postgres"));
    if (postmaster !== undefined) process.kill(postmaster.pid, "SIGKILL");
  }

  /** One round: people buy, and at a random moment everything is gone. */
  async function round(number: number, customer: Customer, random: () => number): Promise<void> {
    if (number % 4 === 3) await killWhileStarting(between(random, 0, 2_500));
    const { url, child } = await start();
    const stopping = new AbortController();
    const shopping = customer.shop(url, stopping.signal);
    await sleep(between(random, 100, 3_000));
    const killing = killAtOnce(child);
    if (number % 3 === 2) await killDatabase();
    await killing;
    stopping.abort();
    await shopping;
  }

  async function killWhileStarting(afterMs: number): Promise<void> {
    const { child, ended } = spawnService(dataDir, SETTINGS);
    await sleep(afterMs);
    child.kill("SIGKILL");
    await ended;
  }

  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + FINISH_LIMIT_MS;
    while (!(await holds())) {
      if (performance.now() > end)
        throw new Error(`not within ${FINISH_LIMIT_MS} ms: ${what}\n${service?.said()}`);
      await sleep(100);
    }
  }

  it(`at ${ROUNDS} moments (seed ${SEED}) loses nothing acknowledged and doubles nothing`, async () => {
    const random = seeded(SEED);
    const first = await start();
    const door = { url: first.url, operatorKey: readFileSync(join(dataDir, "operator.key"), "utf8").trim() };
    const share = { share: { basisPoints: 1000 } };
    const shops = [
      await openShop(door, { terms: share }),
      await openShop(door, { terms: share, charities: 3 }),
    ];
    const customer = new Customer(shops, random);
    await killAtOnce(first.child);

    for (let number = 0; number < ROUNDS; number++) await round(number, customer, random);

    const { url } = await start();
    const lost = customer.unacknowledged.length;
    await customer.settle(url);
    sql = connect((await startPostgres({ dataDir })).url, 4);
    const receipts = await auditReceipts(sql, customer);
    await customer.repeatAll(url);
    expect(await auditReceipts(sql, customer), "telling all again adds nothing").to.equal(receipts);
    expect(await auditPromises(sql, customer), "of each receipt, a promise").to.equal(receipts);
    await auditRefunds(sql);

    const unsealed = () =>
      sql!`SELECT (SELECT count(*) FROM commits) + (SELECT count(*) FROM batches WHERE root IS NULL) AS left`;
    await until("all receipts are sealed", async () => (await unsealed())[0]?.left === 0n);
    const batches = await auditBatches(sql);
    await until("the contract counts every gift and reversal", async () => {
      const { items } = (await call(`${url}/v1/lines`)).body;
      type Line = {
        sealed: { gifts: string; reversals: string };
        watermarks: { given: string; reversed: string };
      };
      return items.every(
        ({ sealed, watermarks }: Line) =>
          sealed.gifts === watermarks.given && sealed.reversals === watermarks.reversed,
      );
    });
    expect((await call(`${url}/health`)).body).to.include({ healthy: true });
    expect(await service?.end()).to.equal(0);
    console.log(
      `      ${customer.acknowledged.size} events, ${receipts} receipts, ${batches} batches; ${lost} were never answered`,
    );
    expect(receipts).to.be.above(100);
  });
});
