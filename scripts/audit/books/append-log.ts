// A file that only grows, of records of one width: what was read of books and is needed in order once more at the end.
// After a kill it is cut back to where it was known to be whole.

import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";
import { StateDamagedError } from "../receipts/scatter.ts";

/** How far the file was written, and the checksum (CRC-32) up to there. */
export type LogMark = { readonly bytes: number; readonly sum: number };

const BUFFER_BYTES = 1 << 20;

export class AppendLog {
  readonly #handle: number;
  readonly #buffer = Buffer.alloc(BUFFER_BYTES);
  #buffered = 0;
  #bytes = 0;
  #sum = 0;

  private constructor(handle: number) {
    this.#handle = handle;
  }

  /**
   * Opens it as it was at `mark`, empty by default.
   * @throws StateDamagedError when what it holds is not what was written
   */
  static open(path: string, mark: LogMark = { bytes: 0, sum: 0 }): AppendLog {
    const log = new AppendLog(openSync(path, mark.bytes === 0 ? "w+" : "a+", 0o600));
    if (fstatSync(log.#handle).size < mark.bytes) throw new StateDamagedError(`${path} is cut off`);
    ftruncateSync(log.#handle, mark.bytes);
    log.#bytes = mark.bytes;
    for (const some of log.read()) log.#sum = crc32(some, log.#sum);
    if (log.#sum !== mark.sum) throw new StateDamagedError(`${path} is not as it was written`);
    return log;
  }

  /** As of the last flush. */
  get bytes(): number {
    return this.#bytes;
  }

  append(record: Uint8Array): void {
    if (this.#buffered + record.length > BUFFER_BYTES) this.flush();
    this.#buffer.set(record, this.#buffered);
    this.#buffered += record.length;
  }

  /** Hands everything to the system. */
  flush(): LogMark {
    const some = this.#buffer.subarray(0, this.#buffered);
    for (let done = 0; done < some.length; )
      done += writeSync(this.#handle, some, done, some.length - done, this.#bytes + done);
    this.#sum = crc32(some, this.#sum);
    this.#bytes += some.length;
    this.#buffered = 0;
    return { bytes: this.#bytes, sum: this.#sum };
  }

  /** All that was flushed, in pieces that are valid until the next is asked for. Pieces end where records of 8·n bytes may not. */
  *read(): Generator<Uint8Array> {
    const piece = Buffer.alloc(BUFFER_BYTES);
    for (let at = 0; at < this.#bytes; ) {
      const read = readSync(this.#handle, piece, 0, Math.min(BUFFER_BYTES, this.#bytes - at), at);
      if (read === 0) throw new StateDamagedError("a file of the state folder is cut off");
      yield piece.subarray(0, read);
      at += read;
    }
  }

  /** All records of `width` bytes, in order; each is valid until the next is asked for. */
  *records(width: number): Generator<DataView> {
    const record = Buffer.alloc(width);
    let filled = 0;
    for (const piece of this.read())
      for (let at = 0; at < piece.length; ) {
        const taken = Math.min(width - filled, piece.length - at);
        record.set(piece.subarray(at, at + taken), filled);
        filled += taken;
        at += taken;
        if (filled < width) continue;
        filled = 0;
        yield new DataView(record.buffer, record.byteOffset, width);
      }
  }

  close(): void {
    closeSync(this.#handle);
  }
}
