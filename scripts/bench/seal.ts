// Sealing: one line's sum tree, and a whole batch from the database and back, against the plain tree of a well-known
// library; then proofs out of that batch, after a restart.

import { randomFillSync, randomInt } from "node:crypto";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { MerkleTree } from "merkletreejs";
import { pino } from "pino";
import { fastKeccak } from "../../server/hashing.ts";
import { type Sealer, sealOldest } from "../../server/jobs/seal.ts";
import { LEAF_BYTES } from "../../server/jobs/segments.ts";
import { StatementTrees } from "../../server/jobs/statement-trees.ts";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import { readSettings } from "../../server/settings.ts";
import { connect, type Database } from "../../server/store/database.ts";
import { openLedger } from "../../server/store/ledger.ts";
import { migrate } from "../../server/store/migrate.ts";
import { Proofs } from "../../server/store/proofs.ts";
import { receiptById, type StoredReceipt } from "../../server/store/receipts.ts";
import { fillBatch, receiptIdAt, unseal } from "./closed-batch.ts";
import { type Figure, inTurns, median, perSecond, quantile, ratioOf, timed } from "./figures.ts";
import type { Stage } from "./stage.ts";

export type SealOptions = {
  /** Receipts in the batch, all on one line. */
  readonly size: number;
  readonly rounds: number;
};

const CONNECTIONS = 12;
const PROOFS = 1_000;
const HASH_BYTES = 32;
/** Of an amount of 8 bytes: without them it is below 2^16. */
const HIGH_BYTES = 6;

export async function benchSeal(stage: Stage, options: SealOptions): Promise<Figure[]> {
  const trees = await treesAndSeals(stage, options);
  await stage.restartDatabase();
  return [...trees, await proofs(stage, options)];
}

async function treesAndSeals(stage: Stage, { size, rounds }: SealOptions): Promise<Figure[]> {
  const sql = connect(stage.databaseUrl, CONNECTIONS);
  const workers = new TreeWorkers(readSettings({}).TREE_WORKERS);
  try {
    const sealer = await prepare(sql, workers, size);
    const leaves = randomLeaves(size);
    const hashes = leaves.map((leaf) => leaf.subarray(0, HASH_BYTES));
    const rate = async (milliseconds: Promise<number>) => (size * 1000) / (await milliseconds);
    const [tree = [], seal = [], plain = []] = await inTurns(rounds, [
      () => rate(timed(() => sumTree(workers, leaves))),
      () => rate(sealing(sealer)),
      () => rate(timed(() => new MerkleTree(hashes, keccak_256))),
    ]);
    return [treeFigure(tree, plain), sealFigure(seal, plain)];
  } finally {
    await workers.stop();
    await sql.end();
  }
}

async function prepare(sql: Database, workers: TreeWorkers, size: number): Promise<Sealer> {
  await migrate(sql);
  const { id: ledger } = await openLedger(sql);
  await fillBatch(sql, size);
  // Sealed when told to, whatever its age and size.
  const never = { sealAfterSeconds: Infinity, sealAtReceipts: Infinity };
  return { sql, ledger, workers, log: pino({ level: "silent" }), ...never };
}

/** Leaves as sealing reads them: 32 bytes of hash, and an amount that is small enough for all of them together. */
function randomLeaves(size: number): Buffer[] {
  const bytes = randomFillSync(Buffer.alloc(size * LEAF_BYTES));
  for (let at = HASH_BYTES; at < bytes.length; at += LEAF_BYTES) bytes.fill(0, at, at + HIGH_BYTES);
  return Array.from({ length: size }, (_, leaf) =>
    bytes.subarray(leaf * LEAF_BYTES, (leaf + 1) * LEAF_BYTES),
  );
}

async function sumTree(workers: TreeWorkers, leaves: readonly Buffer[]): Promise<void> {
  const trees = new StatementTrees(workers);
  for (const leaf of leaves) trees.add(1, 0, leaf, leaf);
  await trees.finish();
}

/** Seals the batch; in milliseconds. */
async function sealing(sealer: Sealer): Promise<number> {
  await unseal(sealer.sql);
  let sealed: bigint | undefined;
  const milliseconds = await timed(async () => {
    sealed = await sealOldest(sealer);
  });
  if (sealed === undefined) throw new Error("the batch was not sealed");
  return milliseconds;
}

const against = (plain: readonly number[]) =>
  `merkletreejs, plain tree, noble ${perSecond(median(plain), "leaves")}`;

const treeFigure = (tree: readonly number[], plain: readonly number[]): Figure => ({
  name: "sum tree",
  ours: perSecond(median(tree), "leaves"),
  against: against(plain),
  reached: ratioOf(tree, plain),
  unit: "×",
  wanted: 8,
  note: "ours on as many threads as TREE_WORKERS says (2), the other on one: on a single core expect half",
});

const sealFigure = (seal: readonly number[], plain: readonly number[]): Figure => ({
  name: "whole seal",
  ours: perSecond(median(seal), "receipts"),
  against: against(plain),
  reached: ratioOf(seal, plain),
  unit: "×",
  wanted: 2,
  note: "read from the database in order, trees built, all stored durably; PostgreSQL sorts on one core meanwhile",
});

async function proofs(stage: Stage, { size }: SealOptions): Promise<Figure> {
  const sql = connect(stage.databaseUrl, CONNECTIONS);
  try {
    const times = await proofTimes(sql, size);
    const [middle, late] = [median(times), quantile(times, 0.99)];
    return {
      name: "proof",
      ours: `median ${middle.toFixed(2)} ms, 99 % within ${late.toFixed(2)} ms`,
      against: `${times.length.toLocaleString("en")} of ${size.toLocaleString("en")} receipts, by random id`,
      reached: late,
      unit: "ms",
      wanted: 5,
      note: "one after the other, after PostgreSQL and the pool were started anew; files that the system has kept in memory stay there",
    };
  } finally {
    await sql.end();
  }
}

async function proofTimes(sql: Database, size: number): Promise<number[]> {
  // Opening a connection is no part of a proof.
  await sql`SELECT 1`;
  const source = new Proofs(sql, fastKeccak);
  const times: number[] = [];
  for (let proof = 0; proof < PROOFS; proof++) {
    const id = receiptIdAt(1 + randomInt(size));
    times.push(await timed(async () => prove(source, await receiptById(sql, id))));
  }
  return times;
}

async function prove(source: Proofs, receipt: StoredReceipt | undefined): Promise<void> {
  if (receipt === undefined || (await source.of(receipt)) === null)
    throw new Error("a receipt without a proof");
}
