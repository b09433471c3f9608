// The first pass over all books: shared out to the threads, walked in order, and kept so far on disk that a killed audit
// goes on from there.

import { setTimeout as sleep } from "node:timers/promises";
import { fastKeccak } from "../../../server/hashing.ts";
import { fromHex, toHex } from "../../../server/protocol/bytes.ts";
import { type Chain, rootOf } from "../chain/chain.ts";
import { Findings } from "../findings.ts";
import type { Segment } from "../receipts/scatter.ts";
import type { Checkpoint, KeptSegment, StateFolder } from "../state.ts";
import type { Thread } from "../threads.ts";
import type { CheckedBook } from "./check-book.ts";
import type { Flushed } from "./thread-books.ts";
import { emptyWalk, Walk } from "./walk.ts";
import { WalkLog } from "./walk-log.ts";

/** Books asked of a thread at once: one is hashed, the next is fetched meanwhile. */
const BOOKS_AHEAD = 2;
/** A thread that is far ahead of the slowest waits: what is not walked yet is held in memory. */
const MOST_BATCHES_AHEAD = 4_096n;
const FLUSH_EVERY_RECEIPTS = 2_000_000;
const FLUSH_EVERY_BOOKS = 512;
const FLUSH_EVERY_MS = 2_000;
const SAVE_EVERY_MS = 1_500;
const WAIT_MS = 20;

export type BooksOptions = {
  readonly chain: Chain;
  readonly state: StateFolder;
  readonly subject: string;
  readonly fingerprintKey: Uint8Array;
  readonly checkpoint: Checkpoint | undefined;
  readonly signal: AbortSignal;
  onBook(batches: bigint, receipts: number): void;
};

export class BooksStage {
  readonly walk: Walk;
  readonly findings = new Findings();
  readonly log: WalkLog;
  readonly leaves: KeptSegment[];
  readonly reversals: KeptSegment[];
  readonly #options: BooksOptions;
  readonly #pending = new Map<bigint, CheckedBook>();
  #next: bigint;
  #savedAt = performance.now();
  #failed = false;

  constructor(options: BooksOptions) {
    const { checkpoint, state } = options;
    this.#options = options;
    const keep = (segments: readonly KeptSegment[] = []) =>
      segments.map((segment) => limited(segment, checkpoint));
    this.leaves = keep(checkpoint?.leaves);
    this.reversals = keep(checkpoint?.reversals);
    if (checkpoint !== undefined) this.findings.merge(checkpoint.findings);
    this.log = new WalkLog(state.path, checkpoint?.logs);
    this.walk = new Walk(checkpoint?.walk ?? emptyWalk(), this.findings, this.log);
    this.#next = this.walk.state.batch + 1n;
  }

  /** Until all books are walked, or the signal comes; either way everything done so far is saved. */
  async run(threads: readonly Thread[]): Promise<void> {
    try {
      await Promise.all(threads.map((thread) => this.#feed(thread)));
    } finally {
      await this.#save();
    }
  }

  async #feed(thread: Thread): Promise<void> {
    const feeder = new Feeder(thread, (flushed) => this.#take(flushed));
    try {
      while (this.#next <= this.#options.chain.lastBatch && !this.#isEnded) {
        if (this.#next - this.walk.state.batch > MOST_BATCHES_AHEAD) {
          await feeder.flush();
          await sleep(WAIT_MS);
          continue;
        }
        const batch = this.#next++;
        await feeder.ask(anchoredOf(this.#options.chain, batch), (receipts) =>
          this.#options.onBook(1n, receipts),
        );
      }
      await feeder.end();
    } catch (error) {
      this.#failed = true;
      throw error;
    }
  }

  get #isEnded(): boolean {
    return this.#failed || this.#options.signal.aborted;
  }

  async #take({ books, leaves, reversals }: Flushed): Promise<void> {
    this.leaves.push(...leaves.map(unlimited));
    this.reversals.push(...reversals.map(unlimited));
    for (const book of books) this.#pending.set(book.batch, book);
    for (let book = this.#nextPending(); book !== undefined; book = this.#nextPending()) this.walk.take(book);
    if (performance.now() - this.#savedAt > SAVE_EVERY_MS) await this.#save();
  }

  #nextPending(): CheckedBook | undefined {
    const next = this.walk.state.batch + 1n;
    const book = this.#pending.get(next);
    this.#pending.delete(next);
    return book;
  }

  async #save(): Promise<void> {
    this.#savedAt = performance.now();
    const { subject, fingerprintKey, chain, state } = this.#options;
    const { state: walk } = this.walk;
    const findings = this.findings.save();
    const logs = this.log.flush();
    const roots = hashOfRoots(chain, walk.batch);
    const { leaves, reversals } = this;
    await state.save({ subject, roots, fingerprintKey, walk, findings, leaves, reversals, logs });
  }
}

/** Nobody knows which of the batches behind it were done. */
const limited = (segment: KeptSegment, checkpoint: Checkpoint | undefined): KeptSegment => ({
  ...segment,
  limit: Math.min(segment.limit, Number(checkpoint?.walk.batch)),
});

const unlimited = (segment: Segment): KeptSegment => ({ ...segment, limit: Number.MAX_SAFE_INTEGER });

export const hashOfRoots = ({ roots }: Chain, upTo: bigint): string =>
  toHex(fastKeccak(roots.subarray(0, 32 * Number(upTo))));

const anchoredOf = (chain: Chain, batch: bigint) => {
  const ledger = fromHex(chain.ledger);
  const previousRoot = batch === 1n ? ledger : rootOf(chain, batch - 1n).slice();
  return { ledger, batch, root: rootOf(chain, batch).slice(), previousRoot };
};

/** Keeps one thread busy, and has it flush now and then. */
class Feeder {
  readonly #thread: Thread;
  readonly #onFlushed: (flushed: Flushed) => Promise<void>;
  readonly #asked = new Set<Promise<void>>();
  #receipts = 0;
  #books = 0;
  #flushedAt = performance.now();

  constructor(thread: Thread, onFlushed: (flushed: Flushed) => Promise<void>) {
    [this.#thread, this.#onFlushed] = [thread, onFlushed];
  }

  /** Waits until there is room for more. */
  async ask(anchored: ReturnType<typeof anchoredOf>, onDone: (receipts: number) => void): Promise<void> {
    const done = this.#thread.ask("book", anchored).then((receipts) => {
      this.#asked.delete(done);
      this.#receipts += receipts;
      this.#books += 1;
      onDone(receipts);
    });
    this.#asked.add(done);
    if (this.#asked.size >= BOOKS_AHEAD) await Promise.race(this.#asked);
    if (this.#isDue) await this.flush();
  }

  async end(): Promise<void> {
    await Promise.all(this.#asked);
    await this.flush();
  }

  async flush(): Promise<void> {
    [this.#receipts, this.#books, this.#flushedAt] = [0, 0, performance.now()];
    await this.#onFlushed(await this.#thread.ask("flushBooks", null));
  }

  get #isDue(): boolean {
    const isLong = performance.now() - this.#flushedAt > FLUSH_EVERY_MS;
    return isLong || this.#receipts >= FLUSH_EVERY_RECEIPTS || this.#books >= FLUSH_EVERY_BOOKS;
  }
}
