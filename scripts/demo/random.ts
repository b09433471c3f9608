// Numbers that look drawn, and are the same again for the same seed: a demo can be played twice.

/** Numbers in [0, 1) from a seed (mulberry32, Tommy Ettinger 2017): good enough to play with, useless for secrets. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number in [0, most). */
export const drawn = (random: () => number, most: number): number => Math.floor(random() * most);
