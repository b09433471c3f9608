// How a large tree is built in pieces: leaves are packed into chunks of 2^7 as they are stored, chunks into segments of
// 2^17 that threads hash side by side, and the segments' levels joined. An odd node moves up unchanged, so pieces whose
// size is a power of two fit together without a seam. Pure.

import { fastKeccak } from "../hashing.ts";
import { concat } from "../protocol/bytes.ts";
import { type Level, levelsAbove, sumTreeLevels } from "../protocol/sum-tree.ts";

export const CHUNK_LEVEL = 7;
export const CHUNK_LEAVES = 2 ** CHUNK_LEVEL;
export const SEGMENT_LEVEL = 17;
export const SEGMENT_CHUNKS = 2 ** (SEGMENT_LEVEL - CHUNK_LEVEL);

const HASH_BYTES = 32;

/** A packed leaf: 32 bytes of hash, then its amount, 8 bytes big-endian. */
export const LEAF_BYTES = HASH_BYTES + 8;

/** Packed leaves as the lowest level of a tree. */
export function unpackLeaves(packed: Uint8Array): Level {
  const count = packed.length / LEAF_BYTES;
  const level = { hashes: new Uint8Array(count * HASH_BYTES), sums: new BigUint64Array(count) };
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  for (let leaf = 0; leaf < count; leaf++) {
    const at = leaf * LEAF_BYTES;
    level.hashes.set(packed.subarray(at, at + HASH_BYTES), leaf * HASH_BYTES);
    level.sums[leaf] = view.getBigUint64(at + HASH_BYTES);
  }
  return level;
}

/**
 * The levels of the tree over packed leaves from the chunks' level up, the root's last. A tree within one chunk has its
 * root there, moved up.
 */
export function levelsFromChunks(packed: Uint8Array): Level[] {
  const levels = sumTreeLevels(unpackLeaves(packed), fastKeccak);
  return levels.length > CHUNK_LEVEL ? levels.slice(CHUNK_LEVEL) : levels.slice(-1);
}

/** The levels of a whole tree from those of its segments, left to right; all but the last segment are full. */
export function joinSegments(segments: readonly Level[][]): Level[] {
  if (segments.length === 1) return segments[0] as Level[];
  const shared = Array.from({ length: SEGMENT_LEVEL - CHUNK_LEVEL + 1 }, (_, above) =>
    joinLevels(segments.map((levels) => (levels[above] ?? levels.at(-1)) as Level)),
  );
  return [...shared, ...levelsAbove(shared.at(-1) as Level, fastKeccak)];
}

function joinLevels(levels: readonly Level[]): Level {
  const sums = new BigUint64Array(levels.reduce((size, level) => size + level.sums.length, 0));
  let at = 0;
  for (const level of levels) {
    sums.set(level.sums, at);
    at += level.sums.length;
  }
  return { hashes: concat(...levels.map(({ hashes }) => hashes)), sums };
}
