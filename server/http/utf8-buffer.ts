// Text on its way out. Joined as strings it would be copied three times; in fresh buffers it would be garbage outside of the
// heap, which has the collector run twice as often under a large upload.

const FIRST_BYTES = 65_536;
const MOST_BYTES_A_CHARACTER = 3;

/** Collects text as UTF-8 in one buffer, which is used again and again. */
export class Utf8Buffer {
  #bytes = Buffer.alloc(FIRST_BYTES);
  #end = 0;

  add(text: string): void {
    const most = this.#end + MOST_BYTES_A_CHARACTER * text.length;
    if (most > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], 2 * most);
    this.#end += this.#bytes.write(text, this.#end);
  }

  /** What has been added since it was last taken. Another text overwrites it. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#end);
    this.#end = 0;
    return taken;
  }
}
