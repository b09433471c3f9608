// A line of which a fault is proven, as the service goes on with it: it stands still and says so, nothing waits for it for
// ever, no alarm stops the others, and a rebuilt demonstration chain is told again of what was our own call.

import { expect } from "chai";
import { createWalletClient, http } from "viem";
import { connectChain } from "../../server/chain/client.ts";
import { encodeAccusation } from "../../server/chain/encode.ts";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { batchTree } from "../../server/protocol/batch-root.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import type { CallArgs, ContractCall } from "../../server/protocol/contract-calls.ts";
import { type Evidence, evidenceOfForm } from "../../server/protocol/evidence.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { type Statement, statementLeaf } from "../../server/protocol/statement.ts";
import { readSettings } from "../../server/settings.ts";
import { leavesOfBatch, submitBatch } from "../../server/store/anchoring.ts";
import { callEnded, intend } from "../../server/store/chain-calls.ts";
import { leftToRebuild } from "../../server/store/deployment.ts";
import { lineByName } from "../../server/store/overview.ts";
import { setAsideBy } from "../../server/store/settlement-runs.ts";
import { setAside } from "../../server/store/transfer-filing.ts";
import { countAtFault, linesAtFault, watermarksOf } from "../../server/store/watermarks.ts";
import { chainAccount } from "../chain/hands.ts";
import { lineName, Settlement, type TestCharity } from "../chain/settlement.ts";
import { register } from "../chain/statements.ts";
import { CHARITY, charityHex, type Running, signerOf, someHash, World } from "../chain/world.ts";
import { eventually } from "../support/eventually.ts";

const ACCUSER = 7;

/** Seals what was given, with a statement beside it that no honest ledger could hold; answers with what convicts of it. */
async function sealLie(world: World, registration: string): Promise<Evidence> {
  const number = await world.seal();
  const charity = charityId(registration);
  const figures = { from: 7n, to: 7n, previous: 0n, receipts: 1n, receiptsRoot: new Uint8Array(32) };
  const statement: Statement = { batch: number, charity, unit: "CNY", kind: 0, ...figures };
  const leaf = statementLeaf(world.ledger.id, statement);
  // A notice that is none: so the proofs of all others are made beside it.
  await world.sql`
    INSERT INTO notices (batch, kind, subject, content, leaf)
    VALUES (${number}, 'lie', ${leaf}, ${leaf}, ${leaf})`;
  const tree = batchTree(await leavesOfBatch(world.sql, number));
  await world.sql`UPDATE batches SET root = ${tree.root} WHERE number = ${number}`;
  await submitBatch(world.sql, { number, root: Buffer.from(tree.root) });
  return evidenceOfForm({ statement, statementProof: tree.proof(leaf) })!;
}

/** As anybody does it, past the service. */
async function accuse(url: string, contract: `0x${string}`, evidence: Evidence): Promise<void> {
  const wallet = createWalletClient({ account: chainAccount(ACCUSER), transport: http(url) });
  const data = encodeAccusation(evidence);
  const hash = await wallet.sendTransaction({ to: contract, data, chain: null });
  const { status } = await connectChain(url).public.waitForTransactionReceipt({ hash, pollingInterval: 10 });
  if (status !== "success") throw new Error("the contract took no such evidence");
}

describe("a line at fault", () => {
  let chain: EmbeddedChain;
  let world: Settlement;
  let guilty: TestCharity;
  let honest: TestCharity;
  before(async () => {
    chain = await startChain();
  });
  beforeEach(async () => {
    world = await Settlement.on(chain);
    [guilty, honest] = (await world.addCharities(2)) as [TestCharity, TestCharity];
  });
  afterEach(() => world.close());
  after(() => chain.stop());

  const given = async ({ registration }: TestCharity) =>
    (await watermarksOf(world.sql, lineName(registration)))?.given ?? 0n;
  const giveBoth = async (amount: bigint) => {
    for (const { registration } of [guilty, honest]) await world.world.give([amount], registration);
  };

  async function anchorLie(): Promise<Evidence> {
    await giveBoth(100n);
    await world.stopJobs();
    const evidence = await sealLie(world.world, guilty.registration);
    world.startJobs();
    await eventually("proven", async () => (await given(guilty)) === 100n && (await given(honest)) === 100n);
    return evidence;
  }

  const convict = async (evidence: Evidence) => accuse(chain.url, await world.ledgerAddress(), evidence);
  const seen = () => eventually("seen", async () => (await countAtFault(world.sql)) === 1);

  it("is read with the watermarks, is not settled, and is proven no further; others go on", async () => {
    await convict(await anchorLie());
    await seen();
    const { charity } = lineName(guilty.registration);
    expect(await linesAtFault(world.sql, 10)).to.deep.equal([
      { charity: Buffer.from(charity), unit: "CNY", fault: "malformed" },
    ]);
    expect((await lineByName(world.sql, charity, "CNY"))?.fault).to.equal("malformed");
    const run = await world.settle();
    expect(run.unpaid).to.deep.equal({ "line-at-fault": 1 });
    const aside = await setAsideBy(world.sql, run.id, 10);
    expect(aside.map(({ registration, reason }) => [registration, reason])).to.deep.equal([
      [guilty.registration, "line-at-fault"],
    ]);
    expect(await world.balanceOf(honest.payee)).to.equal(100n);
    expect(await world.balanceOf(guilty.payee)).to.equal(0n);
    await giveBoth(11n);
    await world.anchor();
    await eventually("given", async () => (await given(honest)) === 111n);
    expect(await given(guilty)).to.equal(100n);
    const failed = await world.sql`SELECT FROM chain_calls WHERE state = 'failed'`;
    expect([failed.length, await world.world.alarms()]).to.deep.equal([0, []]);
  });

  it("has its payouts and proofs refused for good, when that is heard before the fault is read", async () => {
    await convict(await anchorLie());
    const charity = charityHex(guilty.registration);
    const interval = { charity, unit: "CNY", from: "0", upTo: "100", netTo: "0" };
    const [proof] = await world.sql<{ args: CallArgs["prove"] }[]>`
      SELECT args FROM chain_calls WHERE kind = 'prove' AND args->'statement'->>'charity' = ${charity}`;
    await world.sql`UPDATE chain_calls SET once = NULL WHERE kind = 'prove'`;
    const calls: ContractCall[] = [
      { kind: "payToken", args: interval },
      { kind: "payBank", args: { ...interval, reference: someHash() } },
      { kind: "prove", args: proof!.args },
    ];
    for (const call of calls) {
      const ended = await callEnded(world.sql, await intend(world.sql, call), 15_000);
      expect([ended.kind, ended.state]).to.deep.equal([call.kind, "failed"]);
      expect(ended.failure).to.match(/^LineAtFault\(5\): a fault of this line is proven/);
    }
    expect(await world.world.alarms()).to.deep.equal([]);
    await giveBoth(1n);
    await world.anchor();
  });

  it("gives no more transfers to the bank", async () => {
    await world.sql`UPDATE charities SET rail = 'bank' WHERE registration = ${guilty.registration}`;
    const evidence = await anchorLie();
    await world.settle();
    const reasons = async () => (await setAside(world.sql)).map(({ reason }) => reason);
    expect(await reasons()).to.deep.equal(["the charity has no bank account here: set one"]);
    await convict(evidence);
    await seen();
    expect(await reasons()).to.deep.equal([
      "a fault of its line is proven: the contract takes no more payout",
    ]);
  });
});

describe("a fault on a demonstration chain that starts anew", () => {
  const DEMONSTRATION = readSettings({});
  const LINE = { charity: charityId(CHARITY), unit: "CNY" };
  let world: World;
  let jobs: Running;
  before(async () => {
    world = await World.make();
    jobs = world.run(DEMONSTRATION);
    await intend(world.sql, register(signerOf(world.chain)));
  });
  after(async () => {
    await jobs.stop();
    await world.close();
  });

  async function restart(): Promise<void> {
    await jobs.stop();
    await world.forgetChain();
    jobs = world.run(DEMONSTRATION);
    const reader = await world.reader();
    const isOpen = () => reader.isDone({ kind: "open", args: {} }).catch(() => false);
    await eventually("rebuilt", async () => (await isOpen()) && (await leftToRebuild(world.sql)) === 0n);
  }

  const faults = async () => (await linesAtFault(world.sql, 10)).map(({ fault }) => fault);
  const read = (wanted: string[]) => eventually("read", async () => `${await faults()}` === `${wanted}`);

  it("is forgotten when others have proven it, and comes back when the evidence was our own call", async () => {
    await world.give([120n]);
    await jobs.stop();
    const evidence = await sealLie(world, CHARITY);
    jobs = world.run(DEMONSTRATION);
    await eventually("given", async () => (await watermarksOf(world.sql, LINE))?.given === 120n);
    const [row] = await world.sql<{ contract: Buffer }[]>`SELECT contract FROM deployment`;
    await accuse(world.chain.url, `0x${row!.contract.toString("hex")}`, evidence);
    await read(["malformed"]);
    await restart();
    await read([]);
    const args = { charity: toHex(LINE.charity), unit: "CNY", evidence: encodeAccusation(evidence) };
    const ended = await callEnded(world.sql, await intend(world.sql, { kind: "proveFault", args }), 15_000);
    expect(ended.state).to.equal("final");
    await read(["malformed"]);
    await restart();
    await read(["malformed"]);
    expect((await (await world.reader()).line(charityHex(), "CNY")).given).to.equal(120n);
  });
});
