// A ledger restored from a backup meets the contract, which has gone on since: what the contract has wins. Nothing is paid
// twice, nothing is anchored over.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { restoreDatabase } from "../../scripts/backup/put-back.ts";
import { takeBackup } from "../../scripts/backup/take.ts";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { runChainJobs } from "../../server/jobs/chain.ts";
import { closeNow, sealOldest } from "../../server/jobs/seal.ts";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import type { ContractCall } from "../../server/protocol/contract-calls.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { alarmsOf } from "../../server/store/alarms.ts";
import { callEnded, callReport, intend } from "../../server/store/chain-calls.ts";
import { connect, type Database } from "../../server/store/database.ts";
import { recordDocument } from "../../server/store/documents.ts";
import { watermarksOf } from "../../server/store/watermarks.ts";
import { payBank, register } from "../chain/statements.ts";
import { CHARITY, charityHex, log, type Running, signerOf, World } from "../chain/world.ts";
import { eventually } from "../support/eventually.ts";
import { emptyDatabase, type TestDatabase } from "../support/postgres.ts";

const LINE = { charity: charityId(CHARITY), unit: "CNY" };
const WITHIN_MS = 15_000;

describe("a restored ledger on a chain that has gone on", () => {
  let folder: string;
  let chain: EmbeddedChain;
  let world: World;
  let restored: { database: TestDatabase; sql: Database } | undefined;
  let jobs: Running[];

  before(async () => {
    chain = await startChain();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "restored-"));
    world = await World.on(chain);
    jobs = [];
    await world.deploy();
  });
  afterEach(async () => {
    for (const running of jobs) await running.stop();
    await restored?.sql.end({ timeout: 1 });
    await restored?.database.drop();
    restored = undefined;
    await world.leaveChain();
    await rm(folder, { recursive: true });
  });
  after(() => chain.stop());

  const live = () => void jobs.push(world.run(world.settings()));
  const end = async (sql: Database, call: ContractCall) =>
    await callEnded(sql, await intend(sql, call), WITHIN_MS);
  const given = async (sql: Database) => (await watermarksOf(sql, LINE))?.given;

  async function backUp(): Promise<string> {
    return (await takeBackup(world.sql, { to: folder })).file;
  }

  /** The first service is gone; another starts on what the backup held, with the same keys on the same chain. */
  async function restoreAndRun(file: string): Promise<Database> {
    for (const running of jobs.splice(0)) await running.stop();
    const database = await emptyDatabase();
    const sql = connect(database.url, 8);
    restored = { database, sql };
    await restoreDatabase(file, sql);
    const stopping = new AbortController();
    const settings = world.settings();
    const options = { sql, settings, ledger: world.ledger.id, rpcUrl: chain.url, log };
    const running = runChainJobs({ ...options, databaseUrl: database.url, signal: stopping.signal });
    const stop = () => {
      stopping.abort();
      return running;
    };
    jobs.push({ stop });
    return sql;
  }

  /** Seals a batch with nothing but a document in it. */
  async function sealDocument(sql: Database): Promise<void> {
    const body = { of: "the restored ledger" };
    await sql.begin((tx) => recordDocument(tx, { kind: "period", body, isPublic: true }));
    await closeNow(sql);
    const workers = new TreeWorkers(1);
    const due = { sealAfterSeconds: 60, sealAtReceipts: 1e6 };
    expect(await sealOldest({ sql, ledger: world.ledger.id, workers, log, ...due })).to.equal(2n);
    await workers.stop();
  }

  async function payouts(): Promise<number> {
    const reader = await world.reader();
    const { paid } = await reader.line(charityHex(), "CNY");
    return Number(paid);
  }

  /** A line of 120, proven to the contract, of a registered charity. */
  async function prepareLine(): Promise<void> {
    live();
    await world.give([50n, 70n]);
    await world.seal();
    expect((await end(world.sql, register(signerOf(chain)))).state).to.equal("final");
    await eventually("given", async () => (await given(world.sql)) === 120n);
    await eventually("all calls final", () => world.areAllFinal());
  }

  it("does not repeat a payout that was made after the backup, and shows it as made", async () => {
    await prepareLine();
    const file = await backUp();
    const paid = payBank(0n, 120n);
    const { transaction } = await end(world.sql, paid);
    const sql = await restoreAndRun(file);
    await eventually("paid is read", async () => (await watermarksOf(sql, LINE))?.paid === 120n);
    const again = await end(sql, paid);
    expect([again.state, again.transaction]).to.deep.equal(["final", null]);
    expect(transaction).not.to.equal(null);
    expect(await payouts()).to.equal(120);
  });

  it("does not pay another interval from where the contract has paid already", async () => {
    await prepareLine();
    const file = await backUp();
    await end(world.sql, payBank(0n, 120n));
    const sql = await restoreAndRun(file);
    const other = await end(sql, payBank(0n, 50n));
    expect([other.state, other.transaction]).to.deep.equal(["failed", null]);
    expect(await payouts()).to.equal(120);
  });

  it("recognises a payout that was written down in the backup and sent after it", async () => {
    await prepareLine();
    for (const running of jobs.splice(0)) await running.stop();
    const id = await intend(world.sql, payBank(0n, 120n));
    const file = await backUp();
    live();
    expect((await callEnded(world.sql, id, WITHIN_MS)).state).to.equal("final");
    const sql = await restoreAndRun(file);
    expect((await callEnded(sql, id, WITHIN_MS)).state).to.equal("final");
    expect((await callReport(sql, id))?.transaction, "sent by nobody here").to.equal(null);
    expect(await payouts()).to.equal(120);
  });

  it("goes on where nothing has been anchored since", async () => {
    await prepareLine();
    const sql = await restoreAndRun(await backUp());
    const paid = await end(sql, payBank(0n, 120n));
    expect(paid.state).to.equal("final");
    expect(paid.transaction).not.to.equal(null);
    expect((await alarmsOf(sql)).map(({ kind }) => kind)).to.deep.equal([]);
  });

  it("raises an alarm and sends nothing more when the contract holds a batch that it would fill otherwise", async () => {
    await prepareLine();
    const file = await backUp();
    await world.give([9n]);
    await world.seal();
    await eventually("anchored", async () => (await given(world.sql)) === 129n);
    const sql = await restoreAndRun(file);
    // What the new service seals as its second batch is not what the old one sealed.
    await sealDocument(sql);
    await eventually("the alarm", async () =>
      (await alarmsOf(sql)).some(({ kind }) => kind === "root-differs"),
    );
    const id = await intend(sql, payBank(0n, 129n));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await callReport(sql, id))?.state).to.equal("intended");
    expect(await payouts()).to.equal(0);
  });
});
