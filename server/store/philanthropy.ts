// Philanthropy reports: their facts collected from the store in one snapshot, and the reports that were made. What they come
// to is reckoned by the programmes, as the audit does from public files.

import { ConflictError, InputError, UnavailableError } from "../errors.ts";
import type {
  AsOf,
  BatchRange,
  EarlierContract,
  Moved,
  Period,
  Reported,
  StatementFact,
} from "../programmes/philanthropy/facts.ts";
import type {
  ProgrammesDocument,
  PublishedProgrammes,
} from "../programmes/philanthropy/programmes-document.ts";
import { PhilanthropyReckoning, type PhilanthropyReport } from "../programmes/philanthropy/report.ts";
import { reportedParts } from "../programmes/philanthropy/spending.ts";
import { toHex } from "../protocol/bytes.ts";
import { type Database, only, type Queries, type Transaction } from "./database.ts";
import { recordDocument, type StoredDocument } from "./documents.ts";
import { holdShared } from "./locks.ts";
import { movesReadUpTo } from "./moved-events.ts";
import { earlierHomes } from "./moves.ts";
import { recordProgrammes } from "./programme-sums.ts";

/** What one report is made of, at most: a longer period takes several. */
const MOST_STATEMENTS = 5_000_000;
const MOST_LINES = 20_000;
const MOST_MOVES = 1_000_000;
const MOST_DISBURSEMENTS = 10_000;
const ROWS_AT_ONCE = 5_000;
const RETRY_AFTER_SECONDS = 5;

/**
 * Makes and records the report of a period that is over, and the programmes documents that it rests on.
 * @throws UnavailableError `contract-not-read`, `batch-closing`; ConflictError `period-not-anchored`, `period-not-indexed`,
 *   `period-cuts-document`; InputError `period-too-long`
 */
export async function reportPhilanthropy(
  sql: Database,
  ledger: Uint8Array,
  period: Period,
): Promise<StoredDocument> {
  const batches = await batchesOf(sql, period);
  await requireReady(sql, batches);
  while (await recordProgrammes(sql, ledger, period.upTo));
  const body = (await sql.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY", (tx) =>
    reckon(tx, ledger, period, batches),
  )) as PhilanthropyReport;
  return (await sql.begin("ISOLATION LEVEL READ COMMITTED", async (tx) => {
    await requireSame(tx, period, batches);
    const document = await recordDocument(tx, { kind: "philanthropy", body, isPublic: true });
    await tx`
      INSERT INTO philanthropy_reports (document, period_from, period_upto)
      VALUES (${document.hash}, ${period.from}, ${period.upTo}) ON CONFLICT DO NOTHING`;
    return document;
  })) as StoredDocument;
}

/** The batches from the first that was closed in the period to the last. */
async function batchesOf(sql: Queries, { from, upTo }: Period): Promise<Omit<BatchRange, "root"> | null> {
  const [row] = await sql<{ from: bigint | null; to: bigint }[]>`
    SELECT min(number) AS from, max(number) AS to FROM batches WHERE closed_at >= ${from} AND closed_at < ${upTo}`;
  return row?.from == null ? null : { from: row.from, to: row.to };
}

/**
 * A batch may have been on its way to be closed within the period when its batches were looked up. Until this transaction
 * ends no other one is; from then on none is closed before the end of the report's period, which see in `sealing`.
 */
async function requireSame(tx: Transaction, period: Period, before: Omit<BatchRange, "root"> | null) {
  await holdShared(tx, "batch");
  const now = await batchesOf(tx, period);
  if (now?.to === before?.to) return;
  throw new UnavailableError(
    "batch-closing",
    `batch ${now?.to} of the period was closed meanwhile; ask again later`,
    RETRY_AFTER_SECONDS,
  );
}

/** Every batch of the period is anchored, as far as the contract was read, and indexed. */
async function requireReady(sql: Queries, batches: Omit<BatchRange, "root"> | null): Promise<void> {
  if (batches === null) return;
  const { from, to } = batches;
  const { anchored, indexed } = only(
    await sql<{ anchored: bigint; indexed: bigint }[]>`
      SELECT (SELECT count(*) FROM anchored_events WHERE batch BETWEEN ${from} AND ${to}) AS anchored, indexed
      FROM index_progress`,
  );
  const facts = { fromBatch: `${from}`, toBatch: `${to}` };
  if (anchored < to - from + 1n)
    throw new ConflictError(
      "period-not-anchored",
      `of the batches ${from} to ${to} of the period ${anchored} are known to be anchored; ask again later`,
      facts,
    );
  if (indexed < to)
    throw new ConflictError(
      "period-not-indexed",
      `batches are counted up to ${indexed}, and the period ends with ${to}; ask again later`,
      facts,
    );
}

async function reckon(
  tx: Transaction,
  ledger: Uint8Array,
  period: Period,
  range: Omit<BatchRange, "root"> | null,
): Promise<PhilanthropyReport> {
  const asOf = await asOfBlock(tx);
  const batches = range && { ...range, root: await rootOf(tx, range.to) };
  const moves = range === null ? [] : await movesOf(tx, range);
  const reckoning = new PhilanthropyReckoning({
    ...{ ledger: toHex(ledger), period, batches, asOf, moves },
    earlier: await earlierContracts(tx),
  });
  if (range !== null) await takeStatements(tx, range, reckoning);
  const programmes = range === null ? [] : await programmesOf(tx, range);
  return reckoning.end(programmes, await reportedIn(tx, period));
}

async function asOfBlock(tx: Transaction): Promise<AsOf> {
  const read = await movesReadUpTo(tx);
  if (read === undefined)
    throw new UnavailableError(
      "contract-not-read",
      "the contract was not read yet; ask again later",
      RETRY_AFTER_SECONDS,
    );
  const { chain_id: chainId, contract, block, hash, at } = read;
  return { chainId, contract: toHex(contract), block, hash: toHex(hash), at };
}

/** One that was left before its first good batch has nothing to tell. */
const earlierContracts = async (tx: Transaction): Promise<EarlierContract[]> =>
  (await earlierHomes(tx)).flatMap(
    ({ from_chain: chainId, from_contract, last_good_batch: lastGoodBatch }) =>
      lastGoodBatch === 0n ? [] : [{ chainId, contract: toHex(from_contract), lastGoodBatch }],
  );

async function rootOf(tx: Transaction, batch: bigint) {
  const { root } = only(await tx<{ root: Buffer }[]>`SELECT root FROM batches WHERE number = ${batch}`);
  return toHex(root);
}

const tooLong = (what: string, most: number) =>
  new InputError(
    "period-too-long",
    `upTo: wanted a period with at most ${most} ${what}, came one with more`,
    {
      field: "upTo",
      wanted: `at most ${most} ${what}`,
      came: "more",
    },
  );

type Range = { readonly from: bigint; readonly to: bigint };

async function takeStatements(tx: Transaction, { from, to }: Range, reckoning: PhilanthropyReckoning) {
  const statements = tx<StatementFact[]>`
    SELECT registration AS charity, unit, batch, kind, "from", "to", statements.receipts, closed_at AS "closedAt",
      anchored_events.at AS "anchoredAt"
    FROM statements JOIN batches ON number = batch JOIN lines ON lines.id = line JOIN charities ON charities.id = charity
    LEFT JOIN anchored_events USING (batch) WHERE batch BETWEEN ${from} AND ${to} ORDER BY batch`;
  let taken = 0;
  for await (const rows of statements.cursor(ROWS_AT_ONCE)) {
    taken += rows.length;
    if (taken > MOST_STATEMENTS) throw tooLong("statements", MOST_STATEMENTS);
    for (const row of rows) reckoning.take(row);
    if (reckoning.lines > MOST_LINES) throw tooLong("lines", MOST_LINES);
  }
}

type MovedRow = Omit<Moved, "transaction"> & { readonly transaction: Buffer };

/** The events that reached into the period's gifts or behind them, and of each line and step the last. */
async function movesOf(tx: Transaction, { from, to }: Range): Promise<Moved[]> {
  const rows = await tx<MovedRow[]>`
    WITH own AS (
      SELECT line, min("from") AS "from" FROM statements WHERE batch BETWEEN ${from} AND ${to} AND kind = 0 GROUP BY line
    ), moves AS (
      SELECT registration AS charity, moved.unit, step, moved.upto, block, log, at, transaction, own."from",
        max(moved.upto) OVER (PARTITION BY moved.charity, moved.unit, step) AS last
      FROM own JOIN lines ON lines.id = line JOIN charities ON charities.id = lines.charity
      JOIN moved_events AS moved ON moved.charity = lines.charity AND moved.unit = lines.unit
    )
    SELECT charity, unit, step, upto AS "upTo", block, at, transaction FROM moves
    WHERE upto > "from" OR upto = last ORDER BY block, log LIMIT ${MOST_MOVES + 1}`;
  if (rows.length > MOST_MOVES) throw tooLong("payouts and signatures", MOST_MOVES);
  return rows.map((row) => ({ ...row, transaction: toHex(row.transaction) }));
}

/** Documents that lie in the period. One that lies in it and beside it cannot be shared out. */
async function programmesOf(tx: Transaction, { from, to }: Range): Promise<PublishedProgrammes[]> {
  const rows = await tx<{ hash: Buffer; body: string; from_batch: bigint; to_batch: bigint }[]>`
    SELECT hash, body, from_batch, to_batch FROM programmes_documents JOIN documents ON hash = document
    WHERE to_batch >= ${from} AND from_batch <= ${to} ORDER BY from_batch`;
  for (const { from_batch, to_batch } of rows)
    if (from_batch < from || to_batch > to)
      throw new ConflictError(
        "period-cuts-document",
        `the batches ${from_batch} to ${to_batch} are published together by programme: wanted a period with all of them or none, such as one of whole days`,
        { fromBatch: `${from_batch}`, toBatch: `${to_batch}` },
      );
  return rows.map(({ hash, body }) => ({
    hash: toHex(hash),
    document: JSON.parse(body) as ProgrammesDocument,
  }));
}

type ReportedRow = Omit<Reported, "transaction" | "evidence" | "parts"> & {
  readonly transaction: Buffer;
  readonly evidence: Buffer;
  readonly body: string | null;
};

/** What charities have reported on chain within the period. */
async function reportedIn(tx: Transaction, { from, upTo }: Period): Promise<Reported[]> {
  const rows = await tx<ReportedRow[]>`
    SELECT registration AS charity, moved.unit, "from", upto AS "upTo", evidence, block, at, transaction, body
    FROM moved_events AS moved JOIN charities ON charities.id = moved.charity
    LEFT JOIN documents ON hash = evidence AND public
    WHERE step = 'spent' AND at >= ${from} AND at < ${upTo} ORDER BY block, log LIMIT ${MOST_DISBURSEMENTS + 1}`;
  if (rows.length > MOST_DISBURSEMENTS) throw tooLong("spending reports", MOST_DISBURSEMENTS);
  return rows.map(({ body, transaction, evidence, ...row }) => ({
    ...row,
    ...{ transaction: toHex(transaction), evidence: toHex(evidence), parts: reportedParts(body) },
  }));
}

export type PhilanthropyRow = {
  readonly number: bigint;
  readonly document: Buffer;
  readonly period_from: bigint;
  readonly period_upto: bigint;
  readonly batch: bigint;
  readonly made_at: Date;
};

/** The newest first, below a number. */
export const philanthropyReports = (sql: Queries, below: bigint, limit: number) =>
  sql<PhilanthropyRow[]>`
    SELECT number, document, period_from, period_upto, batch, made_at
    FROM philanthropy_reports JOIN documents ON hash = document
    WHERE number < ${below} ORDER BY number DESC LIMIT ${limit}`;
