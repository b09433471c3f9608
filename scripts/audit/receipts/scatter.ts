// Records spread over partitions on disk: gathered in memory, then written partition by partition into one file, a
// segment. Reading one partition of all segments takes a part of the memory that all records would. What records say
// is in records.ts.

import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { InvariantError } from "../../../server/errors.ts";

/** A file of records, ordered by partition. `records` and `sums` (CRC-32) are by partition. */
export type Segment = {
  readonly file: string;
  readonly records: readonly number[];
  readonly sums: readonly number[];
};

/** The state folder's files have changed under us, or were cut off. */
export class StateDamagedError extends Error {}

const WORD = 4;

export class Scatter {
  readonly #folder: string;
  readonly #name: string;
  readonly #width: number;
  readonly #partitions: number;
  readonly #partitionOf: (records: Uint32Array, at: number) => number;
  /** Where the next record goes; the caller fills `width` words from `at`, then calls `added`. */
  readonly words: Uint32Array;
  at = 0;
  #written: Segment[] = [];
  #files = 0;

  /** @param width words of a record @param capacity records held in memory */
  constructor(options: {
    folder: string;
    name: string;
    width: number;
    partitions: number;
    capacity: number;
    partitionOf(records: Uint32Array, at: number): number;
  }) {
    this.#folder = options.folder;
    this.#name = options.name;
    this.#width = options.width;
    this.#partitions = options.partitions;
    this.#partitionOf = options.partitionOf;
    this.words = new Uint32Array(options.capacity * options.width);
  }

  added(): void {
    this.at += this.#width;
    if (this.at === this.words.length) this.#write();
  }

  /** Writes what is held; answers with all segments written since it was last called. */
  flush(): Segment[] {
    if (this.at > 0) this.#write();
    const written = this.#written;
    this.#written = [];
    return written;
  }

  #write(): void {
    const { ordered, records } = this.#inOrder();
    const bytes = new Uint8Array(ordered.buffer);
    const file = `${this.#name}-${this.#files++}`;
    const handle = openSync(join(this.#folder, file), "w", 0o600);
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
    } finally {
      closeSync(handle);
    }
    let from = 0;
    const sums = records.map((count) => {
      const slice = bytes.subarray(from, from + count * this.#width * WORD);
      from += slice.length;
      return crc32(slice);
    });
    this.#written.push({ file, records, sums });
    this.at = 0;
  }

  /** Counting sort by partition. */
  #inOrder(): { ordered: Uint32Array<ArrayBuffer>; records: number[] } {
    const [width, end] = [this.#width, this.at];
    const records: number[] = Array(this.#partitions).fill(0);
    for (let at = 0; at < end; at += width) (records[this.#partitionOf(this.words, at)] as number)++;
    const places: number[] = [];
    records.reduce((place, count, partition) => {
      places[partition] = place;
      return place + count * width;
    }, 0);
    const ordered = new Uint32Array(end);
    for (let at = 0; at < end; at += width) {
      const partition = this.#partitionOf(this.words, at);
      const place = places[partition] as number;
      places[partition] = place + width;
      for (let i = 0; i < width; i++) ordered[place + i] = this.words[at + i] as number;
    }
    return { ordered, records };
  }
}

/**
 * The records of one partition of a segment.
 * @throws StateDamagedError when they are not those that were written
 */
export function readPartition(
  folder: string,
  segment: Segment,
  partition: number,
  width: number,
): Uint32Array {
  const words = (segment.records[partition] as number) * width;
  const before = segment.records.slice(0, partition).reduce((sum, count) => sum + count, 0) * width;
  const bytes = new Uint8Array(words * WORD);
  readAt(join(folder, segment.file), bytes, before * WORD);
  if (crc32(bytes) !== segment.sums[partition])
    throw new StateDamagedError(`${segment.file} is not as it was written`);
  return new Uint32Array(bytes.buffer);
}

export function joinedWords(parts: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function readAt(path: string, bytes: Uint8Array, position: number): void {
  const handle = openOrTell(path);
  try {
    for (let done = 0; done < bytes.length; ) {
      const read = readSync(handle, bytes, done, bytes.length - done, position + done);
      if (read === 0) throw new StateDamagedError(`${path} is cut off`);
      done += read;
    }
  } finally {
    closeSync(handle);
  }
}

function openOrTell(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new StateDamagedError(`${path} is gone`);
    throw error;
  }
}

/** A partition's number from the first byte of a record's first word. */
export const PARTITIONS = 256;
export function byFirstByte(records: Uint32Array, at: number): number {
  const first = records[at];
  if (first === undefined) throw new InvariantError("a record begins beyond the end");
  return first >>> 24;
}
