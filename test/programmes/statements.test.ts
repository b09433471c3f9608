// Statements as pure documents: totals that are the sum of their gifts, statuses by watermarks, days in UTC, and words that
// promise nothing.

import { expect } from "chai";
import fc from "fast-check";
import { type CharityFacts, charityStatement } from "../../server/programmes/statements/charity.ts";
import { charityPaper, charitySheet } from "../../server/programmes/statements/charity-paper.ts";
import {
  dayNumber,
  dayOf,
  dayOfSecond,
  dayText,
  periodOf,
} from "../../server/programmes/statements/dates.ts";
import {
  type DonorGift,
  donorPaper,
  donorSheet,
  donorStatement,
  GIFT_STATUSES,
  statusAt,
  totalsOf,
} from "../../server/programmes/statements/donor.ts";
import { merchantTotal } from "../../server/programmes/statements/merchant-total.ts";

const gift: fc.Arbitrary<DonorGift> = fc
  .record({
    charity: fc.constantFrom("GB-CHC-1", "GB-CHC-2"),
    unit: fc.constantFrom("CNY", "BRL"),
    amount: fc.bigInt({ min: 1n, max: 2n ** 40n }),
    part: fc.integer({ min: 0, max: 100 }),
    status: fc.constantFrom(...GIFT_STATUSES),
  })
  .map(({ charity, unit, amount, part, status }) => ({
    completedAt: "2026-11-11T08:00:00.000Z",
    merchant: "tea",
    legalDonor: "Tea Ltd",
    order: "A-1",
    charity,
    charityName: `Charity ${charity}`,
    unit,
    amount: `${amount}`,
    refunded: `${(amount * BigInt(part)) / 100n}`,
    status,
    claimedSince: status === "claimed" ? "2026-11-12T10:00:00.000Z" : null,
    receipt: `0x${"ab".repeat(16)}`,
    link: "https://gifts.example/r/0x",
  }));

const sum = (texts: readonly string[]): bigint => texts.reduce((total, text) => total + BigInt(text), 0n);

describe("a donor's statement", () => {
  it("has totals that are the sums of its gifts, by charity, unit and status", () => {
    fc.assert(
      fc.property(fc.array(gift, { maxLength: 30 }), (gifts) => {
        const totals = totalsOf(gifts);
        for (const unit of ["CNY", "BRL"]) {
          const [own, told] = [gifts, totals].map((list) => list.filter((one) => one.unit === unit));
          for (const column of ["amount", "refunded"] as const)
            expect(sum(told!.map((one) => one[column]))).to.equal(sum(own!.map((one) => one[column])));
        }
        for (const { charity, unit, gifts: count, amount, refunded, net, byStatus } of totals) {
          expect(count).to.equal(gifts.filter((one) => one.charity === charity && one.unit === unit).length);
          expect(sum(Object.values(byStatus))).to.equal(BigInt(amount));
          expect(BigInt(net)).to.equal(BigInt(amount) - BigInt(refunded));
        }
        expect(new Set(totals.map(({ charity, unit }) => charity + unit)).size).to.equal(totals.length);
      }),
    );
  });

  it("judges a gift by the watermarks that have passed its end", () => {
    const marks = { given: 40n, paid: 30n, acknowledged: 20n, spent: 10n };
    const at = (end: bigint | null) => statusAt(end, marks, (place) => place > 25n);
    expect([null, 41n, 40n, 31n, 30n, 21n, 20n, 11n, 10n, 1n].map(at)).to.deep.equal([
      "recorded",
      "recorded",
      "given",
      "given",
      "claimed",
      "paid",
      "acknowledged",
      "acknowledged",
      "spent",
      "spent",
    ]);
    expect(
      statusAt(5n, null, () => false),
      "the contract was never read",
    ).to.equal("recorded");
  });

  const facts = {
    ledger: "0x1a",
    from: "2026-01-01",
    to: "2026-12-31",
    complete: true,
    erased: [],
    gifts: [],
  };

  it("names the merchant as the donor in law and says that nothing may be deducted by it", () => {
    const { notes } = donorStatement(facts);
    expect(notes.join(" ")).to.contain("The donor in law of each gift is the merchant");
    expect(notes.join(" ")).to.contain("it does not say that the buyer gave, or may deduct, any of it");
  });

  it("says when gifts may be missing, and when earlier ones were erased", () => {
    const notes = donorStatement({ ...facts, complete: false, erased: ["2026-05-06T07:08:09.000Z"] }).notes;
    expect(notes[0]).to.contain("may be missing");
    expect(notes[1]).to.contain("erased on request (2026-05-06)");
  });

  it("is a paper and a sheet with one row for each gift", () => {
    fc.assert(
      fc.property(fc.array(gift, { maxLength: 10 }), (gifts) => {
        const statement = donorStatement({ ...facts, gifts });
        expect(donorPaper(statement).tables.at(-1)?.rows.length).to.equal(gifts.length);
        const { columns, rows } = donorSheet(statement);
        expect(rows.map((row) => row[columns.indexOf("amount")])).to.deep.equal(
          gifts.map(({ amount }) => amount),
        );
      }),
    );
  });
});

describe("days", () => {
  it("begin and end at midnight in UTC, the last second of the last day included", () => {
    const { from, before } = periodOf("2026-01-01", "2026-12-31");
    expect(new Date(Number(from) * 1000).toISOString()).to.equal("2026-01-01T00:00:00.000Z");
    expect(new Date(Number(before) * 1000).toISOString()).to.equal("2027-01-01T00:00:00.000Z");
    expect([dayOfSecond(before - 1n), dayOfSecond(before)]).to.deep.equal(["2026-12-31", "2027-01-01"]);
    expect(periodOf("2028-02-29", "2028-02-29").before - periodOf("2028-02-29", "2028-02-29").from).to.equal(
      86_400n,
    );
  });

  it("that are none are refused", () => {
    for (const text of ["2026-02-29", "2026-13-01", "2026-1-1", "1969-12-31", "today", ""])
      expect(dayText.safeParse(text).success, text).to.equal(false);
  });

  it("are counted and named alike", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 100_000 }), (days) => dayNumber(dayOf(days)) === days));
  });
});

describe("a merchant's total", () => {
  it("leaves out what a currency has none of", () => {
    const nothing = { purchases: 0n, paid: 0n, given: 0n, refunds: 0n, reversed: 0n };
    const sums = [
      { ...nothing, currency: "", refunds: 2n },
      { ...nothing, currency: "BRL", refunds: 1n, reversed: 5n },
      { ...nothing, currency: "CNY", purchases: 3n, paid: 900n, given: 9n },
    ];
    const total = merchantTotal("0x1a", { merchant: "tea", day: 0, sums, last: 12n }, "0x5c");
    expect(total).to.deep.equal({
      format: "amanah-merchant-total/1",
      ledger: "0x1a",
      merchant: "tea",
      day: "1970-01-01",
      purchases: "3",
      sums: [{ currency: "CNY", paid: "900", given: "9" }],
      refunds: { count: "3", sums: [{ currency: "BRL", reversed: "5" }] },
      last: "12",
      salt: "0x5c",
    });
  });
});

const zero = { given: "0", reversed: "0", paid: "0", netted: "0", acknowledged: "0", spent: "0" };
const funds: CharityFacts = {
  ledger: { id: "0x12", chainId: "1", contract: null },
  charity: { registration: "GB-CHC-1", name: "Meals", id: "0x34" },
  ...{ unit: "CNY", from: "2026-01-01", to: "2026-12-31", opening: zero, closing: zero, claimed: null },
  ...{ payouts: [], repaid: [], acknowledgements: [], disbursements: [] },
};

describe("a charity's proof of funds on paper", () => {
  it("says how many things of a long report are in the report only", () => {
    const bought = Array.from({ length: 130 }, (_, n) => ({
      what: `rice ${n}`,
      count: "1",
      measure: "bags",
    }));
    const at = { at: "2026-11-11T08:00:00.000Z", transaction: null };
    const parts = [{ from: "0", upTo: "5", project: "Lunches", bought }];
    const disbursements = [{ ...at, from: "0", upTo: "5", evidence: "0x9a", parts }];
    const [row] = charityPaper(charityStatement({ ...funds, disbursements })).tables.at(-1)!.rows;
    const lines = row!.at(-1)!.split("\n");
    expect(lines).to.have.length(102);
    expect(lines.at(-2)).to.equal("Lunches: rice 99, 1 bags");
    expect(lines.at(-1)).to.equal("and 30 more, in the report");
  });
});

describe("a charity's sheet", () => {
  it("keeps payouts in front of the acknowledgements of the same second", () => {
    const at = { at: "2026-11-11T08:00:00.000Z", transaction: null };
    const interval = { from: "0", upTo: "5", netTo: "0" };
    const facts: CharityFacts = {
      ...funds,
      payouts: [{ ...at, ...interval, rail: "bank", amount: "5", reference: null }],
      repaid: [{ ...at, upTo: "5", reference: "0x56" }],
      acknowledgements: [{ ...at, ...interval, received: "5", batch: "1", root: "0x78" }],
      disbursements: [{ ...at, ...interval, evidence: "0x9a", parts: null }],
    };
    const { rows } = charitySheet(charityStatement(facts));
    expect(rows.map(([what]) => what)).to.deep.equal(["payout", "repaid", "acknowledgement", "disbursement"]);
  });
});
