// The records that the search for doubled and invented receipts works with, word by word: one for each leaf, one for each
// reversal, and one for each reversal whose gift was found. How they are spread over files is in scatter.ts.

/** [fingerprint hi, lo, batch, index in the book with REVERSAL_BIT] */
export const LEAF_WIDTH = 4;

/** The top bit of an index: this leaf is a reversal's. A book holds fewer than 2^31 receipts. */
export const REVERSAL_BIT = 0x8000_0000;

/**
 * [fingerprint of the gift's leaf hi, lo, batch, index, amount hi, lo, end hi, lo, fingerprint of the line hi, lo, the 8
 * words of the gift's leaf]; `end` is where the reversal ends on its side of the line.
 */
export const REVERSAL_WIDTH = 18;
export const GIFT_LEAF_AT = 10;

/** [batch of the gift, its index, and the record of the reversal] */
export const MATCH_WIDTH = 2 + REVERSAL_WIDTH;

/** A reversal as it is told to the thread that knows lines by name. */
export type FoundReversal = {
  readonly batch: number;
  readonly index: number;
  readonly amount: bigint;
  readonly end: bigint;
  readonly line: LineFingerprint;
};

/** `hi-lo` of the fingerprint of a line. */
export type LineFingerprint = `${number}-${number}`;

export function reversalAt(words: Uint32Array, at: number): FoundReversal {
  const word = (i: number) => words[at + i] as number;
  return {
    batch: word(2),
    index: word(3),
    amount: uint64At(words, at + 4),
    end: uint64At(words, at + 6),
    line: `${word(8)}-${word(9)}`,
  };
}

export const uint64At = (words: Uint32Array, at: number): bigint =>
  (BigInt(words[at] as number) << 32n) | BigInt(words[at + 1] as number);

export function putUint64(words: Uint32Array, at: number, value: bigint): void {
  words[at] = Number(value >> 32n);
  words[at + 1] = Number(value & 0xffff_ffffn);
}
