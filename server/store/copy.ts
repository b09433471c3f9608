// PostgreSQL's binary COPY format: the fastest way in and out for rows of bytes and integers.
// https://www.postgresql.org/docs/18/sql-copy.html, "Binary Format".

import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";

const SIGNATURE = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
const TRAILER = Buffer.from([0xff, 0xff]);

/** What a column may hold: bytes or text as they are, integers by their width. */
export type Field =
  | { readonly bytes: Uint8Array | string | null }
  | { readonly int8: bigint }
  | { readonly int4: number }
  | { readonly int2: number };

/** A COPY … FROM STDIN (FORMAT binary) that has been sent, and the groups of rows that it shall take. */
type CopyQuery = { writable(): Promise<Writable> };

/**
 * Streams groups of rows into a table, one group in memory at a time. Resolves when the database has taken them all;
 * throws what it says when it refuses one.
 */
export async function copyIn(
  query: CopyQuery,
  groups: Iterable<readonly (readonly Field[])[]>,
): Promise<void> {
  const parts = function* () {
    yield SIGNATURE;
    for (const rows of groups) yield encodeRows(rows);
    yield TRAILER;
  };
  await copyStream(query, parts());
}

/** Streams bytes that are in the format already into a table; otherwise as `copyIn`. */
export async function copyStream(
  query: CopyQuery,
  parts: Iterable<Buffer> | AsyncIterable<Buffer>,
): Promise<void> {
  const refused = refusalOf(query);
  const written = query.writable().then((stream) => pipeline(Readable.from(parts), stream));
  await Promise.race([written, refused]);
}

/**
 * The driver resolves a COPY's query when the stream opens, and ends the stream when the rows are taken. When the server
 * refuses them after the last one was sent, it does neither: it only calls `reject` of the query, so that is listened to.
 */
function refusalOf(query: CopyQuery): Promise<never> {
  const settled = query as unknown as { reject(reason: unknown): void };
  const reject = settled.reject;
  return new Promise((_, refuse) => {
    settled.reject = (reason) => {
      reject(reason);
      refuse(reason);
    };
  });
}

function encodeRows(rows: readonly (readonly Field[])[]): Buffer {
  let size = 0;
  for (const row of rows) {
    size += 2;
    for (const field of row) size += 4 + widthOf(field);
  }
  const out = Buffer.allocUnsafe(size);
  let at = 0;
  for (const row of rows) {
    at = out.writeInt16BE(row.length, at);
    for (const field of row) at = writeField(out, at, field);
  }
  return out;
}

function widthOf(field: Field): number {
  if ("int8" in field) return 8;
  if ("int4" in field) return 4;
  if ("int2" in field) return 2;
  return field.bytes === null ? 0 : Buffer.byteLength(field.bytes);
}

function writeField(out: Buffer, at: number, field: Field): number {
  if ("bytes" in field && field.bytes === null) return out.writeInt32BE(-1, at);
  const width = widthOf(field);
  const from = out.writeInt32BE(width, at);
  if ("int8" in field) return out.writeBigInt64BE(field.int8, from);
  if ("int4" in field) return out.writeInt32BE(field.int4, from);
  if ("int2" in field) return out.writeInt16BE(field.int2, from);
  const bytes = field.bytes as Uint8Array | string;
  if (typeof bytes === "string") out.write(bytes, from);
  else out.set(bytes, from);
  return from + width;
}

/** A COPY … TO STDOUT that has been sent. */
type CopyOutQuery = { readable(): Promise<Readable> };

/**
 * The bytes of a COPY … TO STDOUT, no faster than they are read. To be read to the end: no query of the same connection is
 * answered before.
 *
 * The driver (postgres 3.4.9; its issue 499) lets the connection rest when the stream is full, and wakes it when more is
 * wanted. A reader that is slower than the server may have a full stream just as its end arrives: then nothing more is ever
 * wanted, the connection rests for good, and with it every query behind this one. So the end wakes it.
 */
export async function copyOut(query: CopyOutQuery): Promise<Readable> {
  const stream = await query.readable();
  const push = stream.push.bind(stream);
  stream.push = (piece) => {
    const hasRoom = push(piece);
    // The driver's: it only wakes the connection.
    if (piece === null) stream._read(0);
    return hasRoom;
  };
  return stream;
}

/**
 * Reads a binary COPY stream row by row. `onRow` gets the buffer and where its fields lie: `at[i]` and `length[i]` (−1 for
 * NULL), valid only during the call. Rows may span chunks of the stream. What `onRow` throws is thrown once the stream has
 * been read to its end: the driver refuses even a rollback before.
 */
export async function readCopy(
  stream: AsyncIterable<Buffer>,
  fields: number,
  onRow: (data: Buffer, at: Int32Array, length: Int32Array) => void,
): Promise<void> {
  const at = new Int32Array(fields);
  const length = new Int32Array(fields);
  let rest: Buffer = Buffer.alloc(0);
  let header = SIGNATURE.length;
  let failure: { readonly thrown: unknown } | undefined;
  const take = (data: Buffer) => {
    if (failure !== undefined) return;
    try {
      onRow(data, at, length);
    } catch (thrown) {
      failure = { thrown };
    }
  };
  for await (const chunk of stream) {
    const data: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let position = 0;
    if (header > 0) {
      if (data.length < header) {
        rest = data;
        continue;
      }
      position = header;
      header = 0;
    }
    for (;;) {
      const end = locateRow(data, position, at, length);
      if (end < 0) break;
      if (end > position + 2 || fields === 0) take(data);
      position = end;
    }
    rest = data.subarray(position);
  }
  if (failure !== undefined) throw failure.thrown;
}

/** Counts the rows of a binary COPY stream that passes in pieces. */
export class RowCounter {
  #rows = 0;
  #rest: Buffer = Buffer.alloc(0);
  #header = SIGNATURE.length;
  readonly #at: Int32Array;
  readonly #length: Int32Array;

  /** `fields` are in each row. */
  constructor(fields: number) {
    this.#at = new Int32Array(fields);
    this.#length = new Int32Array(fields);
  }

  get rows(): number {
    return this.#rows;
  }

  add(piece: Buffer): void {
    const data = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    let position = Math.min(this.#header, data.length);
    this.#header -= position;
    for (;;) {
      const end = locateRow(data, position, this.#at, this.#length);
      if (end < 0) break;
      if (end > position + 2) this.#rows += 1;
      position = end;
    }
    this.#rest = data.subarray(position);
  }
}

/** Where the fields of the row at `from` lie, and where it ends; −1 when it is not whole yet. The trailer ends at once. */
function locateRow(data: Buffer, from: number, at: Int32Array, length: Int32Array): number {
  if (data.length < from + 2) return -1;
  const count = data.readInt16BE(from);
  let position = from + 2;
  for (let field = 0; field < count; field++) {
    if (data.length < position + 4) return -1;
    const size = data.readInt32BE(position);
    position += 4;
    at[field] = position;
    length[field] = size;
    if (size > 0) position += size;
  }
  return position <= data.length ? position : -1;
}
