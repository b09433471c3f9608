// What Shopify tells by webhook: orders/fulfilled and refunds/create, of its REST Admin API.
// https://shopify.dev/docs/api/admin-rest/latest/resources/order and …/refund

import { z } from "zod";
import { instant } from "../fields.ts";
import { decimal, id, lines, minorAt, notNegative, pieces, refunds, titleOf } from "./fields.ts";
import { nameIn, type ShopLine, type ShopOrder, type ShopRefund, sumOf } from "./shop-order.ts";

const amounts = z
  .array(z.object({ amount: decimal }))
  .max(100)
  .optional();
const taxes = z
  .array(z.object({ price: decimal }))
  .max(100)
  .optional();

const lineItem = z.object({
  id,
  title: z.string().nullish(),
  quantity: pieces,
  price: decimal,
  total_discount: decimal.optional(),
  discount_allocations: amounts,
  tax_lines: taxes,
});

const shippingLine = z.object({ price: decimal, discount_allocations: amounts, tax_lines: taxes });

const adjustment = z.object({ kind: z.string(), amount: decimal, tax_amount: decimal.optional() });

const refund = z.object({
  id,
  order_id: id,
  created_at: instant,
  refund_line_items: lines(
    z.object({
      line_item_id: id,
      quantity: pieces,
      line_item: z.object({ fulfillment_status: z.string().nullish() }).nullish(),
    }),
  ),
  order_adjustments: z.array(adjustment).max(100).optional(),
});

export const shopifyRefundSchema = refund;

export const shopifyOrderSchema = z.object({
  id,
  name: z.string().max(60).optional(),
  test: z.boolean().nullish(),
  currency: z.string(),
  taxes_included: z.boolean().nullish(),
  processed_at: instant.nullish(),
  created_at: instant,
  customer: z.object({ id }).nullish(),
  line_items: lines(lineItem).min(1),
  shipping_lines: lines(shippingLine).optional(),
  fulfillments: z
    .array(z.object({ created_at: instant, status: z.string().nullish() }))
    .max(1_000)
    .optional(),
  refunds: refunds(refund).optional(),
});

type Order = z.output<typeof shopifyOrderSchema>;
type Refund = z.output<typeof refund>;

/** A notification that its settings page sends, or an order of its test gateway: nothing was sold. */
export const isShopifyTest = ({ test }: Pick<Order, "test">): boolean => test === true;

/** Completed when the last of it was sent. Throws `InputError` when an amount is not whole minor units. */
export function shopifyOrder(order: Order): ShopOrder {
  const { currency } = order;
  const shipping = (order.shipping_lines ?? []).map((line, index) =>
    paidFor(
      order,
      line,
      minorAt(line.price, currency, `shipping_lines.${index}.price`),
      `shipping_lines.${index}`,
    ),
  );
  return {
    order: nameIn("shopify", order.id),
    orderName: titleOf(order.name),
    buyer: order.customer == null ? undefined : nameIn("shopify", order.customer.id),
    completedAt: completedAt(order),
    currency,
    lines: order.line_items.map((line, index) => lineOf(order, line, `line_items.${index}`)),
    shipping: sumOf(shipping),
    refunds: (order.refunds ?? []).map((one) => shopifyRefund(one, currency)),
  };
}

const completedAt = ({ fulfillments = [], processed_at, created_at }: Order): number => {
  const sent = fulfillments.filter(({ status }) => status == null || status === "success");
  return Math.max(processed_at ?? created_at, ...sent.map((one) => one.created_at));
};

function lineOf(order: Order, line: Order["line_items"][number], field: string): ShopLine {
  const price = minorAt(line.price, order.currency, `${field}.price`) * BigInt(line.quantity);
  return {
    item: line.id,
    title: titleOf(line.title),
    quantity: line.quantity,
    price: paidFor(order, line, price, field),
  };
}

type Charged = {
  readonly discount_allocations?: readonly { amount: string }[] | undefined;
  readonly total_discount?: string | undefined;
  readonly tax_lines?: readonly { price: string }[] | undefined;
};

/** Without discounts, with taxes. Allocations hold what `total_discount` does, and the order's own discounts too. */
function paidFor(
  { currency, taxes_included }: Order,
  charged: Charged,
  price: bigint,
  field: string,
): bigint {
  const allocated = charged.discount_allocations?.map(({ amount }) => amount);
  const discounts = allocated ?? [charged.total_discount ?? "0"];
  const taxes = taxes_included === true ? [] : (charged.tax_lines ?? []).map((one) => one.price);
  const off = sumOf(discounts.map((one) => minorAt(one, currency, `${field}.discount_allocations`)));
  const on = sumOf(taxes.map((one) => minorAt(one, currency, `${field}.tax_lines`)));
  return notNegative(price - off, field) + on;
}

/**
 * Pieces count for what was paid for them. Of its adjustments `shipping_refund` is the shipping; any other that is negative
 * is money without goods. What was kept back of the goods' price (positive) is not a sale: the goods are back.
 */
export function shopifyRefund(told: Refund, currency: string): ShopRefund {
  const amountOf = ({ amount, tax_amount = "0" }: z.output<typeof adjustment>) =>
    minorAt(amount, currency, "order_adjustments.amount") +
    minorAt(tax_amount, currency, "order_adjustments.tax_amount");
  const adjustments = told.order_adjustments ?? [];
  const shipping = adjustments.filter(({ kind }) => kind === "shipping_refund").map(amountOf);
  const others = adjustments.filter(({ kind }) => kind !== "shipping_refund").map(amountOf);
  return {
    refund: nameIn("shopify", told.id),
    refundedAt: told.created_at,
    pieces: told.refund_line_items.map(({ line_item_id, quantity }) => ({ item: line_item_id, quantity })),
    shipping: taken(shipping),
    amount: taken(others),
  };
}

const taken = (signed: readonly bigint[]): bigint => {
  const sum = -sumOf(signed);
  return sum > 0n ? sum : 0n;
};

/** Whether nothing that it takes back was sent before: the order tells of it when the rest is. */
export const isOfUnsentGoods = ({ refund_line_items }: Refund): boolean =>
  refund_line_items.length > 0 &&
  refund_line_items.every(({ line_item }) => line_item != null && line_item.fulfillment_status == null);
