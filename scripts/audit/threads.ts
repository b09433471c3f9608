// The threads of an audit, as those who ask them see them.

import { Worker } from "node:worker_threads";
import { endThread, untilLoaded } from "../../server/threads.ts";
import type { Answered, Asked, RequestKind, Requests, ThreadSetup } from "./thread.ts";
import { errorReceived } from "./thread-errors.ts";

type Waiting = { resolve(answer: never): void; reject(reason: Error): void };

/** One thread; it answers in the order in which it is asked. */
export class Thread {
  readonly #worker: Worker;
  readonly #loaded: Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #stopped = false;

  constructor(setup: ThreadSetup) {
    this.#worker = new Worker(new URL("./thread.ts", import.meta.url), { workerData: setup });
    this.#loaded = untilLoaded(this.#worker);
    this.#worker.on("message", (answered: Answered) => this.#hear(answered));
    this.#worker.on("error", (error) => this.#fail(error as Error));
    this.#worker.on("exit", () => this.#fail(new Error("a thread of the audit has ended")));
  }

  ask<Kind extends RequestKind>(kind: Kind, ask: Requests[Kind]["ask"]): Promise<Requests[Kind]["answer"]> {
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      if (this.#stopped) return reject(new Error("a thread of the audit was stopped"));
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, kind, ask } as Asked);
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await endThread(this.#worker, this.#loaded);
  }

  #hear({ id, answer, error }: Answered): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(answer as never);
    else waiting?.reject(errorReceived(error));
  }

  #fail(error: Error): void {
    this.#stopped = true;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** Has every thread work off tasks from one queue, each one task at a time. */
export async function shareOut<Task>(
  threads: readonly Thread[],
  tasks: Iterable<Task>,
  work: (thread: Thread, task: Task) => Promise<void>,
): Promise<void> {
  const queue = tasks[Symbol.iterator]();
  await Promise.all(
    threads.map(async (thread) => {
      for (let next = queue.next(); next.done !== true; next = queue.next()) await work(thread, next.value);
    }),
  );
}
