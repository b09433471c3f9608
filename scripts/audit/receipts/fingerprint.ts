// 64-bit fingerprints of 32 bytes under a random key. Leaves of a dishonest book are any bytes it likes: without the key
// nobody can make them fall together and the search for doubles slow. Equal fingerprints are candidates, no proof.

import { randomBytes } from "../../../server/hashing.ts";
import { WORD_BYTES } from "../../../server/protocol/bytes.ts";

const WORDS = 8;
const LANES = 2;
export const KEY_BYTES = 4 * WORDS * LANES;

/** No Buffer: those have a JSON form of their own, in which the checkpoint would not find it again. */
export const newFingerprintKey = (): Uint8Array => Uint8Array.from(randomBytes(KEY_BYTES));

/** Answers into `hi` and `lo`, unsigned, since a pair for each of a billion leaves would be garbage. */
export class Fingerprint {
  hi = 0;
  lo = 0;
  readonly #factors: Int32Array;

  /** @param key 64 bytes */
  constructor(key: Uint8Array) {
    // Odd factors lose nothing.
    this.#factors = new Int32Array(key.slice().buffer).map((factor) => factor | 1);
  }

  /** Of the 8 words from `at` on. */
  of(words: Uint32Array, at: number): void {
    const factors = this.#factors;
    let a = 0x9e3779b9;
    let b = 0x85ebca6b;
    for (let i = 0; i < WORDS; i++) {
      const word = words[at + i] as number;
      a = Math.imul(a ^ word, factors[i] as number);
      a ^= a >>> 15;
      b = Math.imul(b ^ word, factors[i + WORDS] as number);
      b ^= b >>> 13;
    }
    this.hi = a >>> 0;
    this.lo = b >>> 0;
  }
}

/** 32-byte values as words; copied only where they are not aligned. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, bytes.length / 4);
}

export const WORDS_OF_HASH = WORD_BYTES / 4;
