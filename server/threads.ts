// Threads that answer tasks one after the other, and how they end: not while they load. Node dies of that as a whole ("Check
// failed: (location_) != nullptr", seen with 24.21): a module that awaits at its top, as hashing.ts does, must not be cut off
// at the moment at which it goes on.

import { type MessagePort, parentPort, type Transferable, Worker } from "node:worker_threads";
import { InvariantError, messageOf } from "./errors.ts";

const LOADED = "loaded";

/** For the end of a thread's entry: tells, in the turn behind, that all of its modules are there. */
export function tellLoaded(port: MessagePort | null): void {
  setImmediate(() => port?.postMessage(LOADED));
}

/** Resolves once a thread has told so, or has ended. To be called as soon as it is made. */
export const untilLoaded = (thread: Worker): Promise<void> =>
  new Promise((resolve) => {
    thread.once("message", () => resolve());
    thread.once("error", () => resolve());
    thread.once("exit", () => resolve());
  });

/** Ends a thread that `loaded` tells of, whatever it does; one that still loads, once it has. */
export async function endThread(thread: Worker, loaded: Promise<void>): Promise<void> {
  // Else nothing might keep the process alive until then.
  thread.ref();
  await loaded;
  await thread.terminate();
}

type Asked<Task> = { readonly id: number; readonly task: Task };
type Answered<Result> = { readonly id: number; readonly result: Result };

/** For a thread's entry: answers each task. What `work` throws ends the thread. `moved` are moved instead of copied. */
export function answerTasks<Task, Result>(
  work: (task: Task) => Result,
  moved: (result: Result) => readonly Transferable[] = () => [],
): void {
  parentPort?.on("message", ({ id, task }: Asked<Task>) => {
    const result = work(task);
    parentPort?.postMessage({ id, result } satisfies Answered<Result>, [...moved(result)]);
  });
  tellLoaded(parentPort);
}

type Waiting<Result> = { resolve(result: Result): void; reject(reason: Error): void };
type Running = { readonly worker: Worker; readonly loaded: Promise<void> };

/** A thread whose entry calls `answerTasks`. One that has died is started again when it is next asked. */
export class Thread<Task, Result> {
  readonly #name: string;
  readonly #start: () => Worker;
  readonly #waiting = new Map<number, Waiting<Result>>();
  #running: Running | undefined;
  /** What the last one that died has died of. */
  #death: Error | undefined;
  #asked = 0;
  #isStopped = false;

  /** @param name in messages, such as "the tree thread" */
  constructor(name: string, entry: URL, workerData?: unknown) {
    this.#name = name;
    this.#start = () => new Worker(entry, { workerData });
    this.#running = this.#run();
  }

  /** Resolves when the thread takes tasks. Throws what it has died of while it loaded. */
  async loaded(): Promise<void> {
    await this.#running?.loaded;
    if (this.#running === undefined) throw this.#death;
  }

  /** Throws when the thread dies of it, and when it is stopped. `moved` are moved to the thread: they are gone here. */
  ask(task: Task, moved: readonly Transferable[] = []): Promise<Result> {
    // A thread that is gone never answers.
    if (this.#isStopped) return Promise.reject(this.#stopped());
    this.#running ??= this.#run();
    const { worker } = this.#running;
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, task } satisfies Asked<Task>, moved);
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#fail(this.#stopped());
    if (this.#running !== undefined) await endThread(this.#running.worker, this.#running.loaded);
  }

  #stopped = () => new Error(`${this.#name} was stopped`);

  #run(): Running {
    const worker = this.#start();
    const loaded = untilLoaded(worker);
    worker.on("message", ({ id, result }: Answered<Result>) => {
      this.#waiting.get(id)?.resolve(result);
      this.#waiting.delete(id);
    });
    worker.on("error", (error) => this.#died(worker, messageOf(error)));
    // Comes without an error when it has ended itself.
    worker.on("exit", (code) => this.#died(worker, `it ended with ${code}`));
    worker.unref();
    return { worker, loaded };
  }

  /** Nothing, when another was started since: those that wait, wait for that one. */
  #died(worker: Worker, reason: string): void {
    if (this.#running?.worker !== worker) return;
    this.#running = undefined;
    this.#death = new InvariantError(`${this.#name} failed: ${reason}`);
    this.#fail(this.#death);
  }

  #fail(reason: Error): void {
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}
