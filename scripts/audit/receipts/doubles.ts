// Which fingerprints occur twice, and where a fingerprint is: a table over the leaf records of one partition, in typed
// arrays, so that millions of them are no garbage. Pure.

import { LEAF_WIDTH } from "./records.ts";

/** Open addressing over records that stay where they are: a slot holds a record's number plus one, 0 when it is free. */
export class LeafTable {
  readonly #records: Uint32Array;
  readonly #slots: Int32Array;
  readonly #mask: number;

  /**
   * @param records leaf records, one after the other
   * @param onDouble hears of two records with one fingerprint, the earlier first; the table keeps the earlier
   */
  constructor(records: Uint32Array, onDouble: (earlier: number, later: number) => void) {
    const count = records.length / LEAF_WIDTH;
    const size = 2 ** Math.ceil(Math.log2(2 * count + 2));
    this.#records = records;
    this.#slots = new Int32Array(size);
    this.#mask = size - 1;
    for (let record = 0; record < count; record++) this.#add(record, onDouble);
  }

  /** The number of the record with this fingerprint, -1 if there is none. */
  find(hi: number, lo: number): number {
    return (this.#slots[this.#slotOf(hi, lo)] as number) - 1;
  }

  #add(record: number, onDouble: (earlier: number, later: number) => void): void {
    const at = record * LEAF_WIDTH;
    const slot = this.#slotOf(this.#records[at] as number, this.#records[at + 1] as number);
    const known = (this.#slots[slot] as number) - 1;
    if (known < 0) {
      this.#slots[slot] = record + 1;
      return;
    }
    const isEarlier = this.#isBefore(record, known);
    if (isEarlier) this.#slots[slot] = record + 1;
    onDouble(isEarlier ? record : known, isEarlier ? known : record);
  }

  /** The slot that holds this fingerprint, or the free one where it belongs. */
  #slotOf(hi: number, lo: number): number {
    const records = this.#records;
    for (let slot = lo & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = ((this.#slots[slot] as number) - 1) * LEAF_WIDTH;
      if (at < 0 || (records[at + 1] === lo && records[at] === hi)) return slot;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [batch, index] = [LEAF_WIDTH * a + 2, LEAF_WIDTH * a + 3];
    const [otherBatch, otherIndex] = [LEAF_WIDTH * b + 2, LEAF_WIDTH * b + 3];
    const byBatch = (this.#records[batch] as number) - (this.#records[otherBatch] as number);
    return (
      byBatch < 0 ||
      (byBatch === 0 && (this.#records[index] as number) < (this.#records[otherIndex] as number))
    );
  }
}
