// What refunds take back of gifts, one after the other, in any order.

import { expect } from "chai";
import fc from "fast-check";
import { giftsOf, type Purchase, purchaseSchema, saleOf } from "../../server/programmes/purchase.ts";
import {
  type Refund,
  refundSchema,
  reversalsOf,
  reversalsOfErased,
  type StandingGift,
} from "../../server/programmes/refund.ts";
import { shareOf } from "../../server/programmes/terms.ts";
import { arbitraryTerms, expectRefused, pledge, purchase, refund, standing, sum } from "./making.ts";

/** A purchase whose refunds come one after the other; each takes what the last one left. */
class Story {
  readonly refunds: Refund[] = [];
  gifts: StandingGift[];
  readonly #purchase: Purchase;

  constructor(bought: Purchase, terms: object) {
    this.#purchase = bought;
    const own = pledge({ refunds: "reverse", ...terms });
    this.gifts = standing(giftsOf(bought, [own]), [own]);
  }

  /** Refunds; answers with what each gift was reversed by. */
  take(items?: object[]): bigint[] {
    const next = refund({ refund: `r-${this.refunds.length}`, ...(items === undefined ? {} : { items }) });
    const reversals = reversalsOf(this.#purchase, next, this.refunds, this.gifts);
    this.refunds.push(next);
    const by = new Map(reversals.map(({ gift, amount }) => [gift.id[0], amount]));
    this.gifts = this.gifts.map((gift) => ({
      ...gift,
      reversed: gift.reversed + (by.get(gift.id[0]) ?? 0n),
    }));
    return reversals.map(({ amount }) => amount);
  }
}

const THREE_PIECES = { items: [{ item: "1", price: "1000", shipping: "200", quantity: 3 }] };
const TEN_PERCENT = { share: { basisPoints: 1000 } };

describe("a refund", () => {
  describe("is refused", () => {
    it("of an item that was not bought", () => {
      expectRefused(() => new Story(purchase(), {}).take([{ item: "9" }]), "unknown-item", "items.0.item");
    });

    for (const [what, taken] of [
      ["more pieces", { quantity: 4 }],
      ["more of the price", { price: "1001" }],
      ["more of the shipping", { shipping: "201" }],
    ] as const)
      it(`of ${what} than there were`, () => {
        const story = new Story(purchase(THREE_PIECES), TEN_PERCENT);
        const field = `items.0.${Object.keys(taken)[0]}`;
        expectRefused(() => story.take([{ item: "1", ...taken }]), "refund-too-large", field);
      });

    it("of more than earlier refunds have left", () => {
      const story = new Story(purchase(THREE_PIECES), TEN_PERCENT);
      story.take([{ item: "1", price: "600" }]);
      expectRefused(() => story.take([{ item: "1", price: "401" }]), "refund-too-large", "items.0.price");
    });

    it("when it names an item twice, or none", () => {
      const parse = (items: object[]) =>
        refundSchema.safeParse({
          merchant: "s",
          refund: "r",
          order: "o",
          refundedAt: "2025-12-01T00:00:00Z",
          items,
        });
      expect(parse([{ item: "1" }, { item: "1" }]).success).to.equal(false);
      expect(parse([]).success).to.equal(false);
    });
  });

  it("of everything reverses the whole gift", () => {
    expect(new Story(purchase(THREE_PIECES), TEN_PERCENT).take()).to.deep.equal([120n]);
  });

  it("reverses nothing when the merchant bears it", () => {
    expect(new Story(purchase(), { refunds: "merchant-bears" }).take()).to.deep.equal([]);
  });

  it("of one item leaves the other items' gifts", () => {
    const bought = purchase({
      items: [
        { item: "a", price: "1000" },
        { item: "b", price: "3000" },
      ],
    });
    const story = new Story(bought, TEN_PERCENT);
    expect(story.take([{ item: "b" }])).to.deep.equal([300n]);
    expect(story.gifts.map(({ reversed }) => reversed)).to.deep.equal([0n, 300n]);
  });

  it("in part lowers the gift to the share of what is left", () => {
    const story = new Story(purchase(THREE_PIECES), TEN_PERCENT);
    expect(story.take([{ item: "1", price: "500" }])).to.deep.equal([50n]);
    expect(story.take([{ item: "1", price: "495", shipping: "200" }])).to.deep.equal([69n]);
    expect(story.take([{ item: "1" }])).to.deep.equal([1n]);
  });

  it("by pieces takes each piece's part of the price, the last one the rest", () => {
    const story = new Story(purchase(THREE_PIECES), { ...TEN_PERCENT, base: "price", rounding: "down" });
    const taken = [1, 1, 1].map((quantity) => story.take([{ item: "1", quantity }]));
    expect(taken).to.deep.equal([[34n], [33n], [33n]]);
  });

  it("of pieces lowers a fixed amount by as many", () => {
    const story = new Story(purchase(THREE_PIECES), { share: { perItem: "7" } });
    expect(story.take([{ item: "1", quantity: 2 }])).to.deep.equal([14n]);
    expect(story.take()).to.deep.equal([7n]);
  });

  it("of all pieces leaves nothing of a fixed amount or a minimum, though shipping is not given back", () => {
    for (const share of [{ perItem: "100" }, { basisPoints: 100 }]) {
      const story = new Story(purchase(THREE_PIECES), { share, minimum: "50" });
      const given = sum(story.gifts.map(({ amount }) => amount));
      const taken = [story.take([{ item: "1", quantity: 2 }]), story.take([{ item: "1", quantity: 1 }])];
      expect(sum(taken.flat())).to.equal(given);
    }
  });

  it("keeps the minimum as long as anything is left", () => {
    const story = new Story(purchase(THREE_PIECES), { share: { basisPoints: 10 }, minimum: "5" });
    expect(story.take([{ item: "1", price: "900", shipping: "200" }])).to.deep.equal([]);
    expect(story.take()).to.deep.equal([5n]);
  });

  it("a second time of everything reverses nothing more", () => {
    const story = new Story(purchase(THREE_PIECES), TEN_PERCENT);
    story.take();
    expect(story.take()).to.deep.equal([]);
  });

  it("lowers the gifts of all charities of a pledge, each by its part", () => {
    const charities = [
      { charity: "GB-CHC-1", parts: 3 },
      { charity: "GB-CHC-2", parts: 1 },
    ];
    const story = new Story(purchase({ items: [{ item: "1", price: "4000" }] }), {
      ...TEN_PERCENT,
      charities,
    });
    expect(story.take([{ item: "1", price: "2000" }])).to.deep.equal([150n, 50n]);
  });

  it("never takes more than was given, leaves the share of what is left, and in the end has taken all", () => {
    const piece = fc.record({
      price: fc.option(fc.nat(2_000), { nil: undefined }),
      shipping: fc.option(fc.nat(300), { nil: undefined }),
      quantity: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(
        arbitraryTerms,
        fc.nat(10_000),
        fc.array(piece, { maxLength: 5 }),
        (terms, price, pieces) => {
          const bought = purchaseSchema.parse({
            ...purchase(),
            completedAt: "2025-11-11T00:00:00Z",
            items: [{ item: "1", price: `${price}`, shipping: "300", quantity: 5 }],
          });
          const { startsAt: _, ...rest } = terms;
          const story = new Story(bought, { ...rest, endsAt: null });
          const given = sum(story.gifts.map(({ amount }) => amount));
          expect(given).to.equal(shareOf(terms, saleOf(bought.items[0]!)));
          for (const taken of pieces) {
            takeIfLeft(story, taken);
            expect(story.gifts.every(({ amount, reversed }) => reversed <= amount)).to.equal(true);
          }
          story.take();
          expect(story.gifts.every(({ amount, reversed }) => reversed === amount)).to.equal(true);
        },
      ),
    );
  });

  describe("of a purchase that was erased", () => {
    it("is refused when it names parts: their prices are gone", () => {
      const parts = refund({ items: [{ item: "1" }] });
      expectRefused(() => reversalsOfErased(parts, []), "erased", "items");
    });

    it("takes back to the cent what it would have taken back with the purchase at hand", () => {
      fc.assert(
        fc.property(fc.bigInt(0n, 1_200n), fc.constantFrom("reverse", "merchant-bears"), (taken, refunds) => {
          const bought = purchase(THREE_PIECES);
          const own = pledge({ ...TEN_PERCENT, refunds });
          const gifts = standing(giftsOf(bought, [own]), [own]).map((gift) => ({
            ...gift,
            reversed: taken < gift.amount ? taken : gift.amount,
          }));
          const whole = refund({});
          const amounts = (list: readonly { amount: bigint }[]) => list.map(({ amount }) => amount);
          expect(amounts(reversalsOfErased(whole, gifts))).to.deep.equal(
            amounts(reversalsOf(bought, whole, [], gifts)),
          );
        }),
      );
    });
  });
});

/** Partial refunds at random often ask for too much; those change nothing. */
function takeIfLeft(
  story: Story,
  { price, shipping, quantity }: { price?: number; shipping?: number; quantity?: number },
) {
  const taken = {
    item: "1",
    ...(price === undefined ? {} : { price: `${price}` }),
    ...(shipping === undefined ? {} : { shipping: `${shipping}` }),
    ...(quantity === undefined ? {} : { quantity }),
  };
  const before = story.gifts;
  try {
    story.take([taken]);
  } catch (thrown) {
    expect((thrown as { code: string }).code).to.equal("refund-too-large");
    expect(story.gifts).to.equal(before);
  }
}
