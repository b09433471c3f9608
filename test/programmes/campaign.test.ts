// The rules of campaigns: what one covers, which window something falls into, how far a goal is; as a page shows it, too.

import { expect } from "chai";
import fc from "fast-check";
import {
  type Campaign,
  Campaigns,
  type Counting,
  campaignSchema,
  countsOf,
  covers,
  type Goal,
  progressOf,
} from "../../server/programmes/campaign.ts";
import { following, isReached, secondsLeft, stateOf, tenthsOf } from "../../server/web/campaigns/figures.ts";

const START = 1_788_220_800;
const DAY = 86_400;
const iso = (unixSeconds: number) => new Date(unixSeconds * 1000).toISOString();

const campaign = (given: object = {}): Campaign =>
  campaignSchema.parse({
    id: "week",
    title: "The week of giving",
    startsAt: iso(START),
    endsAt: iso(START + 9 * DAY),
    ...given,
  });

const counting = (number: number, given: object = {}, endedAt: number | null = null): Counting => ({
  number,
  campaign: campaign(given),
  endedAt,
});

const tea = { programme: "goods-for-good", registration: "GB-CHC-1", merchant: "tea" };
const walked = { programme: "steps", registration: "GB-CHC-2", merchant: null };

describe("the rules of campaigns", () => {
  it("cover everything when nothing is named, and else what is named in every list", () => {
    expect(covers(campaign(), walked)).to.equal(true);
    expect(covers(campaign({ programmes: ["steps"], charities: ["GB-CHC-2"] }), walked)).to.equal(true);
    expect(covers(campaign({ programmes: ["steps"], charities: ["GB-CHC-1"] }), walked)).to.equal(false);
    expect(covers(campaign({ merchants: ["tea"] }), tea)).to.equal(true);
    expect(covers(campaign({ merchants: ["tea"] }), walked), "no shop is behind it").to.equal(false);
  });

  it("begin with their first second and leave their end out", () => {
    const campaigns = new Campaigns([counting(1)]);
    const at = (seconds: number) => campaigns.at(START + seconds).length;
    expect([at(-1), at(0), at(9 * DAY - 1), at(9 * DAY)]).to.deep.equal([0, 1, 1, 0]);
  });

  it("find for every moment those whose window it is in, ended ones up to their end", () => {
    const windows = fc.array(
      fc.record({
        from: fc.integer({ min: 0, max: 40 * DAY }),
        length: fc.integer({ min: 1, max: 30 * DAY }),
        ended: fc.option(fc.integer({ min: 0, max: 70 * DAY })),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(windows, fc.integer({ min: 0, max: 70 * DAY }), (all, at) => {
        const made = all.map(({ from, length, ended }, number) =>
          counting(
            number,
            { startsAt: iso(START + from), endsAt: iso(START + from + length) },
            ended === null ? null : START + ended,
          ),
        );
        const found = new Campaigns(made).at(START + at).map(({ number }) => number);
        const wanted = all.flatMap(({ from, length, ended }, number) =>
          from <= at && at < Math.min(from + length, ended ?? Infinity) ? [number] : [],
        );
        expect(found).to.deep.equal(wanted);
      }),
    );
  });

  it("count what an event gives once for each campaign, unit and kind, and lose nothing", () => {
    const receipt = fc.record({
      programme: fc.constantFrom("steps", "goods-for-good"),
      registration: fc.constantFrom("GB-CHC-1", "GB-CHC-2"),
      merchant: fc.constantFrom("tea", null),
      unit: fc.constantFrom("CNY", "STEP"),
      kind: fc.constantFrom(0, 1),
      amount: fc.bigInt({ min: 1n, max: 2n ** 62n }),
    });
    fc.assert(
      fc.property(fc.array(receipt, { maxLength: 20 }), (receipts) => {
        const [all, some] = [counting(1), counting(2, { charities: ["GB-CHC-1"] })];
        const counts = countsOf([all, some], receipts);
        const keys = counts.map(({ number, unit, kind }) => `${number} ${unit} ${kind}`);
        expect(new Set(keys).size).to.equal(keys.length);
        for (const { number, campaign } of [all, some]) {
          const own = counts.filter((count) => count.number === number);
          const matching = receipts.filter((one) => covers(campaign, one));
          expect(own.reduce((sum, count) => sum + count.receipts, 0)).to.equal(matching.length);
          expect(own.reduce((sum, count) => sum + count.sum, 0n)).to.equal(
            matching.reduce((sum, { amount }) => sum + amount, 0n),
          );
        }
      }),
    );
  });

  it("count money that a sponsor has committed to a pool once it is given, and not before", () => {
    const committed = { programme: "steps", registration: "GB-CHC-1", merchant: null, kind: 0, amount: 500n };
    expect(countsOf([counting(1)], [{ ...committed, unit: "POOL-CNY" }])).to.deep.equal([]);
    expect(countsOf([counting(1)], [{ ...committed, unit: "CNY" }])).to.have.length(1);
  });

  const lunches: Goal = { what: "outcome", name: "lunches", unit: "CNY", costs: "400", count: 50_000 };
  const total = (given: bigint, takenBack = 0n) => ({
    ...{ unit: "CNY", gifts: 1n, given, reversals: 1n, takenBack },
  });

  it("tell an outcome as whole ones and the part of the next, exactly", () => {
    const [given, takenBack] = [9_361_250n, 1_000n];
    expect(progressOf(lunches, [total(given, takenBack)])).to.deep.equal({
      ...{ reached: 23_400n, of: 50_000n, part: 250n, each: 400n },
    });
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 80n }), (sum) => {
        const { reached, part, each } = progressOf(lunches, [total(sum)]);
        expect(reached * each + part).to.equal(sum);
        expect(part < each).to.equal(true);
      }),
    );
  });

  it("reach no goal by what was taken back, or by another unit", () => {
    const money: Goal = { what: "money", unit: "CNY", amount: "1000" };
    expect(progressOf(money, [total(1_000n, 1n)]).reached).to.equal(999n);
    expect(progressOf(money, [{ ...total(5_000n), unit: "IDR" }]).reached).to.equal(0n);
  });
});

describe("a campaign on its page", () => {
  const shown = (totals: readonly (readonly [gifts: string, reversals: string])[], given: object = {}) => ({
    ...{ id: "week", title: "Week", hash: "0x", countsFrom: "1", goals: [], endedAt: null },
    document: { programmes: null, charities: null, merchants: null },
    startsAt: iso(START),
    endsAt: iso(START + DAY),
    totals: totals.map(([gifts, reversals]) => ({
      unit: "CNY",
      gifts,
      reversals,
      given: "0",
      takenBack: "0",
    })),
    ...given,
  });

  it("never goes back to an answer that was overtaken", () => {
    const [early, late] = [shown([["5", "0"]]), shown([["5", "1"]])];
    expect(following(undefined, early)).to.equal(early);
    expect(following(early, late)).to.equal(late);
    expect(following(late, early)).to.equal(late);
  });

  it("is to come, runs, and is over, or was ended early", () => {
    const state = (seconds: number, given = {}) => stateOf(shown([], given), (START + seconds) * 1000);
    expect([state(-1), state(0), state(DAY - 1), state(DAY)]).to.deep.equal([
      ...["toCome", "running", "running", "over"],
    ]);
    const ended = { endedAt: iso(START + 10), endsAt: iso(START + 10) };
    expect([state(9, ended), state(10, ended)]).to.deep.equal(["running", "ended"]);
    expect(secondsLeft(shown([]), (START - 5) * 1000)).to.equal(5);
    expect(secondsLeft(shown([]), (START + 5) * 1000)).to.equal(DAY - 5);
  });

  it("fills a goal's bar only when the goal is reached", () => {
    const goal = { what: "outcome", unit: "CNY", each: "400", of: "50000" } as const;
    const almost = { ...goal, reached: "49999", part: "399" };
    expect([tenthsOf(almost), isReached(almost)]).to.deep.equal([999, false]);
    const full = { ...goal, reached: "50000", part: "0" };
    expect([tenthsOf(full), isReached(full)]).to.deep.equal([1000, true]);
  });
});
