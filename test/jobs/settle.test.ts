// Settlement runs against a real chain and a real token: what is paid, to whom, and that nothing is paid twice.

import { expect } from "chai";
import type { Address } from "viem";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { tryPayoutsNow } from "../../server/store/chain-calls.ts";
import { connect } from "../../server/store/database.ts";
import { askForRun, setAsideBy } from "../../server/store/settlement-runs.ts";
import { Settlement, type TestCharity } from "../chain/settlement.ts";
import { charityHex } from "../chain/world.ts";
import { eventually } from "../support/eventually.ts";

const NOBODY: Address = `0x${"0".repeat(40)}`;

describe("a settlement run", () => {
  let chain: EmbeddedChain;
  let world: Settlement;
  before(async () => {
    chain = await startChain();
  });
  beforeEach(async () => {
    world = await Settlement.on(chain);
  });
  afterEach(() => world.close());
  after(() => chain.stop());

  const again = async (settings: Record<string, string>) => {
    await world.close();
    world = await Settlement.on(chain, settings);
  };
  const give = (charity: TestCharity, ...amounts: bigint[]) =>
    world.world.give(amounts, charity.registration);
  const one = async (...of: Parameters<Settlement["addCharities"]>) => (await world.addCharities(...of))[0]!;
  /** What each payout has come to, the oldest first. */
  const outcomes = async () => (await world.payouts()).map(({ state, amount }) => [state, amount]);
  const reasons = async (run: bigint) => (await setAsideBy(world.sql, run, 100)).map(({ reason }) => reason);
  /** Has what was put off tried at once, and waits until it is paid. */
  async function untilPaid(payouts: number): Promise<void> {
    await tryPayoutsNow(world.sql);
    const paid = async () => (await outcomes()).filter(([state]) => state === "paid").length;
    await eventually("paid", async () => (await paid()) === payouts);
  }

  it("pays up to the last anchored gift of any number of batches, to the charities' own accounts", async () => {
    const [first, second] = (await world.addCharities(2)) as [TestCharity, TestCharity];
    await give(first, 500n, 700n);
    await world.anchor();
    await give(first, 30n);
    await give(second, 4_000n);
    await world.anchor();
    await give(first, 999n);
    const run = await world.settle();
    expect(run).to.include({ state: "done", looked_at: 2 });
    expect(await world.balanceOf(first.payee)).to.equal(1_230n);
    expect(await world.balanceOf(second.payee)).to.equal(4_000n);
    const payouts = await world.payouts();
    expect(payouts.map(({ from, upto, batch }) => [from, upto, batch])).to.deep.equal([
      [0n, 1_230n, 2n],
      [0n, 4_000n, 2n],
    ]);
    for (const { transaction, paid_at } of payouts) expect([transaction, paid_at]).not.to.include(null);
  });

  it("never pays on a line of steps, however well proven, and pays the money beside it", async () => {
    const charity = await one(1);
    await world.world.give([10_000n, 12_000n], charity.registration, "STEP");
    await give(charity, 100n);
    await world.anchor();
    const run = await world.settle();
    expect(run).to.include({ state: "done", looked_at: 2 });
    expect(run.unpaid).to.deep.equal({ "not-money": 1 });
    expect(await reasons(run.id)).to.deep.equal([]);
    const payouts = await world.payouts();
    expect(payouts.map(({ unit, amount }) => [unit, amount])).to.deep.equal([["CNY", 100n]]);
    expect(await world.balanceOf(charity.payee)).to.equal(100n);
  });

  it("pays nothing new when it is asked for again, and goes on from there after more was given", async () => {
    const charity = await one(1);
    await give(charity, 100n);
    await world.anchor();
    await world.settle();
    const second = await world.settle();
    expect(second.unpaid).to.satisfy(
      (unpaid: object) => "nothing-given" in unpaid || "payout-under-way" in unpaid,
    );
    await give(charity, 23n);
    await world.anchor();
    await world.settle();
    expect(await world.balanceOf(charity.payee)).to.equal(123n);
    expect(await outcomes()).to.deep.equal([
      ["paid", 100n],
      ["paid", 23n],
    ]);
  });

  it("nets the refunds of gifts that it pays, and none of gifts that come later", async () => {
    const charity = await one(1);
    const [gift] = await give(charity, 1_000n);
    await world.anchor();
    await world.world.takeBack(gift!, 150n, charity.registration);
    await world.anchor();
    await world.settle();
    expect(await world.balanceOf(charity.payee)).to.equal(850n);
    const [later] = await give(charity, 600n);
    await world.world.takeBack(later!, 600n, charity.registration);
    await world.world.takeBack(gift!, 50n, charity.registration);
    await world.anchor();
    await give(charity, 200n);
    await world.anchor();
    await world.settle();
    expect((await world.payouts()).map(({ net_from, net_to }) => [net_from, net_to])).to.deep.equal([
      [0n, 150n],
      [150n, 800n],
    ]);
    expect(await world.balanceOf(charity.payee)).to.equal(1_000n);
  });

  it("leaves small sums until they come to the minimum or have waited long enough", async () => {
    await again({ SETTLE_MINIMUM_MINOR: "1000", SETTLE_AFTER_DAYS: "30" });
    const [small, old] = (await world.addCharities(2)) as [TestCharity, TestCharity];
    await give(old, 999n);
    await world.anchor();
    await world.sql`UPDATE batches SET closed_at = closed_at - 31 * 86400`;
    await give(small, 999n);
    await world.anchor();
    const run = await world.settle();
    expect(run.unpaid).to.deep.equal({ "below-minimum": 1 });
    expect([await world.balanceOf(old.payee), await world.balanceOf(small.payee)]).to.deep.equal([999n, 0n]);
    await give(small, 1n);
    await world.anchor();
    await world.settle();
    expect(await world.balanceOf(small.payee)).to.equal(1_000n);
  });

  it("pays once when it is asked for twice at once and carried out by two processes", async () => {
    const charities = await world.addCharities(3);
    for (const charity of charities) await give(charity, 70n);
    await world.anchor();
    const other = connect(world.world.databaseUrl, 4);
    const asked = await Promise.all([askForRun(world.sql, "operator"), askForRun(other, "operator")]);
    expect(new Set(asked.map(({ run }) => run.id)).size).to.equal(1);
    expect(asked.filter(({ isNew }) => isNew)).to.have.length(1);
    await Promise.all([world.carryOn(asked[0].run), world.carryOn(asked[1].run, other)]);
    await other.end();
    await untilPaid(3);
    expect(await outcomes()).to.deep.equal(charities.map(() => ["paid", 70n]));
    for (const { payee } of charities) expect(await world.balanceOf(payee)).to.equal(70n);
  });

  it("sets aside a charity without an account, and pays the others", async () => {
    const none = await one(1, "token", { payee: null });
    const good = await one(1);
    for (const charity of [none, good]) await give(charity, 50n);
    await world.anchor();
    const run = await world.settle();
    expect(await reasons(run.id)).to.deep.equal(["no-payee"]);
    expect(await world.balanceOf(good.payee)).to.equal(50n);
  });

  it("fails the one charity that the contract cannot pay, of many in one transaction, and tries it again", async () => {
    const [first] = (await world.addCharities(4)) as [TestCharity];
    const bad = await one(1, "token", { known: NOBODY });
    const charities = [first, bad, ...(await world.addCharities(4))];
    for (const charity of charities) await give(charity, 50n);
    await world.anchor();
    const run = await world.settle();
    expect(await outcomes()).to.deep.equal(
      charities.map((charity) => [charity === bad ? "failed" : "paid", 50n]),
    );
    expect(await reasons(run.id)).to.deep.equal([`NoPayee(${charityHex(bad.registration)})`]);
    await world.settle();
    const retried = (await world.payouts()).slice(charities.length);
    expect(retried.map(({ from, state }) => [from, state])).to.deep.equal([[0n, "failed"]]);
  });

  it("divides payouts among transactions by TRANSACTION_GAS_LIMIT", async () => {
    await again({ TRANSACTION_GAS_LIMIT: "1000000" });
    const charities = await world.addCharities(30);
    for (const charity of charities) await give(charity, 50n);
    await world.anchor();
    await world.settle();
    const { public: client } = world.world.context(world.settings).chain;
    const sent = await world.sql<{ transaction: Buffer; calls: number }[]>`
      SELECT transaction, count(*)::int AS calls FROM chain_calls WHERE kind = 'payToken' GROUP BY transaction`;
    expect(sent.reduce((sum, { calls }) => sum + calls, 0)).to.equal(30);
    expect(sent.length).to.be.within(3, 6);
    for (const { transaction } of sent) {
      const hash = `0x${transaction.toString("hex")}` as const;
      expect((await client.getTransaction({ hash })).gas <= 1_000_000n).to.equal(true);
    }
  });

  it("is started by the schedule alone when that is due, and not before", async () => {
    const charity = await one(1);
    await give(charity, 50n);
    await world.anchor();
    const isIdle = async () => (await world.sql`SELECT FROM settlement_runs`).length === 0;
    const job = world.startSettling({ SETTLE_EVERY_SECONDS: "3600" });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await isIdle()).to.equal(true);
    await world.sql`UPDATE ledger SET created_at = now() - interval '1 hour'`;
    await eventually("paid", async () => (await world.balanceOf(charity.payee)) === 50n);
    await eventually("done", async () => (await askForRun(world.sql, "schedule")).isNew);
    await job.stop();
    const runs = await world.sql`SELECT asked_by FROM settlement_runs ORDER BY id`;
    expect(runs.map(({ asked_by }) => asked_by)).to.deep.equal(["schedule", "schedule"]);
  });
});
