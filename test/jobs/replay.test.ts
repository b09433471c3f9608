// The demonstration chain forgets everything when it stops; the ledger is rebuilt on the next one as it was.

import { expect } from "chai";
import { charityId } from "../../server/protocol/ids.ts";
import { readSettings } from "../../server/settings.ts";
import { callEnded, intend } from "../../server/store/chain-calls.ts";
import { leftToRebuild } from "../../server/store/deployment.ts";
import { watermarksOf } from "../../server/store/watermarks.ts";
import { audit } from "../chain/audit.ts";
import { acknowledge, disburse, payBank, register } from "../chain/statements.ts";
import { CHARITY, charityHex, type Running, signerOf, World } from "../chain/world.ts";
import { eventually } from "../support/eventually.ts";

const LINE = { charity: charityId(CHARITY), unit: "CNY" };
const DEMONSTRATION = readSettings({});

describe("replay onto the empty demonstration chain", () => {
  let world: World;
  let jobs: Running | undefined;
  beforeEach(async () => {
    world = await World.make();
  });
  afterEach(async () => {
    await jobs?.stop();
    jobs = undefined;
    await world.close();
  });

  const run = () => {
    jobs = world.run(DEMONSTRATION);
  };
  const end = async (call: Parameters<typeof intend>[1]) =>
    (await callEnded(world.sql, await intend(world.sql, call), 15_000)).state;

  async function restart(): Promise<void> {
    await jobs?.stop();
    await world.forgetChain();
    run();
    const { reader } = await contract();
    await eventually(
      "rebuilt",
      async () =>
        (await reader.isDone({ kind: "open", args: {} }).catch(() => false)) &&
        (await leftToRebuild(world.sql)) === 0n,
    );
  }

  async function contract() {
    const [row] = await world.sql<{ contract: Buffer }[]>`SELECT contract FROM deployment`;
    return { address: row!.contract.toString("hex"), reader: await world.reader() };
  }

  async function seal(...amounts: bigint[]): Promise<{ number: bigint; root: Buffer }> {
    await world.give(amounts);
    const number = await world.seal();
    const [row] = await world.sql<{ root: Buffer }[]>`SELECT root FROM batches WHERE number = ${number}`;
    return { number, root: row!.root };
  }

  /** Three batches with a reversal, of which the first is paid, acknowledged and spent. */
  async function liveThrough(): Promise<void> {
    const signer = signerOf(world.chain);
    expect(await end(register(signer))).to.equal("final");
    const first = await seal(50n, 70n);
    await eventually("given", async () => (await watermarksOf(world.sql, LINE))?.given === 120n);
    expect(await end(payBank(0n, 120n))).to.equal("final");
    expect(await end(payBank(120n, 999n))).to.equal("failed");
    expect(await end(await acknowledge(signer, world.ledger.id, [0n, 120n], first))).to.equal("final");
    expect(await end(await disburse(signer, world.ledger.id, [0n, 120n]))).to.equal("final");
    const [gift] = await world.give([9n]);
    await world.seal();
    await world.takeBack(gift!, 4n);
    await world.seal();
    await eventually("reversed", async () => (await watermarksOf(world.sql, LINE))?.reversed === 4n);
    await eventually("all calls final", () => world.areAllFinal());
  }

  const onChain = async () => (await contract()).reader.line(charityHex(), "CNY");
  const times = () => world.sql`SELECT number, state, anchored_at FROM batches ORDER BY number`;
  const callTimes = () => world.sql`SELECT id, kind, state, mined_at FROM chain_calls ORDER BY id`;

  it("gives the same address, roots, lines and states, and keeps the times that were recorded first", async () => {
    run();
    await liveThrough();
    const before = {
      home: (await contract()).address,
      line: await onChain(),
      batches: await times(),
      calls: await callTimes(),
    };
    expect(before.line).to.deep.equal({
      given: 129n,
      reversed: 4n,
      paid: 120n,
      netted: 0n,
      acknowledged: 120n,
      spent: 120n,
    });
    await restart();
    await eventually("all calls final", () => world.areAllFinal());
    expect((await contract()).address).to.equal(before.home);
    expect(await onChain()).to.deep.equal(before.line);
    expect([...(await times())]).to.deep.equal([...before.batches]);
    expect([...(await callTimes())]).to.deep.equal([...before.calls]);
    await audit(world);
    expect(await world.alarms()).to.deep.equal([]);
  });

  it("goes on where it was: batches sealed meanwhile are anchored behind the opening", async () => {
    run();
    await liveThrough();
    await jobs?.stop();
    const sealed = await seal(1n);
    await intend(world.sql, payBank(120n, 125n));
    await restart();
    await eventually("final", async () => (await world.stateOf(sealed.number)) === "final");
    await eventually("given", async () => (await onChain()).given === 130n);
    await eventually("all calls final", () => world.areAllFinal());
    expect((await onChain()).paid).to.equal(125n);
    const [order] = await world.sql`
      SELECT (SELECT block FROM chain_calls WHERE kind = 'open') < (SELECT min(block) FROM chain_calls WHERE turn = 100) AS behind,
        (SELECT count(*) FROM chain_calls WHERE turn = 100 AND block IS NOT NULL) AS new`;
    // The root, its proof and the payout.
    expect(order).to.deep.equal({ behind: true, new: 3n });
    await audit(world);
  });

  it("comes to the same end when it is cut off in the middle, again and again", async () => {
    run();
    await liveThrough();
    const line = await onChain();
    for (const milliseconds of [1, 40, 80, 130]) {
      await jobs?.stop();
      await world.forgetChain();
      run();
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
    }
    await restart();
    await eventually("all calls final", () => world.areAllFinal());
    expect(await onChain()).to.deep.equal(line);
    await audit(world);
  });

  it("is not done to a chain that remembers: stopping the jobs alone rebuilds nothing", async () => {
    run();
    await liveThrough();
    const transactions = async () => (await world.sql`SELECT count(*) FROM chain_transactions`)[0]?.count;
    const before = await transactions();
    await jobs?.stop();
    run();
    await seal(5n);
    await eventually("given", async () => (await watermarksOf(world.sql, LINE))?.given === 134n);
    // One transaction for the root, one for its proof.
    expect((await transactions()) - before).to.equal(2n);
  });

  it("needs one proof for each side of a line, and few transactions for many batches", async () => {
    run();
    for (let batch = 1; batch <= 30; batch++) await seal(5n);
    await eventually("given", async () => (await watermarksOf(world.sql, LINE))?.given === 150n);
    await eventually("all calls final", () => world.areAllFinal());
    await restart();
    await eventually("all calls final", () => world.areAllFinal());
    const [row] = await world.sql`SELECT count(*) FROM chain_transactions`;
    // Deployment, roles, roots, proof, opening.
    expect(row?.count).to.equal(5n);
    expect((await onChain()).given).to.equal(150n);
  });
});
