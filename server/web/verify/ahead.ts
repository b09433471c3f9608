// What a receipt's link needs is on its way at once: its code, its texts, the receipt, and what the site says of its ledger. None
// waits for another. Small, since every page loads it.

import type { QueryClient } from "@tanstack/react-query";
import type { ComponentType } from "react";
import { ledgerQuery } from "../ledger/hint.ts";
import { linkIn } from "./link.ts";
import { receiptQuery, TEXTS } from "./needs.ts";

export const loadPage = () => import("./page.tsx");

export type Ahead = {
  readonly texts: readonly string[];
  /** The page, once its code is there; none where it is not this one, or could not be loaded. */
  readonly page: Promise<ComponentType | undefined>;
};

/** At any other address than a receipt's nothing is asked. */
export function askAhead(queries: QueryClient, address: string): Ahead {
  const link = linkIn(address);
  if (link === null) return { texts: [], page: Promise.resolve(undefined) };
  void queries.prefetchQuery(receiptQuery(link.id, link.key));
  void queries.prefetchQuery(ledgerQuery);
  const page = loadPage().then(
    ({ default: page }) => page,
    () => undefined,
  );
  return { texts: TEXTS, page };
}
