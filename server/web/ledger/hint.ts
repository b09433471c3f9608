// What the site says of its ledger, asked for once by all that need it.

import { get } from "../api/client.ts";
import type { LedgerHint } from "./choice.ts";

/** Without an answer of the site a page goes on with what the visitor has chosen. */
export const ledgerQuery = {
  queryKey: ["ledger"],
  queryFn: ({ signal }: { signal: AbortSignal }) => get<LedgerHint>("/v1/ledger", { signal }),
  staleTime: 60_000,
};
