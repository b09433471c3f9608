// Stolen and changed keys, as the service meets them: what it notices, what it does not do, and that it goes on with another
// key. What the contract allows a thief is in test/contracts/thefts.test.ts.

import { expect } from "chai";
import { type Address, createWalletClient, getAddress, type Hex, http, keccak256, stringToHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { connectChain } from "../../server/chain/client.ts";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { deploymentOf } from "../../server/store/deployment.ts";
import { charityHex, type Running, someHash, World } from "../chain/world.ts";
import { eventually } from "../support/eventually.ts";

const [ADMIN, ANCHOR, NEW] = [0, 1, 6] as const;
const ANCHOR_ROLE = keccak256(stringToHex("ANCHOR_ROLE"));

describe("a stolen anchor key", () => {
  let chain: EmbeddedChain;
  let world: World;
  let contract: Address;
  let jobs: Running | undefined;

  before(async () => {
    chain = await startChain();
  });
  beforeEach(async () => {
    world = await World.on(chain);
    await world.deploy();
    const deployment = await deploymentOf(world.sql);
    contract = getAddress(`0x${deployment!.contract.toString("hex")}`);
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
  const withNewKey = () => ({ ANCHOR_KEY: chain.accounts[NEW]!.privateKey });

  async function call(who: number, functionName: string, ...args: unknown[]): Promise<void> {
    const account = privateKeyToAccount(chain.accounts[who]!.privateKey);
    const wallet = createWalletClient({ account, transport: http(chain.url) });
    const request = { address: contract, abi: LEDGER_ABI, functionName, args, chain: null };
    const hash: Hex = await wallet.writeContract(request as never);
    await connectChain(chain.url).public.waitForTransactionReceipt({ hash, pollingInterval: 10 });
  }

  async function seal(): Promise<bigint> {
    await world.give([50n]);
    return await world.seal();
  }

  it("that fixes a root before there is a batch raises root-differs with that batch, and nothing of it is proven", async () => {
    await seal();
    run();
    await eventually("final", isFinal(1n));
    // The proof comes from the same account, whose nonces the thief would share.
    await eventually("proven", async () => (await world.callStates()).includes("prove final"));
    await call(ANCHOR, "anchor", 2n, someHash());
    await seal();
    await eventually("the alarm", async () => (await world.alarms()).includes("root-differs"));
    const reader = await world.reader();
    expect(await world.stateOf(2n)).not.to.equal("final");
    expect((await reader.line(charityHex(), "CNY")).given).to.equal(50n);
  });

  it("whose role was taken anchors no more; the batches wait, and another key anchors them", async () => {
    await seal();
    await call(ADMIN, "revokeRole", ANCHOR_ROLE, chain.accounts[ANCHOR]!.address);
    run();
    await eventually("an alarm", async () => (await world.alarms()).includes("call-refused"));
    expect(await (await world.reader()).lastBatch()).to.equal(0n);
    await jobs?.stop();
    await call(ADMIN, "grantRole", ANCHOR_ROLE, chain.accounts[NEW]!.address);
    run(withNewKey());
    await eventually("final", isFinal(1n));
    await eventually("no alarm", async () => (await world.alarms()).length === 0);
  });

  it("is changed without a gap: both keys have the role until the service runs with the new one", async () => {
    await seal();
    run();
    await eventually("final", isFinal(1n));
    await call(ADMIN, "grantRole", ANCHOR_ROLE, chain.accounts[NEW]!.address);
    await jobs?.stop();
    await seal();
    run(withNewKey());
    await eventually("final", isFinal(2n));
    await call(ADMIN, "revokeRole", ANCHOR_ROLE, chain.accounts[ANCHOR]!.address);
    await seal();
    await eventually("final", isFinal(3n));
  });
});
