// The thread that hashes: a segment of packed leaves in, the levels of its tree from the chunks up out.

import { parentPort } from "node:worker_threads";
import { tellLoaded } from "../threads.ts";
import { levelsFromChunks } from "./segments.ts";

export type TreeTask = { readonly id: number; readonly leaves: Uint8Array };
export type TreeResult = { readonly id: number; readonly levels: ReturnType<typeof levelsFromChunks> };

parentPort?.on("message", ({ id, leaves }: TreeTask) => {
  const levels = levelsFromChunks(leaves);
  const buffers = levels.flatMap(({ hashes, sums }) => [hashes.buffer, sums.buffer]);
  parentPort?.postMessage({ id, levels } satisfies TreeResult, [...new Set(buffers)] as ArrayBuffer[]);
});

tellLoaded(parentPort);
