// What a philanthropy report says of gifts that lived through a move: what the earlier contract was told of them stays as it
// was, though the new one records it again a month later; and an audit of both contracts comes to the same figures.

import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { Hex } from "viem";
import { newAddress } from "../../server/jobs/move/move.ts";
import type { Period } from "../../server/programmes/philanthropy/facts.ts";
import { philanthropyPaper } from "../../server/programmes/philanthropy/paper.ts";
import type { PhilanthropyReport } from "../../server/programmes/philanthropy/report.ts";
import { codesOf } from "../audit/auditing.ts";
import { OTHER_CHAIN } from "../chain/moving.ts";
import { passOn, ReportedMoves, unixNow } from "./reported-moves.ts";

const A_MONTH_S = 30n * 86_400n;
const AROUND_S = 600n;

describe("a philanthropy report over gifts from before a move", function () {
  this.timeout(120_000);
  let moves: ReportedMoves;
  let period: Period;
  let contract: Hex;
  let earlier: PhilanthropyReport;
  let later: PhilanthropyReport;

  before(async () => {
    moves = await ReportedMoves.make();
    const { moving } = moves;
    const begun = unixNow();
    await moves.live();
    period = { from: begun, upTo: unixNow() + 1n };
    // A period ends before the second that it names: what is closed from here on is behind it.
    await sleep(1_100);
    earlier = await moves.report(moving.promised.contract, period);
    await moving.stop();
    await passOn(moving, moving.next, A_MONTH_S);
    contract = newAddress((await moving.move()).move) as Hex;
    later = await moves.reportAt(moving.next, contract, () => moves.report(contract, period));
  });
  after(() => moves.close());

  const first = () => moves.moving.promised.contract;
  const auditBoth = () => moves.audit(moves.moving.world.chain.url, first(), [moves.moving.next.url]);

  it("is given, with the figures and times that it had before", () => {
    expect(later.asOf).to.include({ chainId: `${OTHER_CHAIN}`, contract: contract.toLowerCase() });
    expect(later.batches).to.deep.equal(earlier.batches);
    expect(later.units).to.deep.equal(earlier.units);
    expect(later.units[0]).to.include({ given: "120", paid: "120", acknowledged: "120", spent: "50" });
    expect(later.latencies).to.deep.equal(earlier.latencies);
    for (const { p99 } of later.latencies) expect(Number(p99)).to.be.below(Number(A_MONTH_S));
  });

  it("names the contracts that the ledger has left, on paper too", () => {
    const left = { chainId: "31337", contract: first().toLowerCase(), lastGoodBatch: "1" };
    expect(earlier).not.to.have.property("earlier");
    expect(later.earlier).to.deep.equal([left]);
    const facts = philanthropyPaper(later, "3").facts.map(([name, value]) => `${name}: ${value}`);
    expect(facts).to.include(`Contract before: ${left.contract} on chain 31337, up to batch 1`);
  });

  it("tells of what was spent in the period in which it was reported", () => {
    const { reports, ...sums } = earlier.spending;
    expect(later.spending).to.deep.include(sums);
    expect(later.spending.reports.map(({ hash, at }) => [hash, at])).to.deep.equal(
      reports.map(({ hash, at }) => [hash, at]),
    );
    expect(reports).to.have.length(1);
  });

  it("is borne out, figure by figure, by an audit of both contracts", async () => {
    const audited = await auditBoth();
    expect(codesOf(audited)).to.deep.equal([]);
    expect(audited.philanthropy.map(({ differing }) => differing)).to.deep.equal([0]);
  });

  it("is not judged by an audit that begins with the new contract, and that says why", async () => {
    const audited = await moves.audit(moves.moving.next.url, contract);
    expect(codesOf(audited)).to.deep.equal([]);
    expect(audited.philanthropy).to.deep.equal([]);
    expect(audited.notChecked.join()).to.match(
      /2 philanthropy reports that rest on contracts which the ledger left before/,
    );
  });

  it("tells of nothing spent in that in which the ledger moved", async () => {
    const moved = unixNow() + A_MONTH_S;
    const { spending } = await moves.report(contract, { from: moved - AROUND_S, upTo: moved + AROUND_S });
    expect(spending.reports).to.deep.equal([]);
  });
});
