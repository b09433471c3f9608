// The Brazilian E-Commerce Public Dataset by Olist (2018): orders, their items and their buyers, each in a file. What one
// seller sold in one order that has been delivered is a purchase.
// SQLite joins the files, in a temporary database of its own that keeps at most 64 MB in memory and the rest on disk, so
// that files of any size will do; closed, it is gone.

import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { InputError, messageOf } from "../../server/errors.ts";
import { rowsOf } from "./csv.ts";
import type { PurchaseBody, Source } from "./source.ts";

/** The files' times are local: Brasília's. */
const OFFSET = "-03:00";
const CURRENCY = "BRL";
const MERCHANT_PREFIX = "olist-";

const TABLES = `
  PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -64000;
  CREATE TABLE orders (id, customer, status, delivered);
  CREATE TABLE customers (id, buyer);
  CREATE TABLE items ("order", item INTEGER, seller, price, freight);
  BEGIN`;

/** Made afterwards, by sorting: rows that come in any order would else be looked up one by one. */
const INDEXES = `
  COMMIT;
  CREATE UNIQUE INDEX orders_by_id ON orders (id);
  CREATE UNIQUE INDEX customers_by_id ON customers (id);
  CREATE UNIQUE INDEX items_by_purchase ON items ("order", seller, item)`;

const COMPLETED = "status = 'delivered' AND delivered <> ''";

const COUNTS = `
  WITH sold AS (SELECT DISTINCT "order", seller FROM items CROSS JOIN orders ON id = "order" WHERE ${COMPLETED})
  SELECT (SELECT count(*) FROM orders) AS orders, count(DISTINCT "order") AS completed, count(*) AS purchases
  FROM sold`;

const SKIPPED = `
  SELECT iif(${COMPLETED}, 'without items', iif(status = 'delivered', 'delivered, without a date', status)) AS reason,
    count(*) AS orders
  FROM orders WHERE NOT (${COMPLETED}) OR NOT EXISTS (SELECT 1 FROM items WHERE "order" = id)
  GROUP BY reason ORDER BY orders DESC`;

/** Grouped in the order of the index, so that nothing is sorted or held. */
const PURCHASES = `
  SELECT "order", seller, delivered, buyer,
    json_group_array(json_object('item', CAST(item AS TEXT), 'price', price, 'shipping', freight) ORDER BY item) AS items
  FROM items CROSS JOIN orders ON orders.id = "order" LEFT JOIN customers ON customers.id = customer
  WHERE ${COMPLETED} GROUP BY "order", seller ORDER BY "order", seller`;

type Sold = Record<"order" | "seller" | "delivered" | "items", string> & { readonly buyer: string | null };

export async function openOlist(folder: string): Promise<Source> {
  const database = new DatabaseSync("");
  try {
    database.exec(TABLES);
    await loadOrders(database, join(folder, "olist_orders_dataset.csv"));
    await loadCustomers(database, join(folder, "olist_customers_dataset.csv"));
    await loadItems(database, join(folder, "olist_order_items_dataset.csv"));
    makeIndexes(database, folder);
    return sourceOf(database);
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

async function loadOrders(database: DatabaseSync, file: string): Promise<void> {
  const columns = ["order_id", "customer_id", "order_status", "order_delivered_customer_date"] as const;
  await load(database, "orders", file, columns, (row) => {
    const delivered = row.order_delivered_customer_date;
    if (delivered !== "")
      wanted(TIME, delivered, "order_delivered_customer_date", "a time such as 2017-07-26 10:57:55");
    return [row.order_id, row.customer_id, row.order_status, delivered.replace(" ", "T")];
  });
}

const loadCustomers = (database: DatabaseSync, file: string): Promise<void> =>
  load(database, "customers", file, ["customer_id", "customer_unique_id"] as const, (row) => [
    row.customer_id,
    row.customer_unique_id,
  ]);

async function loadItems(database: DatabaseSync, file: string): Promise<void> {
  const columns = ["order_id", "order_item_id", "seller_id", "price", "freight_value"] as const;
  await load(database, "items", file, columns, (row) => [
    row.order_id,
    Number(wanted(NUMBER, row.order_item_id, "order_item_id", "a whole number")),
    row.seller_id,
    centavos(row.price, "price"),
    centavos(row.freight_value, "freight_value"),
  ]);
}

async function load<Column extends string>(
  database: DatabaseSync,
  table: string,
  file: string,
  columns: readonly Column[],
  valuesOf: (row: Readonly<Record<Column, string>>) => SQLInputValue[],
): Promise<void> {
  let insert: ReturnType<DatabaseSync["prepare"]> | undefined;
  for await (const { row, line } of rowsOf(file, columns)) {
    const values = at(file, line, () => valuesOf(row));
    insert ??= database.prepare(`INSERT INTO ${table} VALUES (${values.map(() => "?")})`);
    insert.run(...values);
  }
}

/** Says where in the files a value was not as wanted. */
function at<T>(file: string, line: number, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw new InputError("unreadable-value", `${file}, line ${line}: ${messageOf(thrown)}`);
  }
}

const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;
const NUMBER = /^[1-9]\d{0,8}$/;
const REAIS = /^(\d{1,12})(?:\.(\d{1,2})0*)?$/;

function wanted(pattern: RegExp, value: string, column: string, what: string): string {
  if (pattern.test(value)) return value;
  throw new Error(`${column}: wanted ${what}, came ${JSON.stringify(value)}`);
}

/** A decimal number of reais in centavos, exactly: "99.9" is "9990". */
function centavos(reais: string, column: string): string {
  const [, whole, fraction = ""] = REAIS.exec(wanted(REAIS, reais, column, "an amount such as 99.90")) ?? [];
  return BigInt(`${whole}${fraction.padEnd(2, "0")}`).toString();
}

function makeIndexes(database: DatabaseSync, folder: string): void {
  try {
    database.exec(INDEXES);
  } catch (thrown) {
    throw new InputError(
      "repeated-row",
      `${folder}: wanted each order, customer and item once: ${messageOf(thrown)}`,
    );
  }
}

function sourceOf(database: DatabaseSync): Source {
  const counts = database.prepare(COUNTS).get() as Record<"orders" | "completed" | "purchases", number>;
  return {
    ...counts,
    currency: CURRENCY,
    skipped: database.prepare(SKIPPED).all() as { reason: string; orders: number }[],
    merchantName: (merchant) => merchant.replace(MERCHANT_PREFIX, "Olist seller "),
    read: () => purchasesOf(database),
    close: () => database.close(),
  };
}

function* purchasesOf(database: DatabaseSync): Generator<PurchaseBody> {
  for (const sold of database.prepare(PURCHASES).iterate()) yield purchaseOf(sold as unknown as Sold);
}

const purchaseOf = ({ order, seller, delivered, buyer, items }: Sold): PurchaseBody => ({
  merchant: `${MERCHANT_PREFIX}${seller}`,
  order,
  completedAt: `${delivered}${OFFSET}`,
  currency: CURRENCY,
  ...(buyer === null ? {} : { buyer }),
  items: JSON.parse(items),
});
