// The answer to an event: its receipts, the same however often it is told; or what contradicts the first telling.

import { ConflictError, InvariantError } from "../errors.ts";
import { sha256 } from "../hashing.ts";
import type { EventRecord } from "../programmes/record.ts";
import type { Kind } from "../protocol/receipt.ts";
import type { Queries } from "../store/database.ts";
import { eventsByIds, type StoredEvent } from "../store/events.ts";
import { promisesByIds, type StoredPromise } from "../store/promises.ts";
import { receiptsByIds, type StoredReceipt } from "../store/receipts.ts";
import type { PromiseOpener } from "./promiser.ts";

export type AnsweredReceipt = {
  readonly id: Uint8Array;
  readonly registration: string;
  readonly unit: string;
  readonly kind: Kind;
  readonly amount: bigint;
  readonly terms: Uint8Array;
  /** The shop's name for the item that it is for; null once erased. */
  readonly item: string | null;
  /** As JSON; null where the service did not promise. */
  readonly promise: string | null;
};

export type Answer = {
  /** Whether this telling of the event recorded it; else an earlier one did. */
  readonly recorded: boolean;
  readonly batch: bigint;
  /** Unix seconds. */
  readonly acceptedAt: number;
  readonly receipts: readonly AnsweredReceipt[];
};

/** What was written just now. */
export function answerOf(
  record: EventRecord,
  { batch, promise }: { readonly batch: bigint; readonly promise: StoredPromise | null },
  opener: PromiseOpener,
): Answer {
  const receipts = record.receipts.map((receipt) => ({
    ...receipt,
    promise: promise && opener.text(promise, receipt),
  }));
  return { recorded: true, batch, acceptedAt: record.acceptedAt, receipts };
}

/**
 * The answers to events that were known already, in order: the first receipts where the body is the same, else a
 * `ConflictError` that names what differs.
 */
export async function answersOfKnown(
  sql: Queries,
  records: readonly Pick<EventRecord, "id" | "body">[],
  opener: PromiseOpener,
): Promise<(Answer | ConflictError)[]> {
  const events = await eventsByIds(
    sql,
    records.map(({ id }) => id),
  );
  const receipts = await receiptsByIds(
    sql,
    [...events.values()].flatMap((event) => event.receipts),
  );
  const ids = [...events.values()].flatMap(({ promise }) => promise ?? []);
  const promises = ids.length === 0 ? new Map<bigint, StoredPromise>() : await promisesByIds(sql, ids);
  return records.map((record) => {
    const event = events.get(Buffer.from(record.id).toString("hex"));
    if (event === undefined) throw new InvariantError("an event was known, and is not there");
    const promise = event.promise === null ? undefined : promises.get(event.promise);
    const opened = (receipt: StoredReceipt) => (promise === undefined ? null : opener.text(promise, receipt));
    return conflictOf(record.body, event) ?? answerOfStored(event, receipts, opened);
  });
}

function answerOfStored(
  event: StoredEvent,
  receipts: ReadonlyMap<string, StoredReceipt>,
  promiseOf: (receipt: StoredReceipt) => string | null,
): Answer {
  const answered = event.receipts.map((id) => {
    const receipt = receipts.get(id.toString("hex")) as StoredReceipt;
    return { ...receipt, item: itemOf(receipt), promise: promiseOf(receipt) };
  });
  return {
    recorded: false,
    batch: event.batch,
    acceptedAt: Number(event.accepted_at),
    receipts: answered,
  };
}

const itemOf = (receipt: StoredReceipt): string | null =>
  receipt.private === null ? null : (JSON.parse(receipt.private) as { item: string }).item;

function conflictOf(body: string, event: StoredEvent): ConflictError | undefined {
  if (event.body === null) return event.body_hash?.equals(sha256(body)) ? undefined : OTHER_THAN_ERASED;
  if (event.body === body) return undefined;
  const differences = differencesOf(JSON.parse(event.body), JSON.parse(body));
  if (differences.length === 0) return undefined;
  const names = differences.map(({ field }) => field).join(", ");
  return new ConflictError("event-differs", `already recorded with other content: ${names}`, { differences });
}

const OTHER_THAN_ERASED = new ConflictError(
  "erased",
  "already recorded with other content, which has been erased since",
);

export type Difference = { readonly field: string; readonly recorded: unknown; readonly came: unknown };

const MOST_DIFFERENCES = 20;

/** Where two JSON values differ, as paths such as `items.0.price`. */
export function differencesOf(recorded: unknown, came: unknown, field = ""): Difference[] {
  if (Object.is(recorded, came)) return [];
  if (!isObject(recorded) || !isObject(came))
    return [{ field, recorded: recorded ?? null, came: came ?? null }];
  const names = new Set([...Object.keys(recorded), ...Object.keys(came)]);
  const within = (name: string) => (field === "" ? name : `${field}.${name}`);
  return [...names]
    .flatMap((name) => differencesOf(recorded[name], came[name], within(name)))
    .slice(0, MOST_DIFFERENCES);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
