// A data folder that the first version has left behind is opened by today's: migrated, rebuilt on the demonstration chain,
// verified to the last receipt, and carried on. What it must hold is written down beside it and never changes.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { startPostgres } from "../../server/embedded/postgres.ts";
import { connect, type Database } from "../../server/store/database.ts";
import { migrationNames } from "../../server/store/migrate.ts";
import { auditBatches } from "../faults/audit.ts";
import { call } from "../support/client.ts";
import { killAtOnce } from "../support/lines.ts";
import { freePort } from "../support/ports.ts";
import { type ServiceProcess, startProcess } from "../support/process.ts";
import { unpackFolder } from "./folder.ts";
import figures from "./keel/figures.json" with { type: "json" };

const FOLDER = join(import.meta.dirname, "keel");
const VERIFY = join(import.meta.dirname, "..", "..", "scripts", "verify.ts");
/** What each saved receipt was when it was saved. */
const RECEIPTS = ["spent", "acknowledged", "given"] as const;
/** The folder grows older by the day: a batch left open in it must not be due however old it is. */
const NOTHING_BY_ITSELF = { SEAL_AFTER_SECONDS: "3000000000", SETTLE_EVERY_SECONDS: "0" };
const LIMIT_MS = 30_000;

const byName = (a: { registration: string }, b: { registration: string }) =>
  a.registration < b.registration ? -1 : 1;

const fileOf = (receipt: string) => join(FOLDER, `${receipt}-receipt.json`);

describe("the frozen folder of the keel, opened by today's service,", function () {
  this.timeout(90_000);
  let dataDir: string;
  let sql: Database;
  let service: ServiceProcess;
  let rpcUrl: string;

  before(async () => {
    dataDir = await unpackFolder("keel");
    await start(NOTHING_BY_ITSELF);
    sql = connect((await startPostgres({ dataDir })).url, 4);
  });
  after(async () => {
    await sql?.end({ timeout: 1 });
    if (service !== undefined) await killAtOnce(service.child);
    if (dataDir === undefined) return;
    await (await startPostgres({ dataDir })).stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function start(settings: Record<string, string>): Promise<void> {
    const port = await freePort();
    rpcUrl = `http://127.0.0.1:${port}`;
    service = await startProcess(dataDir, { CHAIN_PORT: `${port}`, ...settings });
  }

  const get = async (path: string) => (await call(`${service.url}${path}`)).body;

  async function lines() {
    const { items } = await get("/v1/lines");
    type Line = (typeof figures.lines)[number];
    return (items as Line[])
      .map(({ charity, registration, unit, sealed, watermarks }) => ({
        charity,
        registration,
        unit,
        sealed,
        watermarks,
      }))
      .sort(byName);
  }

  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + LIMIT_MS;
    while (!(await holds())) {
      if (performance.now() > end) throw new Error(`it never came to this: ${what}\n${service.said()}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  const isRebuilt = async () => {
    const [row] = await sql`SELECT count(*) AS left FROM chain_calls WHERE state NOT IN ('final', 'failed')`;
    return row?.left === 0n;
  };

  async function verify(file: string): Promise<{ code: number; said: string }> {
    const [row] = await sql<{ contract: Buffer }[]>`SELECT contract FROM deployment`;
    const contract = `0x${row!.contract.toString("hex")}`;
    const child = spawn(process.execPath, [VERIFY, file, "--rpc", rpcUrl, "--contract", contract]);
    const [said, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
    return { code: code as number, said };
  }

  it("has every migration, and the ledger that it had", async () => {
    const rows = await sql<{ name: string }[]>`SELECT name FROM migrations ORDER BY name`;
    expect(rows.map(({ name }) => name)).to.deep.equal(await migrationNames());
    const [ledger] = await sql<{ id: Buffer }[]>`SELECT id FROM ledger`;
    expect(`0x${ledger?.id.toString("hex")}`).to.equal(figures.ledger);
  });

  it("rebuilds the chain as it was: lines, watermarks and batches are those written down", async () => {
    await until("all calls are final", isRebuilt);
    const wanted = figures.lines.toSorted(byName);
    // What was read of the contract before is in the store already: only the contract itself can tell.
    await sql`UPDATE watermarks SET given = 0, reversed = 0, paid = 0, netted = 0, acknowledged = 0, spent = 0`;
    await until("the contract has been read", async () =>
      (await lines()).every(({ watermarks }) => watermarks.given !== "0"),
    );
    expect(await lines()).to.deep.equal(wanted);
    const { items } = await get("/v1/batches");
    expect(items).to.have.length(figures.batches.length);
    for (const [at, batch] of figures.batches.toReversed().entries())
      expect(items[at]).to.deep.include({ ...batch, state: "final" });
  });

  it("has the totals of what there was before they were kept, each on its day, and nothing twice by the rebuilding", async () => {
    const sum = (position: (line: (typeof figures.lines)[number]) => string) =>
      `${figures.lines.reduce((total, line) => total + BigInt(position(line)), 0n)}`;
    const wanted = {
      given: sum(({ sealed }) => sealed.gifts),
      refunded: sum(({ sealed }) => sealed.reversals),
      paid: sum(({ watermarks }) => watermarks.paid),
      setOff: sum(({ watermarks }) => watermarks.netted),
      acknowledged: sum(({ watermarks }) => watermarks.acknowledged),
      spent: sum(({ watermarks }) => watermarks.spent),
    };
    expect((await get("/v1/overview")).units[0]).to.deep.include({ unit: "CNY", ...wanted });
    const { days } = await get("/v1/overview/days?unit=CNY&from=2026-11-20&to=2026-11-30");
    expect(days).to.have.length(1);
    expect(days[0]).to.deep.include({ day: "2026-11-22", ...wanted });
  });

  it("has every receipt of every batch, each proven to a root that another library computes", async () => {
    expect(await auditBatches(sql)).to.equal(figures.batches.length);
  });

  for (const receipt of RECEIPTS)
    it(`verifies the receipt file that was saved when it was ${receipt}`, async () => {
      const { code, said } = await verify(fileOf(receipt));
      expect(code, said).to.equal(0);
      expect(said).to.contain(`: ${receipt} stands at `);
    });

  it("is healthy", async () => {
    expect(await get("/health")).to.include({ healthy: true });
  });

  it("goes on after a restart: what had been accepted and not sealed is sealed and proven", async () => {
    expect(await service.end()).to.equal(0);
    await start({ ...NOTHING_BY_ITSELF, SEAL_AFTER_SECONDS: "1" });
    await sql.end({ timeout: 1 });
    sql = connect((await startPostgres({ dataDir })).url, 4);
    const saved = JSON.parse(await readFile(fileOf("open"), "utf8"));
    expect(saved.batch).to.equal(null);
    const path = `/v1/receipts/${saved.receipt.id}`;
    await until("it is anchored", async () => (await get(path)).batch === "5" && (await isRebuilt()));
    // Documents of the days since then may have come too late for that batch, and made another.
    expect(await auditBatches(sql)).to.be.at.least(figures.batches.length + 1);
    expect(await service.end()).to.equal(0);
  });
});
