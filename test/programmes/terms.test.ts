// Shares and splits, by example and by property.

import { expect } from "chai";
import fc from "fast-check";
import { formatAmount } from "../../server/programmes/currency.ts";
import { shareOf, split, termsDocument, termsHash, termsSchema } from "../../server/programmes/terms.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { arbitrarySale, arbitraryTerms, sale, sum, terms } from "./making.ts";

const SHOP = { programme: "charity-shop" };
const LUNCH = { what: "lunch", unit: "MEAL", costs: "400" };

describe("terms", () => {
  describe("refuse", () => {
    const cases: [string, object, string][] = [
      ["a share below 0.1 %", { share: { basisPoints: 9 } }, "10 to 10000"],
      ["a share above 100 %", { share: { basisPoints: 10_001 } }, "10 to 10000"],
      ["a share in fractions of a basis point", { share: { basisPoints: 12.5 } }, "10 to 10000"],
      ["a fixed amount of nothing", { share: { perItem: "0" } }, "at least 1"],
      ["a fixed amount that is a float", { share: { perItem: "0.02" } }, "whole minor units"],
      [
        "a percentage and a fixed amount at once",
        { share: { basisPoints: 100, perItem: "2" } },
        "basisPoints",
      ],
      ["no charity", { charities: [] }, "charities"],
      ["a charity named twice", { charities: [{ charity: "GB-CHC-1" }, { charity: "GB-CHC-1" }] }, "once"],
      ["a charity without a registration id", { charities: [{ charity: "Red Cross" }] }, "org-id.guide"],
      ["a part of nothing", { charities: [{ charity: "GB-CHC-1", parts: 0 }] }, "parts"],
      ["an end that is not after the start", { endsAt: "2025-01-01T00:00:00Z" }, "after startsAt"],
      ["a time without its offset", { startsAt: "2025-01-01T00:00:00" }, "offset"],
      ["a rounding rule that is not known", { rounding: "half-even" }, "half-up"],
      ["a field that is not known", { fee: "1" }, "fee"],
      ["no share", { share: undefined }, "perItem"],
      ["items of which there are none", { items: [] }, "items"],
      ["an item named twice", { items: ["tea", "tea"] }, "once"],
      ["an outcome of a shop that sells for itself", { outcome: LUNCH }, "only a charity's own shop"],
      ["an outcome that costs nothing", { ...SHOP, outcome: { ...LUNCH, costs: "0" } }, "at least 1"],
      [
        "a charity's own shop that gives to two",
        { ...SHOP, charities: [{ charity: "GB-CHC-1" }, { charity: "GB-CHC-2" }] },
        "the one charity whose shop it is",
      ],
    ];
    for (const [what, given, reason] of cases) {
      it(what, () => {
        const base = { ...terms(), startsAt: "2025-01-01T00:00:00Z", endsAt: null };
        const parsed = termsSchema.safeParse({ ...base, ...given });
        expect(parsed.success).to.equal(false);
        expect(JSON.stringify(parsed.error)).to.contain(reason);
      });
    }
  });

  it("of the same content have the same hash, however they are written", () => {
    const [one, other] = [
      terms({ startsAt: "2025-01-01T08:00:00+08:00" }),
      terms({ startsAt: "2025-01-01T00:00:00Z", minimum: "1", endsAt: null }),
    ];
    expect(toHex(termsHash(one))).to.equal(toHex(termsHash(other)));
    expect(toHex(termsHash(terms({ minimum: "2" })))).not.to.equal(toHex(termsHash(one)));
  });

  it("without items or an outcome hash exactly as before there were such fields", () => {
    const frozen = "0xa845fe7b4f272c5be03eec0f0d04e234e349c99fe6445bd9803cb0fe22061f05";
    expect(toHex(termsHash(terms()))).to.equal(frozen);
    expect(toHex(termsHash(terms({ items: null, outcome: null })))).to.equal(frozen);
  });

  it("of the same items have the same hash in any order, and another than those of the whole shop", () => {
    const [one, other] = [terms({ items: ["tea", "cups"] }), terms({ items: ["cups", "tea"] })];
    expect(toHex(termsHash(one))).to.equal(toHex(termsHash(other)));
    expect(toHex(termsHash(one))).not.to.equal(toHex(termsHash(terms())));
  });

  it("of a charity's own shop give the whole proceeds, where no part is stated", () => {
    const whole = terms({ ...SHOP, share: undefined });
    expect(shareOf(whole, sale(1250n, 150n))).to.equal(1400n);
    const part = terms({ ...SHOP, share: { basisPoints: 5000 }, base: "price" });
    expect(shareOf(part, sale(1250n, 150n))).to.equal(625n);
  });

  it("give any percentage from 0.1 to 100", () => {
    for (const basisPoints of [10, 10_000]) {
      const given = shareOf(terms({ share: { basisPoints } }), sale(1_000_000n));
      expect(given).to.equal(BigInt(basisPoints) * 100n);
    }
  });

  it("are hashed under the name of their format, in canonical order", () => {
    expect(termsDocument(terms()))
      .to.match(/^\{"base":"price-and-shipping","charities":\[\{"charity":"GB-CHC-1164883","parts":1\}\]/)
      .and.to.contain('"format":"amanah-terms/1"');
  });
});

describe("shareOf", () => {
  const percent = (basisPoints: number, given: object = {}) => terms({ share: { basisPoints }, ...given });
  const fixed = (perItem: string, given: object = {}) => terms({ share: { perItem }, ...given });

  it("gives a percentage of price and shipping, or of the price alone", () => {
    expect(shareOf(percent(100), sale(1250n, 150n))).to.equal(14n);
    expect(shareOf(percent(100, { base: "price" }), sale(1200n, 150n))).to.equal(12n);
  });

  it("rounds half up, down or up, as the terms say", () => {
    const shares = (price: bigint) =>
      ["half-up", "down", "up"].map((rounding) => shareOf(percent(100, { rounding }), sale(price)));
    expect(shares(1249n)).to.deep.equal([12n, 12n, 13n]);
    expect(shares(1250n)).to.deep.equal([13n, 12n, 13n]);
    expect(shares(1300n)).to.deep.equal([13n, 13n, 13n]);
  });

  it("gives a fixed amount for each piece", () => {
    expect(shareOf(fixed("2"), sale(1000n, 0n, 3n))).to.equal(6n);
  });

  it("gives the whole price where a fixed amount is above it", () => {
    expect(shareOf(fixed("100"), sale(70n))).to.equal(70n);
    expect(shareOf(fixed("100"), sale(250n, 0n, 3n))).to.equal(250n);
    expect(shareOf(fixed("100", { base: "price" }), sale(70n, 500n))).to.equal(70n);
  });

  it("gives the minimum where the share is below it, and never more than was paid", () => {
    expect(shareOf(percent(10), sale(40n))).to.equal(1n);
    expect(shareOf(percent(10, { minimum: "50" }), sale(40n))).to.equal(40n);
    expect(shareOf(percent(10, { minimum: "0" }), sale(40n))).to.equal(0n);
    expect(shareOf(percent(10), sale(0n))).to.equal(0n);
  });

  it("is at most what was paid, and never falls when the sale grows", () => {
    fc.assert(
      fc.property(arbitraryTerms, arbitrarySale, arbitrarySale, (own, less, added) => {
        const more = {
          price: less.price + added.price,
          shipping: less.shipping + added.shipping,
          quantity: less.quantity + added.quantity,
        };
        expect(shareOf(own, less) <= less.price + less.shipping).to.equal(true);
        expect(shareOf(own, less) <= shareOf(own, more)).to.equal(true);
      }),
    );
  });
});

describe("split", () => {
  const weights = fc.array(fc.bigInt({ min: 1n, max: 1_000_000n }), { minLength: 1, maxLength: 20 });
  const total = fc.bigInt({ min: 0n, max: 2n ** 62n });
  const turn = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n });

  it("adds up to the total, each part within one unit of its due", () => {
    fc.assert(
      fc.property(total, weights, turn, (whole, parts, start) => {
        const shares = split(whole, parts, start);
        const all = sum(parts);
        expect(sum(shares)).to.equal(whole);
        for (const [index, share] of shares.entries()) {
          const due = whole * (parts[index] as bigint);
          expect(share * all > due - all && share * all < due + all, `part ${index}`).to.equal(true);
        }
      }),
    );
  });

  it("takes from no part more than it has, when parts are split by what they hold", () => {
    fc.assert(
      fc.property(weights, fc.nat(1000), (held, thousandths) => {
        const shares = split((sum(held) * BigInt(thousandths)) / 1000n, held);
        expect(shares.every((share, index) => share >= 0n && share <= (held[index] as bigint))).to.equal(
          true,
        );
      }),
    );
  });

  it("favours nobody: over even turns single cents fall on each part as often as its weight says", () => {
    const turns = 6_000n;
    const fallen = [0n, 0n, 0n];
    for (let at = 0n; at < turns; at++)
      split(1n, [1n, 2n, 3n], (at << 32n) / turns).forEach((share, index) => {
        fallen[index] = (fallen[index] as bigint) + share;
      });
    for (const [index, due] of [1_000, 2_000, 3_000].entries())
      expect(Number(fallen[index])).to.be.closeTo(due, 1);
  });
});

describe("formatAmount", () => {
  it("puts the point where the currency has it", () => {
    expect(formatAmount(1234n, "CNY")).to.equal("12.34 CNY");
    expect(formatAmount(5n, "BRL")).to.equal("0.05 BRL");
    expect(formatAmount(1234n, "JPY")).to.equal("1234 JPY");
    expect(formatAmount(1234n, "KWD")).to.equal("1.234 KWD");
    expect(formatAmount(17n, "STEP")).to.equal("17 STEP");
  });

  it("follows the exponents of ISO 4217", () => {
    const written = ["CNY", "JPY", "KWD", "IDR", "HUF", "IQD", "CLF"].map((unit) =>
      formatAmount(123456n, unit),
    );
    expect(written).to.deep.equal([
      "1234.56 CNY",
      "123456 JPY",
      "123.456 KWD",
      "1234.56 IDR",
      "1234.56 HUF",
      "123.456 IQD",
      "12.3456 CLF",
    ]);
  });
});
