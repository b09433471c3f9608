// The quick way in for many events that are probably new: COPY, which a single known event makes fail as a whole.

import { copyIn, type Field } from "./copy.ts";
import { type Database, only, type Transaction } from "./database.ts";
import { holdShared } from "./locks.ts";
import { idKey, type NumberedEvent, type WrittenEvents } from "./write.ts";

const UNIQUE_VIOLATION = "23505";

/** Whether a write failed because one of its events is there already, or was written by another at the same time. */
export const isDuplicate = (thrown: unknown): boolean =>
  (thrown as { code?: unknown } | null)?.code === UNIQUE_VIOLATION;

/**
 * Writes events that are all new, with their receipts, in one transaction; nothing when one of them is not (`isDuplicate`).
 * Events must have distinct ids; they are written in the order of their ids, so that transactions that share some wait for
 * each other instead of deadlocking.
 */
export function writeNewEvents(sql: Database, events: readonly NumberedEvent[]): Promise<WrittenEvents> {
  const sorted = [...events].sort((a, b) => Buffer.compare(a.record.id, b.record.id));
  return sql.begin("ISOLATION LEVEL READ COMMITTED", async (tx) => {
    const batch = await holdOpenBatch(tx);
    await copyEvents(tx, batch, sorted);
    await copyReceipts(tx, batch, sorted);
    return { batch, added: new Set(sorted.map(({ record }) => idKey(record.id))) };
  }) as Promise<WrittenEvents>;
}

/** The batch that this transaction's receipts belong to. It cannot be closed before the transaction has ended. */
async function holdOpenBatch(tx: Transaction): Promise<bigint> {
  // Two statements, the lock first: each sees what was committed when it began, so the number is read under the lock.
  const number = tx<{ number: bigint }[]>`SELECT number FROM open_batch`;
  const [, rows] = await Promise.all([holdShared(tx, "batch"), number]);
  return only(rows).number;
}

function copyEvents(tx: Transaction, batch: bigint, events: readonly NumberedEvent[]): Promise<void> {
  const rows = events.map(({ record }): Field[] => [
    { bytes: record.id },
    { int8: batch },
    { int8: BigInt(record.acceptedAt) },
    { bytes: record.body },
    { bytes: Buffer.concat(record.receipts.map(({ id }) => id)) },
  ]);
  return copyIn(tx`COPY events (id, batch, accepted_at, body, receipts) FROM STDIN (FORMAT binary)`, [rows]);
}

async function copyReceipts(tx: Transaction, batch: bigint, events: readonly NumberedEvent[]): Promise<void> {
  const rows = events.flatMap((event) => receiptRows(event, batch));
  if (rows.length === 0) return;
  const sum = events.reduce(
    (total, { record }) => record.receipts.reduce((t, { amount }) => t + amount, total),
    0n,
  );
  await tx`INSERT INTO commits (batch, receipts, sum) VALUES (${batch}, ${rows.length}, ${sum.toString()})`;
  const copy = tx`
    COPY receipts (id, batch, line, kind, amount, accepted_at, terms, details, salt, leaf, event, private)
    FROM STDIN (FORMAT binary)`;
  await copyIn(copy, [rows]);
}

const receiptRows = ({ record, lines }: NumberedEvent, batch: bigint): Field[][] =>
  record.receipts.map((receipt, index) => [
    { bytes: receipt.id },
    { int8: batch },
    { int4: lines[index] as number },
    { int2: receipt.kind },
    { int8: receipt.amount },
    { int8: receipt.acceptedAt },
    { bytes: receipt.terms },
    { bytes: receipt.details },
    { bytes: receipt.salt },
    { bytes: receipt.leaf },
    { bytes: record.id },
    { bytes: receipt.private },
  ]);
