// Before anything is sent: is it the chain, the contract and the history that we know? And what is read from it.

import { expect } from "chai";
import { createWalletClient, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { connectChain } from "../../server/chain/client.ts";
import { encodeCalls } from "../../server/chain/encode.ts";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { ConflictError, InputError } from "../../server/errors.ts";
import { deployLedger } from "../../server/jobs/deploy.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { deploymentOf } from "../../server/store/deployment.ts";
import { watermarksOf } from "../../server/store/watermarks.ts";
import { CHARITY, charityHex, type Running, SECOND_CHARITY, World } from "../chain/world.ts";
import { eventually } from "../support/eventually.ts";

const line = (registration = CHARITY) => ({ charity: charityId(registration), unit: "CNY" });
const NEVER = new AbortController().signal;

describe("the chain is examined before anything is sent", () => {
  let chain: EmbeddedChain;
  let world: World;
  let jobs: Running | undefined;
  before(async () => {
    chain = await startChain();
  });
  beforeEach(async () => {
    world = await World.on(chain);
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
  const alarm = async () => {
    await eventually("an alarm", async () => (await world.alarms()).length > 0);
    return await world.alarms();
  };

  async function liveThrough(): Promise<void> {
    await world.deploy();
    run();
    await world.give([5n]);
    await world.seal();
    await eventually("given", async () => (await watermarksOf(world.sql, line()))?.given === 5n);
    await eventually("all calls final", () => world.areAllFinal());
    await jobs?.stop();
  }

  /** Another contract on the same chain, for the given ledger. */
  async function deployAnother(ledger: Uint8Array): Promise<`0x${string}`> {
    const account = privateKeyToAccount(chain.accounts[5]!.privateKey);
    const wallet = createWalletClient({ account, transport: http(chain.url) });
    const args = { ledger: toHex(ledger), admin: account.address, adminDelay: "0", challengeBond: "0" };
    const hash = await wallet.sendTransaction({ data: encodeCalls([{ kind: "deploy", args }]), chain: null });
    return (await connectChain(chain.url).mined(hash))!.created!;
  }

  async function sentAfter(work: () => Promise<unknown>): Promise<bigint> {
    const count = async (): Promise<bigint> =>
      (await world.sql`SELECT count(*) FROM chain_transactions`)[0]?.count;
    const before = await count();
    await work();
    return (await count()) - before;
  }

  it("raises an alarm and deploys nothing when no contract is named", async () => {
    run();
    expect(await alarm()).to.deep.equal(["contract-missing"]);
    expect(await deploymentOf(world.sql)).to.equal(undefined);
  });

  it("raises an alarm when there is no contract at the address that is named", async () => {
    run({ CONTRACT_ADDRESS: chain.accounts[7]!.address });
    expect(await alarm()).to.deep.equal(["contract-missing"]);
  });

  it("raises an alarm when the contract that is named belongs to another ledger", async () => {
    run({ CONTRACT_ADDRESS: await deployAnother(new Uint8Array(32).fill(7)) });
    expect(await alarm()).to.deep.equal(["ledger-differs"]);
    expect(await deploymentOf(world.sql)).to.equal(undefined);
  });

  it("raises an alarm when the operator names another contract than the one that the ledger lives in", async () => {
    await liveThrough();
    run({ CONTRACT_ADDRESS: await deployAnother(world.ledger.id) });
    expect(await alarm()).to.deep.equal(["contract-missing"]);
  });

  it("raises an alarm on another chain, sends nothing there, and goes on when the right one is back", async () => {
    await liveThrough();
    await world.sql`UPDATE deployment SET chain_id = 1`;
    const sent = await sentAfter(async () => {
      run();
      await world.give([5n]);
      await world.seal();
      expect(await alarm()).to.deep.equal(["chain-differs"]);
    });
    expect(sent).to.equal(0n);
    await world.sql`UPDATE deployment SET chain_id = 31337`;
    await eventually("final", async () => (await world.stateOf(2n)) === "final");
    await eventually("no alarm", async () => (await world.alarms()).length === 0);
  });

  it("raises an alarm, and pays nothing again, when the contract is gone", async () => {
    await liveThrough();
    await world.sql`UPDATE deployment SET contract = ${Buffer.alloc(20, 9)}`;
    const sent = await sentAfter(async () => {
      run();
      expect(await alarm()).to.deep.equal(["contract-missing"]);
    });
    expect(sent).to.equal(0n);
  });

  it("raises an alarm when the contract has fewer batches than were final", async () => {
    await liveThrough();
    const address = await deployAnother(world.ledger.id);
    await world.sql`UPDATE deployment SET contract = ${Buffer.from(address.slice(2), "hex")}`;
    run();
    expect(await alarm()).to.deep.equal(["ledger-behind"]);
  });

  it("raises an alarm when the contract's root of the last final batch is not ours", async () => {
    await liveThrough();
    await world.sql`UPDATE batches SET root = set_byte(root, 0, get_byte(root, 0) # 1)`;
    run();
    expect(await alarm()).to.deep.equal(["root-differs"]);
  });

  it("raises an alarm when the account that anchors was not given its role", async () => {
    await world.deploy();
    await world.give([5n]);
    await world.seal();
    run({ ANCHOR_KEY: chain.accounts[6]!.privateKey });
    expect(await alarm()).to.deep.equal(["call-refused"]);
    await jobs?.stop();
    run();
    await eventually("final", async () => (await world.stateOf(1n)) === "final");
    await eventually("no alarm", async () => (await world.alarms()).length === 0);
  });

  it("takes the contract into use that the operator names, when it is this ledger's", async () => {
    await world.deploy();
    const { contract } = (await deploymentOf(world.sql))!;
    await world.sql`DELETE FROM deployment`;
    await world.give([5n]);
    await world.seal();
    run({ CONTRACT_ADDRESS: toHex(contract) });
    await eventually("final", async () => (await world.stateOf(1n)) === "final");
    expect((await deploymentOf(world.sql))?.contract.equals(contract)).to.equal(true);
  });

  it("reads every line of the contract, whoever moved it", async () => {
    await liveThrough();
    await world.give([8n], SECOND_CHARITY);
    await world.seal();
    // Moved while no job of ours was running: the store knows nothing of it.
    run();
    await eventually(
      "given",
      async () => (await watermarksOf(world.sql, line(SECOND_CHARITY)))?.given === 8n,
    );
    await jobs?.stop();
    await world.sql`UPDATE watermarks SET given = 1`;
    run();
    await eventually("read", async () => (await watermarksOf(world.sql, line()))?.given === 5n);
    expect((await watermarksOf(world.sql, line(SECOND_CHARITY)))?.given).to.equal(8n);
    expect((await deploymentOf(world.sql))?.read_at).to.be.instanceOf(Date);
    const names = [SECOND_CHARITY, "GB-CHC-NEVER", CHARITY].map((registration) => charityHex(registration));
    const reader = await world.reader();
    const lines = await reader.lines(names.map((charity) => ({ charity, unit: "CNY" })));
    const single = await Promise.all(names.map((charity) => reader.line(charity, "CNY")));
    expect(lines).to.deep.equal(single.map((marks) => ({ ...marks, fault: null })));
    expect(lines.map(({ given }) => given)).to.deep.equal([8n, 0n, 5n]);
  });
});

describe("deploying a ledger", () => {
  let world: World;
  beforeEach(async () => {
    world = await World.make();
  });
  afterEach(() => world.close());

  const deploy = (more: Record<string, string> = {}) => {
    const options = { adminDelaySeconds: 60, onProgress: () => {} };
    return deployLedger(world.context(world.settings(more)), options, NEVER);
  };
  const failureOf = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (thrown) => thrown,
    );

  it("is refused without the key of each role, naming the one that is missing", async () => {
    const failure = await failureOf(deploy({ PAYER_KEY: "" }));
    expect(failure).to.be.instanceOf(InputError);
    expect(failure.message).to.match(/^PAYER_KEY/);
    expect(await world.callStates()).to.deep.equal([]);
  });

  it("changes nothing when it is asked for again, and gives a new account its role", async () => {
    const first = await deploy();
    const transactions = async () => (await world.sql`SELECT count(*) FROM chain_transactions`)[0]?.count;
    const before = await transactions();
    expect(await deploy()).to.deep.equal(first);
    expect(await transactions()).to.equal(before);
    await deploy({ PAYER_KEY: world.chain.accounts[8]!.privateKey });
    expect(await transactions()).to.equal(before + 1n);
  });

  it("goes on where it was cut off", async () => {
    const stopping = new AbortController();
    const options = { adminDelaySeconds: 60, onProgress: () => stopping.abort() };
    const failure = await failureOf(deployLedger(world.context(world.settings()), options, stopping.signal));
    expect(failure).to.be.instanceOf(ConflictError);
    const { contract } = await deploy();
    expect(await connectChain(world.chain.url).hasCode(contract)).to.equal(true);
    expect(await world.callStates()).to.deep.equal([
      "deploy final",
      ...Array(4).fill("grantRole final"),
      "open final",
    ]);
  });

  it("is refused for a ledger that lives elsewhere, and says how to move it", async () => {
    await deploy();
    await world.forgetChain();
    const { code, message } = await failureOf(deploy());
    expect(code).to.equal("lives-elsewhere");
    expect(message).to.contain("npm run move");
  });
});
