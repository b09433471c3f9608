// The tar archive that a backup is: entries one behind the other, each small enough to be held in memory, so that any tar
// can look into it and neither side ever holds more than one. What is in them is not known here.

import { Header } from "tar";
import { InputError } from "../../server/errors.ts";

export type Entry = { readonly name: string; readonly content: Buffer };

const BLOCK_BYTES = 512;
/** More than the largest piece takes when it cannot be compressed. */
const MOST_ENTRY_BYTES = 16 * 1024 * 1024;
/** Two empty blocks. */
export const ARCHIVE_END = Buffer.alloc(2 * BLOCK_BYTES);
/** It holds keys: for its owner alone, also where somebody unpacks it by hand. */
const MODE = 0o600;

/** An entry as it lies in the archive. */
export function encodeEntry({ name, content }: Entry, at: Date): Buffer {
  const header = new Header({ path: name, mode: MODE, size: content.length, mtime: at, type: "File" });
  header.encode();
  return Buffer.concat([header.block as Buffer, content, Buffer.alloc(paddingOf(content.length))]);
}

const paddingOf = (bytes: number) => (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES;

/**
 * The entries of an archive, one at a time.
 * @throws InputError `damaged-backup` when a block is not what it should be, or when the archive ends too early
 */
export async function* readArchive(source: AsyncIterable<Buffer>): AsyncGenerator<Entry> {
  const bytes = new ExactBytes(source);
  for (;;) {
    const header = new Header(await bytes.next(BLOCK_BYTES));
    if (header.nullBlock) return;
    const { size = -1, path = "" } = header;
    if (!header.cksumValid || size < 0 || size > MOST_ENTRY_BYTES) throw damaged("it is no tar archive here");
    const content = await bytes.next(size);
    await bytes.next(paddingOf(size));
    yield { name: path, content };
  }
}

export const damaged = (what: string) =>
  new InputError("damaged-backup", `the backup is damaged: ${what}; use another one`);

/** Hands out so many bytes of a stream as are asked for. */
class ExactBytes {
  readonly #source: AsyncIterator<Buffer>;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async next(count: number): Promise<Buffer> {
    while (this.#heldBytes < count) await this.#hold();
    const held = this.#held.length === 1 ? (this.#held[0] as Buffer) : Buffer.concat(this.#held);
    this.#held = [held.subarray(count)];
    this.#heldBytes -= count;
    return held.subarray(0, count);
  }

  async #hold(): Promise<void> {
    const { value, done } = await this.#source.next();
    if (done === true) throw damaged("it ends too early");
    this.#held.push(value);
    this.#heldBytes += value.length;
  }
}
