// Payouts that wait: for money, for a token, for the end of a pause, for the bank. None is lost, none is paid twice, and each
// says what it waits for.

import { expect } from "chai";
import { keccak256, parseAbi, stringToHex } from "viem";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { tryPayoutsNow } from "../../server/store/chain-calls.ts";
import { claimOf, confirmPayout, payoutOf, waitingBankPayouts } from "../../server/store/payouts.ts";
import { setAsideBy } from "../../server/store/settlement-runs.ts";
import { watermarksOf } from "../../server/store/watermarks.ts";
import { lineName, Settlement, type TestCharity } from "../chain/settlement.ts";
import { eventually } from "../support/eventually.ts";

describe("a payout that cannot be made yet", () => {
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

  it("waits for an allowance and for a balance, says so, and pays when they are there", async () => {
    const [small, large] = (await world.addCharities(2)) as [TestCharity, TestCharity];
    await give(large, 900n);
    await give(small, 100n);
    await world.anchor();
    await world.allow(500n);
    const run = await world.settle();
    expect(run.state).to.equal("done");
    expect(await world.balanceOf(small.payee)).to.equal(100n);
    const [lacking] = await reasons(run.id);
    expect(lacking).to.equal("allowance: the payer lets the ledger take 5.00 CNY; raise it");
    const next = await world.settle();
    expect(next.unpaid).to.include({
      "payout-under-way": next.looked_at - (next.unpaid["nothing-given"] ?? 0),
    });
    await world.spendAllBut(300n);
    await world.allow(10_000n);
    await tryPayoutsNow(world.sql);
    const waits = "balance: the payer holds 3.00 CNY";
    await eventually("no balance", async () => (await reasons(run.id))[0] === waits);
    await world.mint(600n);
    await untilPaid(2);
    expect(await world.balanceOf(large.payee)).to.equal(900n);
    expect(await reasons(run.id)).to.deep.equal([]);
  });

  it("waits for a token where none is named for the currency", async () => {
    const charity = await one(1);
    await world.world.give([80n], charity.registration, "EUR");
    await world.anchor();
    const run = await world.settle();
    expect(await reasons(run.id)).to.deep.equal(["no token is named for EUR: name one with POST /v1/tokens"]);
  });

  it("waits for money also where the token does not say what the payer allows", async () => {
    const charity = await one(1);
    await world.nameToken("USD", await world.deployToken("NoReturnToken"));
    await world.world.give([80n], charity.registration, "USD");
    await world.anchor();
    const run = await world.settle();
    expect(await reasons(run.id)).to.deep.equal(["balance: the payer holds 0.00 USD"]);
  });

  it("fails a payout of which less arrives than was sent", async () => {
    const charity = await one(1);
    const token = await world.deployToken("FeeToken");
    await world.nameToken("USD", token);
    await world.mint(1_000n, token);
    await world.allow(1_000n, token);
    await world.world.give([80n], charity.registration, "USD");
    await world.anchor();
    const run = await world.settle();
    expect(await reasons(run.id)).to.deep.equal(["PayeeNotCredited(80, 79)"]);
  });

  it("waits while the contract is paused, with all payouts at once, and anchoring goes on", async () => {
    const charities = await world.addCharities(3);
    for (const charity of charities) await give(charity, 50n);
    await world.anchor();
    await world.pause(true);
    const run = await world.settle();
    const waits = "the contract is paused; payouts go on when it is unpaused";
    expect(await reasons(run.id)).to.deep.equal(charities.map(() => waits));
    await give(charities[0]!, 1n);
    await world.anchor();
    await world.pause(false);
    await untilPaid(3);
  });

  describe("by bank", () => {
    const REFERENCE = keccak256(stringToHex("bank reference 1"));

    async function settleByBank(): Promise<TestCharity> {
      const charity = await one(1, "bank", { payee: null });
      const [gift] = await give(charity, 300n);
      await world.world.takeBack(gift!, 20n, charity.registration);
      await world.anchor();
      await world.settle();
      return charity;
    }

    it("waits for the bank, then is recorded with its reference, and is claimed until the charity signs", async () => {
      const charity = await settleByBank();
      const { charity: id } = lineName(charity.registration);
      const [waiting] = await waitingBankPayouts(world.sql);
      expect(waiting).to.include({ state: "waiting", amount: 280n, call: null });
      expect((await watermarksOf(world.sql, lineName(charity.registration)))?.paid).to.equal(0n);
      expect(await claimOf(world.sql, id, "CNY")).to.equal(undefined);
      expect(await payoutOf(world.sql, waiting!.line, 300n)).to.equal(undefined);
      expect(await world.sql.begin((tx) => confirmPayout(tx, waiting!.id, REFERENCE))).to.equal(true);
      expect(await world.sql.begin((tx) => confirmPayout(tx, waiting!.id, REFERENCE))).to.equal(false);
      await untilPaid(1);
      expect(await claimOf(world.sql, id, "CNY")).to.deep.include({ upto: 300n, amount: 280n });
      const paid = await payoutOf(world.sql, waiting!.line, 300n);
      expect(paid).to.include({ id: waiting!.id, rail: "bank" });
      expect(paid!.claimed_seconds).to.be.within(0, 60);
      const event = parseAbi([
        "event Paid(bytes32 indexed charity, bytes32 indexed unit, uint8 rail, uint64 from, uint64 upTo, uint64 netFrom, uint64 netTo, uint64 amount, address payee, bytes32 bankReference)",
      ]);
      const { public: client } = world.world.context(world.settings).chain;
      const address = await world.ledgerAddress();
      const [told] = await client.getContractEvents({ address, abi: event, fromBlock: 0n });
      expect(told?.args).to.include({ amount: 280n, bankReference: REFERENCE });
    });

    it("is not paid again while it waits, nor once the bank has paid and the contract refuses to say so", async () => {
      const charity = await settleByBank();
      await give(charity, 50n);
      await world.anchor();
      expect((await world.settle()).unpaid).to.deep.equal({ "payout-under-way": 1 });
      const [waiting] = await waitingBankPayouts(world.sql);
      await world.sql.begin((tx) => confirmPayout(tx, waiting!.id, REFERENCE));
      await world.stopJobs();
      await world.sql`UPDATE chain_calls SET state = 'failed', failure = 'CharityUnknown', once = NULL WHERE kind = 'payBank'`;
      expect(await outcomes()).to.deep.equal([["confirmed", 280n]]);
      world.startJobs();
      await world.settle();
      await untilPaid(1);
      expect(await outcomes()).to.deep.equal([["paid", 280n]]);
    });
  });
});
