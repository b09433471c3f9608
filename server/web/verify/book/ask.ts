// Asks a book that the visitor has opened for one receipt. Hashing a batch of a million takes seconds: a worker does it, so that
// the page stays alive meanwhile.

import { VerificationError } from "../../../errors.ts";
import type { OpenedReceipt, Seal } from "../../../protocol/receipt-file.ts";
import type { Unfit, Witness } from "../../../protocol/testimony.ts";

export type Question = { readonly book: Uint8Array; readonly file: OpenedReceipt; readonly leaf: Uint8Array };

/** What the book says of the receipt, or the reason why it contradicts it. */
export type Testimony =
  | { readonly says: Seal | Unfit }
  | { readonly contradicts: { readonly code: string; readonly message: string } };

/** A witness that has been heard already. Throws what the worker throws when it cannot be started, and the reason of an abort. */
export async function hear(question: Question, signal: AbortSignal): Promise<Witness> {
  signal.throwIfAborted();
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  try {
    const testimony = await answerOf(worker, question, signal);
    return () => {
      if ("says" in testimony) return testimony.says;
      throw new VerificationError(testimony.contradicts.code, testimony.contradicts.message);
    };
  } finally {
    worker.terminate();
  }
}

function answerOf(worker: Worker, question: Question, signal: AbortSignal): Promise<Testimony> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
    worker.onmessage = ({ data }: MessageEvent<Testimony>) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(question, [question.book.buffer as ArrayBuffer]);
  });
}
