// How threads end: not while they load. Node dies of that as a whole ("Check failed: (location_) != nullptr", seen with 24.21):
// a module that awaits at its top, as hashing.ts does, must not be cut off at the moment at which it goes on.

import type { MessagePort, Worker } from "node:worker_threads";

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
