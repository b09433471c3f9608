// Closes the open batch when it is due, and fixes the root of each closed batch, in order.

import type { Logger } from "pino";
import { InvariantError } from "../errors.ts";
import { fastKeccak } from "../hashing.ts";
import { batchTree } from "../protocol/batch-root.ts";
import type { Kind } from "../protocol/receipt.ts";
import {
  type Notice,
  noticeLeaf,
  previousNotice,
  type Statement,
  statementLeaf,
  timesNotice,
} from "../protocol/statement.ts";
import type { Database } from "../store/database.ts";
import { documentsOfBatch, type StoredDocument } from "../store/documents.ts";
import {
  type ClosedBatch,
  closeBatch,
  committedFill,
  type LineEnds,
  type LineRow,
  lineEnds,
  lineKey,
  linesByIds,
  oldestClosed,
  openBatch,
  readLeaves,
  rootOfBatch,
  type SealedBatch,
  type SealedStatement,
  saveSealed,
} from "../store/sealing.ts";
import { pause } from "./leader.ts";
import { type StatementTree, StatementTrees } from "./statement-trees.ts";
import type { TreeWorkers } from "./tree-workers.ts";

export type Sealer = {
  readonly sql: Database;
  /** The ledger's id. */
  readonly ledger: Uint8Array;
  readonly workers: TreeWorkers;
  readonly log: Logger;
  readonly sealAfterSeconds: number;
  readonly sealAtReceipts: number;
};

const LOOK_EVERY_MS = 250;

/** Seals what is due until the signal aborts. To be run by one process at a time. */
export async function sealAlways(sealer: Sealer, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await closeIfDue(sealer);
    while (!signal.aborted && (await sealOldest(sealer)) !== undefined);
    await pause(LOOK_EVERY_MS, signal);
  }
}

async function closeIfDue({ sql, sealAfterSeconds, sealAtReceipts, log }: Sealer): Promise<void> {
  const { number, receipts, ageSeconds } = await openBatch(sql);
  if (ageSeconds === null || (ageSeconds < sealAfterSeconds && receipts < sealAtReceipts)) return;
  if (await closeBatch(sql, number, unixNow())) log.debug({ batch: number, receipts }, "batch closed");
}

/** Closes the open batch now, whatever its age, unless nothing was written into it; answers with the number that it had. */
export async function closeNow(sql: Database): Promise<bigint | undefined> {
  const { number, ageSeconds } = await openBatch(sql);
  return ageSeconds !== null && (await closeBatch(sql, number, unixNow())) ? number : undefined;
}

const unixNow = () => Math.floor(Date.now() / 1000);

/** Seals the oldest closed batch if it is complete; answers with its number. */
export async function sealOldest(sealer: Sealer): Promise<bigint | undefined> {
  const batch = await oldestClosed(sealer.sql);
  if (batch === undefined) return undefined;
  const started = performance.now();
  const sealed = await buildBatch(sealer, batch);
  if (sealed === undefined || !(await saveSealed(sealer.sql, sealed))) return undefined;
  const milliseconds = Math.round(performance.now() - started);
  sealer.log.info({ batch: batch.number, receipts: sealed.receipts, milliseconds }, "batch sealed");
  return batch.number;
}

/** All of a batch but its place in the store; undefined while its receipts do not add up to its commits. */
async function buildBatch(sealer: Sealer, batch: ClosedBatch): Promise<SealedBatch | undefined> {
  const trees = await buildTrees(sealer, batch.number);
  if (!(await isComplete(sealer, batch.number, trees))) return undefined;
  const statements = await statementsOf(sealer, batch.number, trees);
  const notices = await noticesOf(sealer, batch);
  const leaves = [...statements, ...notices].map(({ leaf }) => leaf);
  const receipts = trees.reduce((sum, tree) => sum + tree.receipts, 0n);
  return { number: batch.number, receipts, root: batchTree(leaves, fastKeccak).root, statements, notices };
}

async function buildTrees({ sql, workers }: Sealer, batch: bigint): Promise<StatementTree[]> {
  const trees = new StatementTrees(workers);
  await readLeaves(sql, batch, (line, kind, id, leaf) => trees.add(line, kind, id, leaf));
  return trees.finish();
}

/** On a cluster a participant may commit late: its receipts are missing until it has. */
async function isComplete(
  { sql, log }: Sealer,
  batch: bigint,
  trees: readonly StatementTree[],
): Promise<boolean> {
  const committed = await committedFill(sql, batch);
  const receipts = trees.reduce((sum, tree) => sum + tree.receipts, 0n);
  const sum = trees.reduce((total, tree) => total + tree.sum, 0n);
  if (receipts === committed.receipts && sum === committed.sum) return true;
  log.warn(
    { batch, committed, found: { receipts, sum } },
    "batch is not complete yet; it is sealed when it is",
  );
  return false;
}

async function statementsOf({ sql, ledger }: Sealer, batch: bigint, trees: readonly StatementTree[]) {
  const ids = [...new Set(trees.map(({ line }) => line))];
  const ends = await lineEnds(sql, ids);
  const lines = new Map((await linesByIds(sql, ids)).map((line) => [line.id, line]));
  return trees.map((tree): SealedStatement => {
    const statement = statementOf(batch, tree, lines.get(tree.line), ends);
    return { ...tree, statement, leaf: statementLeaf(ledger, statement, fastKeccak) };
  });
}

function statementOf(
  batch: bigint,
  tree: StatementTree,
  line: LineRow | undefined,
  ends: LineEnds,
): Statement {
  if (line === undefined) throw new InvariantError(`line ${tree.line} of batch ${batch} is not known`);
  const end = ends.get(lineKey(tree.line, tree.kind)) ?? { batch: 0n, to: 0n };
  const { charity, unit } = line;
  const positions = { from: end.to, to: end.to + tree.sum, previous: end.batch };
  return {
    batch,
    charity,
    unit,
    kind: tree.kind as Kind,
    ...positions,
    receipts: tree.receipts,
    receiptsRoot: tree.root,
  };
}

const documentNotice = (batch: bigint, { kind, subject, hash }: StoredDocument): Notice => ({
  batch,
  kind,
  subject,
  content: hash,
});

async function noticesOf({ sql, ledger }: Sealer, { number, opened_at, closed_at }: ClosedBatch) {
  const previous = number === 1n ? ledger : await rootOfBatch(sql, number - 1n);
  if (previous === undefined)
    throw new InvariantError(`batch ${number} cannot be sealed before batch ${number - 1n}`);
  const documents = await documentsOfBatch(sql, number);
  const notices = [
    previousNotice(number, previous),
    timesNotice(number, opened_at, closed_at),
    ...documents.map((document) => documentNotice(number, document)),
  ];
  return notices.map((notice) => ({ notice, leaf: noticeLeaf(ledger, notice, fastKeccak) }));
}
