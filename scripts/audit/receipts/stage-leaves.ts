// Behind all books: no leaf twice, and every reversal with its gift. Partition by partition, then gift by gift.

import type { Book } from "../../../server/books/read.ts";
import { openBook } from "../../../server/books/read.ts";
import { VerificationError } from "../../../server/errors.ts";
import { equalBytes, fromHex, toHex } from "../../../server/protocol/bytes.ts";
import type { BookSource } from "../books/book-source.ts";
import { lineFingerprint } from "../books/thread-books.ts";
import { bookLineKey, type WalkState } from "../books/walk.ts";
import type { Findings } from "../findings.ts";
import type { KeptSegment } from "../state.ts";
import { shareOut, type Thread } from "../threads.ts";
import { Fingerprint } from "./fingerprint.ts";
import type { LineName, LineNames, LineNettings, NettingEnd } from "./lines.ts";
import type { LineFingerprint } from "./records.ts";
import { PARTITIONS, type Segment } from "./scatter.ts";
import type { Double, LeafPlace } from "./thread-leaves.ts";

export type LeavesOptions = {
  readonly threads: readonly Thread[];
  readonly leaves: readonly KeptSegment[];
  readonly reversals: readonly KeptSegment[];
  readonly walk: WalkState;
  readonly fingerprintKey: Uint8Array;
  /** The payouts of each line, by the walk's key. */
  readonly nettings: ReadonlyMap<string, readonly NettingEnd[]>;
  readonly source: BookSource;
  readonly findings: Findings;
  /** In parts of a thousand. */
  onProgress(stage: "receipts" | "refunds", done: number, of: number): void;
};

export type LeavesOutcome = {
  readonly leaves: number;
  readonly reversals: number;
  readonly undecided: number;
};

const REVERSALS_IN_A_BUCKET = 200_000;
const MOST_BUCKETS = 1_024;
const DOUBLES_COMPARED = 500;

export async function checkLeaves(options: LeavesOptions): Promise<LeavesOutcome> {
  const { names, nettings } = nameLines(options);
  const reversals = reversalsOf(options.walk);
  const buckets = Math.min(MOST_BUCKETS, Math.max(1, Math.ceil(reversals / REVERSALS_IN_A_BUCKET)));
  const lastBatch = Number(options.walk.batch);
  await each(options.threads, (thread) => thread.ask("prepareLeaves", { names, buckets, lastBatch }));
  const searched = await searchPartitions(options);
  const matches = (await each(options.threads, (thread) => thread.ask("flushMatches", null))).flat();
  await compareDoubles(options, searched.doubles, searched.moreDoubles);
  await each(options.threads, (thread) => thread.ask("prepareGifts", { names, nettings }));
  const compared = await compareGifts(options, buckets, matches);
  return { leaves: searched.leaves, reversals, undecided: searched.undecided + compared.undecided };
}

/** Not of the segments: records behind the limit of a run that was broken off are there twice. */
const reversalsOf = ({ lines }: WalkState): number =>
  [...lines.values()].reduce((sum, { sides }) => sum + Number(sides[1].receipts), 0);

const each = <T>(threads: readonly Thread[], ask: (thread: Thread) => Promise<T>): Promise<T[]> =>
  Promise.all(threads.map(ask));

function nameLines({ walk, nettings, fingerprintKey }: LeavesOptions): {
  names: LineNames;
  nettings: LineNettings;
} {
  const fingerprint = new Fingerprint(fingerprintKey);
  const names = new Map<LineFingerprint, LineName>();
  const netted = new Map<LineFingerprint, readonly NettingEnd[]>();
  for (const { charity, unit } of walk.lines.values()) {
    const [hi, lo] = lineFingerprint(fingerprint, fromHex(charity), unit);
    names.set(`${hi}-${lo}`, { charity, unit });
    netted.set(`${hi}-${lo}`, nettings.get(bookLineKey(charity, unit)) ?? []);
  }
  return { names, nettings: netted };
}

async function searchPartitions({ threads, leaves, reversals, walk, findings, onProgress }: LeavesOptions) {
  const all = { leaves: 0, doubles: [] as Double[], moreDoubles: 0, undecided: 0 };
  let done = 0;
  const firstUnread = Number(walk.unread[0] ?? Number.MAX_SAFE_INTEGER);
  await shareOut(threads, Array(PARTITIONS).keys(), async (thread, partition) => {
    const searched = await thread.ask("search", { partition, leaves, reversals, firstUnread });
    findings.merge(searched.findings);
    all.leaves += searched.leaves;
    all.moreDoubles += searched.moreDoubles;
    all.undecided += searched.undecided;
    for (const double of searched.doubles) all.doubles.push(double);
    onProgress("receipts", ++done, PARTITIONS);
  });
  return all;
}

async function compareGifts(
  { threads, findings, onProgress }: LeavesOptions,
  buckets: number,
  matches: readonly Segment[],
) {
  const all = { undecided: 0 };
  let done = 0;
  await shareOut(threads, Array(buckets).keys(), async (thread, bucket) => {
    const compared = await thread.ask("compare", { bucket, matches });
    findings.merge(compared.findings);
    all.undecided += compared.undecided;
    onProgress("refunds", ++done, buckets);
  });
  return all;
}

/** Candidates are compared to the byte; of very many only the first, since by then nothing depends on their number. */
async function compareDoubles(
  { source, findings }: LeavesOptions,
  doubles: readonly Double[],
  more: number,
): Promise<void> {
  const inOrder = doubles.toSorted((a, b) => a.later.batch - b.later.batch || a.later.index - b.later.index);
  const books = new Map<number, Book | null>();
  const leafAt = async ({ batch, index }: LeafPlace): Promise<Uint8Array | undefined> => {
    if (!books.has(batch)) {
      books.clear();
      books.set(batch, await openOrNone(source, batch));
    }
    return leafOf(books.get(batch) ?? null, index);
  };
  for (const [number, { earlier, later }] of inOrder.entries()) {
    const leaf = number < DOUBLES_COMPARED ? (await leafAt(later))?.slice() : undefined;
    if (
      number < DOUBLES_COMPARED &&
      (leaf === undefined || !equalBytes(leaf, (await leafAt(earlier)) ?? leaf.subarray(1)))
    )
      continue;
    const shown = leaf === undefined ? "a leaf" : `the leaf ${toHex(leaf)}`;
    const says = `${shown} is receipt ${later.index} of batch ${later.batch}, and receipt ${earlier.index} of batch ${earlier.batch}`;
    const numbers = { index: later.index, earlierBatch: earlier.batch, earlierIndex: earlier.index };
    findings.add({ code: "leaf-twice", says, place: { batch: BigInt(later.batch) }, numbers });
  }
  if (more === 0) return;
  const says = `${more} leaves more occur twice`;
  findings.add({ code: "leaf-twice", says, place: {}, numbers: { more } });
}

async function openOrNone(source: BookSource, batch: number): Promise<Book | null> {
  const bytes = await source.book(BigInt(batch));
  try {
    return bytes === undefined ? null : openBook(bytes);
  } catch (error) {
    if (error instanceof VerificationError) return null;
    throw error;
  }
}

function leafOf(book: Book | null, index: number): Uint8Array | undefined {
  let first = 0;
  for (const { leaves, amounts } of book?.statements ?? []) {
    if (index < first + amounts.length)
      return leaves.subarray((index - first) * 32, (index - first + 1) * 32);
    first += amounts.length;
  }
  return undefined;
}
