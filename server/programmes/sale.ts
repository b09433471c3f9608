// A sale of a charity's own shop: products and quantities, priced by the shop's list. Pure: the list in force is handed in,
// and out comes the purchase that the gifts follow from.

import { z } from "zod";
import { InputError } from "../errors.ts";
import { amountMinor, count, currency, instant, name } from "./fields.ts";
import { checkPaid, type Purchase } from "./purchase.ts";

const MAX_ITEMS = 1_000;

const item = z
  .strictObject({
    /** The name of the line; the product's where it is left out. Unique in the sale. */
    item: name.optional(),
    product: name,
    quantity: count(1_000_000).default(1),
    /** What was paid for the whole line, if it is told: it must be what the list says. */
    price: amountMinor.optional(),
    shipping: amountMinor.default("0"),
  })
  .transform((line) => ({ ...line, item: line.item ?? line.product }));

export const saleSchema = z.strictObject({
  merchant: name,
  /** Of the same kind as a purchase's: a refund names it. */
  order: name,
  completedAt: instant,
  currency,
  buyer: name.optional(),
  items: z
    .array(item)
    .min(1)
    .max(MAX_ITEMS)
    .refine((items) => new Set(items.map((one) => one.item)).size === items.length, "wanted each item once"),
});

export type Sale = z.output<typeof saleSchema>;

/** What one piece costs from a moment on; null where it is not sold any more. */
export type Price = { readonly title: string; readonly price: bigint | null };

/** Refuses a sale that is not over yet: the list may still change before. Times in Unix seconds. */
export function checkOver({ completedAt }: Pick<Sale, "completedAt">, now: number): void {
  if (completedAt <= now) return;
  throw refuse("in-the-future", "completedAt", "a time that is not ahead", isoTime(completedAt));
}

/**
 * The sale as a purchase, at the prices of the list.
 * @param priceOf of a product, when the sale was completed
 * @throws InputError `unknown-product`, `other-price`, `too-much-paid`, each naming the field, what was wanted and what came
 */
export function purchaseOfSale(sale: Sale, priceOf: (product: string) => Price | undefined): Purchase {
  const { items, ...rest } = sale;
  const priced = items.map(({ product, item, quantity, shipping, ...told }, index) => {
    const { title, price } = listed(priceOf(product), `items.${index}.product`, product);
    const paid = price * BigInt(quantity);
    checkPrice(told.price, paid, `items.${index}.price`);
    return { item, product, title, quantity, price: `${paid}`, shipping };
  });
  checkPaid(priced);
  return { ...rest, items: priced };
}

function listed(found: Price | undefined, field: string, product: string) {
  if (found === undefined || found.price === null)
    throw refuse(
      "unknown-product",
      field,
      "a product on the shop's list when the sale was completed",
      product,
    );
  return { title: found.title, price: found.price };
}

function checkPrice(told: string | undefined, paid: bigint, field: string): void {
  if (told === undefined || BigInt(told) === paid) return;
  throw refuse("other-price", field, `${paid}, by the shop's list when the sale was completed`, told);
}

const refuse = (code: string, field: string, wanted: string, came: string) =>
  new InputError(code, `${field}: wanted ${wanted}, came ${came}`, { field, wanted, came });

const isoTime = (seconds: number) => new Date(seconds * 1000).toISOString();
