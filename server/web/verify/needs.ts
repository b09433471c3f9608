// What a receipt's page needs before it can show anything: its texts, and the receipt as the site serves it.

import { get, inPath } from "../api/client.ts";
import type { ServedReceipt } from "./queries.ts";

/** The texts of a receipt that is valid. */
export const TEXTS = ["verify", "line"];

/** Why a receipt is not: a valid one does not wait for them, but they must be there when the connection is not. */
export const REASONS = "reasons";

/** A key travels in a header: addresses are written to logs. */
export const receiptQuery = (id: string, key: string | null) => ({
  queryKey: ["receipt", id, key],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    get<ServedReceipt>(`/v1/receipts/${inPath(id)}`, {
      signal,
      authorization: key === null ? undefined : `Receipt ${key}`,
    }),
});
