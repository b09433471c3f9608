// The one statement that writes receipts: events and their receipts go into the open batch, or are there already.

import type { Count } from "../programmes/campaign.ts";
import type { EventRecord } from "../programmes/record.ts";
import { only, type Queries, textArray } from "./database.ts";
import type { StoredPromise } from "./promises.ts";

/** An event with the number of each receipt's line, looked up before. */
export type NumberedEvent = { readonly record: EventRecord; readonly lines: readonly number[] };

/** What an event adds to campaigns, and which version of them says so. */
export type CampaignCounter = {
  readonly version: bigint;
  countsOf(record: EventRecord): readonly Count[];
};

/** The batch that the new ones fell into, and the ids of the new ones as keys. */
export type WrittenEvents = { readonly batch: bigint; readonly added: ReadonlySet<string> };

/** An event's id as a key of maps. */
export const idKey = (id: Uint8Array): string =>
  Buffer.from(id.buffer, id.byteOffset, id.length).toString("latin1");

/**
 * Writes the events that are new, their receipts and what promises them, in a transaction of its own or in the caller's. Events must have
 * distinct ids; they are written in the order of their ids, so that transactions that share some wait for each other
 * instead of deadlocking. The batch cannot be closed before the transaction has ended. Where there are other campaigns than
 * the counter knows nothing is written, and the answer is undefined.
 */
export async function writeEvents(
  sql: Queries,
  events: readonly NumberedEvent[],
  promise: StoredPromise | null,
  counter: CampaignCounter,
): Promise<WrittenEvents | undefined> {
  const sorted = [...events].sort((a, b) => Buffer.compare(a.record.id, b.record.id));
  const rows = await sql<{ into_batch: bigint | null; new_events: Buffer }[]>`
    SELECT into_batch, new_events
    FROM record_events(${eventColumns(sql, sorted)}, ${receiptColumns(sql, sorted)}, ${promiseColumns(sql, promise)},
      ${counter.version}::bigint, ${countColumns(sql, sorted, counter)})`;
  const { into_batch: batch, new_events } = only(rows);
  return batch === null ? undefined : { batch, added: new Set(idsIn(new_events)) };
}

const ID_BYTES = 16;

function* idsIn(ids: Buffer): Generator<string> {
  for (let at = 0; at < ids.length; at += ID_BYTES) yield idKey(ids.subarray(at, at + ID_BYTES));
}

function eventColumns(sql: Queries, events: readonly NumberedEvent[]) {
  const records = events.map(({ record }) => record);
  return sql`
    ${packed(records.map(({ id }) => id))}::bytea, ${numbers(records.map(({ acceptedAt }) => acceptedAt))}::bigint[],
    ${joined(records.map(({ body }) => body))}::text, ${numbers(records.map(({ receipts }) => receipts.length))}::integer[]`;
}

function receiptColumns(sql: Queries, events: readonly NumberedEvent[]) {
  const receipts = events.flatMap(({ record }) => record.receipts);
  const owners = events.flatMap(({ record }, index) => record.receipts.map(() => index + 1));
  return sql`
    ${numbers(owners)}::integer[],
    ${packed(receipts.map(({ id }) => id))}::bytea,
    ${numbers(events.flatMap(({ lines }) => lines))}::integer[],
    ${numbers(receipts.map(({ kind }) => kind))}::smallint[],
    ${numbers(receipts.map(({ amount }) => amount))}::bigint[],
    ${packed(receipts.map(({ terms }) => terms))}::bytea,
    ${packed(receipts.map(({ details }) => details))}::bytea,
    ${packed(receipts.map(({ salt }) => salt))}::bytea,
    ${packed(receipts.map(({ leaf }) => leaf))}::bytea,
    ${joined(receipts.map((receipt) => receipt.private))}::text`;
}

const promiseColumns = (sql: Queries, promise: StoredPromise | null) => sql`
  ${promise?.deadline ?? null}::bigint, ${promise?.signature ?? null}::bytea,
  ${promise?.leaves ?? null}::bytea, ${promise?.receipts ?? null}::bytea`;

function countColumns(sql: Queries, events: readonly NumberedEvent[], counter: CampaignCounter) {
  const counts = events.map(({ record }) => counter.countsOf(record));
  if (counts.every((own) => own.length === 0)) return sql`NULL, NULL, NULL, NULL, NULL, NULL, NULL`;
  const owners = counts.flatMap((own, index) => own.map(() => index + 1));
  const all = counts.flat();
  return sql`
    ${joined(counts.map(campaignsOf))}::text, ${numbers(owners)}::integer[],
    ${numbers(all.map(({ number }) => number))}::integer[], ${textArray(all.map(({ unit }) => unit))}::text[],
    ${numbers(all.map(({ kind }) => kind))}::smallint[], ${numbers(all.map(({ receipts }) => receipts))}::bigint[],
    ${numbers(all.map(({ sum }) => sum))}::bigint[]`;
}

/** The campaigns of an event, each once; nothing where there is none. */
const campaignsOf = (own: readonly Count[]): string =>
  own.length === 0 ? "" : numbers([...new Set(own.map(({ number }) => number))]);

// How `record_events` wants its columns: as few and as plain values as can be, since escaping each of thousands takes
// longer than all else about them.

/** Stands between texts: no JSON contains it. */
const SEPARATOR = "\u001e";

const packed = (values: readonly Uint8Array[]): Buffer => Buffer.concat(values);
const joined = (texts: readonly string[]): string => texts.join(SEPARATOR);
const numbers = (list: readonly (number | bigint)[]): string => `{${list.join()}}`;
