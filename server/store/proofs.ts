// Proofs from what sealing has stored: one chunk of leaves is rehashed, the nodes above it are fetched by key, the leaves
// of the batch's tree are read once and kept. Each proof is verified before it is handed out.

import { InvariantError } from "../errors.ts";
import { batchTree } from "../protocol/batch-root.ts";
import { equalBytes } from "../protocol/bytes.ts";
import type { Hash } from "../protocol/hash.ts";
import type { Kind } from "../protocol/receipt.ts";
import type { Seal } from "../protocol/receipt-file.ts";
import type { Statement } from "../protocol/statement.ts";
import {
  climb,
  type Level,
  type NodePlace,
  nodeAt,
  pathPlaces,
  type Sibling,
  sumTreeLevels,
} from "../protocol/sum-tree.ts";
import type { Database, Queries } from "./database.ts";
import type { StoredDocument } from "./documents.ts";

const CHUNK_LEVEL = 7;
const HASH_BYTES = 32;
const LEAF_BYTES = HASH_BYTES + 8;
const BATCH_TREES_KEPT = 64;

type BatchTree = ReturnType<typeof batchTree>;

/** Which receipt a proof is wanted for. */
export type Wanted = {
  readonly id: Uint8Array;
  readonly leaf: Uint8Array;
  readonly amount: bigint;
  readonly batch: bigint;
  readonly line: number;
  readonly kind: Kind;
};

type Noticed = Pick<StoredDocument, "batch" | "kind" | "subject" | "hash">;

export class Proofs {
  readonly #sql: Database;
  readonly #hash: Hash;
  readonly #batchTrees = new Map<bigint, Promise<BatchTree>>();

  constructor(sql: Database, hash: Hash) {
    this.#sql = sql;
    this.#hash = hash;
  }

  /** What ties a receipt to its batch's root; null while the batch is not sealed. */
  async of(wanted: Wanted): Promise<Seal | null> {
    const stored = await readStatement(this.#sql, wanted);
    if (stored === undefined) return null;
    const { statement, leaf } = stored;
    const proof = await this.#receiptProof(wanted, statement);
    const tree = await this.#batchTree(wanted.batch);
    return { batch: wanted.batch, proof, statement, statementProof: tree.proof(leaf) };
  }

  /** What ties a document to the root of the batch that timestamps it; null while that is not sealed. */
  async ofNotice({ batch, kind, subject, hash }: Noticed): Promise<Uint8Array[] | null> {
    const [row] = await this.#sql<{ leaf: Buffer }[]>`
      SELECT leaf FROM notices
      WHERE batch = ${batch} AND kind = ${kind} AND subject = ${subject} AND content = ${hash}`;
    return row === undefined ? null : (await this.#batchTree(batch)).proof(row.leaf);
  }

  async #receiptProof(wanted: Wanted, statement: Statement) {
    const chunk = await readChunk(this.#sql, wanted);
    const index = chunk.number * 2n ** BigInt(CHUNK_LEVEL) + BigInt(indexInChunk(chunk.leaves, wanted.leaf));
    const places = pathPlaces(index, statement.receipts);
    const below = sumTreeLevels(unpack(chunk.leaves), this.#hash);
    const above = await readNodes(
      this.#sql,
      wanted,
      places.filter(({ level }) => level >= CHUNK_LEVEL),
    );
    const path = places.map((place) =>
      place.level < CHUNK_LEVEL ? within(below, chunk.number, place) : above.get(key(place)),
    );
    const proof = { index, receipts: statement.receipts, path: path as Sibling[] };
    this.#check(wanted, statement, proof);
    return proof;
  }

  #check(wanted: Wanted, statement: Statement, proof: Seal["proof"]): void {
    if (proof.path.includes(undefined as unknown as Sibling)) throw damaged(wanted, "a node is missing");
    const top = climb(wanted.leaf, wanted.amount, proof, this.#hash);
    if (!equalBytes(top.hash, statement.receiptsRoot))
      throw damaged(wanted, "the proof leads to another root");
    if (top.sum !== statement.to - statement.from) throw damaged(wanted, "the proof leads to another sum");
  }

  /** The tree over a batch's statements and notices; those asked for last are kept. */
  #batchTree(batch: bigint): Promise<BatchTree> {
    const known = this.#batchTrees.get(batch);
    if (known !== undefined) return known;
    const tree = readBatchLeaves(this.#sql, batch).then((leaves) => batchTree(leaves, this.#hash));
    tree.catch(() => this.#batchTrees.delete(batch));
    this.#batchTrees.set(batch, tree);
    for (const oldest of this.#batchTrees.keys()) {
      if (this.#batchTrees.size <= BATCH_TREES_KEPT) break;
      this.#batchTrees.delete(oldest);
    }
    return tree;
  }
}

const damaged = ({ id, batch }: Wanted, what: string) =>
  new InvariantError(`proof of receipt ${Buffer.from(id).toString("hex")} in batch ${batch}: ${what}`);

async function readStatement(sql: Queries, { batch, line, kind }: Wanted) {
  const [row] = await sql<(Omit<Statement, "receiptsRoot"> & { receipts_root: Buffer; leaf: Buffer })[]>`
    SELECT batch, charity, unit, kind, "from", "to", previous, receipts, receipts_root, leaf
    FROM statements JOIN lines ON lines.id = line WHERE batch = ${batch} AND line = ${line} AND kind = ${kind}`;
  if (row === undefined) return undefined;
  const { receipts_root: receiptsRoot, leaf, ...statement } = row;
  return { leaf, statement: { ...statement, receiptsRoot } };
}

async function readChunk(sql: Queries, wanted: Wanted): Promise<{ number: bigint; leaves: Buffer }> {
  const { batch, line, kind, id } = wanted;
  const [row] = await sql<{ number: bigint; leaves: Buffer }[]>`
    SELECT number, leaves FROM chunks
    WHERE batch = ${batch} AND line = ${line} AND kind = ${kind} AND first_id <= ${id}
    ORDER BY first_id DESC LIMIT 1`;
  if (row === undefined) throw damaged(wanted, "its chunk is missing");
  return row;
}

function indexInChunk(leaves: Buffer, leaf: Uint8Array): number {
  for (let at = 0; at < leaves.length; at += LEAF_BYTES)
    if (leaves.compare(leaf, 0, HASH_BYTES, at, at + HASH_BYTES) === 0) return at / LEAF_BYTES;
  throw new InvariantError("a receipt's leaf is not in its chunk");
}

function unpack(leaves: Buffer): Level {
  const count = leaves.length / LEAF_BYTES;
  const level = { hashes: new Uint8Array(count * HASH_BYTES), sums: new BigUint64Array(count) };
  for (let index = 0; index < count; index++) {
    const at = index * LEAF_BYTES;
    level.hashes.set(leaves.subarray(at, at + HASH_BYTES), index * HASH_BYTES);
    level.sums[index] = leaves.readBigUInt64BE(at + HASH_BYTES);
  }
  return level;
}

/** A node of the whole tree, looked up in the tree of its chunk. */
function within(levels: Level[], chunk: bigint, { level, index }: NodePlace): Sibling {
  const first = chunk << BigInt(CHUNK_LEVEL - level);
  return nodeAt(levels[level] as Level, Number(index - first));
}

const key = ({ level, index }: NodePlace) => `${level}/${index}`;

async function readNodes(sql: Queries, { batch, line, kind }: Wanted, places: readonly NodePlace[]) {
  if (places.length === 0) return new Map<string, Sibling>();
  const levels = `{${places.map(({ level }) => level)}}`;
  const positions = `{${places.map(({ index }) => index)}}`;
  // OFFSET keeps the planner from reading all nodes of the statement instead: 0.1 ms, against 5 for a million receipts.
  const rows = await sql<{ level: number; position: bigint; hash: Buffer; sum: bigint }[]>`
    SELECT node.level, node.position, hash, sum
    FROM unnest(${levels}::smallint[], ${positions}::bigint[]) AS place (level, position)
    CROSS JOIN LATERAL (
      SELECT * FROM nodes WHERE batch = ${batch} AND line = ${line} AND kind = ${kind}
        AND level = place.level AND position = place.position OFFSET 0) AS node`;
  return new Map(
    rows.map(({ level, position, hash, sum }) => [key({ level, index: position }), { hash, sum }]),
  );
}

async function readBatchLeaves(sql: Queries, batch: bigint): Promise<Buffer[]> {
  const rows = await sql<{ leaf: Buffer }[]>`
    SELECT leaf FROM statements WHERE batch = ${batch} UNION ALL SELECT leaf FROM notices WHERE batch = ${batch}`;
  return rows.map(({ leaf }) => leaf);
}
