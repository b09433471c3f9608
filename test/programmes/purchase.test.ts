// From a purchase and the merchant's pledges to gifts.

import { expect } from "chai";
import fc from "fast-check";
import { inForce } from "../../server/programmes/pledge.ts";
import { checkNotAhead, giftsOf, purchaseSchema, saleOf } from "../../server/programmes/purchase.ts";
import { shareOf } from "../../server/programmes/terms.ts";
import { arbitraryTerms, COMPLETED_AT, DAY_SECONDS, expectRefused, pledge, purchase, sum } from "./making.ts";

const at = (seconds: number) => new Date(seconds * 1000).toISOString();

describe("a purchase", () => {
  describe("is refused with", () => {
    const item = { item: "1", price: "100" };
    const cases: [string, object, string][] = [
      ["a price that is a number", { items: [{ ...item, price: 100 }] }, "items.0.price"],
      ["a price that is a float", { items: [{ ...item, price: "1.00" }] }, "items.0.price"],
      ["a negative price", { items: [{ ...item, price: "-1" }] }, "items.0.price"],
      ["a price with a leading zero", { items: [{ ...item, price: "0100" }] }, "items.0.price"],
      ["a price of 2^63", { items: [{ ...item, price: `${2n ** 63n}` }] }, "items.0.price"],
      ["a price that no purchase has", { items: [{ ...item, price: "10000000000001" }] }, "items"],
      ["such shipping", { items: [{ ...item, shipping: "10000000000001" }] }, "items"],
      ["a quantity of nothing", { items: [{ ...item, quantity: 0 }] }, "items.0.quantity"],
      ["a quantity that is a float", { items: [{ ...item, quantity: 1.5 }] }, "items.0.quantity"],
      ["an item twice", { items: [item, item] }, "items"],
      ["no item", { items: [] }, "items"],
      [
        "more than 1,000 items",
        { items: Array.from({ length: 1001 }, (_, i) => ({ item: `${i}`, price: "1" })) },
        "items",
      ],
      ["a time without its offset", { completedAt: "2025-11-11T08:00:00" }, "completedAt"],
      ["a day that does not exist", { completedAt: "2025-02-30T08:00:00Z" }, "completedAt"],
      ["a time as a number", { completedAt: 1_762_819_200 }, "completedAt"],
      ["a time before 1970", { completedAt: "1969-12-31T23:59:59Z" }, "completedAt"],
      ["a currency in small letters", { currency: "cny" }, "currency"],
      ["an order number of spaces", { order: " " }, "order"],
      ["a title with NUL in it", { items: [{ ...item, title: "a\u0000b" }] }, "items.0.title"],
      ["a title with half a character", { items: [{ ...item, title: "\ud83d" }] }, "items.0.title"],
    ];
    for (const [what, given, field] of cases) {
      it(`${what}, naming ${field}`, () => {
        const whole = {
          merchant: "shop",
          order: "1",
          completedAt: "2025-11-11T00:00:00Z",
          currency: "CNY",
          items: [item],
        };
        const parsed = purchaseSchema.safeParse({ ...whole, ...given });
        expect(parsed.error?.issues.map(({ path }) => path.join("."))).to.include(field);
      });
    }

    it("a completion more than a day ahead", () => {
      const now = COMPLETED_AT;
      checkNotAhead(now + DAY_SECONDS, now);
      expectRefused(() => checkNotAhead(now + DAY_SECONDS + 1, now), "in-the-future", "completedAt");
    });
  });

  it("gives one gift for each item, pledge and charity", () => {
    const two = purchase({
      items: [
        { item: "a", price: "1000" },
        { item: "b", price: "3000" },
      ],
    });
    const pledges = [
      pledge({ charities: [{ charity: "GB-CHC-1" }, { charity: "GB-CHC-2" }], share: { basisPoints: 1000 } }),
      pledge({ share: { perItem: "2" } }),
    ];
    const gifts = giftsOf(two, pledges);
    expect(gifts.map(({ item, charity, amount }) => [item, charity, amount])).to.deep.equal([
      ["a", "GB-CHC-1", 50n],
      ["a", "GB-CHC-2", 50n],
      ["b", "GB-CHC-1", 150n],
      ["b", "GB-CHC-2", 150n],
      ["a", "GB-CHC-1164883", 2n],
      ["b", "GB-CHC-1164883", 2n],
    ]);
  });

  it("leaves out a part that comes to nothing: a receipt is for at least one unit", () => {
    const charities = [{ charity: "GB-CHC-1" }, { charity: "GB-CHC-2" }];
    const gifts = giftsOf(purchase({ items: [{ item: "1", price: "100" }] }), [pledge({ charities })]);
    expect(gifts.map(({ amount }) => amount)).to.deep.equal([1n]);
  });

  it("names in the details the donor in law, the order and what was paid, and no buyer unless there is one", () => {
    const [gift] = giftsOf(purchase(), [pledge()]);
    expect(gift?.details).to.include({
      legalDonor: "Shop Ltd",
      merchant: "shop",
      order: "order-1",
      price: "1250",
    });
    expect(gift?.details).not.to.have.property("buyer");
    expect(giftsOf(purchase({ buyer: "b-1" }), [pledge()])[0]?.details).to.include({ buyer: "b-1" });
  });

  it("gives exactly the share of each item, however it is split", () => {
    fc.assert(
      fc.property(arbitraryTerms, fc.integer({ min: 0, max: 100_000 }), fc.uuid(), (terms, price, order) => {
        const own = pledge();
        const bought = purchase({ order, items: [{ item: "1", price: `${price}`, quantity: 3 }] });
        const gifts = giftsOf(bought, [{ ...own, terms }]);
        const [item] = bought.items;
        expect(sum(gifts.map(({ amount }) => amount))).to.equal(shareOf(terms, saleOf(item!)));
      }),
    );
  });

  it("lets the odd cent fall evenly over orders, and on the same charity whoever recomputes it", () => {
    const charities = ["GB-CHC-1", "GB-CHC-2"].map((charity) => ({ charity }));
    const own = pledge({ charities });
    const winner = (order: number) =>
      giftsOf(purchase({ order: `o-${order}`, items: [{ item: "1", price: "100" }] }), [own])[0]?.charity;
    const first = Array.from({ length: 2_000 }, (_, order) => winner(order));
    expect(first.filter((name) => name === "GB-CHC-1").length).to.be.within(900, 1_100);
    expect(Array.from({ length: 50 }, (_, order) => winner(order))).to.deep.equal(first.slice(0, 50));
  });
});

describe("a pledge for items", () => {
  const bought = purchase({
    items: [
      { item: "1", product: "tea", price: "1000" },
      { item: "2", product: "cups", price: "2000" },
      { item: "pot", price: "4000" },
    ],
  });
  const given = (items: string[] | null) =>
    giftsOf(bought, [pledge({ items })]).map(({ item, amount }) => `${item} ${amount}`);

  it("gives of the products that it names alone", () => {
    expect(given(["tea"])).to.deep.equal(["1 10"]);
    expect(given(["tea", "cups"])).to.deep.equal(["1 10", "2 20"]);
  });

  it("knows an item that names no product by the item's own name", () => {
    expect(given(["pot", "1"])).to.deep.equal(["pot 40"]);
  });

  it("gives of the whole shop when it names none", () => {
    expect(given(null)).to.deep.equal(["1 10", "2 20", "pot 40"]);
  });

  it("gives beside a pledge of the whole shop, each under its own terms", () => {
    const both = [pledge(), pledge({ items: ["tea"], share: { perItem: "5" } })];
    expect(giftsOf(bought, both).map(({ item, amount }) => `${item} ${amount}`)).to.deep.equal([
      ...["1 10", "2 20", "pot 40"],
      "1 5",
    ]);
  });
});

describe("a charity's own shop", () => {
  const own = pledge({
    programme: "charity-shop",
    outcome: { what: "lunch", unit: "MEAL", costs: "400" },
  });

  it("gives of sales, and not of what is told as a purchase", () => {
    expect(giftsOf(purchase(), [own])).to.deep.equal([]);
    expect(giftsOf(purchase(), [own], "charity-shop")).to.have.length(1);
    expect(giftsOf(purchase(), [pledge()], "charity-shop")).to.deep.equal([]);
  });

  it("tells with each gift how many lunches it comes to, as whole and reduced fraction", () => {
    const items = [{ item: "1", price: "130000" }];
    const [gift] = giftsOf(purchase({ items }), [own], "charity-shop");
    expect(gift?.amount).to.equal(1300n);
    expect(gift?.details).to.include({
      ...{ programme: "charity-shop", outcome: "lunch" },
      ...{ outcomeWhole: "3", outcomeNumerator: "1", outcomeDenominator: "4" },
    });
  });
});

describe("a pledge is in force", () => {
  const completed = purchase();
  const between = (startsAt: number, endsAt: number | null) =>
    pledge({ startsAt: at(startsAt), endsAt: endsAt === null ? null : at(endsAt) });

  const never: [string, ReturnType<typeof pledge>][] = [
    ["before every charity has accepted it", pledge({}, { accepted: false })],
    ["for a purchase in another currency", pledge({ currency: "JPY" })],
    ["a second before its start", between(COMPLETED_AT + 1, null)],
    ["at its end", between(COMPLETED_AT - 10, COMPLETED_AT)],
    ["from the moment when it was ended early", pledge({}, { endedAt: COMPLETED_AT })],
    [
      "after its end, although it was ended later",
      { ...between(COMPLETED_AT - 10, COMPLETED_AT - 5), endedAt: COMPLETED_AT + 5 },
    ],
  ];
  for (const [when, own] of never)
    it(`not ${when}`, () => {
      expect(inForce(own, completed)).to.equal(false);
      expect(giftsOf(completed, [own])).to.deep.equal([]);
    });

  const always: [string, ReturnType<typeof pledge>][] = [
    ["at its start", between(COMPLETED_AT, null)],
    ["a second before its end", between(COMPLETED_AT - 10, COMPLETED_AT + 1)],
    ["for what was completed before it was ended early", pledge({}, { endedAt: COMPLETED_AT + 1 })],
  ];
  for (const [when, own] of always)
    it(when, () => {
      expect(inForce(own, completed)).to.equal(true);
      expect(giftsOf(completed, [own])).to.have.length(1);
    });
});
