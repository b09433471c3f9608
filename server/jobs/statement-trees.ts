// Collects a batch's leaves as they stream in, line by line, and has their trees built meanwhile.

import type { Level } from "../protocol/sum-tree.ts";
import { CHUNK_LEAVES, joinSegments, LEAF_BYTES, levelsFromChunks, SEGMENT_CHUNKS } from "./segments.ts";
import type { TreeWorkers } from "./tree-workers.ts";

export type Chunk = { readonly firstId: Uint8Array; leaves: Uint8Array };

/** One side of one line in a batch, and its tree. `root` covers `receipts` leaves that add up to `sum`. */
export type StatementTree = {
  readonly line: number;
  readonly kind: number;
  readonly receipts: bigint;
  readonly root: Uint8Array;
  readonly sum: bigint;
  readonly chunks: readonly Chunk[];
  /** From the chunks' level up; none when one chunk holds the tree. */
  readonly levels: readonly Level[];
};

/** Takes leaves in the order (line, kind, id) and gives the trees in that order. */
export class StatementTrees {
  readonly #workers: TreeWorkers;
  readonly #trees: Promise<StatementTree>[] = [];
  #current: Collector | undefined;

  constructor(workers: TreeWorkers) {
    this.#workers = workers;
  }

  /** `id` and `leaf`, which is packed (`LEAF_BYTES`), are copied. */
  add(line: number, kind: number, id: Uint8Array, leaf: Uint8Array): void {
    if (this.#current?.line !== line || this.#current.kind !== kind) {
      this.#close();
      this.#current = new Collector(this.#workers, line, kind);
    }
    this.#current.add(id, leaf);
  }

  finish(): Promise<StatementTree[]> {
    this.#close();
    return Promise.all(this.#trees);
  }

  #close(): void {
    if (this.#current === undefined) return;
    const tree = this.#current.finish();
    // Awaited only when all leaves are there; a failure before that must not count as unhandled.
    tree.catch(() => {});
    this.#trees.push(tree);
  }
}

class Collector {
  readonly line: number;
  readonly kind: number;
  readonly #workers: TreeWorkers;
  readonly #chunks: Chunk[] = [];
  readonly #segments: (Promise<Level[]> | Level[])[] = [];
  #chunk = new Uint8Array(0);
  #filled = CHUNK_LEAVES;
  #receipts = 0;

  constructor(workers: TreeWorkers, line: number, kind: number) {
    this.#workers = workers;
    this.line = line;
    this.kind = kind;
  }

  add(id: Uint8Array, leaf: Uint8Array): void {
    if (this.#filled === CHUNK_LEAVES) this.#openChunk(id);
    this.#chunk.set(leaf, this.#filled * LEAF_BYTES);
    this.#filled += 1;
    this.#receipts += 1;
  }

  async finish(): Promise<StatementTree> {
    const last = this.#chunks.at(-1) as Chunk;
    last.leaves = this.#chunk.subarray(0, this.#filled * LEAF_BYTES);
    this.#segments.push(this.#levelsOf(this.#chunks.slice(this.#segments.length * SEGMENT_CHUNKS)));
    const levels = joinSegments(await Promise.all(this.#segments));
    const top = levels.at(-1) as Level;
    return {
      line: this.line,
      kind: this.kind,
      receipts: BigInt(this.#receipts),
      root: top.hashes,
      sum: top.sums[0] as bigint,
      chunks: this.#chunks,
      levels: this.#chunks.length === 1 ? [] : levels,
    };
  }

  #openChunk(firstId: Uint8Array): void {
    const full = this.#chunks.length;
    if (full > 0 && full % SEGMENT_CHUNKS === 0)
      this.#segments.push(this.#levelsOf(this.#chunks.slice(-SEGMENT_CHUNKS)));
    this.#chunk = new Uint8Array(CHUNK_LEAVES * LEAF_BYTES);
    this.#chunks.push({ firstId: firstId.slice(), leaves: this.#chunk });
    this.#filled = 0;
  }

  /** A single chunk is hashed here and now: handing it to a thread would take as long. */
  #levelsOf(chunks: readonly Chunk[]): Promise<Level[]> | Level[] {
    if (chunks.length === 1) return levelsFromChunks((chunks[0] as Chunk).leaves);
    return this.#workers.levelsOf(new Uint8Array(Buffer.concat(chunks.map(({ leaves }) => leaves))));
  }
}
