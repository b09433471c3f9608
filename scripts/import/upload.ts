// Purchases on their way into the service: in groups, each of which first has its merchants seen to. In memory are the
// groups under way, and nothing of what lies behind them.

import { groupsOf, inOrder } from "./in-order.ts";
import type { Parties } from "./parties.ts";
import type { ServiceClient } from "./service-client.ts";
import type { PurchaseBody, Source } from "./source.ts";

/** The service's answer to one purchase: receipts with a status of 2xx, else what is wrong with it. */
export type PurchaseAnswer = {
  readonly status: number;
  readonly merchant: string;
  readonly order: string;
  readonly batch?: string;
  readonly receipts?: readonly { readonly id: string; readonly key: string; readonly amount: string }[];
  readonly type?: string;
  readonly detail?: string;
};

const PURCHASES_A_GROUP = 1_000;
const GROUPS_AT_ONCE = 3;

/** The answers to a source's purchases, group by group in their order. */
export function uploadAll(
  client: ServiceClient,
  parties: Parties,
  source: Source,
): AsyncGenerator<PurchaseAnswer[]> {
  return inOrder(groupsOf(source.read(), PURCHASES_A_GROUP), GROUPS_AT_ONCE, async (group) => {
    await parties.ensureMerchants(
      new Map(group.map(({ merchant }) => [merchant, source.merchantName(merchant)])),
    );
    return upload(client, group);
  });
}

async function upload(client: ServiceClient, group: readonly PurchaseBody[]): Promise<PurchaseAnswer[]> {
  const answers = await client.writeLines<PurchaseAnswer & { line: number }>("/v1/purchases/bulk", group);
  // The line is one of this request, and so says nothing to whoever reads the answers of all.
  return answers.map(({ line: _, ...answer }) => answer);
}
