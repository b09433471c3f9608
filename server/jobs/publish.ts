// Publishes what is due: the books of sealed batches in order, the reports of days that are over, and what people are told.
// One process does it at a time; what a step does is in the files that it calls.

import type { Logger } from "pino";
import { InvariantError, messageOf } from "../errors.ts";
import { type AlarmKind, clearAlarms, raiseAlarm } from "../store/alarms.ts";
import { oldestUnpublished, publishedAfter } from "../store/books.ts";
import { type Database, isUnavailable } from "../store/database.ts";
import { publicDocumentsAfter } from "../store/documents.ts";
import type { Ledger } from "../store/ledger.ts";
import { reportPeriod } from "../store/period-reports.ts";
import { recordProgrammes } from "../store/programme-sums.ts";
import { removeLeftovers } from "./book-files.ts";
import type { BookShelf } from "./book-shelf.ts";
import { pause } from "./leader.ts";
import { writeLedgerCard } from "./ledger-card.ts";
import { publishForPeople } from "./publish-people.ts";

export type Publisher = {
  readonly sql: Database;
  readonly ledger: Ledger;
  readonly shelf: BookShelf;
  readonly log: Logger;
  /** Steps of programmes, which record receipts and so are made where there is something to record with. */
  readonly more?: readonly Step[];
};

const LOOK_EVERY_MS = 1_000;
const AFTER_FAILURE_MS = 30_000;
const CARD_EVERY_MS = 10_000;
const REPORT_EVERY_MS = 10_000;
const MEND_EVERY_MS = 3_600_000;
const DAY_SECONDS = 86_400n;

/** Does one bounded piece of work, and answers whether there may be more. */
type Step = () => Promise<boolean>;

/** Publishes until the signal aborts. Throws when the database is out of reach. */
export async function publishAlways(publisher: Publisher, signal: AbortSignal): Promise<void> {
  const steps = stepsOf(publisher, signal);
  while (!signal.aborted) {
    const outcomes: Outcome[] = [];
    for (const step of steps) if (!signal.aborted) outcomes.push(await attempt(publisher, step));
    if (outcomes.includes("failed")) await pause(AFTER_FAILURE_MS, signal);
    else if (!outcomes.includes("busy")) await pause(LOOK_EVERY_MS, signal);
  }
}

function stepsOf(publisher: Publisher, signal: AbortSignal): readonly Step[] {
  const { sql, ledger, shelf } = publisher;
  const now = () => BigInt(Math.floor(Date.now() / 1000));
  return [
    atMostEvery(MEND_EVERY_MS, () => mendShelf(publisher, signal)),
    () => publishOldest(publisher),
    atMostEvery(CARD_EVERY_MS, () => writeLedgerCard(sql, ledger.id, shelf.folder)),
    atMostEvery(REPORT_EVERY_MS, () => reportDay(publisher, now())),
    atMostEvery(REPORT_EVERY_MS, () => publishProgrammes(publisher, now())),
    () => publishForPeople(sql, ledger),
    ...(publisher.more ?? []),
  ];
}

function atMostEvery(milliseconds: number, step: Step): Step {
  let next = 0;
  return async () => {
    if (performance.now() < next) return false;
    next = performance.now() + milliseconds;
    return step();
  };
}

type Outcome = "busy" | "idle" | "failed";

/** A step that fails holds up none of the others. */
async function attempt({ log }: Publisher, step: Step): Promise<Outcome> {
  try {
    return (await step()) ? "busy" : "idle";
  } catch (thrown) {
    if (isUnavailable(thrown)) throw thrown;
    log.error({ err: thrown }, `publishing: ${messageOf(thrown)}; trying again`);
    return "failed";
  }
}

/** Publishes the oldest sealed batch without a book; false when there is none. */
export async function publishOldest({ sql, shelf }: Publisher): Promise<boolean> {
  const batch = await oldestUnpublished(sql);
  if (batch === undefined) return false;
  await alarming(sql, "book-withheld", () => shelf.publish(batch));
  await clearAlarms(sql, ["book-withheld"]);
  return true;
}

/** Runs what makes books; when one cannot be what it has to be, a person must look. */
async function alarming(sql: Database, kind: AlarmKind, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    if (thrown instanceof InvariantError) await raiseAlarm(sql, kind, thrown.message);
    throw thrown;
  }
}

const BOOKS_AT_ONCE = 1_000;
const DOCUMENTS_AT_ONCE = 1_000;

/** Makes again what is lost of all that was published, and takes away what a process that died has left. */
export async function mendShelf({ sql, shelf, log }: Publisher, signal: AbortSignal): Promise<boolean> {
  for (const folder of [shelf.folder, shelf.documents]) await removeLeftovers(folder);
  await mendDocuments({ sql, shelf }, signal);
  let mended = 0;
  for (let after: bigint | undefined = 0n; after !== undefined && !signal.aborted; ) {
    const books = await publishedAfter(sql, after, BOOKS_AT_ONCE);
    for (const book of books) {
      if (signal.aborted || (await shelf.isWhole(book))) continue;
      await alarming(sql, "book-differs", () => shelf.publish(book.batch));
      mended += 1;
    }
    after = books.at(-1)?.batch;
  }
  if (mended > 0) log.warn({ books: mended }, "books that were lost have been made again");
  await clearAlarms(sql, ["book-differs"]);
  return mended > 0;
}

/** Mirrors copy the folder, so that what nobody has asked for has to be there too. */
async function mendDocuments({ sql, shelf }: Pick<Publisher, "sql" | "shelf">, signal: AbortSignal) {
  for (let after: Uint8Array | undefined = new Uint8Array(0); after !== undefined && !signal.aborted; ) {
    const documents: { hash: Buffer }[] = await publicDocumentsAfter(sql, after, DOCUMENTS_AT_ONCE);
    for (const { hash } of documents)
      if (!signal.aborted && !(await shelf.hasDocument(hash))) await shelf.document(hash);
    after = documents.at(-1)?.hash;
  }
}

/** Reports on the batches that were closed before the day began in which `now`, in Unix seconds, lies. */
export async function reportDay({ sql, ledger, log }: Publisher, now: bigint): Promise<boolean> {
  const closedBefore = (now / DAY_SECONDS) * DAY_SECONDS;
  const report = await reportPeriod(sql, ledger.id, { closedBefore, orEmpty: false });
  if (report !== undefined) log.info({ batch: report.batch }, "period report recorded");
  return report !== undefined;
}

/** Publishes what the batches of a day before that of `now` (Unix seconds) come to by programme; one day at a time. */
export const publishProgrammes = (
  { sql, ledger }: Pick<Publisher, "sql" | "ledger">,
  now: bigint,
): Promise<boolean> => recordProgrammes(sql, ledger.id, (now / DAY_SECONDS) * DAY_SECONDS);
