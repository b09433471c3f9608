// A backup of a living service, and a service started on what it restores: as processes, as operators do it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { freshDataDir } from "../../server/embedded/data-dir.ts";
import { startPostgres } from "../../server/embedded/postgres.ts";
import { connect, type Database } from "../../server/store/database.ts";
import { auditBatches } from "../faults/audit.ts";
import { call } from "../support/client.ts";
import { killAtOnce } from "../support/lines.ts";
import { environmentFor, type ServiceProcess, startProcess } from "../support/process.ts";
import { openShop, purchaseOf, type Shop } from "../support/shop.ts";

const SCRIPTS = join(import.meta.dirname, "..", "..", "scripts");
const SETTINGS = { SEAL_AFTER_SECONDS: "1", SETTLE_EVERY_SECONDS: "0" };
const SENDERS = 8;
const PAUSE_MS = 10;
const LIMIT_MS = 30_000;
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("a backup of a living service", function () {
  this.timeout(120_000);
  let folder: string;
  let dataDir: string;
  let restoredDir: string;
  let file: string;
  let running: ServiceProcess[];
  let shop: Shop;
  let shopping: Promise<unknown>;
  /** The receipt of each order that was acknowledged. */
  const acknowledged = new Map<string, string>();
  const stopping = new AbortController();

  before(async () => {
    folder = await freshDataDir();
    [dataDir, restoredDir, file] = ["data", "restored", "backup.tar"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    running = [];
    const { url } = await start(dataDir);
    const door = { url, operatorKey: keyOf(dataDir) };
    shop = await openShop(door, { charities: 2 });
    shopping = Promise.all(Array.from({ length: SENDERS }, (_, sender) => sell(url, sender)));
    await sleep(500);
  });
  after(async () => {
    stopping.abort();
    await Promise.all(running.map(({ child }) => killAtOnce(child)));
    await shopping?.catch(() => {});
    for (const own of [dataDir, restoredDir])
      if (existsSync(join(own, "postgres", "postmaster.pid")))
        await (await startPostgres({ dataDir: own })).stop();
    await rm(folder, { recursive: true, force: true });
  });

  const tell = (url: string, order: string) =>
    call(`${url}/v1/purchases`, { key: shop.merchantKey, body: purchaseOf(shop.merchant, order) });

  async function sell(url: string, sender: number): Promise<void> {
    for (let number = 0; !stopping.signal.aborted; number++) {
      const order = `${sender}-${number}`;
      const { status, body } = await tell(url, order);
      expect(status, JSON.stringify(body)).to.equal(201);
      acknowledged.set(order, body.receipts[0].id);
      await sleep(PAUSE_MS);
    }
  }

  const keyOf = (own: string) => readFileSync(join(own, "operator.key"), "utf8");

  async function start(own: string): Promise<ServiceProcess> {
    const service = await startProcess(own, SETTINGS);
    running.push(service);
    return service;
  }

  function spawnScript(name: string, ...args: string[]) {
    const env = environmentFor(dataDir);
    return spawn(process.execPath, [join(SCRIPTS, name), ...args], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  async function run(name: string, ...args: string[]): Promise<{ code: number; said: string }> {
    const child = spawnScript(name, ...args);
    const [out, err, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    return { code, said: `${out}${err}` };
  }

  async function onDatabase<T>(own: string, work: (sql: Database) => Promise<T>): Promise<T> {
    const sql = connect((await startPostgres({ dataDir: own })).url, 4);
    return await work(sql).finally(() => sql.end({ timeout: 1 }));
  }

  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGKILL", null],
  ] as const)
    it(`ended by ${signal} leaves no file that could be taken for a backup, and the service goes on`, async () => {
      const child = spawnScript("backup.ts", "--to", join(folder, "cut.tar"));
      const ended = once(child, "exit");
      await sleep(250);
      child.kill(signal);
      const [came] = await ended;
      // It may have been done before the signal came, or not have begun to listen for it.
      expect(came).to.be.oneOf([0, null, code]);
      const left = (await readdir(folder)).filter((name) => name === "cut.tar");
      expect(left.length).to.equal(came === 0 ? 1 : 0);
      await rm(join(folder, "cut.tar"), { force: true });
      expect((await call(`${running[0]!.url}/health`)).status).to.equal(200);
    });

  it("is taken while people buy, holds everything that was acknowledged before, and nothing else notices", async () => {
    const told = new Set(acknowledged.values());
    const { code, said } = await run("backup.ts", "--to", file);
    expect(code, said).to.equal(0);
    expect(said).to.match(/ledger 0x[0-9a-f]{64} as of .* batches, .* receipts/);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    const after = acknowledged.size;
    await sleep(100);
    expect(acknowledged.size, "people went on buying").to.be.above(after);
    stopping.abort();
    await shopping;
    const restored = await run("restore.ts", file, "--to", restoredDir);
    expect(restored.code, restored.said).to.equal(0);
    expect(keyOf(restoredDir)).to.equal(keyOf(dataDir));
    expect(statSync(join(restoredDir, "operator.key")).mode & 0o777).to.equal(0o600);
    const missing = await onDatabase(restoredDir, async (sql) => {
      const rows = await sql<{ id: Buffer }[]>`SELECT id FROM receipts`;
      const there = new Set(rows.map(({ id }) => `0x${id.toString("hex")}`));
      expect(told.size).to.be.above(50);
      return [...told].filter((id) => !there.has(id));
    });
    expect(missing).to.deep.equal([]);
  });

  it("becomes a service that replays, seals and anchors, and answers what is told again as before", async () => {
    expect(await running[0]?.end()).to.equal(0);
    const { url } = await start(restoredDir);
    // What came after the backup is lost with the machine, unless it is told again: then it has the same receipts.
    for (const [order, id] of acknowledged) {
      const { status, body } = await tell(url, order);
      expect([status < 300, body.receipts?.[0].id], order).to.deep.equal([true, id]);
    }
    await onDatabase(restoredDir, async (sql) => {
      await until("everything is sealed and proven to the contract", () => isProven(url, sql));
      expect(await auditBatches(sql)).to.be.above(0);
    });
    expect((await call(`${url}/health`)).body).to.include({ healthy: true });
    expect(await running[1]?.end()).to.equal(0);
  });

  it("can be taken of a service that has stopped, and the database is stopped again", async () => {
    const { code, said } = await run("backup.ts", "--to", folder, "--data-dir", restoredDir);
    expect(code, said).to.equal(0);
    expect(existsSync(join(restoredDir, "postgres", "postmaster.pid"))).to.equal(false);
  });

  it("is checked without being kept; a folder in use, and asking for nothing, is refused in one line", async () => {
    const none = await run("restore.ts", file);
    expect(none.code).to.equal(1);
    expect(none.said).to.contain("wanted one of --to <folder>, --database and --check");
    const full = await run("restore.ts", file, "--to", restoredDir);
    expect(full.code).to.equal(1);
    expect(full.said)
      .to.contain("is not empty")
      .and.not.match(/^\s+at /m);
    const checked = await run("restore.ts", file, "--check");
    expect(checked.code, checked.said).to.equal(0);
    expect(checked.said).to.contain("the backup is whole");
  });

  async function isProven(url: string, sql: Database): Promise<boolean> {
    const [row] = await sql`
      SELECT (SELECT count(*) FROM commits) + (SELECT count(*) FROM batches WHERE root IS NULL) AS left`;
    const { items } = (await call(`${url}/v1/lines`)).body;
    type Line = {
      sealed: { gifts: string; reversals: string };
      watermarks: { given: string; reversed: string };
    };
    return (
      row?.left === 0n &&
      items.every(
        ({ sealed, watermarks }: Line) =>
          sealed.gifts === watermarks.given && sealed.reversals === watermarks.reversed,
      )
    );
  }

  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + LIMIT_MS;
    while (!(await holds())) {
      if (performance.now() > end) throw new Error(`not so after ${LIMIT_MS} ms: ${what}`);
      await sleep(100);
    }
  }
});
