// What the pages of charities compute by themselves, without a browser: bars, standings, reports from what a person writes,
// and what is wrong with them.

import { expect } from "chai";
import fc from "fast-check";
import { fromPath, RefusedByService } from "../../server/web/api/client.ts";
import { addressOf, parentOf, siteOf } from "../../server/web/charity/address.ts";
import { checkDraft, refusedFields, subjectOf } from "../../server/web/charity/desk/checks.ts";
import {
  type Draft,
  emptyPart,
  emptyThing,
  minorInForm,
  nextId,
  reportOf,
  restOf,
} from "../../server/web/charity/desk/draft.ts";
import { isInForce } from "../../server/web/charity/desk/session.ts";
import { isRejected } from "../../server/web/charity/desk/wallet.ts";
import { drawnMarks, totalsByUnit } from "../../server/web/charity/marks.ts";
import { countryName, decimalText } from "../../server/web/charity/names.ts";
import { standingOf } from "../../server/web/charity/payout-standing.ts";
import { fileName } from "../../server/web/shell/save-file.ts";

const marksOf = (given: bigint, paid = 0n, acknowledged = 0n, spent = 0n) => ({
  ...{ given: `${given}`, reversed: "0", paid: `${paid}`, netted: "0" },
  ...{ acknowledged: `${acknowledged}`, spent: `${spent}` },
});

describe("the bar of a line", () => {
  it("is nought of nothing", () => {
    expect(drawnMarks(marksOf(0n)).map(({ thousandths }) => thousandths)).to.deep.equal([0, 0, 0, 0]);
  });

  it("shows each mark as its share of what was given, and a cent of millions as something", () => {
    const shares = (...marks: [bigint, bigint, bigint, bigint]) =>
      drawnMarks(marksOf(...marks)).map(({ thousandths }) => thousandths);
    expect(shares(27_500n, 20_000n, 20_000n, 14_000n)).to.deep.equal([1000, 727, 727, 509]);
    expect(shares(2n ** 63n - 1n, 2n ** 62n, 1n, 0n)).to.deep.equal([1000, 500, 4, 0]);
  });

  it("never shows a later mark beyond an earlier one", () => {
    const marks = fc.array(fc.bigInt(0n, 2n ** 63n - 1n), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(marks, (some) => {
        const [given, ...rest] = some.sort((a, b) => (a > b ? -1 : 1)) as [bigint, bigint, bigint, bigint];
        const shares = drawnMarks(marksOf(given, ...rest)).map(({ thousandths }) => thousandths);
        expect(shares).to.deep.equal([...shares].sort((a, b) => b - a));
      }),
    );
  });

  it("adds lines up unit by unit, never one unit to another", () => {
    const lines = [
      { unit: "STEP", watermarks: marksOf(9n) },
      { unit: "CNY", watermarks: marksOf(5n, 2n) },
      { unit: "CNY", watermarks: marksOf(7n, 1n) },
    ];
    expect(totalsByUnit(lines)).to.deep.equal([
      { unit: "CNY", watermarks: marksOf(12n, 3n) },
      { unit: "STEP", watermarks: marksOf(9n) },
    ]);
  });
});

describe("the standing of a payout", () => {
  const standing = (change: object) =>
    standingOf({ state: "paid", rail: "bank", claimed: false, cameBack: false, ...change } as never);

  it("is a claim while a bank's transfer is not signed for, whatever the bank has said", () => {
    expect(standing({ claimed: true })).to.equal("claimed");
    expect(standing({})).to.equal("signed");
    expect(standing({ rail: "token" })).to.equal("onChain");
  });

  it("is never money that came when it failed, came back or is on its way", () => {
    expect(standing({ state: "failed", claimed: true })).to.equal("failed");
    expect(standing({ claimed: true, cameBack: true })).to.equal("cameBack");
    expect(standing({ cameBack: true })).to.equal("cameBack");
    expect(standing({ state: "confirmed" })).to.equal("confirmed");
    for (const state of ["waiting", "intended"]) expect(standing({ state })).to.equal("onItsWay");
  });
});

describe("addresses of charities", () => {
  it("hold a registration id whole, a restricted fund's too", () => {
    const address = addressOf("GB-CHC-1/lunches");
    expect(address).to.equal("/charities/GB-CHC-1%2Flunches");
    expect(fromPath("GB-CHC-1%2Flunches")).to.equal("GB-CHC-1/lunches");
    expect(fromPath("%E0%A4%A")).to.equal("%E0%A4%A");
    expect([parentOf("GB-CHC-1/lunches"), parentOf("GB-CHC-1")]).to.deep.equal(["GB-CHC-1", null]);
  });

  it("of their own sites lead to the web and nowhere else", () => {
    expect(siteOf("https://meals.example")).to.equal("https://meals.example");
    for (const site of [null, "", "javascript:alert(1)", "data:text/html,x", "meals"])
      expect(siteOf(site)).to.equal(null);
  });

  it("and names are told in the reader's language", () => {
    expect(countryName("CN", "id")).to.equal("Tiongkok");
    expect(countryName("not one", "en")).to.equal("not one");
    expect(decimalText("56000.5", "id")).to.equal("56.000,5");
    expect(fileName("funds-GB-CHC-1/lunches.pdf")).to.equal("funds-GB-CHC-1-lunches.pdf");
  });
});

const filled = (id: number, amount = "") => ({
  ...emptyPart(id),
  ...{ amount, project: "Lunches", country: "CN", place: "Yunnan" },
  bought: [{ id: 0, what: "lunches", count: " 35 ", measure: "meals" }],
});

const draftOf = (total: string, ...amounts: string[]): Draft => ({
  ...{ unit: "CNY", from: 1_000n, total },
  parts: [...amounts, ""].map((amount, id) => filled(id, amount)),
});

describe("a report as a person writes it", () => {
  const SIGNED = { acknowledged: 20_000n, spent: 1_000n };
  const wrongOf = (draft: Draft) => [...(checkDraft(reportOf(draft), SIGNED).wrong ?? new Map()).keys()];
  const part = (index: number, change: object) => {
    const draft = draftOf("10", "4");
    return { ...draft, parts: draft.parts.map((one, at) => (at === index ? { ...one, ...change } : one)) };
  };

  it("lies end to end, the last part with the rest", () => {
    const { report } = checkDraft(reportOf(draftOf("100.00", "60", "0.5")), SIGNED);
    expect([report?.from, report?.upTo]).to.deep.equal(["1000", "11000"]);
    expect(report?.parts.map(({ from, upTo }) => [from, upTo])).to.deep.equal([
      ["1000", "7000"],
      ["7000", "7050"],
      ["7050", "11000"],
    ]);
    expect(report?.parts[0]?.bought).to.deep.equal([{ what: "lunches", count: "35", measure: "meals" }]);
    expect(restOf(draftOf("100.00", "60", "0.5"))).to.equal(3_950n);
    expect(restOf(draftOf("100.00", "x"))).to.equal(undefined);
  });

  it("adds up for any amounts, or is told what is wrong", () => {
    const amounts = fc.array(fc.integer({ min: 0, max: 9_000 }), { maxLength: 5 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30_000 }), amounts, (total, parts) => {
        const decimal = (minor: number) => (minor / 100).toFixed(2);
        const draft = draftOf(decimal(total), ...parts.map(decimal));
        const isRight =
          total <= 19_000 && parts.every((one) => one > 0) && parts.reduce((a, b) => a + b, 0) < total;
        expect(checkDraft(reportOf(draft), SIGNED).report !== undefined).to.equal(isRight);
      }),
    );
  });

  it("is refused at the amount of the whole when that is none, too little or too much", () => {
    for (const total of ["", "x", "0", "-1", "10.001", "190.01"])
      expect(wrongOf(draftOf(total)), total).to.deep.equal(["upTo"]);
    expect(wrongOf(draftOf("190"))).to.deep.equal([]);
  });

  it("is refused at the amount of a part that is none, and at the whole when nothing is left", () => {
    expect(wrongOf(draftOf("100", "x"))).to.include("parts.0.upTo");
    expect(wrongOf(draftOf("100", "0"))).to.deep.equal(["parts.0.upTo"]);
    expect(wrongOf(draftOf("100", "100"))).to.deep.equal(["upTo"]);
    expect(wrongOf(draftOf("100", "60", "41"))).to.deep.equal(["upTo"]);
  });

  const missing: [object, string, string][] = [
    [{ project: " " }, "project", "project"],
    [{ project: "x".repeat(201) }, "project", "project"],
    [{ country: "" }, "place.country", "country"],
    [{ place: "" }, "place.name", "placeName"],
    [{ note: "x".repeat(2_001) }, "note", "note"],
    [{ bought: [] }, "bought", "bought"],
    [{ bought: [{ ...emptyThing(0), count: "1", measure: "x" }] }, "bought.0.what", "what"],
    [{ bought: [{ id: 0, what: "x", count: "1,5", measure: "x" }] }, "bought.0.count", "count"],
    [{ bought: [{ id: 0, what: "x", count: "1", measure: "" }] }, "bought.0.measure", "measure"],
  ];
  for (const [change, field, subject] of missing)
    it(`is refused at ${field} when that is not as the service wants it`, () => {
      expect(wrongOf(part(1, change))).to.deep.equal([`parts.1.${field}`]);
      expect(subjectOf(`parts.1.${field}`)).to.equal(subject);
    });

  it("shows a refusal of the service where it belongs", () => {
    const alone = { field: "from", wanted: "14500, where the last ended", came: "14000" };
    const refused = new RefusedByService(409, { type: "urn:amanah:problem:stale-report", ...alone });
    expect([...refusedFields(refused, 1)]).to.deep.equal([
      ["upTo", { about: "from", says: "from: wanted 14500, where the last ended, came 14000" }],
    ]);
    const errors = [
      { field: "parts.1.upTo", wanted: "x", came: "y" },
      { field: "parts.1.project", wanted: "x", came: "y" },
    ];
    const many = new RefusedByService(422, { errors });
    expect([...refusedFields(many, 3).keys()]).to.deep.equal(["parts.1.upTo", "parts.1.project"]);
    expect([...refusedFields(many, 2).keys()]).to.deep.equal(["upTo", "parts.1.project"]);
  });

  it("counts what is no money whole", () => {
    expect([minorInForm("12", "MEAL"), minorInForm("1.5", "MEAL")]).to.deep.equal([12n, undefined]);
    expect([minorInForm(" 1.5 ", "CNY"), minorInForm("7", "JPY")]).to.deep.equal([150n, 7n]);
    expect([nextId([]), nextId([{ id: 4 }, { id: 2 }])]).to.deep.equal([0, 5]);
  });
});

describe("a charity's session", () => {
  const session = { authorization: "Bearer x", by: "wallet", charities: ["GB-CHC-1"] } as const;
  const NOW = new Date("2026-01-01T00:00:00Z");

  it("speaks for its charities, until it ends", () => {
    const ends = (expiresAt: string | null) => ({ ...session, expiresAt });
    expect(isInForce(ends("2026-01-01T00:00:01Z"), "GB-CHC-1", NOW)).to.equal(true);
    expect(isInForce(ends(null), "GB-CHC-1", NOW)).to.equal(true);
    expect(isInForce(ends("2026-01-01T00:00:00Z"), "GB-CHC-1", NOW)).to.equal(false);
    expect(isInForce(ends(null), "GB-CHC-2", NOW)).to.equal(false);
  });

  it("knows a no in the wallet from any other failure", () => {
    const no = Object.assign(new Error("no"), { code: 4001 });
    expect(isRejected(new Error("x", { cause: new Error("y", { cause: no }) }))).to.equal(true);
    for (const other of [new Error("x"), "x", null, Object.assign(new Error("x"), { code: 4200 })])
      expect(isRejected(other)).to.equal(false);
  });
});
