// From the bytes of a backup to the rows of its tables, checked on the way. Nothing that fails a check is kept by whoever
// asks, since `end` throws.

import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import type { z } from "zod";
import { InputError } from "../../server/errors.ts";
import type { TableShape } from "../../server/store/snapshot.ts";
import { damaged, type Entry, readArchive } from "./archive.ts";
import {
  anyHead,
  END,
  endSchema,
  FORMAT,
  HEAD,
  type Head,
  headSchema,
  OPERATOR_KEY,
  PIECE_BYTES,
  pieceName,
  RunningSum,
  sha256,
  type TableSum,
} from "./format.ts";

const decompress = promisify(zstdDecompress);

export class BackupReader {
  readonly head: Head;
  readonly operatorKey: Buffer | undefined;
  readonly #headSum: string;
  readonly #entries: AsyncGenerator<Entry>;
  readonly #sums = new Map<string, TableSum>();
  #entry: Entry | undefined;

  private constructor(head: Head, headSum: string, key: Entry | undefined, entries: AsyncGenerator<Entry>) {
    this.head = head;
    this.operatorKey = key?.content;
    this.#headSum = headSum;
    this.#entries = entries;
  }

  /** Throws `InputError`: `not-a-backup`, `newer-format`, `damaged-backup`. */
  static async open(source: AsyncIterable<Buffer>): Promise<BackupReader> {
    const entries = readArchive(source);
    const first = await firstOf(entries);
    const head = headOf(first.content);
    const second = await nextOf(entries);
    const key = second?.name === OPERATOR_KEY ? second : undefined;
    const reader = new BackupReader(head, sha256(first.content), key, entries);
    reader.#entry = key === undefined ? second : await nextOf(entries);
    return reader;
  }

  /** The rows of a table in the binary COPY format; tables are to be read in the order of the head, each to its end. */
  async *rows({ name, columns }: Pick<TableShape, "name" | "columns">): AsyncGenerator<Buffer> {
    const sum = new RunningSum({ name, columns });
    for (let number = 1; this.#entry?.name === pieceName(name, number); number++) {
      const piece = await unpacked(this.#entry);
      sum.add(piece);
      yield piece;
      this.#entry = await nextOf(this.#entries);
    }
    this.#sums.set(name, sum.end());
  }

  /** What has been read of a table. */
  sumOf(table: string): TableSum | undefined {
    return this.#sums.get(table);
  }

  /** Compares what was read with what was written, after the last table; gives the sums. Throws `damaged-backup`. */
  async end(): Promise<readonly TableSum[]> {
    if (this.#entry?.name !== END) throw damaged(`wanted ${END}, came ${this.#entry?.name ?? "the end"}`);
    const end = parsed(endSchema, this.#entry.content, END);
    const ownKey = this.operatorKey === undefined ? null : sha256(this.operatorKey);
    if (end.head !== this.#headSum) throw damaged(`${HEAD} has changed`);
    if (end.operatorKey !== ownKey) throw damaged(`${OPERATOR_KEY} has changed`);
    if (end.tables.length !== this.head.tables.length) throw damaged("the number of tables has changed");
    for (const table of end.tables) this.#compare(table);
    return end.tables;
  }

  #compare(wanted: TableSum): void {
    const found = this.#sums.get(wanted.name);
    if (found !== undefined && isSame(found, wanted)) return;
    throw damaged(
      `table ${wanted.name}: ${wanted.rows} rows were written, ${found?.rows ?? 0} are here, or others`,
    );
  }
}

export const isSame = (a: TableSum, b: TableSum): boolean =>
  a.rows === b.rows && a.bytes === b.bytes && a.sha256 === b.sha256;

async function nextOf(entries: AsyncGenerator<Entry>): Promise<Entry | undefined> {
  const { value, done } = await entries.next();
  return done === true ? undefined : value;
}

const notABackup = () =>
  new InputError(
    "not-a-backup",
    "this is not a backup that `npm run backup` has made. Is it encrypted or compressed? Then undo that first",
  );

async function firstOf(entries: AsyncGenerator<Entry>): Promise<Entry> {
  const first = await nextOf(entries).catch((thrown) => {
    throw thrown instanceof InputError ? notABackup() : thrown;
  });
  if (first?.name !== HEAD) throw notABackup();
  return first;
}

function headOf(content: Buffer): Head {
  const { format } = parsed(anyHead, content, HEAD);
  if (format === FORMAT) return parsed(headSchema, content, HEAD);
  throw new InputError(
    "newer-format",
    `the backup is of the format ${format}; this version of Amanah knows ${FORMAT}: take the version that made it`,
  );
}

function parsed<Schema extends z.ZodType>(schema: Schema, content: Buffer, name: string): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(content.toString()));
  } catch {
    throw damaged(`${name} is not what it should be`);
  }
}

async function unpacked({ name, content }: Entry): Promise<Buffer> {
  try {
    return await decompress(content, { maxOutputLength: PIECE_BYTES });
  } catch {
    throw damaged(`${name} cannot be unpacked`);
  }
}
