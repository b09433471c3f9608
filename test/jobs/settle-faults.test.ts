// A settlement run at its worst: each of its writes is lost, or done and not heard of, and its leader is stopped between the
// steps. Whoever carries the run on pays everybody once.

import { expect } from "chai";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import type { Database } from "../../server/store/database.ts";
import { askForRun, runById } from "../../server/store/settlement-runs.ts";
import { Settlement, type TestCharity } from "../chain/settlement.ts";
import { eventually } from "../support/eventually.ts";

import { FaultyDatabase } from "../support/faulty-database.ts";

describe("a settlement run over writes that fail", () => {
  let chain: EmbeddedChain;
  let world: Settlement;
  let charities: TestCharity[];
  let given = 0n;
  before(async () => {
    chain = await startChain();
    world = await Settlement.on(chain);
    charities = [...(await world.addCharities(3)), ...(await world.addCharities(1, "bank", { payee: null }))];
  });
  beforeEach(async () => {
    for (const { registration } of charities) await world.world.give([10n], registration);
    await world.anchor();
    given += 10n;
  });
  after(async () => {
    await world.close();
    await chain.stop();
  });

  /** Everybody is paid once, and the book-keeping says so; of the bank payout only that it waits, once. */
  async function audit(): Promise<void> {
    const tokens = charities.slice(0, 3);
    await eventually("paid", async () => {
      const balances = await Promise.all(tokens.map(({ payee }) => world.balanceOf(payee)));
      return balances.every((balance) => balance === given);
    });
    const sums = await world.sql`
      SELECT line, sum(amount)::text AS amount, max(upto) AS upto FROM payouts
      WHERE rail = 'token' AND state <> 'failed' GROUP BY line`;
    expect(sums.map(({ amount, upto }) => [amount, upto])).to.deep.equal(
      tokens.map(() => [`${given}`, given]),
    );
    expect(await world.sql`SELECT FROM payouts WHERE rail = 'bank'`).to.have.length(1);
    expect(await world.sql`SELECT FROM payouts WHERE state = 'failed'`).to.have.length(0);
    expect(await world.sql`SELECT FROM settlement_runs WHERE state <> 'done'`).to.have.length(0);
  }

  /** Carries on what there is until it is done, as the next leader does. */
  async function carryOn(): Promise<void> {
    const { run } = await askForRun(world.sql, "operator");
    await world.carryOn(run);
    // What the first run had no time to see is seen by the next one.
    await eventually("read", async () => {
      const { unpaid } = await world.settle();
      return unpaid["nothing-given"] === 3;
    });
  }

  const WORDS = { lost: "is lost", unheard: "is done and not heard of" } as const;
  for (const fault of ["lost", "unheard"] as const)
    it(`comes to the same end when any one of its writes ${WORDS[fault]}`, async function () {
      this.timeout(120_000);
      for (let write = 0; ; write++) {
        const faulty = new FaultyDatabase(world.sql, write, fault);
        const failed = await world.settle(faulty.sql as Database).then(
          () => false,
          () => true,
        );
        // What goes wrong with the bank's files does not end a run.
        if (failed) expect(faulty.failed).to.equal(true);
        await carryOn();
        await audit();
        if (!faulty.failed) return void expect(write).to.be.above(5);
        for (const { registration } of charities.slice(0, 3)) await world.world.give([10n], registration);
        await world.anchor();
        given += 10n;
      }
    });

  it("goes on from wherever its leader was stopped", async () => {
    const { run } = await askForRun(world.sql, "operator");
    for (const milliseconds of [0, 20, 60, 150, 300]) {
      const stopping = new AbortController();
      setTimeout(() => stopping.abort(), milliseconds);
      await world.carryOn((await runById(world.sql, run.id))!, world.sql, stopping.signal);
    }
    await carryOn();
    await audit();
  });
});
