// The entry of an audit's thread: takes requests in turn and answers each. Books are fetched as soon as they are asked for,
// while the one before is still hashed. What is done with them is in the other thread-files.

import { parentPort, workerData } from "node:worker_threads";
import { tellLoaded } from "../../server/threads.ts";
import { type BookSource, bookSource } from "./books/book-source.ts";
import type { Anchored } from "./books/check-book.ts";
import { BookThread, type Flushed } from "./books/thread-books.ts";
import type { LineNames, LineNettings } from "./receipts/lines.ts";
import type { Segment } from "./receipts/scatter.ts";
import { type BucketTask, type Compared, GiftThread } from "./receipts/thread-gifts.ts";
import { LeafThread, type PartitionTask, type Searched } from "./receipts/thread-leaves.ts";
import { errorToSend, type SentError } from "./thread-errors.ts";

export type ThreadSetup = {
  /** Where records go. */
  readonly folder: string;
  readonly books: string;
  /** No two threads of any run have the same. */
  readonly name: string;
  readonly fingerprintKey: Uint8Array;
};

export type LeafSetup = { readonly names: LineNames; readonly buckets: number; readonly lastBatch: number };
export type GiftSetup = { readonly names: LineNames; readonly nettings: LineNettings };

/** What may be asked, and what is answered. */
export type Requests = {
  book: { ask: Anchored; answer: number };
  flushBooks: { ask: null; answer: Flushed };
  prepareLeaves: { ask: LeafSetup; answer: null };
  search: { ask: PartitionTask; answer: Searched };
  flushMatches: { ask: null; answer: readonly Segment[] };
  prepareGifts: { ask: GiftSetup; answer: null };
  compare: { ask: BucketTask; answer: Compared };
};

export type RequestKind = keyof Requests;
export type Asked = {
  [Kind in RequestKind]: { readonly id: number; readonly kind: Kind; readonly ask: Requests[Kind]["ask"] };
}[RequestKind];
export type Answered = { readonly id: number; readonly answer?: unknown; readonly error?: SentError };

class AuditThread {
  readonly #setup: ThreadSetup;
  readonly #source: BookSource;
  #books: BookThread | null;
  #leaves: LeafThread | null = null;
  #gifts: GiftThread | null = null;

  constructor(setup: ThreadSetup) {
    this.#setup = setup;
    this.#source = bookSource(setup.books);
    this.#books = new BookThread(setup.folder, setup.name, setup.fingerprintKey);
  }

  /** Begins at once what may be begun before it is the request's turn. */
  early(asked: Asked): Promise<Uint8Array | undefined> | undefined {
    if (asked.kind !== "book") return undefined;
    const loading = this.#source.book(asked.ask.batch);
    // Its failure is heard when its turn comes.
    loading.catch(() => {});
    return loading;
  }

  async answer(asked: Asked, loading: Promise<Uint8Array | undefined> | undefined): Promise<unknown> {
    switch (asked.kind) {
      case "book":
        return this.#books?.take(await loading, asked.ask);
      case "flushBooks":
        return this.#books?.flush();
      case "prepareLeaves":
        return this.#prepareLeaves(asked.ask);
      case "search":
        return this.#leaves?.search(asked.ask);
      case "flushMatches":
        return this.#leaves?.flush();
      case "prepareGifts":
        return this.#prepareGifts(asked.ask);
      case "compare":
        return await this.#gifts?.compare(asked.ask);
    }
  }

  /** The memory of the stage before is given back. */
  #prepareLeaves({ names, buckets, lastBatch }: LeafSetup): null {
    const { folder, name } = this.#setup;
    const bucketOf = (batch: number) => Math.floor(((batch - 1) * buckets) / lastBatch);
    this.#books = null;
    this.#leaves = new LeafThread(folder, name, names, buckets, bucketOf);
    return null;
  }

  #prepareGifts({ names, nettings }: GiftSetup): null {
    const { folder, fingerprintKey } = this.#setup;
    this.#leaves = null;
    this.#gifts = new GiftThread(folder, this.#source, fingerprintKey, names, nettings);
    return null;
  }
}

const thread = new AuditThread(workerData as ThreadSetup);
let turn: Promise<void> = Promise.resolve();

parentPort?.on("message", (asked: Asked) => {
  const loading = thread.early(asked);
  turn = turn.then(async () => {
    try {
      const answer = await thread.answer(asked, loading);
      parentPort?.postMessage({ id: asked.id, answer } satisfies Answered);
    } catch (error) {
      parentPort?.postMessage({ id: asked.id, error: errorToSend(error) } satisfies Answered);
    }
  });
});
tellLoaded(parentPort);
