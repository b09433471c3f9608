// One book at a time, recomputed by a worker. The worker is made when the page is, so that a book from the visitor's disk
// can be recomputed when this site has stopped answering.

import { useCallback, useEffect, useRef, useState } from "react";
import type { Progress, Recomputed, Refusal, Source, Told } from "./messages.ts";

export type State =
  | { readonly phase: "idle" | "cancelled" }
  | { readonly phase: "working"; readonly progress: Progress | null }
  | { readonly phase: "refused"; readonly refusal: Refusal }
  | { readonly phase: "recomputed"; readonly result: Recomputed };

const newWorker = () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });

const NO_WORKER: Refusal = { kind: "refused", at: "fetched", code: "no-worker", says: "", bytes: 0 };

function after(told: Told): State {
  if (told.kind === "refused") return { phase: "refused", refusal: told };
  if (told.kind === "recomputed") return { phase: "recomputed", result: told.result };
  return { phase: "working", progress: told };
}

export function useRecompute() {
  const [state, become] = useState<State>({ phase: "idle" });
  const worker = useRef<Worker>(null);

  const renew = useCallback(() => {
    worker.current?.terminate();
    worker.current = newWorker();
  }, []);

  useEffect(() => {
    renew();
    return () => worker.current?.terminate();
  }, [renew]);

  const start = useCallback((source: Source) => {
    const own = worker.current;
    if (own === null) return;
    become({ phase: "working", progress: null });
    own.onmessage = ({ data }: MessageEvent<Told>) => become(after(data));
    own.onerror = () => become({ phase: "refused", refusal: NO_WORKER });
    own.postMessage(source);
  }, []);

  const cancel = useCallback(() => {
    renew();
    become({ phase: "cancelled" });
  }, [renew]);

  return { state, start, cancel };
}
