// Submits sealed batches in order: each is read once more from its stored fields, and only a root that comes out the same
// is asked to be anchored. A wrong root on chain would stand for ever.

import type { Logger } from "pino";
import { oldestSealed, submitBatch } from "../store/anchoring.ts";
import type { Database } from "../store/database.ts";
import { AlarmError } from "./chain-context.ts";

/** Reads a batch a second time: what is wrong with it, in plain sentences; nothing when it is in order. */
export type SecondReader = { read(batch: bigint): Promise<readonly string[]> };

export type Anchorer = { readonly sql: Database; readonly reader: SecondReader; readonly log: Logger };

/** Submits the oldest sealed batch; false when there is none. Throws `AlarmError` when the second reading differs. */
export async function anchorOldest({ sql, reader, log }: Anchorer): Promise<boolean> {
  const batch = await oldestSealed(sql);
  if (batch === undefined) return false;
  const started = performance.now();
  const findings = await reader.read(batch.number);
  if (findings.length > 0)
    throw new AlarmError("second-reading", `batch ${batch.number} is not anchored: ${findings.join("; ")}`);
  if (!(await submitBatch(sql, batch))) return false;
  const milliseconds = Math.round(performance.now() - started);
  log.info({ batch: batch.number, milliseconds }, "batch read again and submitted");
  return true;
}
