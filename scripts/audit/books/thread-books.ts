// What a thread does with books: holds each against its root, and spreads its leaves and reversals over partitions. What
// was done is handed over only once its records are on disk.

import type { OpenStatement } from "../../../server/books/read.ts";
import { fastKeccak } from "../../../server/hashing.ts";
import { concat, tag } from "../../../server/protocol/bytes.ts";
import { REVERSAL } from "../../../server/protocol/receipt.ts";
import { Fingerprint, WORDS_OF_HASH, wordsOf } from "../receipts/fingerprint.ts";
import { GIFT_LEAF_AT, LEAF_WIDTH, putUint64, REVERSAL_BIT, REVERSAL_WIDTH } from "../receipts/records.ts";
import { byFirstByte, PARTITIONS, Scatter, type Segment } from "../receipts/scatter.ts";
import { type Anchored, type CheckedBook, checkBook } from "./check-book.ts";

const LEAVES_IN_MEMORY = 1 << 20;
const REVERSALS_IN_MEMORY = 1 << 15;

/** What is on disk since the last flush. */
export type Flushed = {
  readonly books: readonly CheckedBook[];
  readonly leaves: readonly Segment[];
  readonly reversals: readonly Segment[];
};

export class BookThread {
  readonly #fingerprint: Fingerprint;
  readonly #leaves: Scatter;
  readonly #reversals: Scatter;
  #books: CheckedBook[] = [];

  constructor(folder: string, name: string, key: Uint8Array) {
    const scatter = (what: string, width: number, capacity: number) =>
      new Scatter({
        folder,
        name: `${what}-${name}`,
        width,
        capacity,
        partitions: PARTITIONS,
        partitionOf: byFirstByte,
      });
    this.#fingerprint = new Fingerprint(key);
    this.#leaves = scatter("leaves", LEAF_WIDTH, LEAVES_IN_MEMORY);
    this.#reversals = scatter("reversals", REVERSAL_WIDTH, REVERSALS_IN_MEMORY);
  }

  /** Answers with the number of receipts. */
  take(bytes: Uint8Array | undefined, anchored: Anchored): number {
    const { checked, book } = checkBook(bytes, anchored);
    let index = 0;
    for (const statement of book?.statements ?? []) {
      this.#spreadLeaves(statement, index);
      if (statement.kind === REVERSAL) this.#spreadReversals(statement, index);
      index += statement.amounts.length;
    }
    this.#books.push(checked);
    return checked.receipts;
  }

  flush(): Flushed {
    const books = this.#books;
    this.#books = [];
    return { books, leaves: this.#leaves.flush(), reversals: this.#reversals.flush() };
  }

  #spreadLeaves({ batch, kind, leaves, amounts }: OpenStatement, first: number): void {
    const words = wordsOf(leaves);
    const [number, bit] = [Number(batch), kind === REVERSAL ? REVERSAL_BIT : 0];
    const [fingerprint, scatter] = [this.#fingerprint, this.#leaves];
    for (let i = 0; i < amounts.length; i++) {
      fingerprint.of(words, i * WORDS_OF_HASH);
      const at = scatter.at;
      scatter.words[at] = fingerprint.hi;
      scatter.words[at + 1] = fingerprint.lo;
      scatter.words[at + 2] = number;
      scatter.words[at + 3] = (first + i) | bit;
      scatter.added();
    }
  }

  #spreadReversals({ batch, charity, unit, from, amounts, reversals }: OpenStatement, first: number): void {
    const line = lineFingerprint(this.#fingerprint, charity, unit);
    const gifts = wordsOf(reversals.terms);
    let end = from;
    for (const [i, amount] of amounts.entries()) {
      end += amount;
      this.#fingerprint.of(gifts, i * WORDS_OF_HASH);
      const { words, at } = this.#reversals;
      words.set([this.#fingerprint.hi, this.#fingerprint.lo, Number(batch), first + i], at);
      putUint64(words, at + 4, amount);
      putUint64(words, at + 6, end);
      words.set(line, at + 8);
      words.set(gifts.subarray(i * WORDS_OF_HASH, (i + 1) * WORDS_OF_HASH), at + GIFT_LEAF_AT);
      this.#reversals.added();
    }
  }
}

/** [hi, lo] */
export function lineFingerprint(
  fingerprint: Fingerprint,
  charity: Uint8Array,
  unit: string,
): [number, number] {
  fingerprint.of(wordsOf(fastKeccak(concat(charity, tag(unit)))), 0);
  return [fingerprint.hi, fingerprint.lo];
}
