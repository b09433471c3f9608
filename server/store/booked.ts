// A receipt of which only its leaf and line are known, as the books tell them: looked for in the line's statements, and in
// batches that are not sealed yet. No index leads there, since every recording would pay for it; so this is for the rare case
// in which nothing else does.

import { only, type Queries } from "./database.ts";
import { receiptWithin, type StoredReceipt } from "./receipts.ts";

/** `unit` and `kind` as somebody claims them. */
export type Booked = {
  readonly leaf: Uint8Array;
  readonly charity: Uint8Array;
  readonly unit: string;
  readonly kind: number;
};

const BATCHES_AT_ONCE = 1_000;
const BEHIND_ALL = 2n ** 63n - 1n;

/** Undefined when no batch has that leaf on that line. It reads the leaves of the whole line, the newest first. */
export async function bookedReceipt(sql: Queries, booked: Booked): Promise<StoredReceipt | undefined> {
  const { leaf, charity, unit, kind } = booked;
  const [line] = await sql<{ id: number }[]>`
    SELECT id FROM lines WHERE charity = ${charity} AND unit = ${unit}`;
  if (line === undefined) return undefined;
  // These first: what is sealed between the two looks is seen by the second.
  const unsealed = await receiptWithin(sql, [(await lastSealed(sql)) + 1n, BEHIND_ALL], leaf);
  if (unsealed !== undefined) return unsealed;
  for await (const batches of statedIn(sql, line.id, kind)) {
    const [found] = await sql<{ batch: bigint }[]>`
      SELECT batch FROM chunks
      WHERE batch = ANY(${`{${batches}}`}::bigint[]) AND line = ${line.id} AND kind = ${kind}
        AND position(${leaf}::bytea IN leaves) > 0 LIMIT 1`;
    if (found !== undefined) return await receiptWithin(sql, [found.batch, found.batch], leaf);
  }
  return undefined;
}

/** Batches are sealed in their order; 0 before the first of them. */
async function lastSealed(sql: Queries): Promise<bigint> {
  const rows = await sql<{ batch: bigint | null }[]>`SELECT max(batch) AS batch FROM statements`;
  return only(rows).batch ?? 0n;
}

/** The numbers of the batches that have a statement of one side of a line, many at a time. */
async function* statedIn(sql: Queries, line: number, kind: number): AsyncGenerator<bigint[]> {
  for (let before = BEHIND_ALL; ; ) {
    const rows = await sql<{ batch: bigint }[]>`
      SELECT batch FROM statements WHERE line = ${line} AND kind = ${kind} AND batch < ${before}
      ORDER BY batch DESC LIMIT ${BATCHES_AT_ONCE}`;
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(({ batch }) => batch);
    before = last.batch;
  }
}
