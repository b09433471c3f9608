// Settlement across restarts of the demonstration chain, which forgets its tokens: what was paid stays paid, as a record;
// what is paid next waits until a token is named again.

import { expect } from "chai";
import { maxUint256 } from "viem";
import { carryOut } from "../../server/jobs/settle/settle.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { readSettings } from "../../server/settings.ts";
import { intend } from "../../server/store/chain-calls.ts";
import { leftToRebuild } from "../../server/store/deployment.ts";
import { payoutsBefore } from "../../server/store/payouts.ts";
import { askForRun, setAsideBy } from "../../server/store/settlement-runs.ts";
import { namedTokens } from "../../server/store/tokens.ts";
import { watermarksOf } from "../../server/store/watermarks.ts";
import { Hands } from "../chain/hands.ts";
import { register } from "../chain/statements.ts";
import { CHARITY, log, type Running, signerOf, World } from "../chain/world.ts";
import { eventually } from "../support/eventually.ts";

const DEMONSTRATION = readSettings({ SETTLE_MINIMUM_MINOR: "1" });
const LINE = { charity: charityId(CHARITY), unit: "CNY" };

describe("settlement on a demonstration chain that starts anew", () => {
  let world: World;
  let jobs: Running;
  before(async () => {
    world = await World.make();
    await world.sql`UPDATE charities SET rail = 'token'`;
    jobs = world.run(DEMONSTRATION);
    await intend(world.sql, register(signerOf(world.chain)));
  });
  after(async () => {
    await jobs.stop();
    await world.close();
  });

  const payouts = async () =>
    (await payoutsBefore(world.sql, 2n ** 62n, 10, {})).map(({ state, amount, paid_at }) => ({
      state,
      amount,
      paid_at,
    }));

  async function anchor(amount: bigint): Promise<void> {
    await world.give([amount]);
    const batch = await world.seal();
    await eventually("anchored", async () => (await world.stateOf(batch)) === "final");
  }

  /** A new token in the payer's hands, named for CNY; answers with how much the charity has of it. */
  async function nameToken(): Promise<() => Promise<bigint>> {
    const hands = new Hands(world.chain.url);
    const { contract } = (await world.sql<{ contract: Buffer }[]>`SELECT contract FROM deployment`)[0]!;
    const token = await hands.deployToken("TestToken", [2]);
    await hands.mint(token, 1_000n);
    await hands.allow(token, `0x${contract.toString("hex")}`, maxUint256);
    const args = { unit: "CNY", token: token.toLowerCase() as typeof token, exponent: 2 };
    await intend(world.sql, { kind: "setToken", args });
    return () => hands.balanceOf(token, signerOf(world.chain).address);
  }

  async function settle(): Promise<bigint> {
    const { run } = await askForRun(world.sql, "operator");
    const settler = { sql: world.sql, settings: DEMONSTRATION, log };
    await carryOut(settler, run, new AbortController().signal);
    return run.id;
  }

  async function restart(): Promise<void> {
    await jobs.stop();
    await world.forgetChain();
    jobs = world.run(DEMONSTRATION);
    const reader = await world.reader();
    await eventually(
      "rebuilt",
      async () =>
        (await reader.isDone({ kind: "open", args: {} }).catch(() => false)) &&
        (await leftToRebuild(world.sql)) === 0n,
    );
    await eventually("read", async () => (await watermarksOf(world.sql, LINE))?.paid === 120n);
  }

  it("keeps what was paid, moves no money for it again, and pays on once a token is named again", async () => {
    await anchor(120n);
    const balance = await nameToken();
    await settle();
    expect(await balance()).to.equal(120n);
    const before = await payouts();
    expect(before.map(({ state }) => state)).to.deep.equal(["paid"]);

    await restart();
    expect(await payouts()).to.deep.equal(before);
    expect((await namedTokens(world.sql)).map(({ state }) => state)).to.deep.equal(["forgotten"]);

    await anchor(30n);
    const run = await settle();
    const reasons = (await setAsideBy(world.sql, run, 10)).map(({ reason }) => reason);
    expect(reasons).to.deep.equal(["no token is named for CNY: name one with POST /v1/tokens"]);

    const again = await nameToken();
    await eventually("paid", async () => (await payouts())[0]?.state === "paid");
    expect(await again()).to.equal(30n);
    expect((await payouts()).map(({ amount }) => amount)).to.deep.equal([30n, 120n]);
  });
});
