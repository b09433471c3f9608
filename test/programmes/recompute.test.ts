// Whoever holds terms and details recomputes the amount of a gift, whatever the terms, and finds what does not follow.

import { expect } from "chai";
import fc from "fast-check";
import type { Gift } from "../../server/programmes/gift.ts";
import type { Pledge } from "../../server/programmes/pledge.ts";
import { giftsOf } from "../../server/programmes/purchase.ts";
import { recompute } from "../../server/programmes/recompute.ts";
import { termsDocument } from "../../server/programmes/terms.ts";
import type { Details } from "../../server/protocol/details.ts";
import { makeReceipt } from "../protocol/making.ts";
import { arbitrarySale, arbitraryTerms, pledge, purchase } from "./making.ts";

const documentOf = ({ terms }: Pledge): Details => JSON.parse(termsDocument(terms));
const SHOP = {
  programme: "charity-shop",
  outcome: { what: "lunch", unit: "MEAL", costs: "400" },
};

/** What the terms come to for a gift, whose details or terms may have been changed. */
function told(gift: Gift, own: Pledge, details: object = {}, document: object = {}) {
  const changed = { ...gift.details, ...details } as Details;
  const receipt = makeReceipt("gift", changed, { amount: gift.amount, unit: gift.unit });
  return recompute({ receipt, details: changed, document: { ...documentOf(own), ...document } as Details });
}

describe("recomputing a gift", () => {
  it("comes to exactly what was given, for any terms, sale and split among charities", () => {
    fc.assert(
      fc.property(arbitraryTerms, arbitrarySale, fc.nat(), (terms, sale, order) => {
        const own = { ...pledge(), terms };
        const items = [
          {
            item: "1",
            quantity: Number(sale.quantity),
            price: `${sale.price}`,
            shipping: `${sale.shipping}`,
          },
        ];
        for (const gift of giftsOf(purchase({ order: `o-${order}`, items }), [own]))
          expect(told(gift, own)).to.deep.equal({ amount: gift.amount });
      }),
    );
  });

  it("knows of pledges for single products, and of an item's own name", () => {
    for (const item of [{ item: "1", product: "tea" }, { item: "tea" }]) {
      const own = pledge({ items: ["tea"] });
      const [gift] = giftsOf(purchase({ items: [{ ...item, price: "1000" }] }), [own]);
      expect(told(gift!, own)).to.deep.equal({ amount: 10n });
      expect(() => told(gift!, own, {}, { items: ["cups"] })).to.throw("other items");
    }
  });

  it("recomputes the outcome of a charity's own shop, too", () => {
    const own = pledge(SHOP);
    const [gift] = giftsOf(purchase(), [own], "charity-shop");
    expect(told(gift!, own)).to.deep.equal({ amount: 14n });
    expect(() => told(gift!, own, { outcomeWhole: "1" })).to.throw("0 and 7/200 of: lunch");
  });

  it("finds terms of another merchant, currency, programme or charity, or that were not in force", () => {
    const own = pledge();
    const [gift] = giftsOf(purchase(), [own]);
    for (const [details, code] of [
      [{ merchant: "other" }, "terms-of-another-sale"],
      [{ currency: "JPY" }, "terms-of-another-sale"],
      [{ programme: "charity-shop" }, "terms-of-another-sale"],
      [{ charity: "GB-CHC-9" }, "terms-of-another-sale"],
      [{ completedAt: 1 }, "terms-not-in-force"],
    ] as const)
      expect(() => told(gift!, own, details))
        .to.throw()
        .with.property("code", code);
    const ended = { endsAt: gift!.details.completedAt };
    expect(() => told(gift!, own, {}, ended))
      .to.throw()
      .with.property("code", "terms-not-in-force");
  });

  it("tells nothing, rather than a wrong amount, where the details do not hold what it takes", () => {
    const own = pledge();
    const [gift] = giftsOf(purchase(), [own]);
    for (const details of [{ price: 1250 }, { price: "-1" }, { quantity: "1" }, { shipping: undefined }])
      expect(told(gift!, own, details)).to.include({ reason: "amount-not-told" });
    for (const document of [{ share: null }, { base: "gross" }, { charities: {} }, { minimum: "x" }])
      expect(told(gift!, own, {}, document)).to.include({ reason: "amount-not-told" });
  });

  it("tells nothing of terms whose format it does not know", () => {
    const own = pledge();
    const [gift] = giftsOf(purchase(), [own]);
    for (const format of ["amanah-terms/2", "toString", 7, null])
      expect(told(gift!, own, {}, { format })).to.include({ reason: "terms-not-known" });
  });

  it("never throws anything but a reason, whatever details and terms hold", () => {
    const own = pledge();
    const [gift] = giftsOf(purchase(), [own]);
    const any = fc.jsonValue() as fc.Arbitrary<never>;
    const member = fc.constantFrom(...Object.keys({ ...gift!.details, ...documentOf(own) }));
    fc.assert(
      fc.property(member, any, (name, value) => {
        try {
          told(gift!, own, { [name]: value }, { [name]: value });
        } catch (error) {
          expect(error).to.have.property("code");
        }
      }),
    );
  });
});
