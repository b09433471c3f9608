// The documents that batches timestamp, as far as they are published: each hashes to the content of its notice. What
// spending and period reports say is checked elsewhere.

import { fastKeccak } from "../../../server/hashing.ts";
import { type Hex, toHex } from "../../../server/protocol/bytes.ts";
import type { BookSource } from "../books/book-source.ts";
import type { LoggedNotice } from "../books/walk-log.ts";
import type { Findings } from "../findings.ts";
import { type PublishedPeriod, parsePeriod } from "./periods.ts";

/** Kinds whose documents everybody may read; of others only the hash is published. */
const PUBLIC_KINDS = new Set([
  "pledge",
  "spending",
  "period",
  "activity",
  "pool",
  "campaign",
  "programmes",
  "philanthropy",
]);
const FETCHED_AT_ONCE = 16;

export type DocumentsContext = {
  readonly source: BookSource;
  /** Contents that somebody asks for later. */
  readonly wanted: ReadonlySet<Hex>;
  /** Reports on chain are checked with their disbursements. */
  readonly evidence: ReadonlySet<Hex>;
  readonly findings: Findings;
  onProgress(done: number): void;
};

export type DocumentsOutcome = {
  readonly checked: number;
  readonly notices: number;
  readonly periods: readonly PublishedPeriod[];
  /** Notices by content, of those wanted. */
  readonly found: ReadonlyMap<Hex, readonly LoggedNotice[]>;
};

export async function checkDocuments(
  notices: Iterable<LoggedNotice>,
  context: DocumentsContext,
): Promise<DocumentsOutcome> {
  const found = new Map<Hex, LoggedNotice[]>();
  const periods: PublishedPeriod[] = [];
  const counts = { notices: 0, checked: 0 };
  const queue = notices[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) {
      const notice = next.value;
      context.onProgress(++counts.notices);
      if (context.wanted.has(notice.content))
        found.set(notice.content, [...(found.get(notice.content) ?? []), notice]);
      if (!PUBLIC_KINDS.has(notice.kind) || context.evidence.has(notice.content)) continue;
      const report = await checkDocument(notice, context);
      counts.checked++;
      if (report !== undefined) periods.push(report);
    }
  };
  await Promise.all(Array.from({ length: FETCHED_AT_ONCE }, work));
  return { ...counts, periods, found };
}

/** A period report that was published is handed on. */
async function checkDocument(
  notice: LoggedNotice,
  { source, findings }: DocumentsContext,
): Promise<PublishedPeriod | undefined> {
  const { batch, kind, subject, content } = notice;
  const place = { batch };
  const bytes = await source.document(content);
  const numbers = { kind, subject, content };
  if (bytes === undefined) {
    findings.add({
      code: "document-missing",
      says: `the ${kind} document ${content} of batch ${batch} is not published`,
      place,
      numbers,
    });
    return undefined;
  }
  const hash = toHex(fastKeccak(bytes));
  if (hash !== content) {
    const says = `the ${kind} document published as ${content} of batch ${batch} hashes to ${hash}`;
    findings.add({ code: "document-altered", says, place, numbers: { ...numbers, hash } });
    return undefined;
  }
  const report = kind === "period" ? parsePeriod(bytes) : undefined;
  if (kind === "period" && report === undefined)
    findings.add({
      code: "period-report-false",
      says: `the period report ${content} of batch ${batch} is no such report`,
      place,
      numbers,
    });
  return report && { batch, hash: content, report };
}
