// A merchant's comparison with its own books: whatever is left out, added or changed is named; what agrees is silent.

import { expect } from "chai";
import fc from "fast-check";
import {
  COMPLETENESS_FORMAT,
  type Completeness,
  compareWithExport,
  completenessSchema,
  type ExportedOrder,
  totalHash,
  totalSubject,
} from "../../server/programmes/completeness.ts";
import { merchantTotal } from "../../server/programmes/statements/merchant-total.ts";
import { fromHex, toHex } from "../../server/protocol/bytes.ts";

const LEDGER = `0x${"1a".repeat(32)}`;
const SALT = `0x${"5c".repeat(16)}`;

/** What the service would tell of these orders. */
function told(day: number, orders: readonly ExportedOrder[], last = orders.length): Completeness {
  const currencies = [...new Set(orders.map(({ currency }) => currency))].sort();
  const sums = currencies.map((currency) => {
    const own = orders.filter((one) => one.currency === currency);
    const paid = own.reduce((sum, one) => sum + one.paid, 0n);
    return { currency, purchases: BigInt(own.length), paid, given: paid / 100n, refunds: 0n, reversed: 0n };
  });
  const total = merchantTotal(LEDGER, { merchant: "tea", day, sums, last: BigInt(last) }, SALT);
  return completenessSchema.parse({
    format: COMPLETENESS_FORMAT,
    merchant: "tea",
    day: total.day,
    total,
    hash: totalHash(total),
    subject: toHex(totalSubject("tea", fromHex(SALT))),
    batch: "7",
    orders: orders.map(({ order }) => order),
    erasedOrders: "0",
  });
}

const order = (name: string, paid = 100n, currency = "CNY"): ExportedOrder => ({
  order: name,
  paid,
  currency,
});
const codes = (...args: Parameters<typeof compareWithExport>) =>
  compareWithExport(...args).map(({ code, order: named, currency }) =>
    [code, named ?? currency ?? ""].join(" ").trim(),
  );

describe("a merchant's comparison", () => {
  const orders = [order("A"), order("B", 250n), order("C", 7n, "BRL")];

  it("names each order that was left out, and what that makes of count and sum", () => {
    expect(codes(told(20_000, orders.slice(1)), orders)).to.deep.equal([
      "missing-order A",
      "count-differs",
      "sum-differs CNY",
    ]);
  });

  it("names each order that the export does not have", () => {
    expect(codes(told(20_000, orders), orders.slice(0, 2))).to.deep.equal([
      "extra-order C",
      "count-differs",
      "sum-differs BRL",
    ]);
  });

  it("finds a smaller amount, and an order that the export has twice", () => {
    expect(codes(told(20_000, orders), [order("A", 99n), ...orders.slice(1)])).to.deep.equal([
      "sum-differs CNY",
    ]);
    expect(codes(told(20_000, orders), [...orders, order("A", 0n)])).to.deep.equal(["order-twice A"]);
  });

  it("finds a total that is not what its hash was made of, and a notice of somebody else", () => {
    const statement = told(20_000, orders);
    const forged = { ...statement, total: { ...statement.total, last: "9" } };
    expect(codes(forged, orders)).to.deep.equal(["hash-differs"]);
    expect(codes({ ...statement, subject: LEDGER }, orders)).to.deep.equal(["subject-differs"]);
    expect(codes({ ...statement, merchant: "coffee" }, orders)).to.deep.equal(["another-merchant"]);
  });

  it("finds a gap in the numbers from day to day, in whatever order the days are handed in", () => {
    const [first, second] = [told(20_000, [order("A")], 1), told(20_001, [order("B")], 3)];
    expect(codes([second, first], [order("A"), order("B")])).to.deep.equal(["sequence-differs"]);
    const right = told(20_001, [order("B")], 2);
    expect(codes([right, first], [order("A"), order("B")])).to.deep.equal([]);
  });

  it("without order lists compares counts and sums", () => {
    const statement = { ...told(20_000, orders.slice(1)), orders: null };
    expect(codes(statement, orders)).to.deep.equal(["count-differs", "sum-differs CNY"]);
  });

  it("takes no erased order for a missing one", () => {
    const statement = { ...told(20_000, orders), orders: ["B", "C"], erasedOrders: "1" };
    expect(codes(statement, orders)).to.deep.equal([]);
  });

  it("is silent exactly where both sides are the same", () => {
    const one = fc.record({
      order: fc.string({ minLength: 1, maxLength: 4 }),
      paid: fc.bigInt({ min: 0n, max: 1_000n }),
      currency: fc.constantFrom("CNY", "BRL"),
    });
    const list = fc.uniqueArray(one, { selector: ({ order: name }) => name, maxLength: 12 });
    fc.assert(
      fc.property(list, list, (recorded, exported) => {
        const key = (orders: ExportedOrder[]) =>
          orders
            .map((each) => each.order)
            .sort()
            .join("\n");
        const sums = (orders: ExportedOrder[]) =>
          ["CNY", "BRL"].map((unit) =>
            orders.reduce((sum, each) => (each.currency === unit ? sum + each.paid : sum), 0n),
          );
        const same = key(recorded) === key(exported) && `${sums(recorded)}` === `${sums(exported)}`;
        expect(compareWithExport(told(1, recorded), exported).length === 0).to.equal(same);
        expect(compareWithExport(told(1, recorded), recorded)).to.deep.equal([]);
      }),
    );
  });
});
