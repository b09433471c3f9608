// Promises as they were signed, one for each write transaction: kept so that the same event always gets the same promise,
// and so that a challenge finds its receipt.

import { equalBytes } from "../protocol/bytes.ts";
import type { Queries } from "./database.ts";

/** The promise of one write transaction, as `record_events` stores it. */
export type StoredPromise = {
  /** Unix seconds. */
  readonly deadline: bigint;
  /** 65 bytes. */
  readonly signature: Uint8Array;
  /** Leaves of promises, 32 bytes each, in the order of their bytes. */
  readonly leaves: Uint8Array;
  /** The ids of the receipts that they promise, 16 bytes each, in the same order. */
  readonly receipts: Uint8Array;
};

const LEAF_BYTES = 32;
const ID_BYTES = 16;

/** Those of these numbers, keyed by number. */
export async function promisesByIds(
  sql: Queries,
  ids: readonly bigint[],
): Promise<Map<bigint, StoredPromise>> {
  const rows = await sql<(StoredPromise & { id: bigint })[]>`
    SELECT id, deadline, signature, leaves, receipts FROM promises WHERE id = ANY(${`{${ids}}`}::bigint[])`;
  return new Map(rows.map(({ id, ...promise }) => [id, promise]));
}

/** The one that promises an event's receipts; undefined when none does. In two steps: a Citus cluster does not join the two tables. */
export async function promiseOfEvent(sql: Queries, event: Uint8Array): Promise<StoredPromise | undefined> {
  const [row] = await sql<{ promise: bigint | null }[]>`SELECT promise FROM events WHERE id = ${event}`;
  const id = row?.promise ?? null;
  return id === null ? undefined : (await promisesByIds(sql, [id])).get(id);
}

/** The id of the receipt that was promised for a deadline under a leaf; undefined when nobody here has promised it. */
export async function receiptOfPromise(
  sql: Queries,
  deadline: bigint,
  promiseLeaf: Uint8Array,
): Promise<Uint8Array | undefined> {
  const rows = await sql<Pick<StoredPromise, "leaves" | "receipts">[]>`
    SELECT leaves, receipts FROM promises WHERE deadline = ${deadline}`;
  for (const { leaves, receipts } of rows) {
    const place = placeOf(leaves, LEAF_BYTES, promiseLeaf);
    if (place >= 0) return receipts.subarray(place * ID_BYTES, (place + 1) * ID_BYTES);
  }
  return undefined;
}

function placeOf(packed: Uint8Array, width: number, wanted: Uint8Array): number {
  for (let at = 0; at < packed.length; at += width)
    if (equalBytes(packed.subarray(at, at + width), wanted)) return at / width;
  return -1;
}
