// How a day of steps is counted, what refuses it, and what holds it: each rule on invented days.

import { expect } from "chai";
import fc from "fast-check";
import { recompute } from "../../server/programmes/recompute.ts";
import { checkGoal, countSteps } from "../../server/programmes/steps/counting.ts";
import { giftOfSteps, stepsName } from "../../server/programmes/steps/gift.ts";
import { reasonsOf } from "../../server/programmes/steps/patterns.ts";
import {
  checkDay,
  checkProvenance,
  dayNumber,
  endOfDay,
  reportOf,
  stepReportSchema,
} from "../../server/programmes/steps/report.ts";
import { RULES, rulesDocument, rulesHash } from "../../server/programmes/steps/rules.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { type Details, detailsHash } from "../../server/protocol/details.ts";
import { makeReceipt } from "../protocol/making.ts";
import { dayOf, quietDay } from "../support/steps.ts";

const DAY = 86_400;
const hoursOfDay = fc.array(fc.nat({ max: 100_000 }), { minLength: 24, maxLength: 24 });
const codes = (hours: readonly number[]) => reasonsOf(hours).map(({ code }) => code);

/** A day of nothing but what stands in `hours`, from `from` on. */
const only = (hours: readonly number[], from = 8): number[] =>
  Array.from({ length: 24 }, (_, hour) => hours[hour - from] ?? 0);

const walk = (given: object = {}) => {
  const { platform, ...told } = stepReportSchema.parse(dayOf("walker-1", "2026-09-01", given));
  return reportOf(told, platform ?? "fit");
};

describe("the steps that count", () => {
  it("are all of them below the caps", () => {
    expect(countSteps(quietDay)).to.deep.equal({ reported: 11_000, counted: 11_000 });
  });

  it("are no more than the cap in an hour", () => {
    expect(countSteps(only([RULES.mostAnHour + 5_000, 100]))).to.deep.equal({
      reported: RULES.mostAnHour + 5_100,
      counted: RULES.mostAnHour + 100,
    });
  });

  it("are no more than the cap in a day", () => {
    const { reported, counted } = countSteps(new Array(24).fill(9_000));
    expect([reported, counted]).to.deep.equal([216_000, RULES.mostADay]);
  });

  it("never exceed what was reported or a cap, never fall when more is walked, in whatever order of hours", () => {
    fc.assert(
      fc.property(hoursOfDay, fc.nat({ max: 23 }), fc.nat({ max: 9_999 }), (hours, at, more) => {
        const { reported, counted } = countSteps(hours);
        expect(reported).to.equal(hours.reduce((sum, one) => sum + one, 0));
        expect(counted).to.be.at.most(Math.min(reported, RULES.mostADay));
        const further = hours.map((steps, hour) => (hour === at ? steps + more : steps));
        expect(countSteps(further).counted).to.be.at.least(counted);
        expect(countSteps(hours.toReversed()).counted).to.equal(counted);
        if (hours.every((steps) => steps <= RULES.mostAnHour) && reported <= RULES.mostADay)
          expect(counted).to.equal(reported);
      }),
    );
  });

  it("must reach the daily goal; what is beyond the caps does not help", () => {
    expect(() => checkGoal(countSteps(only([4_000, 5_999]))))
      .to.throw()
      .with.property("code", "goal-not-reached");
    expect(() => checkGoal(countSteps(only([4_000, 6_000])))).not.to.throw();
    expect(() => checkGoal({ reported: 60_000, counted: RULES.dailyGoal - 1 })).to.throw("of 60000 reported");
  });
});

describe("a day that is reported", () => {
  it("is refused when it was entered by hand", () => {
    expect(() => checkProvenance(walk())).not.to.throw();
    expect(() => checkProvenance({ source: { recording: "manual", app: "Walk" } }))
      .to.throw()
      .with.property("code", "hand-entered");
  });

  it("ends at midnight in its own offset, on half hours too", () => {
    const ends = (utcOffset: string) => new Date(endOfDay(walk({ utcOffset })) * 1000).toISOString();
    expect(ends("+08:00")).to.equal("2026-09-01T16:00:00.000Z");
    expect(ends("-03:30")).to.equal("2026-09-02T03:30:00.000Z");
    expect(dayNumber(walk()) * DAY).to.equal(Date.parse("2026-09-01T00:00:00Z") / 1000);
  });

  it("is refused while it is not over, and once it is over for too long", () => {
    const report = walk();
    const end = endOfDay(report);
    const codeAt = (now: number) => {
      try {
        checkDay(report, now);
        return "taken";
      } catch (thrown) {
        return (thrown as { code: string }).code;
      }
    };
    expect(codeAt(end - 301)).to.equal("day-ahead");
    expect(codeAt(end)).to.equal("taken");
    expect(codeAt(end + RULES.oldestDays * DAY)).to.equal("taken");
    expect(codeAt(end + RULES.oldestDays * DAY + 1)).to.equal("day-too-old");
  });

  it("is refused unless it has 24 whole hours, a day of the calendar and an offset that exists", () => {
    const refused = [
      { hours: new Array(23).fill(500) },
      { hours: [...new Array(23).fill(500), 0.5] },
      { hours: [...new Array(23).fill(500), -1] },
      { day: "2026-02-30" },
      { utcOffset: "+14:30" },
      { utcOffset: "+8" },
      { person: "Li Hua" },
      { steps: 12_000 },
    ];
    for (const given of refused)
      expect(
        stepReportSchema.safeParse(dayOf("walker-1", "2026-09-01", given)).success,
        JSON.stringify(given),
      ).to.equal(false);
  });

  it("is one event of a person and a day, whatever else it tells", () => {
    const name = stepsName(walk({ hours: only([5_000, 6_000]), charity: "GB-CHC-9" }));
    expect(name).to.deep.equal(stepsName(walk()));
    expect(name).to.deep.equal({ source: "fit", key: "steps/walker-1/2026-09-01" });
  });

  it("gives the steps that count, under the rules' hash, and tells of no device", () => {
    const report = walk({ hours: only([12_000, 100]) });
    const gift = giftOfSteps(report, countSteps(report.hours), rulesHash);
    expect(gift).to.deep.include({
      unit: "STEP",
      amount: 10_100n,
      charity: report.charity,
      terms: rulesHash,
    });
    expect(gift.details).to.deep.equal({
      programme: "steps",
      item: "steps",
      charity: report.charity,
      platform: "fit",
      person: "walker-1",
      day: "2026-09-01",
      endedAt: endOfDay(report),
      reported: 12_100,
      counted: 10_100,
      model: report.device.model,
      app: report.source.app,
      recording: "automatic",
    });
  });
});

describe("a day that no walk looks like", () => {
  const { patterns } = RULES;

  it("is not an ordinary one", () => {
    expect(reasonsOf(quietDay)).to.deep.equal([]);
    expect(reasonsOf(only([9_000, 8_400, 9_300, 7_900]))).to.deep.equal([]);
  });

  it("has the same count hour after hour", () => {
    expect(codes(only([4_321, 4_321, 4_321]))).to.deep.equal(["same-count"]);
    expect(codes(only([4_321, 4_321, 0, 4_321]))).to.deep.equal([]);
    expect(codes(only([499, 499, 499, 9_000]))).to.deep.equal([]);
    expect(reasonsOf(only([4_321, 4_321, 4_321]))[0]?.says).to.equal(
      "the same 4321 steps in 3 hours on end, from 08:00",
    );
  });

  it("has too even a cadence", () => {
    const even = [3_000, 3_040, 3_010, 3_060, 3_020, 3_050];
    expect(codes(only(even))).to.deep.equal(["too-even"]);
    expect(codes(only(even.slice(1)))).to.deep.equal([]);
    expect(codes(only([3_000, 3_040, 3_010, 3_061, 3_020, 3_050]))).to.deep.equal([]);
  });

  it("walks in all 24 hours", () => {
    const restless = Array.from({ length: 24 }, (_, hour) => 250 + ((hour * 37) % 400));
    expect(codes(restless)).to.deep.equal(["never-rests"]);
    expect(codes(restless.with(3, 249))).to.deep.equal([]);
  });

  it("is a rocker's: 6,000 steps and more an hour for many hours on end", () => {
    const rocked = [6_000, 7_400, 6_800, 8_000, 7_100];
    expect(codes(only(rocked))).to.deep.equal(["rocker"]);
    expect(codes(only(rocked.with(2, 5_999)))).to.deep.equal([]);
  });

  it("is found wherever in the day it lies, and however much else was walked", () => {
    const stretch = fc.constantFrom(
      { code: "same-count", hours: new Array(patterns["same-count"].hours).fill(700) },
      { code: "too-even", hours: new Array(patterns["too-even"].hours).fill(1_001) },
      { code: "rocker", hours: [6_000, 9_000, 7_000, 8_000, 6_500] },
    );
    fc.assert(
      fc.property(hoursOfDay, stretch, fc.nat({ max: 18 }), (day, { code, hours }, from) => {
        const faked = day.toSpliced(from, hours.length, ...hours);
        expect(faked).to.have.length(24);
        expect(codes(faked)).to.include(code);
      }),
    );
  });

  it("is flagged for nothing but what the published numbers say", () => {
    fc.assert(
      fc.property(hoursOfDay, (day) => {
        const found = codes(day);
        const walked = day.filter((steps) => steps >= patterns["never-rests"].atLeast).length;
        expect(found.includes("never-rests")).to.equal(walked === 24);
        if (Math.max(...day) < patterns["same-count"].atLeast)
          expect(found.filter((code) => code !== "never-rests")).to.deep.equal([]);
      }),
    );
  });
});

describe("the rules of counting", () => {
  it("are one document, named by the hash of its canonical JSON", () => {
    expect(JSON.parse(rulesDocument)).to.deep.equal(RULES);
    expect(toHex(rulesHash)).to.equal(toHex(detailsHash(RULES)));
    expect(RULES.format).to.equal("amanah-steps-rules/1");
  });

  it("stay the document that earlier receipts name", () => {
    expect(toHex(rulesHash)).to.equal("0xd7e1b7757ce58787f15851cf6246f688b999d3089df22f68be0b8f0cb1ea560e");
  });
});

describe("a receipt of steps under its rules", () => {
  const document = JSON.parse(rulesDocument) as Details;
  const judge = (told: object = {}, amount?: bigint, unit = "STEP") => {
    const report = walk({ hours: only([12_000, 100]) });
    const gift = giftOfSteps(report, countSteps(report.hours), rulesHash);
    const details = { ...gift.details, ...told } as Details;
    const receipt = makeReceipt("gift", details, { amount: amount ?? gift.amount, unit });
    return recompute({ receipt, details, document });
  };

  it("is not recomputed, since its details keep the hours of the day to the walker", () => {
    expect(judge()).to.have.property("reason", "amount-not-told");
  });

  it("is found out where no day can come to its amount", () => {
    const differs = (told: object, amount?: bigint, unit?: string) =>
      expect(() => judge(told, amount, unit), JSON.stringify(told))
        .to.throw()
        .with.property("code", "amount-differs");
    differs({}, 10_101n);
    differs({}, undefined, "MINUTE");
    differs({ counted: 12_101, reported: 12_100 }, 12_101n);
    differs({ counted: 50_001, reported: 60_000 }, 50_001n);
    differs({ counted: 9_999 }, 9_999n);
    differs({ recording: "manual" });
  });
});
