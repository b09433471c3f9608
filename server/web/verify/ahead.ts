// What a receipt's link needs is on its way at once: its code, its texts, the receipt, and what the site says of its ledger. None
// waits for another. Small, since every page loads it.

import type { QueryClient } from "@tanstack/react-query";
import { get, inPath } from "../api/client.ts";
import { ledgerQuery } from "../ledger/hint.ts";
import { linkIn } from "./link.ts";
import type { ServedReceipt } from "./queries.ts";

/** All texts that a result may need: they must be there when the connection is not. */
export const TEXTS = ["verify", "reasons", "line"];

export const loadPage = () => import("./page.tsx");

/** A key travels in a header: addresses are written to logs. */
export const receiptQuery = (id: string, key: string | null) => ({
  queryKey: ["receipt", id, key],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    get<ServedReceipt>(`/v1/receipts/${inPath(id)}`, {
      signal,
      authorization: key === null ? undefined : `Receipt ${key}`,
    }),
});

export type Ahead = {
  readonly texts: readonly string[];
  /** Settles once the page's code is there. */
  readonly page: Promise<unknown>;
};

/** At any other address than a receipt's nothing is asked. */
export function askAhead(queries: QueryClient, address: string): Ahead {
  const link = linkIn(address);
  if (link === null) return { texts: [], page: Promise.resolve() };
  void queries.prefetchQuery(receiptQuery(link.id, link.key));
  void queries.prefetchQuery(ledgerQuery);
  return { texts: TEXTS, page: loadPage() };
}
