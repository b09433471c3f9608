// /v1/shops: charities' own shops. What they sell and for how much, what was given so far, how many lunches (or whatever the
// terms name) that comes to, and how many the charity has reported.
//
// Other merchants' totals are their own business, since out of a share they tell the turnover. A charity's own shop sells
// for the charity: what it gives is what the public is told of, and so it always is.

import { z } from "zod";
import { ConflictError } from "../errors.ts";
import { checkCurrency } from "../programmes/currency.ts";
import { beginningOf, goodSchema } from "../programmes/goods.ts";
import { addPortions, NO_PORTIONS, type Portions, portionsOf } from "../programmes/outcome.ts";
import { toHex } from "../protocol/bytes.ts";
import { charityId } from "../protocol/ids.ts";
import type { Queries } from "../store/database.ts";
import { addPrice, goodsAt, pricesOfProduct, type StoredPrice } from "../store/goods.ts";
import { batchesCounted } from "../store/merchant-gifts.ts";
import { charityNames, type Merchant, merchantById } from "../store/parties.ts";
import { pledgesByIds, type StoredPledge } from "../store/pledges.ts";
import { countReported, giftsOfShop, type ShopGifts, shopsAfter } from "../store/shops.ts";
import { mayActFor } from "./auth.ts";
import { type Route, route } from "./route.ts";
import type { Services } from "./services.ts";
import { hex32, isoTime, listOf, listReply, minor, noSuch, page, time } from "./words.ts";

const tag = "Charity shops";
const KEPT_SECONDS = 30;
const MOST_PLEDGES = 200;
const MOST_PRICES = 1_000;

const goodReply = z
  .object({
    product: z.string(),
    title: z.string(),
    currency: z.string(),
    price: minor.nullable().meta({ description: "of one piece; null from when it is not sold any more" }),
    outcome: z.string().nullable(),
    from: time,
  })
  .meta({ id: "Good" });

const showGood = ({ product, title, currency, price, outcome, valid_from }: StoredPrice) => ({
  ...{ product, title, currency, outcome },
  price: price === null ? null : `${price}`,
  from: isoTime(valid_from),
});

const outcomeReply = z.object({
  charity: z.string(),
  name: z.string(),
  what: z.string(),
  unit: z.string(),
  whole: z.string(),
  numerator: z.string(),
  denominator: z.string(),
  served: z.string().meta({ description: "as the charity's reports say, of all that it was given" }),
});

const shopReply = z
  .object({
    id: z.string(),
    name: z.string(),
    legalDonor: z.string(),
    toBatch: minor.meta({ description: "the last batch that is counted" }),
    pledges: z.array(
      z.object({
        id: hex32,
        terms: z.record(z.string(), z.unknown()),
        accepted: z.boolean(),
        endedAt: time.nullable(),
        gifts: minor,
        given: minor,
        reversed: minor,
      }),
    ),
    outcomes: z.array(outcomeReply),
  })
  .meta({ id: "Shop" });

async function shopOf(sql: Queries, id: string): Promise<{ merchant: Merchant; sums: readonly ShopGifts[] }> {
  const [merchant, sums] = await Promise.all([merchantById(sql, id), giftsOfShop(sql, id, MOST_PLEDGES)]);
  if (merchant === undefined || sums.length === 0) throw noSuch("shop", id);
  return { merchant, sums };
}

/** A pledge of the shop with what was given under it. */
type Own = { readonly pledge: StoredPledge; readonly sums: ShopGifts };

async function showShop({ sql }: Services, id: string) {
  const { merchant, sums } = await shopOf(sql, id);
  const ids = sums.map(({ pledge }) => pledge);
  const [pledges, { last }] = await Promise.all([pledgesByIds(sql, ids), batchesCounted(sql)]);
  const own = sums.flatMap((each) => {
    const pledge = pledges.find(({ id: known }) => each.pledge.equals(known));
    return pledge === undefined ? [] : [{ pledge, sums: each }];
  });
  const { name, legal_donor: legalDonor } = merchant;
  const outcomes = await outcomesOf(sql, own);
  return { id, name, legalDonor, toBatch: last, pledges: own.map(showPledge), outcomes };
}

const showPledge = ({ pledge: { id, terms, accepted, endedAt }, sums: { gifts, given, reversed } }: Own) => ({
  id: toHex(id),
  terms: { format: "amanah-terms/1", ...terms },
  accepted,
  endedAt: endedAt === null ? null : isoTime(endedAt),
  ...{ gifts, given, reversed },
});

/** What all gifts of a shop come to, for each charity and thing: exact, also where its cost has changed between pledges. */
async function outcomesOf(sql: Queries, own: readonly Own[]) {
  const stated = own.filter(({ pledge }) => pledge.terms.outcome !== undefined);
  const groups = Map.groupBy(stated, ({ pledge: { terms } }) => `${charityOf(terms)} ${terms.outcome?.unit}`);
  const names = await charityNames(sql, [...new Set(stated.map(({ pledge }) => charityOf(pledge.terms)))]);
  return Promise.all(
    [...groups.values()].map(async (group) => {
      const { terms } = (group.at(-1) as Own).pledge;
      const { what, unit } = terms.outcome as NonNullable<typeof terms.outcome>;
      const charity = charityOf(terms);
      const { whole, numerator, denominator } = group.map(portionsOfOwn).reduce(addPortions, NO_PORTIONS);
      const served = await countReported(sql, charityId(charity), { what, unit });
      return {
        ...{ charity, name: names.get(charity) ?? charity, what, unit, served },
        ...{ whole: `${whole}`, numerator: `${numerator}`, denominator: `${denominator}` },
      };
    }),
  );
}

const charityOf = ({ charities: [first] }: StoredPledge["terms"]): string => first?.charity ?? "";

const portionsOfOwn = ({ pledge, sums: { given, reversed } }: Own): Portions =>
  portionsOf(given - reversed, BigInt(pledge.terms.outcome?.costs ?? 1));

/** A price of the same moment is the same one, or another that is refused. */
function checkSame(recorded: StoredPrice, came: Pick<StoredPrice, "price" | "title" | "outcome">): void {
  const isSame =
    recorded.price === came.price && recorded.title === came.title && recorded.outcome === came.outcome;
  if (!isSame)
    throw new ConflictError("price-differs", "from: another price of this product begins then", {
      recorded: showGood(recorded),
    });
}

export const shopRoutes: Route[] = [
  route({
    method: "get",
    path: "/v1/shops",
    tag,
    summary: "List charities' own shops",
    query: z.strictObject(page()),
    answers: {
      200: {
        description: "A page, by id",
        schema: listOf(z.object({ id: z.string(), name: z.string() })),
      },
    },
    handle: async ({ query: { after = "", limit } }, { sql }) => ({
      status: 200,
      body: listReply(await shopsAfter(sql, after, limit), limit, ({ id }) => id),
    }),
  }),
  route({
    method: "get",
    path: "/v1/shops/{id}",
    tag,
    summary: "What a charity's own shop has given, and what that comes to",
    description:
      "`outcomes` puts side by side how many things all gifts come to, exactly, and how many the charity's reports say were served: those measured in the outcome's unit, or named as it is.",
    answers: {
      200: { description: "The shop", schema: shopReply },
      404: { description: "Not known, or no charity's own shop" },
    },
    handle: async ({ params: { id = "" } }, services) => ({
      status: 200,
      body: await showShop(services, id),
      headers: { "Cache-Control": `public, max-age=${KEPT_SECONDS}` },
    }),
  }),
  route({
    method: "get",
    path: "/v1/shops/{id}/goods",
    tag,
    summary: "What a shop sells now, and for how much",
    query: z.strictObject(page()),
    answers: { 200: { description: "A page, by product", schema: listOf(goodReply) } },
    handle: async ({ params: { id = "" }, query: { after = "", limit } }, { sql, ingest }) => {
      // Neither holds a space.
      const [product = "", currency = ""] = after.split(" ");
      const goods = await goodsAt(sql, id, ingest.recorder.now(), [product, currency], limit);
      const cursor = (last: (typeof goods)[number]) => `${last.product} ${last.currency}`;
      const { items, next } = listReply(goods, limit, cursor);
      return { status: 200, body: { items: items.map(showGood), next } };
    },
  }),
  route({
    method: "get",
    path: "/v1/shops/{id}/goods/{product}",
    tag,
    summary: "All prices of a product, past and to come",
    answers: {
      200: { description: "The newest first", schema: z.object({ items: z.array(goodReply) }) },
      404: { description: "Not known" },
    },
    handle: async ({ params: { id = "", product = "" } }, { sql }) => {
      const prices = await pricesOfProduct(sql, id, product, MOST_PRICES);
      if (prices.length === 0) throw noSuch("product", product);
      return { status: 200, body: { items: prices.map(showGood) } };
    },
  }),
  route({
    method: "post",
    path: "/v1/shops/{id}/goods",
    tag,
    summary: "Price a product",
    description:
      "Holds from `from` on, which is five seconds ahead when left out, until the product's next price; earlier prices stay for earlier sales. Only a product's first price may begin earlier: at once when nothing is said. A `price` of null ends its sale.",
    callers: ["operator", "merchant"],
    body: goodSchema,
    answers: {
      201: { description: "Recorded", schema: goodReply },
      200: { description: "Was recorded before", schema: goodReply },
      404: { description: "No such merchant" },
      409: { description: "Another price of the product begins at the same moment" },
    },
    handle: async ({ params: { id = "" }, body, caller }, { sql, ingest }) => {
      mayActFor(caller, "merchant", id);
      checkCurrency(body.currency);
      if ((await merchantById(sql, id)) === undefined) throw noSuch("merchant", id);
      const { product, title, currency, outcome = null } = body;
      const price = body.price === null ? null : BigInt(body.price);
      const wanted = { merchant: id, product, title, currency, price, outcome };
      const added = await addPrice(sql, wanted, body.from, (isFirst) =>
        beginningOf(body, isFirst, ingest.recorder.now()),
      );
      checkSame(added.price, wanted);
      return { status: added.isNew ? 201 : 200, body: showGood(added.price) };
    },
  }),
];
