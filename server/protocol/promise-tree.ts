// The tree that one signature over many promises covers: of the same shape as a batch's (leaves sorted, pairs sorted, an odd
// one moves up). Made for every write, and so over packed bytes and without a library. What is promised is not known here.

import { compareBytes, type Hex, hexWordAt, toHex, WORD_BYTES } from "./bytes.ts";
import { type Hash, keccak } from "./hash.ts";

/** One level, left to right: 32 bytes a node. */
type Level = Uint8Array;

/** A tree over sorted leaves; paths go from the leaf up. */
export class PromiseTree {
  readonly #levels: Level[];
  readonly #toHex: (bytes: Uint8Array) => Hex;
  /** Each level's hex, made when it is first wanted: paths are cut from it. */
  readonly #hex: Hex[] = [];
  /** Each node's path as text, by level. */
  readonly #texts: string[][] = [];

  /** @param leaves 32 bytes each, one behind the other, in the order of their bytes */
  constructor(leaves: Uint8Array, hash: Hash = keccak, hex: (bytes: Uint8Array) => Hex = toHex) {
    this.#levels = levelsOf(leaves, hash);
    this.#toHex = hex;
  }

  /** 32 bytes. */
  get root(): Uint8Array {
    return this.#levels.at(-1) as Level;
  }

  /** The path of the leaf at a place, counted from 0, in hex, as the inside of a JSON list. */
  pathText(place: number): string {
    return this.#textOf(0, place);
  }

  /** What is above a node stands in the paths of all below it, and so is put together once. */
  #textOf(level: number, node: number): string {
    if (level === this.#levels.length - 1) return "";
    this.#texts[level] ??= [];
    const texts = this.#texts[level];
    texts[node] ??= this.#join(level, node ^ 1, this.#textOf(level + 1, node >> 1));
    return texts[node];
  }

  #join(level: number, sibling: number, above: string): string {
    if (sibling * WORD_BYTES >= (this.#levels[level] as Level).length) return above;
    return `"${this.#hexAt(level, sibling)}"${above === "" ? "" : `,${above}`}`;
  }

  #hexAt(level: number, node: number): Hex {
    this.#hex[level] ??= this.#toHex(this.#levels[level] as Level);
    return hexWordAt(this.#hex[level], node);
  }
}

/** The order of the leaves of a tree: which of those given is at each place. */
export const leafOrder = (leaves: readonly Uint8Array[]): number[] =>
  leaves.map((_, i) => i).sort((a, b) => compareBytes(leaves[a] as Uint8Array, leaves[b] as Uint8Array));

const wordAt = (level: Level, node: number): Uint8Array =>
  level.subarray(node * WORD_BYTES, (node + 1) * WORD_BYTES);

function levelsOf(leaves: Level, hash: Hash): Level[] {
  const levels = [leaves];
  for (let level = leaves; level.length > WORD_BYTES; ) {
    level = levelAbove(level, hash);
    levels.push(level);
  }
  return levels;
}

function levelAbove(level: Level, hash: Hash): Level {
  const nodes = level.length / WORD_BYTES;
  const above = new Uint8Array(((nodes + 1) >> 1) * WORD_BYTES);
  const swapped = new Uint8Array(2 * WORD_BYTES);
  for (let node = 0; node + 1 < nodes; node += 2) {
    const pair = level.subarray(node * WORD_BYTES, (node + 2) * WORD_BYTES);
    above.set(hash(isInOrder(pair) ? pair : swap(pair, swapped)), (node >> 1) * WORD_BYTES);
  }
  if (nodes % 2 === 1) above.set(wordAt(level, nodes - 1), above.length - WORD_BYTES);
  return above;
}

function isInOrder(pair: Uint8Array): boolean {
  for (let i = 0; i < WORD_BYTES; i++) {
    const difference = (pair[i] as number) - (pair[WORD_BYTES + i] as number);
    if (difference !== 0) return difference < 0;
  }
  return true;
}

function swap(pair: Uint8Array, into: Uint8Array): Uint8Array {
  into.set(pair.subarray(WORD_BYTES));
  into.set(pair.subarray(0, WORD_BYTES), WORD_BYTES);
  return into;
}
