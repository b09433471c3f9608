// Recomputes a book beside the page, which stays at hand meanwhile. To cancel is to end the worker.

import { AmanahError, messageOf, VerificationError } from "../../../errors.ts";
import { fastHash } from "./fast-hash.ts";
import type { Refusal, Source, Told } from "./messages.ts";
import { readBook } from "./read-book.ts";
import { recomputeBook } from "./recompute-book.ts";

const TELL_EVERY_MS = 50;

const tell = (told: Told) => postMessage(told);

/** Not each piece: a page has better things to do than to draw a thousand bars. The last one is always told. */
function seldom(progress: (done: number, total: number | null) => Told) {
  let last = 0;
  return (done: number, total: number | null) => {
    if (done !== total && performance.now() - last < TELL_EVERY_MS) return;
    last = performance.now();
    tell(progress(done, total));
  };
}

async function recompute(source: Source): Promise<void> {
  let bytes = new Uint8Array(0) as Uint8Array;
  try {
    const hash = await fastHash();
    bytes = await readBook(
      source,
      seldom((done, total) => ({ kind: "read", done, total })),
    );
    const result = recomputeBook(
      bytes,
      hash,
      seldom((done, total) => ({ kind: "hashed", done, total: total ?? done })),
    );
    tell({ kind: "recomputed", result });
  } catch (thrown) {
    tell(refusalOf(thrown, bytes.length));
  }
}

const refusalOf = (thrown: unknown, bytes: number): Refusal => ({
  kind: "refused",
  at: thrown instanceof VerificationError ? "opened" : "fetched",
  code: thrown instanceof AmanahError ? thrown.code : "failed",
  says: messageOf(thrown),
  bytes,
});

addEventListener("message", ({ data }: MessageEvent<Source>) => void recompute(data));
