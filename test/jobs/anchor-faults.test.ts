// The chain at its worst: requests that never arrive, answers that never come back, transactions that hang, blocks that
// are taken back. After each, everything is on chain once and the store knows it.

import { expect } from "chai";
import { createTestClient, createWalletClient, http, parseTransaction } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { intend } from "../../server/store/chain-calls.ts";
import { watermarksOf } from "../../server/store/watermarks.ts";
import { audit } from "../chain/audit.ts";
import { type Fault, FaultyEndpoint } from "../chain/faulty-endpoint.ts";
import { payBank, register } from "../chain/statements.ts";
import { CHARITY, type Running, signerOf, World } from "../chain/world.ts";
import { eventually } from "../support/eventually.ts";

/** Less than a request that gets no answer is waited for. */
const STOP_LIMIT_MS = 8_000;
const LINE = { charity: charityId(CHARITY), unit: "CNY" };

/** Every request that the jobs make, and how often it has gone well before it fails. */
const REQUESTS: readonly (readonly [string, number])[] = [
  ["eth_chainId", 1],
  ["eth_blockNumber", 2],
  ["eth_getCode", 0],
  ["eth_call", 1],
  ["eth_estimateGas", 1],
  ["eth_getTransactionCount", 1],
  ["eth_maxPriorityFeePerGas", 0],
  ["eth_getTransactionByHash", 0],
  ["eth_sendRawTransaction", 0],
  ["eth_sendRawTransaction", 1],
  ["eth_getTransactionReceipt", 0],
  ["eth_getTransactionReceipt", 1],
  ["eth_getBlockByNumber", 1],
];

describe("anchoring over a line that fails", () => {
  let chain: EmbeddedChain;
  let world: World;
  let endpoint: FaultyEndpoint;
  let jobs: Running | undefined;
  before(async () => {
    chain = await startChain();
  });
  beforeEach(async () => {
    world = await World.on(chain);
    await world.deploy();
    endpoint = await FaultyEndpoint.before(chain.url);
  });
  afterEach(async () => {
    await jobs?.stop();
    jobs = undefined;
    await endpoint.close();
    await world.leaveChain();
  });
  after(() => chain.stop());

  /** A registration, two batches, their proof and a payout: each kind of sender, one after the other. */
  async function liveThrough(): Promise<void> {
    await intend(world.sql, register(signerOf(chain)));
    await world.give([50n, 70n]);
    await world.seal();
    jobs = world.run(world.settings(), endpoint.url);
    await eventually("given", async () => (await watermarksOf(world.sql, LINE))?.given === 120n);
    await intend(world.sql, payBank(0n, 120n));
    await world.give([1n]);
    await world.seal();
    await eventually("all calls final", () => world.areAllFinal());
    await eventually("paid", async () => (await watermarksOf(world.sql, LINE))?.paid === 120n);
    await audit(world);
    expect(await world.alarms()).to.deep.equal([]);
  }

  const WORDS: Record<Fault, string> = {
    lost: "never arrives",
    unheard: "is carried out and never answered",
  };
  for (const fault of ["lost", "unheard"] as const)
    for (const [method, nth] of REQUESTS)
      it(`comes to the same end when ${method} number ${nth + 1} ${WORDS[fault]}`, async () => {
        endpoint.failOnce(method, nth, fault);
        await liveThrough();
        expect(endpoint.seen.get(method) ?? 0).to.be.greaterThan(nth);
      });

  it("waits while the endpoint is dead, seals on, and catches up when it is back", async () => {
    jobs = world.run(world.settings(), endpoint.url);
    await world.give([5n]);
    await world.seal();
    await eventually("given", async () => (await watermarksOf(world.sql, LINE))?.given === 5n);
    endpoint.cut();
    for (const batch of [2n, 3n, 4n]) {
      await world.give([5n]);
      expect(await world.seal()).to.equal(batch);
    }
    await eventually("submitted", async () => (await world.stateOf(4n)) === "submitted");
    expect(await world.stateOf(1n)).to.equal("final");
    expect((await watermarksOf(world.sql, LINE))?.given).to.equal(5n);
    endpoint.mend();
    await eventually("all calls final", () => world.areAllFinal());
    await audit(world);
  });

  it("ends at once when it is stopped while the endpoint is dead", async () => {
    endpoint.cut();
    await world.give([5n]);
    await world.seal();
    jobs = world.run(world.settings(), endpoint.url);
    await eventually("submitted", async () => (await world.stateOf(1n)) === "submitted");
    const started = performance.now();
    await jobs.stop();
    expect(performance.now() - started, "milliseconds").to.be.lessThan(STOP_LIMIT_MS);
  });
});

describe("anchoring on a chain that hangs or takes blocks back", () => {
  let world: World;
  let jobs: Running | undefined;
  const node = () => createTestClient({ mode: "hardhat", transport: http(world.chain.url) });
  beforeEach(async () => {
    world = await World.make();
    await world.deploy();
    // The contract itself is old enough for every depth below.
    for (let block = 0; block < 10; block++) await node().mine({ blocks: 1 });
    await world.give([50n, 70n]);
    await world.seal();
  });
  afterEach(async () => {
    await jobs?.stop();
    jobs = undefined;
    await world.close();
  });

  const run = (more: Record<string, string> = {}) => {
    jobs = world.run(world.settings(more));
  };
  type Form = { hash: Buffer; raw: Buffer; nonce: bigint };
  const formsOfAnchor = () => world.sql<Form[]>`
    SELECT DISTINCT forms.hash, raw, forms.nonce, forms.created_at FROM chain_transactions AS forms
    JOIN chain_calls USING (sender, nonce) WHERE kind = 'anchor' ORDER BY forms.created_at`;

  it("replaces a transaction that is stuck by one at a higher fee, in the same place", async () => {
    await node().setAutomine(false);
    run({ STUCK_AFTER_SECONDS: "1" });
    await eventually("a second form", async () => (await formsOfAnchor()).length === 2);
    const forms = await formsOfAnchor();
    const [first, second] = forms.map(({ raw }) => parseTransaction(`0x${raw.toString("hex")}`));
    expect(forms[1]!.nonce).to.equal(forms[0]!.nonce);
    expect(second!.data).to.equal(first!.data);
    expect(second!.maxFeePerGas! > first!.maxFeePerGas!).to.equal(true);
    expect(second!.maxPriorityFeePerGas! > first!.maxPriorityFeePerGas!).to.equal(true);
    await node().setAutomine(true);
    await node().mine({ blocks: 1 });
    await eventually("all calls final", () => world.areAllFinal());
    const [batch] = await world.sql`SELECT transaction FROM batches`;
    expect(forms.some(({ hash }) => hash.equals(batch?.transaction))).to.equal(true);
    await audit(world);
  });

  it("raises no fee above MAX_FEE_GWEI, and waits instead", async () => {
    await node().setAutomine(false);
    run({ STUCK_AFTER_SECONDS: "1", MAX_FEE_GWEI: "1" });
    await eventually("a form", async () => (await formsOfAnchor()).length === 1);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const forms = await formsOfAnchor();
    expect(forms).to.have.length(1);
    const { maxFeePerGas } = parseTransaction(`0x${forms[0]!.raw.toString("hex")}`);
    expect(maxFeePerGas! <= 1_000_000_000n).to.equal(true);
  });

  it("sends the same bytes again when a transaction is dropped from the pool", async () => {
    await node().setAutomine(false);
    run();
    await eventually("a form", async () => (await formsOfAnchor()).length === 1);
    const [form] = await formsOfAnchor();
    const hash = `0x${form!.hash.toString("hex")}` as const;
    const { public: client } = world.context(world.settings()).chain;
    const isPending = () =>
      client.getTransaction({ hash }).then(
        () => true,
        () => false,
      );
    await eventually("in the pool", isPending);
    await node().dropTransaction({ hash });
    await eventually("in the pool again", isPending);
    await node().setAutomine(true);
    await node().mine({ blocks: 1 });
    await eventually("all calls final", () => world.areAllFinal());
    expect((await formsOfAnchor()).map((each) => each.hash)).to.deep.equal([form!.hash]);
    await audit(world);
  });

  it("is anchored, and final only under as many blocks as are asked for", async () => {
    run({ CONFIRMATIONS: "4" });
    await eventually("anchored", async () => (await world.stateOf(1n)) === "anchored");
    await node().mine({ blocks: 1 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await world.stateOf(1n)).to.equal("anchored");
    // What is read for the pages is as old as that: nothing is shown that could be taken back.
    expect((await watermarksOf(world.sql, LINE))?.given ?? 0n).to.equal(0n);
    // No block comes by itself: a proof behind these would wait for ever.
    await eventually("proven", async () => (await world.callStates()).includes("prove mined"));
    await node().mine({ blocks: 4 });
    await eventually("final", async () => (await world.stateOf(1n)) === "final");
    await eventually("given", async () => (await watermarksOf(world.sql, LINE))?.given === 120n);
  });

  it("sends the same transactions again after a reorganisation, and never opens a batch again", async () => {
    const before = await node().snapshot();
    run({ CONFIRMATIONS: "6" });
    await eventually("anchored", async () => (await world.stateOf(1n)) === "anchored");
    await eventually("proven", async () => (await world.callStates()).includes("prove mined"));
    const [anchored] = await world.sql`SELECT transaction FROM batches`;
    // The endpoint now follows another branch, longer than the one it had.
    await node().setAutomine(false);
    await node().revert({ id: before });
    await node().mine({ blocks: 5 });
    await eventually("taken back", async () => (await world.stateOf(1n)) === "submitted");
    const [lost] = await world.sql`SELECT transaction, block, anchored_at FROM batches`;
    expect(lost).to.deep.equal({ transaction: null, block: null, anchored_at: null });
    await node().setAutomine(true);
    await node().mine({ blocks: 1 });
    await eventually("anchored again", async () => (await world.stateOf(1n)) === "anchored");
    await eventually("proven again", async () => (await world.callStates()).includes("prove mined"));
    await node().mine({ blocks: 8 });
    await eventually("all calls final", () => world.areAllFinal());
    const [again] = await world.sql`SELECT transaction FROM batches`;
    expect(again?.transaction.equals(anchored?.transaction)).to.equal(true);
    await audit(world);
  });

  it("does not take an endpoint that lags behind for a reorganisation", async () => {
    const before = await node().snapshot();
    run({ CONFIRMATIONS: "6" });
    await eventually("anchored", async () => (await world.stateOf(1n)) === "anchored");
    await eventually("proven", async () => (await world.callStates()).includes("prove mined"));
    await node().setAutomine(false);
    await node().revert({ id: before });
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await world.stateOf(1n)).to.equal("anchored");
  });

  it("sends anew when another transaction of its account has taken its nonce", async () => {
    await node().setAutomine(false);
    run();
    await eventually("a form", async () => (await formsOfAnchor()).length === 1);
    const [form] = await formsOfAnchor();
    const hash = `0x${form!.hash.toString("hex")}` as const;
    const { public: client } = world.context(world.settings()).chain;
    await eventually("in the pool", () =>
      client.getTransaction({ hash }).then(
        () => true,
        () => false,
      ),
    );
    const account = privateKeyToAccount(world.chain.accounts[1]!.privateKey);
    const wallet = createWalletClient({ account, transport: http(world.chain.url) });
    const fees = { maxFeePerGas: 90_000_000_000n, maxPriorityFeePerGas: 80_000_000_000n };
    await wallet.sendTransaction({
      to: account.address,
      nonce: Number(form!.nonce),
      gas: 21_000n,
      ...fees,
      chain: null,
    });
    await node().setAutomine(true);
    await node().mine({ blocks: 1 });
    await eventually("all calls final", () => world.areAllFinal());
    await audit(world);
  });
});
