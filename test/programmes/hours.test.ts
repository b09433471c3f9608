// The rules of "three hours": what counts for how much, whatever anyone does; and codes that work for a moment only.

import { expect } from "chai";
import fc from "fast-check";
import {
  activityDocument,
  activityHash,
  activitySchema,
  readActivity,
} from "../../server/programmes/hours/activity.ts";
import { countService, effectiveSeconds } from "../../server/programmes/hours/counting.ts";
import { doorCode, isDoorCode, SLOT_SECONDS } from "../../server/programmes/hours/door-code.ts";
import { giftsOfService } from "../../server/programmes/hours/gift.ts";
import { KINDS, RULES, TENTH_SECONDS } from "../../server/programmes/hours/service-kinds.ts";
import { volunteerId, volunteersKey } from "../../server/programmes/hours/volunteer.ts";
import { hoursText, yearAt, yearOf } from "../../server/programmes/hours/year.ts";
import { activityOf, at, HOUR, START } from "../support/hours.ts";

const activity = (given: object = {}) => activitySchema.parse(activityOf("CN-MCA-1", given));
const moment = fc.integer({ min: START - 2 * HOUR, max: START + 6 * HOUR });
const instants = (count: number) =>
  fc.array(moment, { minLength: count, maxLength: count }).map((all) => all.toSorted((a, b) => a - b));

/** An activity with up to five pauses anywhere in it. */
const anyActivity = fc
  .array(fc.integer({ min: START, max: START + 4 * HOUR }), { maxLength: 10 })
  .map((cuts) => [...new Set(cuts)].toSorted((a, b) => a - b))
  .map((cuts) =>
    activity({
      pauses: cuts.flatMap((from, index) =>
        index % 2 === 1
          ? []
          : cuts[index + 1] === undefined
            ? []
            : [{ from: at(from), to: at(cuts[index + 1]!) }],
      ),
    }),
  );

const tenths = (of: ReturnType<typeof activity>, checkIn: number, checkOut: number) =>
  countService(of, { checkIn, checkOut, pieces: null }).tenths;

describe("counting an attendance", () => {
  it("gives a tenth of an hour for each six effective minutes, and nothing for what does not fill one", () => {
    const of = activity();
    expect(tenths(of, START, START + 359)).to.equal(0);
    expect(tenths(of, START, START + 360)).to.equal(1);
    expect(tenths(of, START, START + HOUR)).to.equal(10);
  });

  it("never gives more than the time between check-in and check-out", () => {
    fc.assert(
      fc.property(anyActivity, instants(2), (of, [checkIn, checkOut]) => {
        expect(tenths(of, checkIn!, checkOut!) * TENTH_SECONDS).to.be.at.most(checkOut! - checkIn!);
      }),
    );
  });

  it("never counts a second of a pause, nor one outside the activity", () => {
    fc.assert(
      fc.property(anyActivity, instants(2), (of, [checkIn, checkOut]) => {
        let counted = 0;
        const isPause = (second: number) => of.pauses.some(({ from, to }) => second >= from && second < to);
        for (let second = checkIn!; second < checkOut!; second++)
          if (second >= of.startsAt && second < of.endsAt && !isPause(second)) counted += 1;
        expect(effectiveSeconds(of, checkIn!, checkOut!)).to.equal(counted);
      }),
      { numRuns: 20 },
    );
  });

  it("never earns more by coming and going than by staying", () => {
    fc.assert(
      fc.property(anyActivity, instants(4), (of, [first, second, third, last]) => {
        const parts = tenths(of, first!, second!) + tenths(of, third!, last!);
        expect(parts).to.be.at.most(tenths(of, first!, last!));
      }),
    );
  });

  it("never falls when someone comes earlier or leaves later", () => {
    fc.assert(
      fc.property(anyActivity, instants(4), (of, [earlier, checkIn, checkOut, later]) => {
        expect(tenths(of, earlier!, later!)).to.be.at.least(tenths(of, checkIn!, checkOut!));
      }),
    );
  });

  it("counts 200 ml of blood as four hours, a tree as one, a gift as a tenth, each up to its most", () => {
    const pieces = (kind: string, many: number) =>
      countService(activity({ kind }), { checkIn: START, checkOut: START + HOUR, pieces: many }).tenths;
    expect([pieces("blood", 1), pieces("tree", 3), pieces("gift", 1), pieces("step-gift", 1)]).to.deep.equal([
      40, 30, 1, 1,
    ]);
    expect([pieces("blood", 9), pieces("gift", 9)]).to.deep.equal([80, 1]);
  });

  it("gives six minutes on the organiser's line for each tenth, under the activity's hash, in flat details", () => {
    for (const kind of KINDS) {
      const of = activity({ kind });
      const service = {
        checkIn: START,
        checkOut: START + HOUR,
        pieces: RULES[kind].by === "time" ? null : 1,
      };
      const activityId = activityHash(of);
      const volunteerId = new Uint8Array(16);
      const [gift] = giftsOfService({ ...service, activity: of, activityId, volunteerId, volunteer: "v" });
      expect(gift).to.include({
        unit: "MINUTE",
        charity: "CN-MCA-1",
        amount: BigInt(countService(of, service).tenths * 6),
      });
      expect(gift!.terms).to.deep.equal(activityId);
      for (const value of Object.values(gift!.details)) expect(typeof value).not.to.equal("object");
    }
  });
});

describe("an activity", () => {
  const refused = (given: object) =>
    activitySchema.safeParse(activityOf("CN-MCA-1", given)).success === false;

  it("is named by the hash of its announcement, which reads back as it was", () => {
    const of = activity();
    expect(readActivity(activityDocument(of))).to.deep.equal(of);
    expect(activityHash(activity({ places: 4 }))).not.to.deep.equal(activityHash(of));
  });

  it("is refused when it ends before it starts, is longer than a day, or its pauses overlap or lie outside", () => {
    const pause = (from: number, to: number) => ({ from: at(START + from), to: at(START + to) });
    expect(refused({ endsAt: at(START) })).to.equal(true);
    expect(refused({ endsAt: at(START + 24 * HOUR + 1) })).to.equal(true);
    expect(refused({ pauses: [pause(0, 100), pause(50, 150)] })).to.equal(true);
    expect(refused({ pauses: [pause(100, 50)] })).to.equal(true);
    expect(refused({ pauses: [pause(-10, 50)] })).to.equal(true);
    expect(refused({ pauses: [pause(0, 100), pause(100, 150)] })).to.equal(false);
    expect(refused({ places: 10_001 })).to.equal(true);
    expect(refused({ utcOffset: "+8" })).to.equal(true);
  });
});

describe("the code at the door", () => {
  const secret = new Uint8Array(32).fill(7);
  const seconds = fc.integer({ min: 0, max: 2 ** 33 });

  it("is valid in its own half minute and the next, and at no other time", () => {
    fc.assert(
      fc.property(seconds, fc.integer({ min: -300, max: 300 }), (made, later) => {
        const slots = Math.floor((made + later) / SLOT_SECONDS) - Math.floor(made / SLOT_SECONDS);
        const code = doorCode(secret, Math.floor(made / SLOT_SECONDS));
        expect(isDoorCode(secret, code, made + later)).to.equal(slots === 0 || slots === 1);
      }),
    );
  });

  it("of another secret, or a part of one, is none", () => {
    const code = doorCode(secret, 100);
    expect(isDoorCode(new Uint8Array(32).fill(8), code, 3000)).to.equal(false);
    for (const wrong of ["", code.slice(0, -1), `${code}0`, code.toUpperCase().replace(/\d/g, "x")])
      expect(isDoorCode(secret, wrong, 3000)).to.equal(false);
  });
});

describe("a volunteer's year", () => {
  it("counts gifts and step gifts together for half an hour at most", () => {
    const year = yearOf([
      { kind: "gift", tenths: 4 },
      { kind: "step-gift", tenths: 3 },
      { kind: "offline", tenths: 12 },
    ]);
    expect(year.kinds.map(({ kind, counted }) => [kind, counted])).to.deep.equal([
      ["offline", 12],
      ["step-gift", 3],
      ["gift", 2],
    ]);
    expect([year.counted, year.missing, year.reached]).to.deep.equal([17, 13, false]);
  });

  it("is reached with three hours, and never misses less than nothing", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ kind: fc.constantFrom(...KINDS), tenths: fc.nat(100) })), (served) => {
        const year = yearOf(served);
        expect(year.counted).to.be.at.most(served.reduce((sum, { tenths }) => sum + tenths, 0));
        expect(year.missing).to.equal(Math.max(0, 30 - year.counted));
        expect(year.reached).to.equal(year.counted >= 30);
      }),
    );
  });

  it("is the year on the clock of the place", () => {
    const newYear = Date.parse("2026-01-01T00:00:00Z") / 1000;
    expect(yearAt(newYear - 3600, "+08:00")).to.equal(2026);
    expect(yearAt(newYear + 3600, "-03:30")).to.equal(2025);
    expect(hoursText(7)).to.equal("0.7");
  });

  it("is kept under a name that depends on who named the volunteer, and never changes with newer secrets", () => {
    const [old, newer] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    const name = (secrets: Uint8Array[], scope: string) => volunteerId(volunteersKey(secrets), scope, "ana");
    expect(name([newer, old], "page")).to.deep.equal(name([old], "page"));
    expect(name([old], "platform")).not.to.deep.equal(name([old], "CN-MCA-1"));
  });
});
