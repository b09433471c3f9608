// Orders of shop systems as purchases and refunds: exact to the minor unit, whatever they hold.

import { expect } from "chai";
import fc from "fast-check";
import { purchaseSchema } from "../../../server/programmes/purchase.ts";
import { leftOf, type Refund } from "../../../server/programmes/refund.ts";
import { exactJson } from "../../../server/programmes/shop-systems/exact-json.ts";
import {
  purchaseOf,
  refundOf,
  type ShopOrder,
  type ShopRefund,
} from "../../../server/programmes/shop-systems/shop-order.ts";
import { shopifyOrder, shopifyOrderSchema } from "../../../server/programmes/shop-systems/shopify.ts";
import { wooOrder, wooOrderSchema } from "../../../server/programmes/shop-systems/woocommerce.ts";
import * as bodies from "../../support/shop-systems.ts";

const COMPLETED = 1_762_819_200;
const amount = fc.bigInt(0n, 10n ** 9n);

const lines = fc
  .array(fc.record({ quantity: fc.integer({ min: 1, max: 9 }), price: amount }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((all) => all.map((one, index) => ({ ...one, item: `i${index}`, title: undefined })));

const refund = fc.record({
  at: fc.constantFrom(COMPLETED - 60, COMPLETED + 60),
  pieces: fc.array(
    fc.record({ item: fc.constantFrom("i0", "i1", "i7"), quantity: fc.integer({ min: 1, max: 4 }) }),
    { maxLength: 3 },
  ),
  shipping: amount,
  amount,
});

const order: fc.Arbitrary<ShopOrder> = fc
  .record({ lines, shipping: amount, refunds: fc.array(refund, { maxLength: 6 }) })
  .map(({ lines, shipping, refunds }) => ({
    order: "shopify:1",
    orderName: undefined,
    buyer: undefined,
    completedAt: COMPLETED,
    currency: "CNY",
    lines,
    shipping,
    refunds: refunds.map(
      ({ at, ...one }, index): ShopRefund => ({ ...one, refund: `r${index}`, refundedAt: at }),
    ),
  }));

const sum = (all: readonly bigint[]) => all.reduce((total, one) => total + one, 0n);

describe("orders of shop systems", () => {
  it("keep every minor unit: the lines' prices as they are, and all of the shipping shared among them", () => {
    fc.assert(
      fc.property(order, (told) => {
        const purchase = purchaseOf("m", { ...told, refunds: [] })!;
        expect(purchase.items.map(({ price }) => BigInt(price))).to.deep.equal(
          told.lines.map(({ price }) => price),
        );
        expect(sum(purchase.items.map(({ shipping }) => BigInt(shipping)))).to.equal(told.shipping);
        const sent = { ...purchase, completedAt: new Date(COMPLETED * 1000).toISOString() };
        expect(purchaseSchema.safeParse(sent).error).to.equal(undefined);
      }),
    );
  });

  it("are taken back by refunds of any kind and number, never by more than is left, to the last minor unit", () => {
    fc.assert(
      fc.property(order, (told) => {
        const purchase = purchaseOf("m", { ...told, refunds: [] })!;
        const taken: Refund[] = [];
        for (const one of told.refunds) {
          const refund = refundOf(purchase, taken, one);
          // Throws when more is taken than is left.
          if (refund !== null) taken.push(refund);
          for (const item of purchase.items) leftOf(item, taken);
        }
        const all = { refund: "all", refundedAt: COMPLETED, pieces: [], shipping: 0n, amount: 10n ** 15n };
        const last = refundOf(purchase, taken, all);
        const left = purchase.items.map((item) => leftOf(item, last === null ? taken : [...taken, last]));
        expect(sum(left.map(({ price, shipping }) => price + shipping))).to.equal(0n);
      }),
    );
  });

  it("were sold without what was taken back before they were completed", () => {
    fc.assert(
      fc.property(order, (told) => {
        const early = told.refunds.filter(({ refundedAt }) => refundedAt < COMPLETED);
        const whole = purchaseOf("m", { ...told, refunds: [] })!;
        const taken: Refund[] = [];
        for (const one of early) {
          const refund = refundOf(whole, taken, one);
          if (refund !== null) taken.push(refund);
        }
        const left = whole.items.map((item) => leftOf(item, taken)).filter(({ quantity }) => quantity > 0n);
        const sold = purchaseOf("m", told);
        expect((sold?.items ?? []).map(({ price }) => BigInt(price))).to.deep.equal(
          left.map(({ price }) => price),
        );
      }),
    );
  });

  it("keep numbers digit by digit", () => {
    expect(exactJson('{"a":9007199254740993001,"b":[1.10,-0.0],"c":"x"}')).to.deep.equal({
      a: "9007199254740993001",
      b: ["1.10", "-0.0"],
      c: "x",
    });
  });

  const shopify = (change: (order: Record<string, unknown>) => object) =>
    shopifyOrder(
      shopifyOrderSchema.parse(change(exactJson(bodies.shopifyOrder()) as Record<string, unknown>)),
    );

  it("Shopify's prices that include tax are left as they are", () => {
    const { lines } = shopify((told) => ({ ...told, taxes_included: true }));
    expect(lines.map(({ price }) => price)).to.deep.equal([5_500n, 1_250n]);
  });

  it("Shopify's amounts follow their currency: none, two or three decimals, and never a part of a minor unit", () => {
    const priced = (currency: string, price: string) =>
      shopify((told) => ({
        ...told,
        currency,
        shipping_lines: [],
        line_items: [{ id: "1", quantity: "3", price }],
      })).lines[0]?.price;
    expect(priced("JPY", "500")).to.equal(1_500n);
    expect(priced("JPY", "500.00")).to.equal(1_500n);
    expect(priced("EUR", "0.1")).to.equal(30n);
    expect(priced("KWD", "0.125")).to.equal(375n);
    expect(() => priced("JPY", "500.5"))
      .to.throw()
      .with.property("code", "wrong-amount");
    expect(() => priced("XYZ", "1"))
      .to.throw()
      .with.property("code", "wrong-amount");
  });

  it("Shopify's discounts above the price are refused", () => {
    const line = { id: "1", quantity: "1", price: "1.00", discount_allocations: [{ amount: "1.01" }] };
    expect(() => shopify((told) => ({ ...told, line_items: [line] })))
      .to.throw()
      .with.property("code", "wrong-amount");
  });

  const woo = (given: object) => wooOrder(wooOrderSchema.parse(exactJson(bodies.wooOrder(given))));

  it("WooCommerce's fees below zero are discounts, those above are no goods", () => {
    const fee_lines = [
      { total: "-4.00", total_tax: "-0.40" },
      { total: "1.00", total_tax: "0.10" },
    ];
    expect(woo({ fee_lines })?.lines.map(({ price }) => price)).to.deep.equal([1_760n]);
  });

  it("WooCommerce's orders count once they are completed, and by no other status", () => {
    for (const status of ["pending", "processing", "on-hold", "cancelled", "failed", "trash"])
      expect(woo({ status }), status).to.equal(null);
    expect(woo({ date_completed_gmt: null })).to.equal(null);
    expect(woo({})?.completedAt).to.equal(Date.parse("2025-11-11T00:00:00Z") / 1000);
  });

  it("no name, address or note of a buyer goes any further", () => {
    const told = JSON.stringify([shopify((order) => order), woo({})], (_, one) =>
      typeof one === "bigint" ? `${one}` : one,
    );
    for (const hidden of ["Wei", "Ayu", "@", "Tea Lane", "Kunming"]) expect(told).not.to.contain(hidden);
  });
});
