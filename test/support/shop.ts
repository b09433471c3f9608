// A small market in a service: charities, a merchant, keys, a pledge that is in force. What it sells is made here too.

import type { Answer } from "./client.ts";
import { call } from "./client.ts";

export interface Shop {
  readonly merchant: string;
  readonly charities: readonly string[];
  readonly merchantKey: string;
  readonly charityKeys: readonly string[];
  /** The id of its first pledge. */
  readonly pledge: string;
}

type Door = { readonly url: string; readonly operatorKey: string };

/** Fails with the answer when it is not of the status wanted. */
export async function wanted(status: number, answer: Promise<Answer>): Promise<Answer["body"]> {
  const came = await answer;
  if (came.status === status) return came.body;
  throw new Error(`wanted ${status}, came ${came.status}: ${JSON.stringify(came.body)}`);
}

export const LONG_AGO = "2025-01-01T00:00:00Z";
export const COMPLETED = "2025-11-11T08:00:00+08:00";

/** One percent of price and shipping to one charity, reversed when refunded; `terms` replace what they name. */
export const termsOf = (merchant: string, charities: readonly string[], terms: object = {}) => ({
  merchant,
  currency: "CNY",
  share: { basisPoints: 100 },
  refunds: "reverse",
  charities: charities.map((charity) => ({ charity })),
  startsAt: LONG_AGO,
  ...terms,
});

let shops = 0;

/** Opens a shop with a name of its own, whose pledge every charity has accepted. */
export async function openShop(
  door: Door,
  { terms = {}, charities = 1 }: { terms?: object; charities?: number } = {},
): Promise<Shop> {
  shops += 1;
  const merchant = `shop-${shops}`;
  const names = Array.from({ length: charities }, (_, index) => `GB-CHC-${shops}-${index + 1}`);
  const post = (path: string, body: object) => call(`${door.url}${path}`, { key: door.operatorKey, body });
  for (const registration of names)
    await wanted(201, post("/v1/charities", { registration, name: `Charity ${registration}` }));
  await wanted(201, post("/v1/merchants", { id: merchant, name: `Shop ${shops}` }));
  const merchantKey = await keyFor(door, "merchant", merchant);
  const charityKeys = await Promise.all(names.map((name) => keyFor(door, "charity", name)));
  const pledge = (await wanted(201, post("/v1/pledges", termsOf(merchant, names, terms)))).id as string;
  for (const key of charityKeys)
    await wanted(200, call(`${door.url}/v1/pledges/${pledge}/acceptance`, { key, body: {} }));
  return { merchant, charities: names, merchantKey, charityKeys, pledge };
}

export async function keyFor(door: Door, role: string, subject?: string): Promise<string> {
  const body = { role, subject, label: "test" };
  return (await wanted(201, call(`${door.url}/v1/keys`, { key: door.operatorKey, body }))).key;
}

/** A purchase of one item for 12.50 and 1.00 shipping: 14 fen under the usual pledge. */
export const purchaseOf = (merchant: string, order: string, given: object = {}) => ({
  merchant,
  order,
  completedAt: COMPLETED,
  currency: "CNY",
  buyer: "buyer-7",
  items: [{ item: "1", title: "Green tea", quantity: 1, price: "1250", shipping: "100" }],
  ...given,
});
