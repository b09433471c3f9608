// The notices of a batch, sorted by what they are about. Pure.

import type { Notice } from "./queries.ts";

/** Told elsewhere on the page: in the batch's course, and beside its root. */
const OF_EVERY_BATCH = ["previous", "times"];

const PUBLISHED = [
  "pledge",
  "spending",
  "period",
  "activity",
  "pool",
  "campaign",
  "programmes",
  "philanthropy",
];

/** Whether documents of a kind are for anyone to read. */
export const isPublished = (kind: string): boolean => PUBLISHED.includes(kind);

export function noticesByKind(notices: readonly Notice[]) {
  const others = notices.filter(({ kind }) => !OF_EVERY_BATCH.includes(kind));
  return [...Map.groupBy(others, ({ kind }) => kind)].map(([kind, own]) => ({ kind, own }));
}

/** The root that the batch names as the one before it; the ledger's id in batch 1. */
export const previousOf = (notices: readonly Notice[]): Notice | undefined =>
  notices.find(({ kind }) => kind === "previous");
