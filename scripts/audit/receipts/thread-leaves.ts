// What a thread does with one partition of all leaves: finds those that occur twice, and the gift of every reversal. A
// partition that is too large for the memory is gone through several times, each time for a part of its fingerprints.

import { Findings, type SavedFindings } from "../findings.ts";
import { LeafTable } from "./doubles.ts";
import type { LineNames } from "./lines.ts";
import {
  GIFT_LEAF_AT,
  LEAF_WIDTH,
  MATCH_WIDTH,
  REVERSAL_BIT,
  REVERSAL_WIDTH,
  reversalAt,
} from "./records.ts";
import { joinedWords, readPartition, Scatter, type Segment } from "./scatter.ts";

/** A segment of which only the records of batches up to `limit` count: the rest was written before a kill. */
export type Limited = Segment & { readonly limit: number };

/** Where a leaf is: in which book, and the how manieth receipt of it. */
export type LeafPlace = { readonly batch: number; readonly index: number };
export type Double = { readonly earlier: LeafPlace; readonly later: LeafPlace };

export type PartitionTask = {
  readonly partition: number;
  readonly leaves: readonly Limited[];
  readonly reversals: readonly Limited[];
  /** Books that could not be read may hold the gift of any reversal behind them. */
  readonly firstUnread: number;
};

export type Searched = {
  readonly leaves: number;
  readonly doubles: readonly Double[];
  readonly moreDoubles: number;
  readonly findings: SavedFindings;
  readonly undecided: number;
};

const RECORDS_AT_ONCE = 1 << 21;
const DOUBLES_KEPT = 100;
const MATCHES_IN_MEMORY = 1 << 14;

export class LeafThread {
  readonly #folder: string;
  readonly #names: LineNames;
  readonly #matches: Scatter;

  /** @param bucketOf the number of the bucket into which matches with gifts of a batch go */
  constructor(
    folder: string,
    name: string,
    names: LineNames,
    buckets: number,
    bucketOf: (batch: number) => number,
  ) {
    this.#folder = folder;
    this.#names = names;
    this.#matches = new Scatter({
      ...{
        folder,
        name: `matches-${name}`,
        width: MATCH_WIDTH,
        partitions: buckets,
        capacity: MATCHES_IN_MEMORY,
      },
      partitionOf: (records, at) => bucketOf(records[at] as number),
    });
  }

  search(task: PartitionTask): Searched {
    const total = task.leaves.reduce((sum, { records }) => sum + (records[task.partition] as number), 0);
    const passes = 2 ** Math.max(0, Math.ceil(Math.log2(total / RECORDS_AT_ONCE)));
    const search = new PartitionSearch(task, this.#names, this.#matches);
    for (let pass = 0; pass < passes; pass++) {
      const isOfPass = (hi: number) => (hi & 0xff_ffff) % passes === pass;
      const leaves = this.#gather(task.leaves, task.partition, LEAF_WIDTH, isOfPass);
      search.pass(leaves, this.#gather(task.reversals, task.partition, REVERSAL_WIDTH, isOfPass));
    }
    return search.done();
  }

  flush(): Segment[] {
    return this.#matches.flush();
  }

  #gather(
    segments: readonly Limited[],
    partition: number,
    width: number,
    isOfPass: (hi: number) => boolean,
  ): Uint32Array {
    const parts = segments.map((segment) => {
      const records = readPartition(this.#folder, segment, partition, width);
      let kept = 0;
      for (let at = 0; at < records.length; at += width) {
        if ((records[at + 2] as number) > segment.limit || !isOfPass(records[at] as number)) continue;
        if (kept !== at) records.copyWithin(kept, at, at + width);
        kept += width;
      }
      return records.subarray(0, kept);
    });
    return joinedWords(parts);
  }
}

/** One partition's search, pass after pass. */
class PartitionSearch {
  readonly #task: PartitionTask;
  readonly #names: LineNames;
  readonly #matches: Scatter;
  readonly #findings = new Findings();
  readonly #doubles: Double[] = [];
  #leaves = 0;
  #moreDoubles = 0;
  #undecided = 0;

  constructor(task: PartitionTask, names: LineNames, matches: Scatter) {
    [this.#task, this.#names, this.#matches] = [task, names, matches];
  }

  pass(leaves: Uint32Array, reversals: Uint32Array): void {
    this.#leaves += leaves.length / LEAF_WIDTH;
    const table = new LeafTable(leaves, (earlier, later) => this.#addDouble(leaves, earlier, later));
    for (let at = 0; at < reversals.length; at += REVERSAL_WIDTH)
      this.#findGift(table, leaves, reversals, at);
  }

  done(): Searched {
    const counts = { leaves: this.#leaves, moreDoubles: this.#moreDoubles, undecided: this.#undecided };
    return { ...counts, doubles: this.#doubles, findings: this.#findings.save() };
  }

  #addDouble(leaves: Uint32Array, earlier: number, later: number): void {
    if (this.#doubles.length >= DOUBLES_KEPT) this.#moreDoubles++;
    else this.#doubles.push({ earlier: placeAt(leaves, earlier), later: placeAt(leaves, later) });
  }

  #findGift(table: LeafTable, leaves: Uint32Array, reversals: Uint32Array, at: number): void {
    const found = table.find(reversals[at] as number, reversals[at + 1] as number);
    if (found < 0 || isReversal(leaves, found)) return void this.#tellInvented(reversals, at);
    const gift = placeAt(leaves, found);
    if (gift.batch > (reversals[at + 2] as number)) return void this.#tellPremature(reversals, at, gift);
    const { words, at: to } = this.#matches;
    words[to] = gift.batch;
    words[to + 1] = gift.index;
    words.set(reversals.subarray(at, at + REVERSAL_WIDTH), to + 2);
    this.#matches.added();
  }

  #tellInvented(reversals: Uint32Array, at: number): void {
    const { batch, index, amount, line } = reversalAt(reversals, at);
    if (batch >= this.#task.firstUnread) return void this.#undecided++;
    const gift = hexOfWords(reversals.subarray(at + GIFT_LEAF_AT, at + REVERSAL_WIDTH));
    const says = `receipt ${index} of batch ${batch} takes ${amount} back from the gift ${gift}, which no book holds`;
    const place = { batch: BigInt(batch), side: "reversals", ...this.#names.get(line) } as const;
    this.#findings.add({ code: "reversal-invented", says, place, numbers: { index, amount, gift } });
  }

  #tellPremature(reversals: Uint32Array, at: number, gift: LeafPlace): void {
    const { batch, index, amount, line } = reversalAt(reversals, at);
    const says = `receipt ${index} of batch ${batch} takes ${amount} back from a gift that comes only in batch ${gift.batch}`;
    const place = { batch: BigInt(batch), side: "reversals", ...this.#names.get(line) } as const;
    this.#findings.add({
      code: "reversal-premature",
      says,
      place,
      numbers: { index, amount, giftBatch: gift.batch, giftIndex: gift.index },
    });
  }
}

const isReversal = (leaves: Uint32Array, record: number) =>
  (leaves[record * LEAF_WIDTH + 3] as number) >= REVERSAL_BIT;

function placeAt(leaves: Uint32Array, record: number): LeafPlace {
  const [batch, index] = [
    leaves[record * LEAF_WIDTH + 2] as number,
    leaves[record * LEAF_WIDTH + 3] as number,
  ];
  return { batch, index: index % REVERSAL_BIT };
}

/** The bytes behind words as they were viewed. */
const hexOfWords = (words: Uint32Array) => `0x${Buffer.from(words.slice().buffer).toString("hex")}`;
