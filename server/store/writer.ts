// Grouped commits: events that arrive together are written in one transaction, so the cost of making them durable is
// shared, and so is the signature of the promise that is stored with them. Nobody is answered before the commit.

import { InvariantError, UnavailableError } from "../errors.ts";
import type { EventRecord } from "../programmes/record.ts";
import { giftCounts, KnownCampaigns, writeCounted } from "./campaign-counter.ts";
import { type Database, isUnavailable } from "./database.ts";
import { LineRoom } from "./line-room.ts";
import { type LineNumbers, lineNumbers } from "./lines.ts";
import type { StoredPromise } from "./promises.ts";
import { idKey, type NumberedEvent, writeEvents } from "./write.ts";

/** What became of an event: it is written, in this batch; or it, or another of its name, was there before. */
export type Written =
  | { readonly outcome: "written"; readonly batch: bigint; readonly promise: StoredPromise | null }
  | { readonly outcome: "known" };

/** Promises receipts that are about to be written together. Not to be handed out before they are. */
export type Promiser = (receipts: EventRecord["receipts"]) => Promise<StoredPromise>;

/** What promises the receipts of these events; null when nobody promises, or nothing is given. */
export async function promiseOf(
  promiser: Promiser | null,
  events: readonly { readonly record: EventRecord }[],
): Promise<StoredPromise | null> {
  const receipts = events.flatMap(({ record }) => record.receipts);
  return promiser === null || receipts.length === 0 ? null : promiser(receipts);
}

export type WriterLimits = {
  readonly queueEvents: number;
  readonly groupEvents: number;
  readonly transactions: number;
};

const DEFAULT_LIMITS: WriterLimits = { queueEvents: 20_000, groupEvents: 500, transactions: 3 };

type Waiting = NumberedEvent & { resolve(written: Written): void; reject(reason: unknown): void };

/** Writes events in groups over a bounded queue and a bounded number of transactions. One for each process. */
export class GroupedWriter {
  readonly #sql: Database;
  readonly #lines: LineNumbers;
  readonly #room: LineRoom;
  readonly #limits: WriterLimits;
  readonly #promiser: Promiser | null;
  /** Those that what is written counts for, as this process knows them. */
  readonly campaigns = new KnownCampaigns();
  readonly #queue: Waiting[] = [];
  #running = 0;
  #pumping = false;

  constructor(sql: Database, limits: Partial<WriterLimits> = {}, promiser: Promiser | null = null) {
    this.#sql = sql;
    this.#lines = lineNumbers(sql);
    this.#room = new LineRoom(sql);
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#promiser = promiser;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** Resolves when the queue has room for a good many: for those who can wait, which is better than being refused. */
  async ready(): Promise<void> {
    while (this.#queue.length > this.#limits.queueEvents / 2)
      await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** Resolves once the event is durable. Throws `UnavailableError` when the queue is full or the database is gone. */
  async write(record: EventRecord): Promise<Written> {
    const lines = await this.linesOf(record);
    for (const [index, { amount }] of record.receipts.entries()) {
      const looking = this.#room.take(lines[index] as number, amount);
      if (looking !== undefined) await looking;
    }
    // Nothing is awaited between the look at the queue and the push, so that no number of callers at once passes it.
    if (this.#queue.length >= this.#limits.queueEvents)
      throw new UnavailableError("queue-full", "too many events are waiting for the database; try again", 1);
    return new Promise((resolve, reject) => {
      this.#queue.push({ record, lines, resolve, reject });
      this.#pumpSoon();
    });
  }

  /** The number of each receipt's line. Known ones cost nothing; new ones are made outside the write transaction. */
  async linesOf(record: EventRecord): Promise<number[]> {
    const numbers: number[] = [];
    for (const receipt of record.receipts) {
      const number = this.#lines.of(receipt);
      numbers.push(typeof number === "number" ? number : await number);
    }
    return numbers;
  }

  /** After all that arrive in this turn have been queued: what came together is written together, in its order. */
  #pumpSoon(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    queueMicrotask(() => {
      this.#pumping = false;
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#running < this.#mostTransactions() && this.#queue.length > 0) {
      const group = this.#queue.splice(0, this.#limits.groupEvents);
      this.#running += 1;
      void this.#writeGroup(group).finally(() => {
        this.#running -= 1;
        this.#pump();
      });
    }
  }

  /** While one write is under way, what arrives waits to share the next; a second one pays only for a full group. */
  #mostTransactions(): number {
    return this.#queue.length < this.#limits.groupEvents ? 1 : this.#limits.transactions;
  }

  /** Writes the first event of each name; once that is durable, others of its name are known. */
  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    const firsts = new Map<string, Waiting>();
    for (const waiting of group) {
      const key = idKey(waiting.record.id);
      if (!firsts.has(key)) firsts.set(key, waiting);
    }
    try {
      const events = [...firsts.values()];
      const promise = await promiseOf(this.#promiser, events);
      const { batch, added } = await writeCounted(this.#sql, this.campaigns, giftCounts, (counter) =>
        writeEvents(this.#sql, events, promise, counter),
      );
      for (const waiting of group) {
        const key = idKey(waiting.record.id);
        const written = added.has(key) && firsts.get(key) === waiting;
        waiting.resolve(written ? { outcome: "written", batch, promise } : { outcome: "known" });
      }
    } catch (thrown) {
      for (const { reject } of group) reject(asUnavailable(thrown));
    }
  }
}

/** A lost connection says nothing of the commit; asking again is harmless, since the same event is the same event. */
function asUnavailable(thrown: unknown): unknown {
  if (isUnavailable(thrown))
    return new UnavailableError(
      "database-unavailable",
      "the database is out of reach; send the same again",
      2,
    );
  return thrown instanceof Error ? thrown : new InvariantError(String(thrown));
}
