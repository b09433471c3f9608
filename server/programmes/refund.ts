// A refund and its reversals. Pure: what was bought, what was given for it, what was taken back before; out come the
// amounts by which each gift is reversed. A receipt never changes: a reversal is a receipt of its own.

import { z } from "zod";
import { InputError } from "../errors.ts";
import { amountMinor, count, instant, name, text } from "./fields.ts";
import type { Pledge } from "./pledge.ts";
import { type Purchase, type PurchaseItem, saleOf } from "./purchase.ts";
import { type Sale, shareOf, split } from "./share.ts";

const MAX_ITEMS = 1_000;

/** What is taken back of one item. Without amounts and quantity: all that is left of it. */
const refundItem = z.strictObject({
  item: name,
  quantity: count(1_000_000).optional(),
  price: amountMinor.optional(),
  shipping: amountMinor.optional(),
});

export const refundSchema = z.strictObject({
  merchant: name,
  /** The refund's own number: never the order's. */
  refund: name,
  order: name,
  refundedAt: instant,
  reason: text(200).optional(),
  /** Which items, in whole or in part; all of the purchase when left out. */
  items: z
    .array(refundItem)
    .min(1)
    .max(MAX_ITEMS)
    .refine((items) => new Set(items.map((one) => one.item)).size === items.length, "wanted each item once")
    .optional(),
});

export type Refund = z.output<typeof refundSchema>;

/** A gift as it stands: what was recorded, and how much of it earlier refunds have reversed, in minor units. */
export type StandingGift = {
  readonly id: Uint8Array;
  readonly leaf: Uint8Array;
  readonly item: string;
  readonly charity: string;
  readonly unit: string;
  readonly pledge: Pledge;
  readonly amount: bigint;
  readonly reversed: bigint;
};

export type Reversal = { readonly gift: StandingGift; readonly amount: bigint };

/**
 * The reversals that a refund causes, given the refunds of the same purchase before it. Under `merchant-bears` there are
 * none. Throws `InputError` when it names an unknown item or takes back more than is left.
 */
export function reversalsOf(
  purchase: Purchase,
  refund: Refund,
  earlier: readonly Refund[],
  gifts: readonly StandingGift[],
): Reversal[] {
  checkItems(purchase, refund);
  return purchase.items.flatMap((item, index) => {
    const before = leftOf(item, earlier);
    const after = takeBack(item, before, refund, `items.${index}`);
    return after === before ? [] : reversalsOfItem(item, after, gifts);
  });
}

/**
 * The reversals of a refund whose purchase is erased: without its prices only all that is left can be taken back.
 * Throws `InputError` when the refund names parts.
 */
export function reversalsOfErased(refund: Refund, gifts: readonly StandingGift[]): Reversal[] {
  if (refund.items !== undefined) {
    const [wanted, came] = ["none, which takes back all that is left", `${refund.items.length} items`];
    const why = `the prices of order ${refund.order} have been erased`;
    throw new InputError("erased", `items: wanted ${wanted}, came ${came}: ${why}`, {
      field: "items",
      wanted,
      came,
    });
  }
  const standing = gifts.filter(
    (gift) => gift.pledge.terms.refunds === "reverse" && gift.amount > gift.reversed,
  );
  return standing.map((gift) => ({ gift, amount: gift.amount - gift.reversed }));
}

function reversalsOfItem(item: PurchaseItem, left: Sale, gifts: readonly StandingGift[]): Reversal[] {
  const own = gifts.filter((gift) => gift.item === item.item && gift.pledge.terms.refunds === "reverse");
  const pledges = new Set(own.map((gift) => gift.pledge));
  return [...pledges].flatMap((pledge) =>
    reversalsOfPledge(
      left,
      own.filter((gift) => gift.pledge === pledge),
    ),
  );
}

/** Lowers the gifts of one item and pledge to the share of what is left of the sale, each by its part. */
function reversalsOfPledge(left: Sale, gifts: readonly StandingGift[]): Reversal[] {
  const terms = (gifts[0] as StandingGift).pledge.terms;
  const standing = gifts.map((gift) => gift.amount - gift.reversed);
  const total = standing.reduce((sum, amount) => sum + amount, 0n);
  const excess = total - shareOf(terms, left);
  if (excess <= 0n) return [];
  const parts = split(excess, standing);
  return gifts.flatMap((gift, index) => {
    const amount = parts[index] as bigint;
    return amount === 0n ? [] : [{ gift, amount }];
  });
}

function checkItems(purchase: Purchase, refund: Refund): void {
  const known = new Set(purchase.items.map((one) => one.item));
  refund.items?.forEach(({ item }, index) => {
    if (known.has(item)) return;
    const [field, wanted] = [`items.${index}.item`, `an item of order ${purchase.order}`];
    throw new InputError("unknown-item", `${field}: wanted ${wanted}, came ${item}`, {
      field,
      wanted,
      came: item,
    });
  });
}

/** What refunds have left of an item: nothing of it when all its pieces are taken back. */
export const leftOf = (item: PurchaseItem, refunds: readonly Refund[]): Sale =>
  refunds.reduce((left, refund) => takeBack(item, left, refund, "items"), saleOf(item));

/** What is left of an item after a refund; the same object when the refund does not touch it. */
function takeBack(item: PurchaseItem, left: Sale, refund: Refund, field: string): Sale {
  if (refund.items === undefined) return { price: 0n, shipping: 0n, quantity: 0n };
  const named = refund.items.find((one) => one.item === item.item);
  if (named === undefined) return left;
  const { quantity, price, shipping } = named;
  if (quantity === undefined && price === undefined && shipping === undefined)
    return { price: 0n, shipping: 0n, quantity: 0n };
  const pieces = BigInt(quantity ?? 0);
  return {
    quantity: less(left.quantity, pieces, `${field}.quantity`),
    price: less(left.price, price === undefined ? priceOf(left, pieces) : BigInt(price), `${field}.price`),
    shipping: less(left.shipping, BigInt(shipping ?? "0"), `${field}.shipping`),
  };
}

/** The price of so many of the pieces that are left, rounded up so that the last piece takes the rest. */
const priceOf = (left: Sale, pieces: bigint): bigint =>
  pieces === 0n
    ? 0n
    : pieces > left.quantity
      ? left.price
      : (left.price * pieces + left.quantity - 1n) / left.quantity;

function less(left: bigint, taken: bigint, field: string): bigint {
  if (taken <= left) return left - taken;
  const [wanted, came] = [`at most ${left}, which is what is left`, taken.toString()];
  throw new InputError("refund-too-large", `${field}: wanted ${wanted}, came ${came}`, {
    field,
    wanted,
    came,
  });
}
