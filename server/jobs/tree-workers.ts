// The threads that build trees, shared by all seals of a process.

import type { Level } from "../protocol/sum-tree.ts";
import { Thread } from "../threads.ts";

const ENTRY = new URL("./tree-worker.ts", import.meta.url);

export class TreeWorkers {
  readonly #threads: readonly Thread<Uint8Array, Level[]>[];
  #tasks = 0;

  constructor(threads: number) {
    this.#threads = Array.from({ length: threads }, () => new Thread("a tree thread", ENTRY));
  }

  /** The levels of one segment's tree, from the chunks up. Takes `leaves` away: it is moved to the thread. */
  levelsOf(leaves: Uint8Array<ArrayBuffer>): Promise<Level[]> {
    const place = this.#tasks++ % this.#threads.length;
    return (this.#threads[place] as Thread<Uint8Array, Level[]>).ask(leaves, [leaves.buffer]);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.stop()));
  }
}
