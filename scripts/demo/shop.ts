// A charity's own shop: what it sells, at the prices of its list; all of it goes to free lunches.

import type { Api } from "./api.ts";
import { LUNCH } from "./parties.ts";
import { drawn, randomFrom } from "./random.ts";
import { longStep } from "./telling.ts";
import { WEEK_ENDS, WEEK_STARTS, written } from "./week.ts";

const SHOP = "lunch-shop";
const LUNCH_COSTS = "400";

const GOODS = [
  { product: "postcards", title: "Postcards drawn by children", price: "1850" },
  { product: "mug", title: "Mug", price: "4990" },
  { product: "tote", title: "Tote bag", price: "2930" },
] as const;

export async function openLunchShop(api: Api, keys: ReadonlyMap<string, string>): Promise<void> {
  const names = { id: SHOP, name: "The lunch shop", legalDonor: "Free Lunch for Children" };
  await api.post("/v1/merchants", names);
  const from = written(WEEK_STARTS);
  for (const good of GOODS) await api.post(`/v1/shops/${SHOP}/goods`, { ...good, currency: "CNY", from });
  const pledge = await api.post("/v1/pledges", {
    programme: "charity-shop",
    merchant: SHOP,
    currency: "CNY",
    charities: [{ charity: LUNCH }],
    outcome: { what: "lunches", unit: "MEAL", costs: LUNCH_COSTS },
    refunds: "reverse",
    startsAt: from,
  });
  await api.post(`/v1/pledges/${pledge.id}/acceptance`, {}, keys.get(LUNCH));
}

function saleOf(random: () => number, number: number) {
  const { product } = GOODS[drawn(random, GOODS.length)] as (typeof GOODS)[number];
  return {
    merchant: SHOP,
    order: `L-${String(number + 1).padStart(4, "0")}`,
    completedAt: written(WEEK_STARTS + drawn(random, WEEK_ENDS - WEEK_STARTS)),
    currency: "CNY",
    buyer: `buyer-${drawn(random, 700)}`,
    items: [{ product, quantity: 1 + drawn(random, 3) }],
  };
}

export function playSales(api: Api, count: number, seed: number): Promise<void> {
  const random = randomFrom(seed);
  const sales = Array.from({ length: count }, (_, number) => saleOf(random, number));
  return longStep(
    () => `${count} sales of a charity's own shop`,
    "sales",
    count,
    async (done) => {
      let answered = 0;
      await api.bulk("/v1/sales/bulk", sales, ({ receipts, order, detail }) => {
        if (receipts === undefined) throw new Error(`sale ${order} was refused: ${detail}`);
        done(++answered);
      });
    },
  );
}
