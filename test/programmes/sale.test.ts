// Sales of charities' own shops, and the price lists that price them.

import { expect } from "chai";
import fc from "fast-check";
import { beginningOf, goodSchema } from "../../server/programmes/goods.ts";
import { checkOver, type Price, purchaseOfSale, saleSchema } from "../../server/programmes/sale.ts";
import { expectRefused } from "./making.ts";

const NOW = 1_790_000_000;
const LIST: Record<string, Price> = {
  tea: { title: "Green tea", price: 1250n },
  gone: { title: "Gone", price: null },
};
const sale = (items: object[] = [{ product: "tea" }]) =>
  saleSchema.parse({
    ...{ merchant: "shop", order: "1", completedAt: "2025-11-11T08:00:00+08:00", currency: "CNY" },
    items,
  });
const priced = (items: object[]) => purchaseOfSale(sale(items), (product) => LIST[product]);

describe("a sale", () => {
  it("is a purchase at the list's prices, for so many pieces", () => {
    expect(priced([{ product: "tea", quantity: 3, shipping: "500" }]).items).to.deep.equal([
      { item: "tea", product: "tea", title: "Green tea", quantity: 3, price: "3750", shipping: "500" },
    ]);
  });

  it("costs exactly as many times the list's price as there are pieces, whatever the list", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 6n), fc.integer({ min: 1, max: 1_000_000 }), (price, quantity) => {
        const [item] = purchaseOfSale(sale([{ product: "x", quantity }]), () => ({
          title: "x",
          price,
        })).items;
        expect(BigInt(item!.price)).to.equal(price * BigInt(quantity));
      }),
    );
  });

  it("that states another price than the list's is refused, with what was wanted", () => {
    const other = () => priced([{ product: "tea", quantity: 2, price: "2400" }]);
    expectRefused(other, "other-price", "items.0.price");
    expect(other).to.throw("wanted 2500, by the shop's list");
    expect(priced([{ product: "tea", quantity: 2, price: "2500" }]).items[0]?.price).to.equal("2500");
  });

  it("of a product that is not on the list, or not any more, is refused", () => {
    for (const product of ["cups", "gone"])
      expectRefused(() => priced([{ product: "tea" }, { product }]), "unknown-product", "items.1.product");
  });

  it("of more than any purchase costs is refused", () => {
    const dear = () =>
      purchaseOfSale(sale([{ product: "x", quantity: 1_000_000 }]), () => ({
        title: "x",
        price: 10n ** 12n,
      }));
    expectRefused(dear, "too-much-paid", "items");
  });

  it("that is not over yet is refused, since its price may change before", () => {
    expectRefused(() => checkOver({ completedAt: NOW + 1 }, NOW), "in-the-future", "completedAt");
    checkOver({ completedAt: NOW }, NOW);
  });

  it("names each line once, by its own name or the product's", () => {
    const parse = (items: object[]) =>
      saleSchema.safeParse({ ...sale(), completedAt: "2025-11-11T00:00:00Z", items });
    expect(parse([{ product: "tea" }, { product: "tea" }]).success).to.equal(false);
    expect(parse([{ product: "tea" }, { product: "tea", item: "2" }]).success).to.equal(true);
  });
});

describe("a price", () => {
  const beginning = (from: number | undefined, isFirst: boolean) => beginningOf({ from }, isFirst, NOW);

  it("holds from five seconds on when nothing else is said: no sale of before is touched", () => {
    expect(beginning(undefined, false)).to.equal(NOW + 5);
    expect(beginning(NOW + 60, false)).to.equal(NOW + 60);
  });

  it("holds at once, or from any time on, when the product had none before", () => {
    expect(beginning(undefined, true)).to.equal(NOW);
    expect(beginning(1_000, true)).to.equal(1_000);
  });

  it("is refused when it would hold for sales that may have been told already", () => {
    for (const from of [NOW + 4, NOW, 1_000])
      expectRefused(() => beginning(from, false), "too-early", "from");
  });

  it("is refused as a number, a float, below nought, or beyond all reason", () => {
    for (const price of [1250, "12.50", "-1", "1000000000001"])
      expect(goodSchema.safeParse({ product: "tea", title: "Tea", currency: "CNY", price }).success).to.equal(
        false,
      );
  });
});
