// Goods for Good: what is bought in the week, and what is brought back.

import type { Api } from "./api.ts";
import { SHOPS } from "./parties.ts";
import { drawn, randomFrom } from "./random.ts";
import { longStep, step } from "./telling.ts";
import { WEEK_ENDS, WEEK_STARTS, written } from "./week.ts";

export type Recorded = {
  readonly id: string;
  readonly key: string;
  readonly merchant: string;
  readonly order: string;
  refunded: boolean;
};

function purchaseOf(random: () => number, number: number) {
  const upTo = (most: number) => drawn(random, most);
  const items = Array.from({ length: 1 + upTo(3) }, (_, index) => ({
    item: `${index + 1}`,
    quantity: 1 + upTo(2),
    price: `${5 + upTo(40_000)}`,
    shipping: `${upTo(3) * 500}`,
  }));
  return {
    merchant: SHOPS[upTo(SHOPS.length)] as string,
    order: `W-${String(number + 1).padStart(6, "0")}`,
    completedAt: written(WEEK_STARTS + upTo(WEEK_ENDS - WEEK_STARTS)),
    currency: "CNY",
    buyer: `buyer-${upTo(700)}`,
    items,
  };
}

export function playPurchases(api: Api, count: number, seed: number): Promise<Recorded[]> {
  const random = randomFrom(seed);
  const purchases = Array.from({ length: count }, (_, number) => purchaseOf(random, number));
  const said = (recorded: Recorded[]) => `${count} purchases, ${recorded.length} receipts, each durable`;
  return longStep(said, "purchases", count, async (done) => {
    const recorded: Recorded[] = [];
    let answered = 0;
    await api.bulk("/v1/purchases/bulk", purchases, (answer) => {
      const { merchant, order, receipts, detail } = answer as unknown as Recorded & {
        receipts?: Recorded[];
        detail?: string;
      };
      if (receipts === undefined) throw new Error(`order ${order} was refused: ${detail}`);
      for (const { id, key } of receipts) recorded.push({ id, key, merchant, order, refunded: false });
      done(++answered);
    });
    return recorded;
  });
}

export function playRefunds(api: Api, recorded: readonly Recorded[], count: number): Promise<void> {
  return step(`${count} refunds`, async () => {
    for (let number = 1; number <= count; number++) {
      const { merchant, order } = recorded[(number * 37) % recorded.length] as Recorded;
      const refund = {
        merchant,
        order,
        refund: `R-${number}`,
        refundedAt: written(WEEK_ENDS),
      };
      await api.post("/v1/refunds", number % 2 === 0 ? refund : { ...refund, items: [{ item: "1" }] });
      for (const one of recorded) if (one.merchant === merchant && one.order === order) one.refunded = true;
    }
  });
}
