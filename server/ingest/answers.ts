// The answer to an event: its receipts, the same however often it is told; or what contradicts the first telling.

import { ConflictError, InvariantError } from "../errors.ts";
import { sha256 } from "../hashing.ts";
import type { EventRecord } from "../programmes/record.ts";
import type { Kind } from "../protocol/receipt.ts";
import type { Queries } from "../store/database.ts";
import { eventsByIds, type StoredEvent } from "../store/events.ts";
import { receiptsByIds, type StoredReceipt } from "../store/receipts.ts";

export type AnsweredReceipt = {
  readonly id: Uint8Array;
  readonly registration: string;
  readonly unit: string;
  readonly kind: Kind;
  readonly amount: bigint;
  readonly terms: Uint8Array;
  /** The shop's name for the item that it is for; null once erased. */
  readonly item: string | null;
};

export type Answer = {
  /** Whether this telling of the event recorded it; else an earlier one did. */
  readonly recorded: boolean;
  readonly batch: bigint;
  /** Unix seconds. */
  readonly acceptedAt: number;
  readonly receipts: readonly AnsweredReceipt[];
};

export const answerOf = (record: EventRecord, batch: bigint): Answer => ({
  recorded: true,
  batch,
  acceptedAt: record.acceptedAt,
  receipts: record.receipts,
});

/**
 * The answers to events that were known already, in order: the first receipts where the body is the same, else a
 * `ConflictError` that names what differs.
 */
export async function answersOfKnown(
  sql: Queries,
  records: readonly Pick<EventRecord, "id" | "body">[],
): Promise<(Answer | ConflictError)[]> {
  const events = await eventsByIds(
    sql,
    records.map(({ id }) => id),
  );
  const receipts = await receiptsByIds(
    sql,
    [...events.values()].flatMap((event) => event.receipts),
  );
  return records.map((record) => {
    const event = events.get(Buffer.from(record.id).toString("hex"));
    if (event === undefined) throw new InvariantError("an event was known, and is not there");
    return conflictOf(record.body, event) ?? answerOfStored(event, receipts);
  });
}

function answerOfStored(event: StoredEvent, receipts: ReadonlyMap<string, StoredReceipt>): Answer {
  return {
    recorded: false,
    batch: event.batch,
    acceptedAt: Number(event.accepted_at),
    receipts: event.receipts.map((id) => answerOfReceipt(receipts.get(id.toString("hex")) as StoredReceipt)),
  };
}

const answerOfReceipt = (receipt: StoredReceipt): AnsweredReceipt => ({
  ...receipt,
  item: receipt.private === null ? null : (JSON.parse(receipt.private) as { item: string }).item,
});

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
