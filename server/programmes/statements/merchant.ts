// A merchant's completeness statement, `amanah-completeness/1`, as people see it: what was recorded of one day, to be laid
// beside the merchant's own books. The document itself and the comparison are in `completeness`.

import type { Completeness } from "../completeness.ts";
import { type Paper, type Sheet, written } from "./paper.ts";

export const merchantPaper = (statement: Completeness): Paper => ({
  title: "What was recorded of your purchases",
  subtitle: `${statement.day}, a day in UTC, by the time of recording`,
  facts: [
    ["Merchant", statement.merchant],
    ["Ledger", statement.total.ledger],
    ["Purchases", statement.total.purchases],
    ["Refunds", statement.total.refunds.count],
    ["Purchases since the beginning", statement.total.last],
    ["Published in batch", statement.batch],
    ["Hash of the total", statement.hash],
  ],
  tables: [sumsTable(statement), ...ordersTable(statement)],
  notes: NOTES,
});

const NOTES = [
  "Compare the count, the sums and the last number with your own books, or let the command do it: npm run completeness -- --statement FILE --export ORDERS.csv.",
  "The hash of this total is in the book of the batch, and the batch's root is in the contract: whatever was left out of it cannot be added later without being seen.",
  "The number of purchases since the beginning goes on from one day to the next. A gap is a day that you were not told of.",
];

const sumsTable = ({ total }: Completeness) => ({
  title: "By currency",
  columns: [
    { title: "Currency", width: 25 },
    { title: "Paid", width: 25, align: "right" as const },
    { title: "Given of it", width: 25, align: "right" as const },
    { title: "Taken back by refunds", width: 25, align: "right" as const },
  ],
  rows: currenciesOf(total).map(({ currency, paid, given, reversed }) => [
    currency,
    written(paid, currency),
    written(given, currency),
    written(reversed, currency),
  ]),
  empty: "Nothing was paid on this day.",
});

function currenciesOf({ sums, refunds }: Completeness["total"]) {
  const names = new Set([...sums, ...refunds.sums].map(({ currency }) => currency));
  return [...names].sort().map((currency) => {
    const { paid = "0", given = "0" } = sums.find((one) => one.currency === currency) ?? {};
    const { reversed = "0" } = refunds.sums.find((one) => one.currency === currency) ?? {};
    return { currency, paid, given, reversed };
  });
}

const ordersTable = ({ orders, erasedOrders }: Completeness) =>
  orders === null
    ? []
    : [
        {
          title:
            erasedOrders === "0"
              ? "Orders"
              : `Orders; the numbers of ${erasedOrders} more were erased on request`,
          columns: [1, 2, 3].map(() => ({ title: "", width: 1 })),
          rows: threes(orders),
          empty: "None.",
        },
      ];

const threes = (orders: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(orders.length / 3) }, (_, row) =>
    [0, 1, 2].map((column) => orders[3 * row + column] ?? ""),
  );

/** One row for each order when they were asked for, else one for each currency. */
export function merchantSheet(statement: Completeness): Sheet {
  const { merchant, day, total, orders } = statement;
  if (orders !== null)
    return { columns: ["merchant", "day", "order"], rows: orders.map((order) => [merchant, day, order]) };
  const head = [merchant, day, total.purchases, total.refunds.count, total.last];
  return {
    columns: [
      "merchant",
      "day",
      "purchases",
      "refunds",
      "last",
      "currency",
      "paid",
      "given",
      "reversed",
      "hash",
    ],
    rows: currenciesOf(total).map((one) => [
      ...head,
      one.currency,
      one.paid,
      one.given,
      one.reversed,
      statement.hash,
    ]),
  };
}
