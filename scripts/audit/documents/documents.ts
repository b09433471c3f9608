// The documents that batches timestamp, as far as they are published: each hashes to the content of its notice. What
// reports and programmes documents say is checked elsewhere.

import { fastKeccak } from "../../../server/hashing.ts";
import { type Hex, toHex } from "../../../server/protocol/bytes.ts";
import type { BookSource } from "../books/book-source.ts";
import type { LoggedNotice } from "../books/walk-log.ts";
import type { FindingCode } from "../catalogue.ts";
import type { Findings } from "../findings.ts";
import {
  type PublishedReport,
  type PublishedSums,
  parsePhilanthropy,
  parseProgrammes,
} from "../philanthropy/published.ts";
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

export type DocumentsOutcome = Collected & {
  readonly checked: number;
  readonly notices: number;
  /** Notices by content, of those wanted. */
  readonly found: ReadonlyMap<Hex, readonly LoggedNotice[]>;
};

/** Documents that are held against the books later. */
type Collected = {
  readonly periods: PublishedPeriod[];
  readonly reports: PublishedReport[];
  readonly programmes: PublishedSums[];
};

export async function checkDocuments(
  notices: Iterable<LoggedNotice>,
  context: DocumentsContext,
): Promise<DocumentsOutcome> {
  const found = new Map<Hex, LoggedNotice[]>();
  const collected: Collected = { periods: [], reports: [], programmes: [] };
  const counts = { notices: 0, checked: 0 };
  const queue = notices[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) {
      const notice = next.value;
      context.onProgress(++counts.notices);
      if (context.wanted.has(notice.content))
        found.set(notice.content, [...(found.get(notice.content) ?? []), notice]);
      if (!PUBLIC_KINDS.has(notice.kind) || context.evidence.has(notice.content)) continue;
      const bytes = await checkDocument(notice, context);
      counts.checked++;
      if (bytes !== undefined) collect(notice, bytes, collected, context.findings);
    }
  };
  await Promise.all(Array.from({ length: FETCHED_AT_ONCE }, work));
  return { ...counts, ...collected, found };
}

/** The bytes that the notice timestamps. */
async function checkDocument(
  notice: LoggedNotice,
  { source, findings }: DocumentsContext,
): Promise<Uint8Array | undefined> {
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
  return bytes;
}

/** What cannot be read for what its kind says that it is, is a finding. */
function collect(notice: LoggedNotice, bytes: Uint8Array, collected: Collected, findings: Findings): void {
  const { batch, content: hash, kind, subject } = notice;
  const keep = <Document>(
    code: FindingCode,
    what: string,
    document: Document | undefined,
    into: (of: Document) => void,
  ) => {
    if (document !== undefined) return into(document);
    const says = `the ${what} ${hash} of batch ${batch} is no such document`;
    findings.add({ code, says, place: { batch }, numbers: { kind, subject, content: hash } });
  };
  if (kind === "period")
    keep("period-report-false", "period report", parsePeriod(bytes), (report) =>
      collected.periods.push({ batch, hash, report }),
    );
  if (kind === "philanthropy")
    keep("philanthropy-report-false", "philanthropy report", parsePhilanthropy(bytes), (document) =>
      collected.reports.push({ batch, hash, document }),
    );
  if (kind === "programmes")
    keep("programmes-false", "document by programme", parseProgrammes(bytes), (document) =>
      collected.programmes.push({ batch, hash, document }),
    );
}
