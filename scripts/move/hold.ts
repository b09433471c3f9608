// What the commands share that bring a ledger to a chain: one process at a time, its progress, and its end by a signal.

import { InvalidArgumentError } from "commander";
import { ConflictError } from "../../server/errors.ts";
import type { Database } from "../../server/store/database.ts";
import { tryHold } from "../../server/store/locks.ts";

export const THREE_DAYS_SECONDS = 259_200;

export function seconds(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("wanted whole seconds");
  return Number(text);
}

/** A line for each change, on stderr. */
export function progress(): (callsLeft: bigint) => void {
  let before: bigint | undefined;
  return (left) => {
    if (left !== before && left > 0n) console.error(`${left} calls to go`);
    before = left;
  };
}

export function untilInterrupted(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());
  return stopping.signal;
}

/** Only one process may speak to the contract. */
export async function holdingChain<T>(sql: Database, work: () => Promise<T>): Promise<T> {
  const hold = await tryHold(sql, "chain");
  if (hold === null)
    throw new ConflictError(
      "service-running",
      "a service on this database speaks to the contract; stop it first",
    );
  try {
    return await work();
  } finally {
    await hold.release();
  }
}
