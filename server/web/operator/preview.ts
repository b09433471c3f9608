// What a settlement run would pay, looked at page by page: how far the look has come, and the sums so far.

import { useCallback, useEffect, useRef, useState } from "react";
import { get } from "../api/client.ts";
import { bearer, useKey } from "./key.ts";

export type PreviewedLine = {
  readonly line: number;
  readonly registration: string;
  readonly unit: string;
  readonly rail: "token" | "bank";
  readonly amount: string | null;
  readonly unpaid: string | null;
  readonly unproven: string;
};

type Page = {
  readonly items: readonly PreviewedLine[];
  readonly next: string | null;
  readonly lines: number;
};

export type Preview = {
  readonly lookedAt: number;
  readonly lines: number;
  readonly isDone: boolean;
  /** By unit: on how many lines, and how much. */
  readonly sums: ReadonlyMap<string, { readonly lines: number; readonly amount: bigint }>;
  /** The lines that would be paid most, or that need somebody; a console cannot show a hundred thousand. */
  readonly shown: readonly PreviewedLine[];
  readonly unpaid: ReadonlyMap<string, number>;
  readonly hasUnproven: boolean;
};

export const MOST_SHOWN = 100;

export const NOTHING_SEEN: Preview = {
  ...{ lookedAt: 0, lines: 0, isDone: false, hasUnproven: false },
  ...{ sums: new Map(), shown: [], unpaid: new Map() },
};

const byAmount = (a: PreviewedLine, b: PreviewedLine) => {
  const [ours, theirs] = [BigInt(a.amount ?? 0), BigInt(b.amount ?? 0)];
  return ours === theirs ? a.line - b.line : ours > theirs ? -1 : 1;
};

/** What is known after one page more. Pure. */
export function withPage(preview: Preview, { items, next, lines }: Page): Preview {
  const sums = new Map(preview.sums);
  const unpaid = new Map(preview.unpaid);
  for (const { unit, amount, unpaid: reason } of items) {
    if (reason !== null) unpaid.set(reason, (unpaid.get(reason) ?? 0) + 1);
    if (amount === null) continue;
    const sum = sums.get(unit) ?? { lines: 0, amount: 0n };
    sums.set(unit, { lines: sum.lines + 1, amount: sum.amount + BigInt(amount) });
  }
  const paid = items.filter(({ amount }) => amount !== null);
  return {
    ...{ sums, unpaid, lines, isDone: next === null, lookedAt: preview.lookedAt + items.length },
    shown: [...preview.shown, ...paid].sort(byAmount).slice(0, MOST_SHOWN),
    hasUnproven: preview.hasUnproven || items.some(({ unproven }) => unproven !== "0"),
  };
}

/** Looks through all lines; can be stopped, and is when its component goes. */
export function usePreview() {
  const authorization = bearer(useKey());
  const [preview, show] = useState<Preview>();
  const [error, fail] = useState<unknown>();
  const looking = useRef<AbortController>(undefined);
  const stop = useCallback(() => {
    looking.current?.abort();
    show(undefined);
    fail(undefined);
  }, []);
  const look = useCallback(async () => {
    stop();
    looking.current = new AbortController();
    const { signal } = looking.current;
    try {
      await lookThrough({ authorization, signal }, show);
    } catch (thrown) {
      if (!signal.aborted) fail(thrown);
    }
  }, [authorization, stop]);
  useEffect(() => () => looking.current?.abort(), []);
  return { preview, error, look, stop };
}

type Asking = { readonly authorization: string; readonly signal: AbortSignal };

async function lookThrough(asking: Asking, show: (preview: Preview) => void): Promise<void> {
  let preview = NOTHING_SEEN;
  show(preview);
  for (let after: string | null = ""; after !== null && !asking.signal.aborted; ) {
    const page: Page = await get(`/v1/settlements/preview${after === "" ? "" : `?after=${after}`}`, asking);
    preview = withPage(preview, page);
    if (!asking.signal.aborted) show(preview);
    after = page.next;
  }
}
