// One write transaction: events and their receipts go into the open batch, or are found to be there already.

import type { EventRecord, RecordedReceipt } from "../programmes/record.ts";
import { copyIn, type Field } from "./copy.ts";
import { byteaArray, only, type Transaction, textArray } from "./database.ts";
import { holdShared } from "./locks.ts";

/** An event with the number of each receipt's line, looked up before the transaction starts. */
export type NumberedEvent = { readonly record: EventRecord; readonly lines: readonly number[] };

/** The batch that this transaction's receipts belong to. It cannot be closed before the transaction has ended. */
export async function holdOpenBatch(tx: Transaction): Promise<bigint> {
  // Two statements, the lock first: each sees what was committed when it began, so the number is read under the lock.
  const number = tx<{ number: bigint }[]>`SELECT number FROM open_batch`;
  const [, rows] = await Promise.all([holdShared(tx, "batch"), number]);
  return only(rows).number;
}

/**
 * Writes the events that are new and their receipts; answers with the ids (latin1) of those events. All within one
 * transaction that holds `batch`. Events must have distinct ids; they are written in the order of their ids, so that
 * transactions that share some wait for each other instead of deadlocking.
 */
export async function writeEvents(
  tx: Transaction,
  batch: bigint,
  events: readonly NumberedEvent[],
): Promise<Set<string>> {
  const sorted = [...events].sort((a, b) => Buffer.compare(a.record.id, b.record.id));
  const won = await insertEvents(
    tx,
    batch,
    sorted.map(({ record }) => record),
  );
  await copyReceipts(
    tx,
    batch,
    sorted.filter(({ record }) => won.has(idKey(record.id))),
  );
  return won;
}

/** An event's id as a key of maps. */
export const idKey = (id: Uint8Array): string =>
  Buffer.from(id.buffer, id.byteOffset, id.length).toString("latin1");

async function insertEvents(
  tx: Transaction,
  batch: bigint,
  records: readonly EventRecord[],
): Promise<Set<string>> {
  const ids = byteaArray(records.map((record) => record.id));
  const bodies = textArray(records.map((record) => record.body));
  const receipts = byteaArray(records.map((record) => Buffer.concat(record.receipts.map((one) => one.id))));
  const accepted = `{${records.map((record) => record.acceptedAt).join()}}`;
  const rows = await tx<{ id: Buffer }[]>`
    INSERT INTO events (id, batch, accepted_at, body, receipts)
    SELECT id, ${batch}, accepted_at, body, receipts
    FROM unnest(${ids}::bytea[], ${accepted}::bigint[], ${bodies}::text[], ${receipts}::bytea[])
      AS event (id, accepted_at, body, receipts)
    ON CONFLICT (id) DO NOTHING RETURNING id`;
  return new Set(rows.map((row) => idKey(row.id)));
}

async function copyReceipts(tx: Transaction, batch: bigint, events: readonly NumberedEvent[]): Promise<void> {
  const rows: Field[][] = [];
  let sum = 0n;
  for (const { record, lines } of events) {
    record.receipts.forEach((receipt, index) => {
      rows.push(receiptRow(receipt, batch, lines[index] as number, record.id));
      sum += receipt.amount;
    });
  }
  if (rows.length === 0) return;
  await tx`INSERT INTO commits (batch, receipts, sum) VALUES (${batch}, ${rows.length}, ${sum.toString()})`;
  const copy = tx`
    COPY receipts (id, batch, line, kind, amount, accepted_at, terms, details, salt, leaf, event, private)
    FROM STDIN (FORMAT binary)`;
  await copyIn(copy, [rows]);
}

const receiptRow = (receipt: RecordedReceipt, batch: bigint, line: number, event: Uint8Array): Field[] => [
  { bytes: receipt.id },
  { int8: batch },
  { int4: line },
  { int2: receipt.kind },
  { int8: receipt.amount },
  { int8: receipt.acceptedAt },
  { bytes: receipt.terms },
  { bytes: receipt.details },
  { bytes: receipt.salt },
  { bytes: receipt.leaf },
  { bytes: event },
  { bytes: receipt.private },
];
