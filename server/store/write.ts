// The one statement that writes receipts: events and their receipts go into the open batch, or are there already.

import type { EventRecord, RecordedReceipt } from "../programmes/record.ts";
import { byteaArray, only, type Queries, utf8Array } from "./database.ts";

/** An event with the number of each receipt's line, looked up before. */
export type NumberedEvent = { readonly record: EventRecord; readonly lines: readonly number[] };

/** The batch that the new ones fell into, and the ids of the new ones as keys. */
export type WrittenEvents = { readonly batch: bigint; readonly added: ReadonlySet<string> };

/** An event's id as a key of maps. */
export const idKey = (id: Uint8Array): string =>
  Buffer.from(id.buffer, id.byteOffset, id.length).toString("latin1");

/**
 * Writes the events that are new and their receipts, in a transaction of its own or in the caller's. Events must have
 * distinct ids; they are written in the order of their ids, so that transactions that share some wait for each other
 * instead of deadlocking. The batch cannot be closed before the transaction has ended.
 */
export async function writeEvents(sql: Queries, events: readonly NumberedEvent[]): Promise<WrittenEvents> {
  const sorted = [...events].sort((a, b) => Buffer.compare(a.record.id, b.record.id));
  const rows = await sql<{ into_batch: bigint; new_events: Buffer[] }[]>`
    SELECT into_batch, new_events FROM record_events(${eventColumns(sql, sorted)}, ${receiptColumns(sql, sorted)})`;
  const { into_batch: batch, new_events } = only(rows);
  return { batch, added: new Set(new_events.map(idKey)) };
}

function eventColumns(sql: Queries, events: readonly NumberedEvent[]) {
  const records = events.map(({ record }) => record);
  const receipts = records.map((record) => Buffer.concat(record.receipts.map(({ id }) => id)));
  return sql`
    ${byteaArray(records.map(({ id }) => id))}::bytea[],
    ${numberArray(records.map(({ acceptedAt }) => acceptedAt))}::bigint[],
    ${utf8Array(records.map(({ body }) => body))}::bytea[],
    ${byteaArray(receipts)}::bytea[]`;
}

function receiptColumns(sql: Queries, events: readonly NumberedEvent[]) {
  const receipts = events.flatMap(({ record }) => record.receipts);
  const owners = events.flatMap(({ record }) => record.receipts.map(() => record.id));
  const bytes = (column: (receipt: RecordedReceipt) => Uint8Array) => byteaArray(receipts.map(column));
  const numbers = (column: (receipt: RecordedReceipt) => number | bigint) =>
    numberArray(receipts.map(column));
  return sql`
    ${byteaArray(owners)}::bytea[],
    ${bytes(({ id }) => id)}::bytea[],
    ${numberArray(events.flatMap(({ lines }) => lines))}::integer[],
    ${numbers(({ kind }) => kind)}::smallint[],
    ${numbers(({ amount }) => amount)}::bigint[],
    ${numbers(({ acceptedAt }) => acceptedAt)}::bigint[],
    ${bytes(({ terms }) => terms)}::bytea[],
    ${bytes(({ details }) => details)}::bytea[],
    ${bytes(({ salt }) => salt)}::bytea[],
    ${bytes(({ leaf }) => leaf)}::bytea[],
    ${utf8Array(receipts.map((receipt) => receipt.private))}::bytea[]`;
}

const numberArray = (list: readonly (number | bigint)[]) => `{${list.join()}}`;
