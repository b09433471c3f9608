// From "sealed" to "final", on a real chain: what stops it, and what it leaves behind.

import { expect } from "chai";
import { createWalletClient, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { intend } from "../../server/store/chain-calls.ts";
import { watermarksOf } from "../../server/store/watermarks.ts";
import { register } from "../chain/statements.ts";
import { CHARITY, type Running, SECOND_CHARITY, signerOf, someHash, World } from "../chain/world.ts";
import { eventually } from "../support/eventually.ts";

const line = (registration = CHARITY) => ({ charity: charityId(registration), unit: "CNY" });

describe("anchoring", () => {
  let chain: EmbeddedChain;
  let world: World;
  let jobs: Running | undefined;
  before(async () => {
    chain = await startChain();
  });
  beforeEach(async () => {
    world = await World.on(chain);
    await world.deploy();
  });
  afterEach(async () => {
    await jobs?.stop();
    jobs = undefined;
    await world.leaveChain();
  });
  after(() => chain.stop());

  const run = (more: Record<string, string> = {}) => {
    jobs = world.run(world.settings(more));
  };
  const isFinal = (batch: bigint) => async () => (await world.stateOf(batch)) === "final";

  /** Sends a root past our back, from the account that may. */
  async function anchorBehindOurBack(batch: bigint, root: `0x${string}`): Promise<void> {
    const account = privateKeyToAccount(chain.accounts[1]!.privateKey);
    const { address } = await homeAddress();
    const wallet = createWalletClient({ account, transport: http(chain.url) });
    const call = { address, abi: LEDGER_ABI, functionName: "anchor", args: [batch, root] } as const;
    await wallet.writeContract({ ...call, chain: null });
  }

  async function homeAddress() {
    const [row] = await world.sql<{ contract: Buffer }[]>`SELECT contract FROM deployment`;
    return { address: `0x${row!.contract.toString("hex")}` as const };
  }

  async function rootOf(batch: bigint): Promise<`0x${string}`> {
    const [row] = await world.sql<{ root: Buffer }[]>`SELECT root FROM batches WHERE number = ${batch}`;
    return `0x${row!.root.toString("hex")}`;
  }

  it("stops with an alarm at a batch that reads differently, while other calls go on; and resumes once it is mended", async () => {
    await world.give([5n]);
    await world.seal();
    const flip = () => world.sql`UPDATE receipts SET salt = set_byte(salt, 0, get_byte(salt, 0) # 1)`;
    await flip();
    run();
    await eventually("an alarm", async () => (await world.alarms()).length > 0);
    expect(await world.alarms()).to.deep.equal(["second-reading"]);
    const registration = await intend(world.sql, register(signerOf(chain)));
    await eventually("the other call", async () =>
      (await world.callStates()).includes("registerCharity final"),
    );
    expect(registration > 0n).to.equal(true);
    expect(await world.stateOf(1n)).to.equal("sealed");
    expect(await (await world.reader()).lastBatch()).to.equal(0n);
    await flip();
    await eventually("final", isFinal(1n));
    await eventually("no alarm", async () => (await world.alarms()).length === 0);
  });

  it("stops with an alarm when the contract holds another root for a batch of ours", async () => {
    await world.give([5n]);
    await world.seal();
    await anchorBehindOurBack(1n, someHash());
    run();
    await eventually("an alarm", async () => (await world.alarms()).length > 0);
    expect(await world.alarms()).to.deep.equal(["root-differs"]);
    expect(await world.stateOf(1n)).to.equal("submitted");
  });

  it("takes note of a root that is on chain already, and sends it no more", async () => {
    await world.give([5n]);
    await world.seal();
    await anchorBehindOurBack(1n, await rootOf(1n));
    await world.give([7n]);
    await world.seal();
    run();
    await eventually("final", isFinal(2n));
    expect(await world.stateOf(1n)).to.equal("final");
    const [first] = await world.sql`SELECT transaction, anchored_at FROM batches WHERE number = 1`;
    expect(first?.transaction).to.equal(null);
    expect(first?.anchored_at).to.be.instanceOf(Date);
  });

  it("leaves the transaction, its block and its time with each batch, and the same root in the contract", async () => {
    for (let batch = 1; batch <= 3; batch++) {
      await world.give([5n, 6n]);
      await world.seal();
    }
    run();
    await eventually("final", isFinal(3n));
    const reader = await world.reader();
    expect(await reader.lastBatch()).to.equal(3n);
    for (const batch of [1n, 2n, 3n]) {
      expect(await reader.root(batch)).to.equal(await rootOf(batch));
      const [row] =
        await world.sql`SELECT transaction, block, anchored_at FROM batches WHERE number = ${batch}`;
      expect(row?.transaction).to.have.length(32);
      expect(row?.block > 0n).to.equal(true);
      expect(Math.abs(Date.now() - row?.anchored_at)).to.be.lessThan(60_000);
    }
  });

  it("proves the newest statement of each side of each line, a line's gifts before its reversals", async () => {
    const [gift] = await world.give([50n, 70n]);
    await world.give([9n], SECOND_CHARITY);
    await world.seal();
    await world.takeBack(gift!, 20n);
    await world.seal();
    await world.give([4n]);
    await world.seal();
    run();
    const wanted = { given: 124n, reversed: 20n, paid: 0n, netted: 0n, acknowledged: 0n, spent: 0n };
    await eventually("watermarks", async () => (await watermarksOf(world.sql, line()))?.given === 124n);
    await eventually("all calls final", () => world.areAllFinal());
    await eventually("reversed", async () => (await watermarksOf(world.sql, line()))?.reversed === 20n);
    expect(await watermarksOf(world.sql, line())).to.deep.equal(wanted);
    expect((await watermarksOf(world.sql, line(SECOND_CHARITY)))?.given).to.equal(9n);
    expect(await world.sql`SELECT FROM chain_calls WHERE state = 'failed'`).to.have.length(0);
  });

  it("proves a line once in PROVE_EVERY_SECONDS, however many batches are anchored meanwhile", async () => {
    run({ PROVE_EVERY_SECONDS: "3600" });
    for (const batch of [1n, 2n, 3n]) {
      await world.give([5n]);
      await world.seal();
      await eventually("final", isFinal(batch));
    }
    await eventually("all calls final", () => world.areAllFinal());
    expect((await world.callStates()).filter((call) => call.startsWith("prove"))).to.deep.equal([
      "prove final",
    ]);
  });

  it("happens once for each batch, although two processes believe that it is theirs to do", async () => {
    const second = world.run(world.settings());
    run();
    for (let batch = 1; batch <= 8; batch++) {
      await world.give([5n]);
      await world.seal();
    }
    await eventually("final", isFinal(8n), 30_000);
    await eventually("all calls final", () => world.areAllFinal());
    await second.stop();
    const anchors = await world.sql`SELECT nonce FROM chain_calls WHERE kind = 'anchor' AND state = 'final'`;
    expect(anchors.filter(({ nonce }) => nonce !== null)).to.have.length(8);
    expect(await (await world.reader()).lastBatch()).to.equal(8n);
    // Neither has filled a place on chain with something that the other knows nothing of.
    const stray = await world.sql`
      SELECT FROM chain_transactions AS form
      WHERE NOT EXISTS (SELECT FROM chain_calls AS call WHERE (call.sender, call.nonce) = (form.sender, form.nonce))`;
    expect(stray).to.have.length(0);
    expect(await world.alarms()).to.deep.equal([]);
  });
});
