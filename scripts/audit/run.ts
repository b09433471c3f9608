// One audit from beginning to end: the contract, its events, every book, every receipt, every document. Each stage is a
// file of its own; here is their order, and what one hands to the next.

import type { Address } from "viem";
import { UnavailableError } from "../../server/errors.ts";
import type { Completeness, ExportedOrder } from "../../server/programmes/completeness.ts";
import type { Hex } from "../../server/protocol/bytes.ts";
import { accusationsOf } from "./accusations/accuse.ts";
import { type BookSource, bookSource } from "./books/book-source.ts";
import { BooksStage, hashOfRoots } from "./books/stage-books.ts";
import { bookLineKey } from "./books/walk.ts";
import { type Chain, readBlock, readChain } from "./chain/chain.ts";
import type { LeftContract } from "./chain/left.ts";
import { breachesLeftBehind, checkMoves, followMoves, type Reachable } from "./chain/moves.ts";
import { checkOpening, isDemonstration } from "./chain/opening.ts";
import { checkChallenges, openChallenges } from "./chain/promises.ts";
import { type Replay, replay } from "./chain/replay.ts";
import { Endpoint } from "./chain/rpc.ts";
import { checkSignatures } from "./chain/signatures.ts";
import { checkTokens } from "./chain/tokens.ts";
import { checkWatermarks } from "./chain/watermarks.ts";
import { checkDocuments, type DocumentsOutcome } from "./documents/documents.ts";
import { checkMerchants } from "./documents/merchants.ts";
import { checkGiven } from "./documents/proofs.ts";
import { checkSigners, type PublishedSigners } from "./documents/signers.ts";
import { checkDisbursements } from "./documents/spending.ts";
import type { Observation } from "./findings.ts";
import { tellLimits } from "./limits.ts";
import type { Progress } from "./progress.ts";
import { newFingerprintKey } from "./receipts/fingerprint.ts";
import { StateDamagedError } from "./receipts/scatter.ts";
import { checkLeaves } from "./receipts/stage-leaves.ts";
import { type AuditReport, makeReport } from "./report.ts";
import { checkStatements } from "./stage-statements.ts";
import { type Checkpoint, StateFolder } from "./state.ts";
import { Thread } from "./threads.ts";

export type AuditOptions = {
  readonly rpc: string;
  /** Endpoints of other chains to which the ledger has moved. */
  readonly furtherRpcs?: readonly string[];
  /** The ledger's contract, or one that it has left. */
  readonly contract: Address;
  /** A folder or a URL. */
  readonly books: string;
  readonly fromBlock: bigint;
  readonly signers: PublishedSigners | null;
  readonly merchants: readonly Completeness[];
  readonly orders: readonly ExportedOrder[] | null;
  readonly workers: number;
  /** A folder of this audit alone. */
  readonly state: string;
  readonly resume: boolean;
  readonly signal: AbortSignal;
  readonly progress: Progress;
};

/** Somebody has ended the audit before its time; what it did is kept. */
export class InterruptedError extends Error {}

/**
 * Audits the ledger.
 * @throws UnavailableError when endpoint or books do not answer; ConflictError when the state folder is in use;
 *   InterruptedError
 */
export async function audit(options: AuditOptions): Promise<AuditReport> {
  const state = await StateFolder.hold(options.state);
  try {
    return await auditHolding(options, state);
  } catch (error) {
    if (!(error instanceof StateDamagedError)) throw error;
    // Nothing in the folder is worth more than reading the books again.
    await state.clear();
    return await auditHolding({ ...options, resume: false }, state);
  } finally {
    options.progress.stop();
    await state.release();
  }
}

async function auditHolding(options: AuditOptions, state: StateFolder): Promise<AuditReport> {
  const begun = performance.now();
  const read = await readAll(options);
  const { threads, checkpoint, counted, ...run } = await beginBooks(options, state, read.chain);
  const { books } = run;
  try {
    await books.run(threads);
    stopIfAsked(options.signal, books.walk.state.batch);
    books.findings.addAll(read.observations);
    const stage: Stage = { options, threads, ...read, ...run, source: bookSource(options.books) };
    const outcome = await checkAll(stage);
    const accusations = await accuseOf(stage);
    await requireSameBlock(read.endpoint, read.chain);
    const seconds = (performance.now() - begun) / 1000;
    const resumedAt = checkpoint?.walk.batch ?? null;
    const { receiptsNow } = counted;
    const report = makeReport({
      ...reported(stage),
      ...{ accusations, seconds, counted: outcome.counted, receiptsNow, philanthropy: outcome.philanthropy },
      notChecked: tellLimits({ ...outcome, ...limitsOf(stage), resumedAt }),
    });
    await state.clear();
    return report;
  } finally {
    books.log.close();
    await Promise.all(threads.map((thread) => thread.stop()));
  }
}

/** The contract and those that it was moved from, before the books, which may take longer than an endpoint keeps old states. */
async function readAll(options: AuditOptions) {
  const { endpoint, left, reachable, ...place } = await followed(options);
  const chain = await readContractOf(endpoint, { ...options, ...place });
  const replayed = replay(chain);
  const observations = [
    ...(await checkContract(endpoint, chain, replayed)),
    ...(await checkMoves(endpoint, chain, left)),
  ];
  return { endpoint, left, reachable, chain, replayed, observations };
}

/** The stage of the books, where an earlier run has left it if that is of use; `counted` is what it counts from then on. */
async function beginBooks(options: AuditOptions, state: StateFolder, chain: Chain) {
  const subject = [chain.chainId, chain.contract, chain.ledger, options.books].join(" ");
  const checkpoint = await usableCheckpoint(options, state, subject, chain);
  await state.clear(filesOf(checkpoint));
  const fingerprintKey = checkpoint?.fingerprintKey ?? newFingerprintKey();
  const threads = startThreads(options, state, fingerprintKey);
  const counted = { receiptsNow: 0, batches: Number(checkpoint?.walk.batch ?? 0) };
  const onBook = (batches: bigint, receipts: number) => {
    counted.receiptsNow += receipts;
    counted.batches += Number(batches);
    options.progress.update("books", counted.batches, Number(chain.lastBatch), counted.receiptsNow);
  };
  const { signal } = options;
  const books = new BooksStage({ chain, state, subject, fingerprintKey, checkpoint, signal, onBook });
  return { threads, checkpoint, counted, fingerprintKey, books };
}

const reported = ({ options, chain, left, replayed, books }: Stage) => ({
  ...{ chain, left, books: options.books, walk: books.walk.state, findings: books.findings },
  accounts: [...replayed.accounts.values()],
});

/** Blocks are those of the chain of the contract that was named: on another one events are read from the first. */
async function followed({ rpc, furtherRpcs = [], contract, fromBlock }: AuditOptions) {
  const endpoints = [rpc, ...furtherRpcs].map((url) => new Endpoint(url));
  const { left, ...now } = await followMoves(endpoints, contract, fromBlock);
  return { ...now, left, fromBlock: now.endpoint === endpoints[0] ? fromBlock : 0n };
}

function readContractOf(endpoint: Endpoint, { contract, fromBlock, progress }: AuditOptions): Promise<Chain> {
  return readChain(endpoint, {
    ...{ contract, fromBlock },
    onRoots: (read, of) => progress.update("contract", Number(read), Number(of)),
    onBlocks: (read, of) => progress.update("contract", Number(read), Number(of)),
  });
}

/** What an earlier run has left, if it was of the same ledger and books and its roots are still those of the contract. */
async function usableCheckpoint(
  { resume }: AuditOptions,
  state: StateFolder,
  subject: string,
  chain: Chain,
): Promise<Checkpoint | undefined> {
  const checkpoint = resume ? await state.load() : undefined;
  if (checkpoint === undefined || checkpoint.subject !== subject || checkpoint.walk.batch > chain.lastBatch)
    return undefined;
  return checkpoint.roots === hashOfRoots(chain, checkpoint.walk.batch) && checkpoint.walk.batch > 0n
    ? checkpoint
    : undefined;
}

function filesOf(checkpoint: Checkpoint | undefined): ReadonlySet<string> {
  if (checkpoint === undefined) return new Set();
  const segments = [...checkpoint.leaves, ...checkpoint.reversals].map(({ file }) => file);
  return new Set([...segments, "checkpoint.json", "statements", "notices", "closings"]);
}

function startThreads(
  { workers, books }: AuditOptions,
  { path: folder }: StateFolder,
  fingerprintKey: Uint8Array,
): Thread[] {
  const run = `${Date.now().toString(36)}-${process.pid}`;
  return Array.from(
    { length: workers },
    (_, i) => new Thread({ folder, books, name: `${run}-${i}`, fingerprintKey }),
  );
}

function stopIfAsked(signal: AbortSignal, batch: bigint): void {
  if (signal.aborted)
    throw new InterruptedError(`stopped behind batch ${batch}; the same command goes on from there`);
}

type Stage = {
  readonly options: AuditOptions;
  readonly chain: Chain;
  readonly left: readonly LeftContract[];
  readonly reachable: readonly Reachable[];
  readonly endpoint: Endpoint;
  readonly replayed: Replay;
  readonly threads: readonly Thread[];
  readonly books: BooksStage;
  readonly fingerprintKey: Uint8Array;
  readonly source: BookSource;
};

/** Everything behind the books. */
async function checkAll(stage: Stage) {
  const { options, replayed, books } = stage;
  const { findings } = books;
  const leaves = await checkReceipts(stage);
  stopIfAsked(options.signal, books.walk.state.batch);
  const documents = await checkPublished(stage);
  const { philanthropy, ...undecided } = await checkStatements(stage, documents);
  checkGiven(replayed.accounts.values(), books.walk.state, findings);
  if (options.signers !== null) checkSigners(options.signers, replayed.charities, findings);
  const counted = {
    reversals: leaves.reversals,
    notices: documents.notices,
    documents: documents.checked,
    signatures: replayed.claims.length,
  };
  return { counted, philanthropy, undecided: { ...undecided, reversals: leaves.undecided } };
}

async function checkContract(endpoint: Endpoint, chain: Chain, replayed: Replay): Promise<Observation[]> {
  return [
    ...replayed.observations,
    ...(await checkSignatures(endpoint, chain, replayed.claims)),
    ...(await checkTokens(endpoint, chain, replayed)),
    ...(await checkWatermarks(endpoint, chain, replayed)),
    ...(await checkChallenges(endpoint, chain)),
    ...(await checkOpening(endpoint, chain, replayed)),
  ];
}

function checkReceipts({ options, threads, books, replayed, source, fingerprintKey }: Stage) {
  const accounts = [...replayed.accounts.values()];
  return checkLeaves({
    ...{ threads, source, fingerprintKey, leaves: books.leaves, reversals: books.reversals },
    ...{ walk: books.walk.state, findings: books.findings },
    nettings: new Map(accounts.map(({ charity, unit, payouts }) => [bookLineKey(charity, unit), payouts])),
    onProgress: (stage, done, of) => options.progress.update(stage, done, of),
  });
}

async function checkPublished({ options, chain, replayed, books, source }: Stage): Promise<DocumentsOutcome> {
  const { findings } = books;
  const accounts = [...replayed.accounts.values()];
  const evidence = new Set(
    accounts.flatMap(({ disbursements }) => disbursements.map((each) => each.evidence)),
  );
  const wanted = new Set([...evidence, ...options.merchants.map(({ hash }) => hash as Hex)]);
  const total = books.log.noticeCount;
  const onProgress = (done: number) => options.progress.update("documents", done, total);
  const outcome = await checkDocuments(books.log.notices(), {
    source,
    wanted,
    evidence,
    findings,
    onProgress,
  });
  const isComplete = books.walk.state.unread.length === 0;
  const shared = { ledger: chain.ledger, notices: outcome.found, isComplete, findings };
  await checkDisbursements({ ...shared, source }, accounts);
  if (options.merchants.length > 0) checkMerchants(options.merchants, { ...shared, orders: options.orders });
  return outcome;
}

function accuseOf({ options, chain, endpoint, books, source }: Stage) {
  const onProgress = (done: number, of: number) => options.progress.update("evidence", done, of);
  return accusationsOf({ findings: books.findings.list(), source, endpoint, chain, onProgress });
}

const limitsOf = ({ options, chain, replayed, books, left }: Stage) => ({
  openChallenges: openChallenges(chain).length,
  hasMoved: left.length > 0,
  breachesLeftBehind: breachesLeftBehind(left, chain),
  faultsLeftBehind: left.reduce((sum, { faultsBehind }) => sum + faultsBehind, 0),
  replay: replayed,
  isDemonstration: isDemonstration(chain),
  unread: books.walk.state.unread,
  hasSigners: options.signers !== null,
  hasMerchants: options.merchants.length > 0,
  hasOrders: options.orders !== null,
});

/** A reorganisation under the audit would have mixed two histories. */
async function requireSameBlock(endpoint: Endpoint, { block }: Chain): Promise<void> {
  const { hash } = await readBlock(endpoint, block.number);
  if (hash === block.hash) return;
  throw new UnavailableError(
    "reorganised",
    `block ${block.number} was replaced while the audit ran; run it again`,
    30,
  );
}
