// A purchase and its gifts. Pure: the body as the shop sent it, the pledges in force, and out come the gifts.

import { z } from "zod";
import { InputError } from "../errors.ts";
import { amountMinor, count, currency, instant, name, text } from "./fields.ts";
import type { Gift } from "./gift.ts";
import { portionDetails, portionsOf } from "./outcome.ts";
import type { Pledge } from "./pledge.ts";
import { inForce } from "./pledge.ts";
import { appliesTo, partsOf, shareOf, turnOf } from "./share.ts";
import type { Terms } from "./terms.ts";

const MAX_ITEMS = 1_000;
const AHEAD_SECONDS = 24 * 60 * 60;

/** Ten thousand times a house, in the smallest of units. A line holds 2^63: no single purchase may come near that. */
const MOST_PAID_MINOR = 10n ** 13n;

const item = z.strictObject({
  /** The shop's own name for the line; unique in the purchase. */
  item: name,
  /** The shop's name for what was sold, by which pledges for single products know it; the line's own name if left out. */
  product: name.optional(),
  title: text(200).optional(),
  quantity: count(1_000_000).default(1),
  /** What was paid for the whole line, without shipping, in minor units. */
  price: amountMinor,
  /** The line's share of the shipping, in minor units. */
  shipping: amountMinor.default("0"),
});

const totalOf = (items: readonly { price: string; shipping: string }[]): bigint =>
  items.reduce((sum, { price, shipping }) => sum + BigInt(price) + BigInt(shipping), 0n);

/** A completed sale of one merchant to one buyer. Prices are what was actually paid. */
export const purchaseSchema = z.strictObject({
  merchant: name,
  order: name,
  /** What the buyer knows the order by, where that is not its name here: #1001. */
  orderName: text(60).optional(),
  completedAt: instant,
  currency,
  /** The buyer under the shop's pseudonym; never a name or an address. */
  buyer: name.optional(),
  items: z
    .array(item)
    .min(1)
    .max(MAX_ITEMS)
    .refine((items) => new Set(items.map((one) => one.item)).size === items.length, "wanted each item once")
    .refine(
      (items) => totalOf(items) <= MOST_PAID_MINOR,
      `wanted at most ${MOST_PAID_MINOR} minor units in all`,
    ),
});

export type Purchase = z.output<typeof purchaseSchema>;
export type PurchaseItem = Purchase["items"][number];

/**
 * Refuses what no purchase costs.
 * @throws InputError `too-much-paid`
 */
export function checkPaid(items: readonly { price: string; shipping: string }[]): void {
  const paid = totalOf(items);
  if (paid <= MOST_PAID_MINOR) return;
  const [wanted, came] = [`at most ${MOST_PAID_MINOR} minor units in all`, `${paid}`];
  throw new InputError("too-much-paid", `items: wanted ${wanted}, came ${came}`, {
    field: "items",
    wanted,
    came,
  });
}

/** Refuses a purchase from the far future, which no pledge can be judged by yet. Times in Unix seconds. */
export function checkNotAhead(completedAt: number, now: number, field = "completedAt"): void {
  if (completedAt <= now + AHEAD_SECONDS) return;
  const [wanted, came] = ["a time at most one day ahead", new Date(completedAt * 1000).toISOString()];
  throw new InputError("in-the-future", `${field}: wanted ${wanted}, came ${came}`, { field, wanted, came });
}

/**
 * The gifts of a purchase: one for each item, pledge and charity that comes to at least one minor unit. Pledges of the other
 * programmes give nothing: what a charity's own shop sells is told as a sale.
 */
export function giftsOf(
  purchase: Purchase,
  pledges: readonly Pledge[],
  programme: Terms["programme"] = "goods-for-good",
): Gift[] {
  const applying = pledges.filter(
    (pledge) => pledge.terms.programme === programme && inForce(pledge, purchase),
  );
  return applying.flatMap((pledge) =>
    purchase.items
      .filter((item) => appliesTo(pledge.terms, item))
      .flatMap((item) => giftsOfItem(purchase, item, pledge)),
  );
}

function giftsOfItem(purchase: Purchase, item: PurchaseItem, pledge: Pledge): Gift[] {
  const { merchant, order } = purchase;
  const turn = () => turnOf(merchant, order, item.item);
  const parts = partsOf(pledge.terms, shareOf(pledge.terms, saleOf(item)), turn);
  const details = detailsOf(purchase, item, pledge);
  return pledge.terms.charities.flatMap(({ charity }, index) => {
    const amount = parts[index] as bigint;
    if (amount === 0n) return [];
    return [
      {
        item: item.item,
        charity,
        unit: purchase.currency,
        amount,
        terms: pledge.id,
        details: { ...details, charity, ...outcomeDetails(pledge.terms, amount) },
      },
    ];
  });
}

export const saleOf = (item: PurchaseItem) => ({
  price: BigInt(item.price),
  shipping: BigInt(item.shipping),
  quantity: BigInt(item.quantity),
});

function detailsOf(purchase: Purchase, item: PurchaseItem, pledge: Pledge) {
  return {
    programme: pledge.terms.programme,
    merchant: purchase.merchant,
    legalDonor: pledge.legalDonor,
    order: purchase.order,
    ...(purchase.orderName === undefined ? {} : { orderName: purchase.orderName }),
    completedAt: purchase.completedAt,
    currency: purchase.currency,
    ...item,
    ...(purchase.buyer === undefined ? {} : { buyer: purchase.buyer }),
  };
}

function outcomeDetails({ outcome }: Terms, amount: bigint) {
  return outcome === undefined ? {} : portionDetails(outcome.what, portionsOf(amount, BigInt(outcome.costs)));
}
