// The service and the promises that are challenged: it sees each challenge, whatever happens in between, answers what it can
// prove, and says of what it cannot prove what a person should do.

import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { promisedOf, proofOf, statementOf } from "../../server/chain/encode.ts";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { alarmsOf } from "../../server/store/alarms.ts";
import { forgetChallenges } from "../../server/store/challenge-watch.ts";
import type { StoredReceipt } from "../../server/store/receipts.ts";
import { LyingEndpoint } from "../audit/lying-endpoint.ts";
import { CHALLENGER, PromisedWorld, STRANGER } from "../chain/challenges.ts";
import { FaultyEndpoint } from "../chain/faulty-endpoint.ts";
import { CHARITY, type Running } from "../chain/world.ts";
import { eventually } from "../support/eventually.ts";
import { killAtOnce, lineOf } from "../support/lines.ts";

const PROCESS = fileURLToPath(new URL("../chain/jobs-process.ts", import.meta.url));
const ANCHOR = 1;
/** By then the service has looked for the receipt several times. */
const LOOKED_AT_MS = 500;
const UNKNOWN_LEAF = new Uint8Array(32).fill(7);

describe("challenges", () => {
  let chain: EmbeddedChain;
  let promised: PromisedWorld;
  let running: Running[];
  before(async () => {
    chain = await startChain();
  });
  beforeEach(async () => {
    running = [];
    promised = await PromisedWorld.on(chain);
  });
  afterEach(async () => {
    await stop();
    await promised.world.leaveChain();
  });
  after(() => chain.stop());

  const run = (rpcUrl = chain.url, more: Record<string, string> = {}) => {
    const jobs = promised.world.run(promised.settings(more), rpcUrl);
    running.push(jobs);
  };
  async function stop(): Promise<void> {
    await Promise.all(running.map((jobs) => jobs.stop()));
    running = [];
  }
  const said = async () => (await alarmsOf(promised.world.sql)).map(({ message }) => message).join();
  const alarmed = (pattern: RegExp) => eventually(`${pattern}`, async () => pattern.test(await said()));
  const calm = () => eventually("no alarm", async () => (await promised.world.alarms()).length === 0);
  const answers = async () => (await promised.world.callStates()).filter((call) => call.startsWith("answer"));

  it("are answered with the proof, and the bond goes to the account that anchors", async () => {
    const { promise } = await promised.give();
    await promised.world.seal();
    run();
    await eventually("final", async () => (await promised.world.stateOf(1n)) === "final");
    await eventually("proven", () => promised.world.areAllFinal());
    const before = await promised.balanceOf(ANCHOR);
    await promised.challenge(promise!);
    await promised.shows("answered");
    expect(await promised.stateOf(promise!)).to.equal("answered");
    const bond = (await promised.read("challengeBond")) as bigint;
    const gained = (await promised.balanceOf(ANCHOR)) - before;
    // Less the fee of the answer.
    expect(gained > bond / 2n && gained < bond).to.equal(true);
    await eventually("all calls final", () => promised.world.areAllFinal());
    expect(await promised.world.alarms()).to.deep.equal([]);
    const [row] = await promised.world.sql`SELECT answer_batch, answered_by, problem FROM challenges`;
    expect(row).to.deep.include({ answer_batch: "1", problem: null });
    expect(`0x${row?.answered_by.toString("hex")}`).to.equal(chain.accounts[ANCHOR]!.address.toLowerCase());
  });

  it("wait for the batch of their receipt to be anchored, and are answered then", async () => {
    const { promise } = await promised.give();
    await promised.challenge(promise!);
    run();
    await promised.shows("open");
    expect(await answers()).to.deep.equal([]);
    expect(await promised.world.alarms()).to.deep.equal([]);
    await promised.world.seal();
    await promised.shows("answered");
  });

  it("raise an alarm that names receipt and day when less than three days are left, and do not stop anchoring", async () => {
    const file = await promised.give();
    await promised.challenge(file.promise!);
    await promised.passDays(4.5);
    run();
    await alarmed(new RegExp(`receipt ${file.receipt.id} of batch 1 is not anchored yet, the batch is open`));
    expect(await said()).to.match(/due at 20\d\d-\d\d-\d\dT/);
    expect(await promised.world.alarms()).to.deep.equal(["challenge-unanswered"]);
    await promised.world.seal();
    await promised.shows("answered");
    await calm();
  });

  it("are answered late when it could not be done in time, beside the breach", async () => {
    const { promise } = await promised.give();
    await promised.challenge(promise!);
    await promised.passDays(8);
    run();
    await alarmed(/it was due at/);
    await promised.world.seal();
    await promised.shows("answeredLate");
    expect(await promised.stateOf(promise!)).to.equal("answeredLate");
    await calm();
  });

  it("are late, too, when somebody has recorded the breach before", async () => {
    const { promise } = await promised.give();
    await promised.challenge(promise!);
    await promised.passDays(8);
    const { deadline, path, signature, ...plain } = promise!;
    await promised.write(STRANGER, "recordBreach", [promisedOf(plain)]);
    run();
    await promised.shows("breached");
    await calm();
    await promised.world.seal();
    await promised.shows("answeredLate");
  });

  it("of a promise that was never given here raise an alarm that tells of the key, until the breach stands", async () => {
    const line = { charity: charityId(CHARITY), unit: "CNY", kind: 0 as const };
    const forged = promised.forged({ leaf: UNKNOWN_LEAF, ...line, amount: 5n });
    await promised.challenge(forged);
    run();
    await alarmed(
      /no promise of the leaf 0x0707.* is recorded here; it is signed by 0x.*, which still promises;.*retire it/,
    );
    const { deadline, path, signature, ...plain } = forged;
    await promised.passDays(8);
    await promised.write(STRANGER, "recordBreach", [promisedOf(plain)]);
    await promised.shows("breached");
    await calm();
  });

  it("of a recorded receipt that a thief of the key has promised anew, for another deadline, are answered", async () => {
    const { promise } = await promised.give();
    await promised.give(7n);
    await promised.world.seal();
    await promised.world.give([9n]);
    await promised.world.seal();
    const [leaf, charity] = [promise!.leaf, promise!.charity].map((hex) => Buffer.from(hex.slice(2), "hex"));
    const known = { leaf: leaf!, charity: charity!, unit: promise!.unit, kind: promise!.kind };
    const earlier = BigInt(promise!.deadline) - 100n;
    await promised.challenge(promised.forged({ ...known, amount: 50n }, earlier));
    await promised.challenge(promised.forged({ ...known, amount: 51n }, earlier));
    run();
    await promised.shows("answered", "open");
    expect(await promised.stateOf(promise!)).to.equal("answered");
    await alarmed(/no promise of the leaf/);
  });

  it("of such refunds, and of such gifts whose donor was erased, are answered too, all at once", async () => {
    const { sql } = promised.world;
    const gifts = await promised.world.give([50n, 60n]);
    await promised.world.seal();
    await promised.world.takeBack(gifts[0]!, 20n);
    await promised.world.seal();
    run();
    await eventually("final", async () => (await promised.world.stateOf(2n)) === "final");
    await sql`UPDATE receipts SET salt = NULL, private = NULL WHERE id = ${gifts[1]!.id}`;
    for (const { leaf, charity, unit, kind, amount } of await sql<StoredReceipt[]>`
      SELECT receipts.*, charity, unit FROM receipts JOIN lines ON lines.id = line ORDER BY batch, amount`)
      await promised.challenge(promised.forged({ leaf, charity, unit, kind, amount }, 1_700_000_000n));
    await promised.shows("answered", "answered", "answered");
    await calm();
  });

  it("of one that is in no sealed batch yet wait for that, and are answered then", async () => {
    const { promise } = await promised.give();
    const [leaf, charity] = [promise!.leaf, promise!.charity].map((hex) => Buffer.from(hex.slice(2), "hex"));
    const known = { leaf: leaf!, charity: charity!, unit: promise!.unit, kind: promise!.kind };
    await promised.challenge(promised.forged({ ...known, amount: 50n }, BigInt(promise!.deadline) - 100n));
    run();
    await promised.shows("open");
    await sleep(LOOKED_AT_MS);
    await promised.world.seal();
    await promised.shows("answered");
  });

  it("could not be opened of what a key promises that is not admitted: that raises an alarm, until it is", async () => {
    const stranger = chain.accounts[8]!;
    run(chain.url, { PROMISE_KEY: stranger.privateKey });
    await alarmed(/PROMISE_KEY is the key of 0x.*, which the contract does not admit/);
    await promised.write(0, "admitPromiser", [stranger.address]);
    await calm();
    await promised.write(0, "retirePromiser", [stranger.address]);
    await alarmed(/which is retired: what it promises for deadlines from \d{4}-.* on binds nobody/);
  });

  it("are no matter of a key where the endpoint is of another chain: that alone raises an alarm", async () => {
    const elsewhere = await LyingEndpoint.before(chain.url);
    elsewhere.lie = (method, _, result) => (method === "eth_chainId" ? "0x8" : result);
    run(elsewhere.url, { PROMISE_KEY: chain.accounts[8]!.privateKey });
    await alarmed(/chain/);
    await sleep(LOOKED_AT_MS);
    expect(await promised.world.alarms()).to.deep.equal(["chain-differs"]);
    await stop();
    await elsewhere.close();
  });

  it("say of a key that it is retired", async () => {
    const line = { charity: charityId(CHARITY), unit: "CNY", kind: 0 as const };
    const forged = promised.forged({ leaf: UNKNOWN_LEAF, ...line, amount: 5n });
    await promised.write(4, "retirePromiser", [chain.accounts[4]!.address]);
    await promised.challenge(forged);
    run();
    await alarmed(/which is retired/);
  });

  it("can be of any line that a key in other hands names: each is kept as it is, and stops nothing", async () => {
    const { promise } = await promised.give();
    await promised.world.seal();
    const odd = { charity: UNKNOWN_LEAF, unit: "CNY", kind: 0 as const, amount: 2n ** 63n - 1n };
    await promised.challenge(promised.forged({ leaf: UNKNOWN_LEAF, ...odd }));
    await promised.challenge(promise!);
    run();
    await promised.shows("open", "answered");
    await alarmed(/no promise of the leaf/);
  });

  it("whose receipt the store has spoilt raise an alarm, and the others are answered", async () => {
    const [first, second] = [await promised.give(), await promised.give(6n)];
    await promised.world.seal();
    run();
    await eventually("final", async () => (await promised.world.stateOf(1n)) === "final");
    await stop();
    const changed = Buffer.from(first!.receipt.id.slice(2), "hex");
    await promised.world.sql`UPDATE receipts SET amount = 51 WHERE id = ${changed}`;
    await promised.challenge(first!.promise!);
    await promised.challenge(second!.promise!);
    run();
    await promised.shows("open", "answered");
    await alarmed(/is not as it was promised: promised are 50 CNY .*, recorded are 51 CNY/);
    await promised.world.sql`UPDATE receipts SET amount = 50 WHERE id = ${changed}`;
    await promised.world.sql`UPDATE chunks SET leaves = set_byte(leaves, 0, get_byte(leaves, 0) # 1)`;
    await alarmed(/no proof can be made, although the batch is anchored/);
    await promised.world.sql`UPDATE chunks SET leaves = set_byte(leaves, 0, get_byte(leaves, 0) # 1)`;
    await promised.shows("answered", "answered");
    await calm();
  });

  it("that somebody else answers are taken note of", async () => {
    const { promise } = await promised.give();
    await promised.world.seal();
    run();
    await eventually("final", async () => (await promised.world.stateOf(1n)) === "final");
    await eventually("all calls final", () => promised.world.areAllFinal());
    await stop();
    await promised.challenge(promise!);
    await answerBy(STRANGER, promise!.leaf);
    run();
    await promised.shows("answered");
    await eventually("all calls final", () => promised.world.areAllFinal());
    const [row] = await promised.world.sql`SELECT answered_by FROM challenges`;
    expect(`0x${row?.answered_by.toString("hex")}`).to.equal(chain.accounts[STRANGER]!.address.toLowerCase());
    expect(await promised.world.alarms()).to.deep.equal([]);
  });

  /** Answers with the proof of the file whose receipt has that leaf, past the service. */
  async function answerBy(account: number, leaf: string): Promise<void> {
    const [row] = await promised.world.sql<{ id: Buffer }[]>`
      SELECT id FROM receipts WHERE leaf = ${Buffer.from(leaf.slice(2), "hex")}`;
    const file = await promised.fileOf(row!.id);
    const { deadline, path, signature, ...plain } = file.promise!;
    const args = [promisedOf(plain), proofOf(file.proof!), statementOf(file.statement!), file.statementProof];
    await promised.write(account, "answer", args);
  }

  it("are seen and answered by a service that was stopped when they were opened, at every moment of the answer", async () => {
    const files = [await promised.give(), await promised.give(6n), await promised.give(7n)];
    await promised.world.seal();
    run();
    await eventually("final", async () => (await promised.world.stateOf(1n)) === "final");
    await stop();
    for (const { promise } of files) await promised.challenge(promise!);
    // Between event and answer, between the intention and its sending, and while it is under way.
    for (const until of [
      async () => (await promised.world.sql`SELECT FROM challenges`).length === 3,
      async () => (await answers()).length === 3,
      async () => (await answers()).some((call) => call !== "answer intended"),
    ]) {
      run();
      await eventually("the moment", until);
      await stop();
    }
    run();
    await promised.shows("answered", "answered", "answered");
    await eventually("all calls final", () => promised.world.areAllFinal());
    expect(await answers()).to.have.length(3);
  });

  it("are answered once by two services", async () => {
    const { promise } = await promised.give();
    await promised.world.seal();
    run();
    run();
    await eventually("final", async () => (await promised.world.stateOf(1n)) === "final");
    await promised.challenge(promise!);
    await promised.shows("answered");
    await eventually("all calls final", () => promised.world.areAllFinal());
    expect(await answers()).to.deep.equal(["answer final"]);
    expect(await promised.world.alarms()).to.deep.equal([]);
  });

  it("are read on once an endpoint gives events again, and hold nothing up meanwhile", async () => {
    const endpoint = await FaultyEndpoint.before(chain.url);
    const { promise } = await promised.give();
    await promised.world.seal();
    run(endpoint.url);
    await eventually("final", async () => (await promised.world.stateOf(1n)) === "final");
    endpoint.fault = (methods) => (methods.includes("eth_getLogs") ? "lost" : undefined);
    await promised.challenge(promise!);
    await promised.give(3n);
    await promised.world.seal();
    await eventually("anchoring goes on", async () => (await promised.world.stateOf(2n)) === "final");
    expect(await promised.world.sql`SELECT FROM challenges`).to.have.length(0);
    endpoint.mend();
    await promised.shows("answered");
    await stop();
    await endpoint.close();
  });

  it("of an earlier chain are forgotten, but for breaches", async () => {
    const files = [await promised.give(), await promised.give(6n)];
    await promised.challenge(files[0]!.promise!);
    await promised.passDays(8);
    const { deadline, path, signature, ...plain } = files[0]!.promise!;
    await promised.write(CHALLENGER, "recordBreach", [promisedOf(plain)]);
    await promised.challenge(files[1]!.promise!);
    run();
    await promised.shows("breached", "open");
    await stop();
    await promised.world.sql.begin((tx) => forgetChallenges(tx));
    expect(
      (await promised.world.sql`SELECT state, block, breach_block FROM challenges`).map((row) => ({
        ...row,
      })),
    ).to.deep.equal([{ state: "breached", block: null, breach_block: 0n }]);
    run();
    await promised.shows("breached", "open");
  });

  it("survive a kill of the process at any moment", async () => {
    const files = [await promised.give(), await promised.give(6n), await promised.give(7n)];
    await promised.world.seal();
    run();
    await eventually("final", async () => (await promised.world.stateOf(1n)) === "final");
    await stop();
    for (const [round, { promise }] of files.entries()) {
      const child = await startProcess();
      await promised.challenge(promise!);
      await new Promise((resolve) => setTimeout(resolve, 30 * (round + 1)));
      await killAtOnce(child);
    }
    run();
    await promised.shows("answered", "answered", "answered");
    await eventually("all calls final", () => promised.world.areAllFinal());
    expect(await answers()).to.have.length(3);
    expect(await promised.world.alarms()).to.deep.equal([]);
  });

  async function startProcess(): Promise<ChildProcess> {
    const [admin, anchor, payer, registrar] = chain.accounts.map(({ privateKey }) => privateKey);
    const keys = { ADMIN_KEY: admin, ANCHOR_KEY: anchor, PAYER_KEY: payer, REGISTRAR_KEY: registrar };
    const pace = { CONFIRMATIONS: "1", CHAIN_POLL_MS: "10", PROVE_EVERY_SECONDS: "0", LOG_LEVEL: "silent" };
    const where = { DATABASE_URL: promised.world.databaseUrl, CHAIN_RPC_URL: chain.url };
    const env = { ...process.env, ...keys, ...pace, ...where };
    const child = spawn(process.execPath, [PROCESS], { env, stdio: ["ignore", "pipe", "ignore"] });
    await lineOf(child.stdout!, (line) => line === "up");
    return child;
  }
});
