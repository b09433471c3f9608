// The threads that build trees, shared by all seals of a process.

import { Worker } from "node:worker_threads";
import { InvariantError } from "../errors.ts";
import type { Level } from "../protocol/sum-tree.ts";
import { endThread, untilLoaded } from "../threads.ts";
import type { TreeResult, TreeTask } from "./tree-worker.ts";

type Waiting = { resolve(levels: Level[]): void; reject(reason: Error): void };

type Thread = { readonly worker: Worker; readonly loaded: Promise<void> };

const STOPPED = "the tree threads were stopped";

export class TreeWorkers {
  /** Undefined where one has died: who asks for it next starts another. */
  readonly #workers: (Thread | undefined)[];
  readonly #waiting = new Map<number, Waiting>();
  #tasks = 0;
  #isStopped = false;

  constructor(threads: number) {
    this.#workers = Array.from({ length: threads }, (_, place) => this.#start(place));
  }

  /** The levels of one segment's tree, from the chunks up. Takes `leaves` away: it is moved to the thread. */
  levelsOf(leaves: Uint8Array<ArrayBuffer>): Promise<Level[]> {
    // A thread that is gone never answers.
    if (this.#isStopped) return Promise.reject(new Error(STOPPED));
    const id = this.#tasks++;
    const place = id % this.#workers.length;
    this.#workers[place] ??= this.#start(place);
    const { worker } = this.#workers[place];
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, leaves } satisfies TreeTask, [leaves.buffer]);
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#fail(new Error(STOPPED));
    await Promise.all(this.#workers.map((thread) => thread && endThread(thread.worker, thread.loaded)));
  }

  #start(place: number): Thread {
    const worker = new Worker(new URL("./tree-worker.ts", import.meta.url));
    const loaded = untilLoaded(worker);
    worker.on("message", ({ id, levels }: TreeResult) => {
      this.#waiting.get(id)?.resolve(levels);
      this.#waiting.delete(id);
    });
    worker.on("error", (error) => {
      this.#workers[place] = undefined;
      this.#fail(new InvariantError(`a tree thread failed: ${String(error)}`));
    });
    worker.unref();
    return { worker, loaded };
  }

  #fail(reason: Error): void {
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}
