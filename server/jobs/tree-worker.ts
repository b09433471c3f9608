// The thread that hashes: a segment of packed leaves in, the levels of its tree from the chunks up out.

import type { Level } from "../protocol/sum-tree.ts";
import { answerTasks } from "../threads.ts";
import { levelsFromChunks } from "./segments.ts";

const buffersOf = (levels: readonly Level[]) =>
  new Set(levels.flatMap(({ hashes, sums }) => [hashes.buffer, sums.buffer] as ArrayBuffer[]));

answerTasks(levelsFromChunks, (levels) => [...buffersOf(levels)]);
