// An order of any shop's system, and what was taken back of it, as purchase and refunds of ours. Pure; what each system
// writes in its own way is in the file of its name. Amounts in minor units, times in Unix seconds.

import type { Purchase } from "../purchase.ts";
import { leftOf, type Refund } from "../refund.ts";
import { split } from "../terms.ts";

export const SHOP_SYSTEMS = ["shopify", "woocommerce"] as const;
export type ShopSystem = (typeof SHOP_SYSTEMS)[number];

export type ShopLine = {
  readonly item: string;
  readonly title: string | undefined;
  readonly quantity: number;
  /** What was paid for the whole line: discounts taken off, taxes in it, shipping not. */
  readonly price: bigint;
};

export type ShopRefund = {
  readonly refund: string;
  readonly refundedAt: number;
  /** Pieces that are taken back, for what was paid for them. */
  readonly pieces: readonly { readonly item: string; readonly quantity: number }[];
  /** Of the shipping of the whole order. */
  readonly shipping: bigint;
  /** Money that belongs to no piece: it is taken off all that is left, in proportion. */
  readonly amount: bigint;
};

export type ShopOrder = {
  readonly order: string;
  /** What the buyer knows it by. */
  readonly orderName: string | undefined;
  readonly buyer: string | undefined;
  readonly completedAt: number;
  readonly currency: string;
  readonly lines: readonly ShopLine[];
  /** Of the whole order. */
  readonly shipping: bigint;
  /** All that the system tells of, in its order. */
  readonly refunds: readonly ShopRefund[];
};

/** Two systems of one merchant, and its own calls, may number alike: a name says whose number it is. */
export const nameIn = (system: ShopSystem, id: string): string => `${system}:${id}`;

/**
 * The purchase as it was when it was completed: what was taken back before that was never sold. Null when nothing is left.
 * Its form is checked by `purchaseSchema`.
 */
export function purchaseOf(merchant: string, order: ShopOrder): Purchase | null {
  const whole = draftOf(merchant, order, order.lines, order.shipping);
  if (whole === null) return null;
  const early = order.refunds.filter((one) => isEarly(one, order));
  if (early.length === 0) return whole;
  const taken = takeInTurn(whole, early);
  const left = whole.items.map((item) => ({ item: item.item, title: item.title, ...leftOf(item, taken) }));
  const lines = left.map((one) => ({ ...one, quantity: Number(one.quantity) }));
  return draftOf(merchant, order, lines, sumOf(left.map(({ shipping }) => shipping)));
}

/** Whether a refund is in the purchase already, which was told when it was completed. */
export const isEarly = (refund: Pick<ShopRefund, "refundedAt">, { completedAt }: { completedAt: number }) =>
  refund.refundedAt < completedAt;

function takeInTurn(purchase: Purchase, refunds: readonly ShopRefund[]): Refund[] {
  const taken: Refund[] = [];
  for (const one of refunds) {
    const refund = refundOf(purchase, taken, one);
    if (refund !== null) taken.push(refund);
  }
  return taken;
}

function draftOf(
  merchant: string,
  order: ShopOrder,
  lines: readonly ShopLine[],
  shipping: bigint,
): Purchase | null {
  const sold = lines.filter(({ quantity }) => quantity > 0);
  if (sold.length === 0) return null;
  const parts = portions(
    shipping,
    sold.map(({ price }) => price),
  );
  return {
    merchant,
    order: order.order,
    ...(order.orderName === undefined ? {} : { orderName: order.orderName }),
    completedAt: order.completedAt,
    currency: order.currency,
    ...(order.buyer === undefined ? {} : { buyer: order.buyer }),
    items: sold.map(({ item, title, quantity, price }, index) => ({
      item,
      ...(title === undefined ? {} : { title }),
      quantity,
      price: `${price}`,
      shipping: `${parts[index]}`,
    })),
  };
}

/**
 * What a refund of the shop's system takes back of a purchase, after the refunds before it; null when nothing is left to
 * take. It never takes more than is left: money for what no gift follows (a fee, a gift card) is refunded beside it.
 */
export function refundOf(purchase: Purchase, earlier: readonly Refund[], told: ShopRefund): Refund | null {
  const refund = {
    merchant: purchase.merchant,
    refund: told.refund,
    order: purchase.order,
    refundedAt: told.refundedAt,
  };
  const before = purchase.items.map((item) => leftOf(item, earlier));
  const pieces = before.map(({ quantity }, index) =>
    leastOf(quantity, piecesOf(told, purchase.items[index]!.item)),
  );
  const items = purchase.items.map(({ item }, index) => ({ item, quantity: Number(pieces[index]) }));
  const named = items.filter(({ quantity }) => quantity > 0);
  const after = purchase.items.map((item) =>
    leftOf(item, named.length === 0 ? earlier : [...earlier, { ...refund, items: named }]),
  );
  const shipping = upTo(
    told.shipping,
    after.map((left) => left.shipping),
  );
  const rest = after.flatMap((left, index) => [left.price, left.shipping - shipping[index]!]);
  const money = upTo(told.amount, rest);
  const taken = items.flatMap(({ item, quantity }, index) => {
    const price = before[index]!.price - after[index]!.price + money[2 * index]!;
    const carried = shipping[index]! + money[2 * index + 1]!;
    if (quantity === 0 && price === 0n && carried === 0n) return [];
    return [{ item, ...(quantity === 0 ? {} : { quantity }), price: `${price}`, shipping: `${carried}` }];
  });
  return taken.length === 0 ? null : { ...refund, items: taken };
}

const piecesOf = ({ pieces }: ShopRefund, item: string): bigint =>
  sumOf(pieces.filter((one) => one.item === item).map(({ quantity }) => BigInt(quantity)));

/** As much of `total` as the parts hold, shared among them; no part gives more than it holds. */
function upTo(total: bigint, held: readonly bigint[]): bigint[] {
  return sumOf(held) === 0n ? held.map(() => 0n) : split(leastOf(total, sumOf(held)), held);
}

/** All of `total`, shared exactly by weight; evenly where nothing weighs anything. */
const portions = (total: bigint, weights: readonly bigint[]): bigint[] =>
  split(total, sumOf(weights) === 0n ? weights.map(() => 1n) : weights);

export const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, one) => sum + one, 0n);

export const leastOf = (a: bigint, b: bigint): bigint => (a < b ? a : b);
