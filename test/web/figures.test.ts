// The overview's figures as the page keeps them: none falls, whatever comes, and the chart's points are sums of days.

import { expect } from "chai";
import fc from "fast-check";
import {
  daysBack,
  following,
  MARKS,
  type Overview,
  percentOf,
  pointsOf,
  type UnitTotals,
} from "../../server/web/overview/figures.ts";

const unitOf = (unit: string, given: bigint, gifts = 1n): UnitTotals => ({
  ...{ unit, gifts: `${gifts}`, given: `${given}`, refunded: "0", setOff: "0" },
  ...{ paid: `${given / 2n}`, acknowledged: `${given / 3n}`, spent: `${given / 4n}` },
});
const overviewOf = (units: UnitTotals[], batch = "7"): Overview => ({
  ...{ units, receiptsLastMinute: "3", open: { batch, receipts: "1" } },
  ...{ batches: [{ number: batch, state: "final", receipts: "1", closedAt: null }], oldestClaim: null },
});

describe("the figures that the overview shows", () => {
  it("never fall, in whatever order states of one ledger arrive", () => {
    const amounts = fc.array(fc.bigInt({ min: 0n, max: 2n ** 70n }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(amounts, (given) => {
        let shown: Overview | undefined;
        for (const amount of given) {
          const before = shown;
          shown = following(shown, overviewOf([unitOf("CNY", amount, amount)]));
          for (const mark of MARKS)
            expect(BigInt(shown.units[0]![mark]) >= BigInt(before?.units[0]?.[mark] ?? "0")).to.equal(true);
        }
        const most = given.reduce((a, b) => (a > b ? a : b));
        expect(shown?.units[0]?.given).to.equal(`${most}`);
      }),
    );
  });

  it("keep a unit that an answer leaves out, and do not go back to an earlier batch", () => {
    const known = overviewOf([unitOf("CNY", 5n), unitOf("EUR", 9n)], "12");
    const shown = following(known, overviewOf([unitOf("CNY", 6n)], "9"));
    expect(shown.units.map(({ unit, given }) => `${unit} ${given}`)).to.deep.equal(["CNY 6", "EUR 9"]);
    expect([shown.open.batch, shown.batches[0]?.number]).to.deep.equal(["12", "12"]);
  });

  it("are exact parts of a whole, and nothing of nothing", () => {
    expect(percentOf("1", "3")).to.equal(33.33);
    expect(percentOf(`${2n ** 70n}`, `${2n ** 70n}`)).to.equal(100);
    expect(percentOf("0", "0")).to.equal(0);
  });

  it("add up from day to day, on days of which nothing is told too", () => {
    const before = unitOf("CNY", 100n);
    const days = [{ ...unitOf("CNY", 12n), day: "2026-01-02" }];
    const end = Date.parse("2026-01-03T12:00:00Z");
    const points = pointsOf({ unit: "CNY", from: "2026-01-01", to: "2026-01-03", before, days });
    expect(points.map(({ given }) => given)).to.deep.equal([100n, 100n, 112n, 112n]);
    expect(points.map(({ spent }) => spent)).to.deep.equal([25n, 25n, 28n, 28n]);
    expect(points.at(-1)?.at).to.equal(Date.parse("2026-01-04"));
    const young = { unit: "CNY", from: "2025-12-01", to: "2026-01-03", before: unitOf("CNY", 0n), days };
    expect(pointsOf(young)[0]?.at, "a week at least").to.equal(Date.parse("2025-12-28"));
    expect(daysBack(30, end)).to.deep.equal({ from: "2025-12-05", to: "2026-01-03" });
  });
});
