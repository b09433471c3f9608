// Has batches read a second time by a thread of its own, so that the service goes on answering meanwhile.

import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { SecondReader } from "./anchor.ts";

export type SecondReaderThread = SecondReader & { stop(): Promise<void> };

export type ReadingOrder = { readonly databaseUrl: string; readonly ledger: Uint8Array };
export type ReadingAnswer = { readonly findings: readonly string[] } | { readonly failure: string };

const THREAD = new URL("./second-reading-thread.ts", import.meta.url);

/** The thread starts with the first batch, and again after it has died. It reads one batch at a time. */
export function startSecondReader(databaseUrl: string, ledger: Uint8Array): SecondReaderThread {
  let thread: Worker | undefined;
  const read = async (batch: bigint) => {
    thread ??= new Worker(THREAD, { workerData: { databaseUrl, ledger } satisfies ReadingOrder });
    try {
      return await askThread(thread, batch);
    } catch (thrown) {
      await thread?.terminate();
      thread = undefined;
      throw thrown;
    }
  };
  return { read, stop: async () => void (await thread?.terminate()) };
}

/** A thread that dies has found nothing, neither good nor bad. */
async function askThread(thread: Worker, batch: bigint): Promise<readonly string[]> {
  const answered = new AbortController();
  const { signal } = answered;
  thread.postMessage(batch);
  try {
    const [answer] = await Promise.race([
      once(thread, "message", { signal }) as Promise<[ReadingAnswer]>,
      once(thread, "exit", { signal }).then(() =>
        Promise.reject(new Error(`the second reading of batch ${batch} was cut off`)),
      ),
    ]);
    if ("failure" in answer) throw new Error(answer.failure);
    return answer.findings;
  } finally {
    answered.abort();
  }
}
