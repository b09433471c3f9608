// A ledger that has moved twice, each time a month later: what the first contract was told keeps its time, what the second was
// told first keeps that one's, and audits that begin with any of the three contracts find no fault in it.

import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { Hex } from "viem";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { newAddress } from "../../server/jobs/move/move.ts";
import type { Period } from "../../server/programmes/philanthropy/facts.ts";
import type { PhilanthropyReport } from "../../server/programmes/philanthropy/report.ts";
import { codesOf } from "../audit/auditing.ts";
import { OTHER_CHAIN } from "../chain/moving.ts";
import { payBank } from "../chain/statements.ts";
import { passOn, ReportedMoves, unixNow } from "./reported-moves.ts";

const THIRD_CHAIN = 4343;
const A_MONTH_S = 30n * 86_400n;

describe("a ledger that has moved twice", function () {
  this.timeout(180_000);
  let moves: ReportedMoves;
  let third: EmbeddedChain;
  let contracts: [Hex, Hex, Hex];
  /** Of the gifts from before the first move, and of those from between the two. */
  const periods: Period[] = [];
  const asOf: [PhilanthropyReport[], PhilanthropyReport[], PhilanthropyReport[]] = [[], [], []];

  before(async () => {
    moves = await ReportedMoves.make();
    third = await startChain({ chainId: THIRD_CHAIN });
    const { moving } = moves;
    await within(() => moves.live());
    asOf[0] = [await moves.report(moving.promised.contract, periods[0]!)];
    await moving.stop();
    await passOn(moving, moving.next, A_MONTH_S);
    const second = newAddress((await moving.move()).move) as Hex;
    asOf[1] = await moves.reportAt(moving.next, second, async () => {
      await within(giveAndPay);
      return await reportsOf(second);
    });
    await passOn(moving, third, 2n * A_MONTH_S);
    const last = newAddress((await moving.move({}, undefined, further())).move) as Hex;
    contracts = [moving.promised.contract, second, last];
    asOf[2] = await moves.reportAt(third, last, () => reportsOf(last));
  });
  after(async () => {
    await moves.close();
    await third.stop();
  });

  /** A period around what is done, and nothing else. */
  async function within(work: () => Promise<void>): Promise<void> {
    const from = unixNow();
    await work();
    periods.push({ from, upTo: unixNow() + 1n });
    await sleep(1_100);
  }

  async function giveAndPay(): Promise<void> {
    await moves.moving.give([30n]);
    await moves.marked("given", 150n);
    await moves.moving.end(payBank(120n, 150n));
  }

  async function reportsOf(contract: Hex): Promise<PhilanthropyReport[]> {
    const made: PhilanthropyReport[] = [];
    for (const period of periods) made.push(await moves.report(contract, period, 2));
    return made;
  }

  function further() {
    const { moving } = moves;
    const at = (url: string) => moving.world.context(moving.settings(url), url);
    return { target: at(third.url), source: at(moving.next.url) };
  }

  const rpcs = () => [moves.moving.world.chain.url, moves.moving.next.url, third.url];
  const auditFrom = (index: 0 | 1 | 2) =>
    moves.audit(rpcs()[index]!, contracts[index], rpcs().slice(index + 1));

  it("lives at three addresses, though the accounts are the same on each chain", () => {
    expect(new Set(contracts.map((contract) => contract.toLowerCase()))).to.have.property("size", 3);
  });

  it("keeps the times of what the first contract was told", () => {
    for (const later of [asOf[1][0]!, asOf[2][0]!]) {
      expect(later.latencies).to.deep.equal(asOf[0][0]!.latencies);
      expect(later.spending.reports.map(({ at }) => at)).to.deep.equal(
        asOf[0][0]!.spending.reports.map(({ at }) => at),
      );
    }
    for (const { p99 } of asOf[2][0]!.latencies) expect(Number(p99)).to.be.below(Number(A_MONTH_S));
  });

  it("keeps the times of what the second contract was told first", () => {
    const [before, now] = [asOf[1][1]!, asOf[2][1]!];
    expect(now.latencies).to.deep.equal(before.latencies);
    expect(now.units).to.deep.equal(before.units);
    const paid = now.latencies.find(({ step }) => step === "paid")!;
    expect(Number(paid.p99)).to.be.within(Number(A_MONTH_S) - 600, Number(A_MONTH_S) + 600);
  });

  it("has its reports name all contracts that it has left, the oldest first", () => {
    const [first, second] = contracts.map((contract) => contract.toLowerCase());
    const left = [
      { chainId: "31337", contract: first, lastGoodBatch: "1" },
      { chainId: `${OTHER_CHAIN}`, contract: second, lastGoodBatch: "3" },
    ];
    for (const { earlier } of asOf[2]) expect(earlier).to.deep.equal(left);
    for (const { earlier } of asOf[1]) expect(earlier).to.deep.equal(left.slice(0, 1));
  });

  it("is found without fault, figure by figure, by an audit of all three contracts", async () => {
    const audited = await auditFrom(0);
    expect(codesOf(audited)).to.deep.equal([]);
    expect(audited.philanthropy.map(({ differing }) => differing)).to.deep.equal([0, 0]);
  });

  for (const [index, name] of [
    [1, "second"],
    [2, "last"],
  ] as const)
    it(`is accused of nothing by an audit that begins with the ${name} contract`, async () => {
      const audited = await auditFrom(index);
      expect(codesOf(audited)).to.deep.equal([]);
      expect(audited.philanthropy).to.deep.equal([]);
      expect(audited.notChecked.join()).to.match(
        /philanthropy reports that rest on contracts which the ledger left before/,
      );
    });
});
