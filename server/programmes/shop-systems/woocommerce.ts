// What WooCommerce tells by webhook: an order, whole, whenever it changes (REST API v2 and v3). It tells of refunds by their
// totals alone. https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties

import { z } from "zod";
import { instant } from "../fields.ts";
import { decimal, id, lines, minorAt, notNegative, pieces, refunds, titleOf } from "./fields.ts";
import { leastOf, nameIn, type ShopLine, type ShopOrder, type ShopRefund, sumOf } from "./shop-order.ts";

/** GMT, which it does not write. */
const gmt = z
  .string()
  .transform((text) => `${text.replace(/Z$/, "")}Z`)
  .pipe(instant);

const charged = z.object({ total: decimal, total_tax: decimal.optional() });

export const wooOrderSchema = z.object({
  id,
  number: z.string().max(50).optional(),
  status: z.string(),
  currency: z.string(),
  date_completed_gmt: gmt.nullish(),
  date_modified_gmt: gmt.nullish(),
  customer_id: id.nullish(),
  line_items: lines(charged.extend({ id, name: z.string().nullish(), quantity: pieces })),
  shipping_lines: lines(charged).optional(),
  fee_lines: lines(charged).optional(),
  refunds: refunds(z.object({ id, total: decimal })).optional(),
});

type Order = z.output<typeof wooOrderSchema>;

/** Null while it is not completed. Throws `InputError` when an amount is not whole minor units. */
export function wooOrder(order: Order): ShopOrder | null {
  const { currency, date_completed_gmt: completedAt } = order;
  if (completedAt == null || !COMPLETED.has(order.status)) return null;
  const lines = order.line_items.map((line, index) => lineOf(line, currency, `line_items.${index}`));
  const shipping = (order.shipping_lines ?? []).map((line, index) =>
    notNegative(paidFor(line, currency, `shipping_lines.${index}`), `shipping_lines.${index}`),
  );
  const name = order.number === undefined || order.number === order.id ? order.id : order.number;
  return {
    order: nameIn("woocommerce", order.id),
    orderName: titleOf(`#${name}`),
    buyer:
      order.customer_id == null || order.customer_id === "0"
        ? undefined
        : nameIn("woocommerce", order.customer_id),
    completedAt,
    currency,
    lines: lessFees(lines, feesOf(order)),
    shipping: sumOf(shipping),
    refunds: refundsOf(order, completedAt),
  };
}

/** An order that was refunded whole was completed before, or else has no time of completion. */
const COMPLETED: ReadonlySet<string> = new Set(["completed", "refunded"]);

type Line = Order["line_items"][number];

const lineOf = (line: Line, currency: string, field: string): ShopLine => ({
  item: line.id,
  title: titleOf(line.name),
  quantity: line.quantity,
  price: notNegative(paidFor(line, currency, field), field),
});

const paidFor = ({ total, total_tax = "0" }: z.output<typeof charged>, currency: string, field: string) =>
  minorAt(total, currency, `${field}.total`) + minorAt(total_tax, currency, `${field}.total_tax`);

const feesOf = ({ fee_lines = [], currency }: Order): bigint =>
  sumOf(
    fee_lines
      .map((fee, index) => paidFor(fee, currency, `fee_lines.${index}`))
      .filter((amount) => amount < 0n),
  );

/** A fee below zero is a discount on the order: it is taken off the lines in turn. A fee above is no goods, and left out. */
function lessFees(lines: readonly ShopLine[], fees: bigint): ShopLine[] {
  let off = -fees;
  return lines.map((line) => {
    const part = leastOf(off, line.price);
    off -= part;
    return { ...line, price: line.price - part };
  });
}

/** The oldest first: it writes the newest first. They have no time of their own, so that of the order's change is theirs. */
const refundsOf = ({ refunds = [], currency, date_modified_gmt }: Order, completedAt: number): ShopRefund[] =>
  refunds
    .toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
    .map((one) => {
      const total = minorAt(one.total, currency, "refunds.total");
      return {
        refund: nameIn("woocommerce", one.id),
        refundedAt: Math.max(date_modified_gmt ?? completedAt, completedAt),
        pieces: [],
        shipping: 0n,
        amount: total < 0n ? -total : total,
      };
    });
