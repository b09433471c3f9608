// Has batches read a second time by a thread of its own, so that the service goes on answering meanwhile.

import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { endThread, untilLoaded } from "../threads.ts";
import type { SecondReader } from "./anchor.ts";

export type SecondReaderThread = SecondReader & { stop(): Promise<void> };

export type ReadingOrder = { readonly databaseUrl: string; readonly ledger: Uint8Array };
export type ReadingAnswer = { readonly findings: readonly string[] } | { readonly failure: string };

const THREAD = new URL("./second-reading-thread.ts", import.meta.url);

/** The thread starts with the first batch, and again after it has died. It reads one batch at a time. */
export function startSecondReader(databaseUrl: string, ledger: Uint8Array): SecondReaderThread {
  let thread: Thread | undefined;
  const end = async () => {
    const ending = thread;
    thread = undefined;
    if (ending !== undefined) await endThread(ending.worker, ending.loaded);
  };
  const read = async (batch: bigint) => {
    if (thread === undefined || thread.hasEnded()) thread = startThread({ databaseUrl, ledger });
    try {
      return await askThread(thread, batch);
    } catch (thrown) {
      await end();
      throw thrown;
    }
  };
  return { read, stop: end };
}

type Thread = {
  readonly worker: Worker;
  readonly loaded: Promise<void>;
  /** Then it never answers. */
  hasEnded(): boolean;
};

function startThread(order: ReadingOrder): Thread {
  const worker = new Worker(THREAD, { workerData: order });
  let hasEnded = false;
  worker.once("exit", () => {
    hasEnded = true;
  });
  return { worker, loaded: untilLoaded(worker), hasEnded: () => hasEnded };
}

/** A thread that dies has found nothing, neither good nor bad. */
async function askThread({ worker, loaded }: Thread, batch: bigint): Promise<readonly string[]> {
  const answered = new AbortController();
  const { signal } = answered;
  const ended = once(worker, "exit", { signal }).then(() =>
    Promise.reject(new Error(`the second reading of batch ${batch} was cut off`)),
  );
  ended.catch(() => {});
  await loaded;
  worker.postMessage(batch);
  try {
    const [answer] = await Promise.race([
      once(worker, "message", { signal }) as Promise<[ReadingAnswer]>,
      ended,
    ]);
    if ("failure" in answer) throw new Error(answer.failure);
    return answer.findings;
  } finally {
    answered.abort();
  }
}
