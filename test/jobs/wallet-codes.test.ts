// A wallet contract that signs for a charity, on a demonstration chain that forgets it: what it has signed is taken again
// after a restart; a wallet that cannot be put back stops nothing.

import { expect } from "chai";
import type { PrivateKeyAccount } from "viem/accounts";
import { charityId } from "../../server/protocol/ids.ts";
import { readSettings } from "../../server/settings.ts";
import { signedPositions } from "../../server/store/acknowledgements.ts";
import { callEnded, intend } from "../../server/store/chain-calls.ts";
import { leftToRebuild } from "../../server/store/deployment.ts";
import { watermarksOf } from "../../server/store/watermarks.ts";
import { acknowledge, disburse, payBank } from "../chain/statements.ts";
import { CHARITY, charityHex, type Running, signerOf, World } from "../chain/world.ts";
import { eventually } from "../support/eventually.ts";
import { deployWallet } from "../support/wallet.ts";

const LINE = { charity: charityId(CHARITY), unit: "CNY" };

describe("a wallet contract that signs for a charity", () => {
  let world: World;
  let owner: PrivateKeyAccount;
  let jobs: Running | undefined;

  const run = () => {
    jobs = world.run(readSettings({}));
  };
  const end = async (call: Parameters<typeof intend>[1]) => {
    const report = await callEnded(world.sql, await intend(world.sql, call), 15_000);
    return report.failure ?? report.state;
  };
  const onChain = async () => (await world.reader()).line(charityHex(), "CNY");

  async function restart(): Promise<void> {
    await jobs?.stop();
    await world.forgetChain();
    run();
    const reader = await world.reader();
    const isOpen = () => reader.isDone({ kind: "open", args: {} }).catch(() => false);
    await eventually(
      "rebuilt",
      async () => (await isOpen()) && (await leftToRebuild(world.sql)) === 0n && (await world.areAllFinal()),
    );
  }

  async function anchored(number: bigint) {
    const [row] = await world.sql<{ root: Buffer }[]>`SELECT root FROM batches WHERE number = ${number}`;
    return { number, root: row!.root };
  }

  /** One batch of 120, paid, acknowledged and spent by the wallet's signatures. */
  beforeEach(async () => {
    world = await World.make();
    owner = signerOf(world.chain);
    const wallet = await deployWallet(world.chain.url, owner.address);
    await world.sql`UPDATE charities SET signer = ${Buffer.from(wallet.slice(2), "hex")} WHERE registration = ${CHARITY}`;
    run();
    expect(
      await end({ kind: "registerCharity", args: { charity: charityHex(), payee: wallet, signer: wallet } }),
    ).to.equal("final");
    await world.give([50n, 70n]);
    const batch = await anchored(await world.seal());
    await eventually("given", async () => (await watermarksOf(world.sql, LINE))?.given === 120n);
    expect(await end(payBank(0n, 120n))).to.equal("final");
    expect(await end(await acknowledge(owner, world.ledger.id, [0n, 120n], batch))).to.equal("final");
    expect(await end(await disburse(owner, world.ledger.id, [0n, 100n]))).to.equal("final");
  });
  afterEach(async () => {
    await jobs?.stop();
    await world.close();
  });

  it("is put back on a chain that has forgotten it, so that what it signed is taken again, and what it signs next", async () => {
    const before = await onChain();
    await restart();
    expect(await onChain()).to.deep.equal(before);
    expect(await world.alarms()).to.deep.equal([]);
    expect(await end(await disburse(owner, world.ledger.id, [100n, 120n]))).to.equal("final");
    await restart();
    expect((await onChain()).spent).to.equal(120n);
  });

  it("that cannot be put back stops nothing: its calls are marked and told, and the charity signs again", async () => {
    await world.sql`DELETE FROM wallet_codes`;
    await restart();
    expect(await onChain()).to.include({ paid: 120n, acknowledged: 0n, spent: 0n });
    expect(await world.alarms()).to.deep.equal([]);
    const marked = (await world.callStates()).filter((said) => said.endsWith("failed"));
    expect(marked).to.deep.equal(["acknowledge failed", "disburse failed"]);
    await eventually("read", async () => (await watermarksOf(world.sql, LINE))?.acknowledged === 0n);
    expect(await signedPositions(world.sql, LINE)).to.deep.equal({ acknowledged: 0n, spent: 0n });
    // Life goes on: other gifts are anchored, proven and paid.
    await world.give([5n]);
    await world.seal();
    await eventually("given", async () => (await onChain()).given === 125n);
    expect(await end(payBank(120n, 125n))).to.equal("final");
  });

  it("is kept once, however often it signs", async () => {
    const [row] = await world.sql`SELECT count(*) FROM wallet_codes`;
    expect(row?.count).to.equal(1n);
  });
});
