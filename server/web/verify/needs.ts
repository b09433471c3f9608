// What a receipt's page needs before it can show anything: its texts, and the receipt as the site serves it.

import { get, inPath } from "../api/client.ts";
import type { ServedReceipt } from "./queries.ts";

/** All texts that a result may need: they must be there when the connection is not. */
export const TEXTS = ["verify", "reasons", "line"];

/** A key travels in a header: addresses are written to logs. */
export const receiptQuery = (id: string, key: string | null) => ({
  queryKey: ["receipt", id, key],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    get<ServedReceipt>(`/v1/receipts/${inPath(id)}`, {
      signal,
      authorization: key === null ? undefined : `Receipt ${key}`,
    }),
});
