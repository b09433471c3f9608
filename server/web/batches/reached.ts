// Which of the four steps a batch has reached. Pure.

import type { Batch, BatchState } from "./queries.ts";

const STEPS = ["open", "sealed", "anchored", "final"] as const;

/** Between two steps a batch has reached the one before: closed is still being sealed, submitted is not anchored yet. */
const REACHED: Record<BatchState, (typeof STEPS)[number]> = {
  ...{ open: "open", closed: "open", sealed: "sealed" },
  ...{ submitted: "sealed", anchored: "anchored", final: "final" },
};

/** Each step, whether it is reached, and when that was, where it is kept. */
export function courseOf({ state, openedAt, sealedAt, anchoredAt }: Batch) {
  const at = { open: openedAt, sealed: sealedAt, anchored: anchoredAt, final: null };
  const last = STEPS.indexOf(REACHED[state]);
  return STEPS.map((step, i) => ({ step, isReached: i <= last, at: i <= last ? at[step] : null }));
}
