// Real orders for a whole story, in three parts: those of a marketplace where OLIST_DIR names them, else a few made here.

import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

const ORDERS = "olist_orders_dataset.csv";
const REST = ["olist_order_items_dataset.csv", "olist_customers_dataset.csv"] as const;
const PARTS = 3;

/** Writes the parts below `root`, each a folder that `npm run import` reads; answers with their paths. */
export async function writeParts(root: string, source = process.env.OLIST_DIR): Promise<string[]> {
  const from = source ?? (await writeSmall(join(root, "small")));
  const [head = "", ...orders] = (await readFile(join(from, ORDERS), "utf8")).trimEnd().split(/\r?\n/);
  const parts = Array.from({ length: PARTS }, (_, part) => part);
  return Promise.all(
    parts.map(async (part) => {
      const folder = join(root, `part-${part + 1}`);
      await mkdir(folder);
      const own = orders.filter((_, index) => index % PARTS === part);
      await writeFile(join(folder, ORDERS), `${[head, ...own].join("\n")}\n`);
      for (const name of REST) await symlink(join(from, name), join(folder, name));
      return folder;
    }),
  );
}

const SMALL = 90;

async function writeSmall(folder: string): Promise<string> {
  await mkdir(folder);
  const numbers = Array.from({ length: SMALL }, (_, number) => number);
  const files = {
    [ORDERS]: [
      "order_id,customer_id,order_status,order_delivered_customer_date",
      ...numbers.map((number) => `o${number},c${number},delivered,2018-01-02 10:00:00`),
    ],
    [REST[0]]: [
      "order_id,order_item_id,seller_id,price,freight_value",
      ...numbers.map((number) => `o${number},1,seller-${number % 4},${100 + number}.50,7.30`),
    ],
    [REST[1]]: [
      "customer_id,customer_unique_id",
      ...numbers.map((number) => `c${number},buyer-${number % 30}`),
    ],
  };
  for (const [name, lines] of Object.entries(files))
    await writeFile(join(folder, name), `${lines.join("\n")}\n`);
  return folder;
}
