// Large trees built in pieces: joined segments against the whole tree, and sealed batches of the sizes where chunks,
// segments and odd ends meet.

import { createHash } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { InvariantError } from "../../server/errors.ts";
import { fastKeccak } from "../../server/hashing.ts";
import {
  CHUNK_LEAVES,
  joinSegments,
  LEAF_BYTES,
  levelsFromChunks,
  SEGMENT_LEVEL,
  unpackLeaves,
} from "../../server/jobs/segments.ts";
import { StatementTrees } from "../../server/jobs/statement-trees.ts";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { climb, rootNode, sumTreeLevels } from "../../server/protocol/sum-tree.ts";
import { copyIn, type Field } from "../../server/store/copy.ts";
import { receiptById, receiptsByIds } from "../../server/store/receipts.ts";
import { addShop, openTestStore, purchases, record, type TestStore } from "../support/store.ts";
import { sumTreeByOthers } from "./by-others.ts";
import { everyProof } from "./proving.ts";

const AMOUNT_BYTES = 8;
const SEGMENT_LEAVES = 2 ** SEGMENT_LEVEL;

const bytesOf = (label: string, length: number) =>
  createHash("sha512").update(label).digest().subarray(0, length);

/** So many packed leaves, each its own, with small amounts. */
function packed(leaves: number): Uint8Array {
  const all = Buffer.alloc(leaves * LEAF_BYTES);
  for (let at = 0; at < leaves; at++) {
    bytesOf(`leaf ${at}`, 32).copy(all, at * LEAF_BYTES);
    all.writeBigUInt64BE(BigInt((at % 97) + 1), at * LEAF_BYTES + 32);
  }
  return all;
}

const hexOf = (levels: ReturnType<typeof levelsFromChunks>) =>
  levels.map(({ hashes, sums }) => ({ hashes: toHex(hashes), sums: [...sums] }));

describe("segments", () => {
  // The segments of production hold 2^17 leaves; what is joined are their levels from the chunks up, whatever they hold.
  it("joined give the levels of the whole tree", function () {
    this.timeout(60_000);
    const whole = packed(2 * SEGMENT_LEAVES + CHUNK_LEAVES + 1);
    for (const leaves of [
      1,
      SEGMENT_LEAVES,
      SEGMENT_LEAVES + 1,
      2 * SEGMENT_LEAVES,
      2 * SEGMENT_LEAVES + CHUNK_LEAVES + 1,
    ]) {
      const own = whole.subarray(0, leaves * LEAF_BYTES);
      const pieces = Array.from({ length: Math.ceil(leaves / SEGMENT_LEAVES) }, (_, at) =>
        levelsFromChunks(
          own.subarray(at * SEGMENT_LEAVES * LEAF_BYTES, (at + 1) * SEGMENT_LEAVES * LEAF_BYTES),
        ),
      );
      const joined = joinSegments(pieces);
      expect(
        joined.map(({ hashes, sums }) => [hashes, [...sums]]),
        `${leaves} leaves`,
      ).to.deep.equal(levelsFromChunks(own).map(({ hashes, sums }) => [hashes, [...sums]]));
    }
  });

  it("of one chunk have the root of merkletreejs, whatever the number of leaves", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 * CHUNK_LEAVES }), (leaves) => {
        const own = packed(leaves);
        const level = unpackLeaves(own);
        const others = sumTreeByOthers(
          [...level.sums].map((sum, at) => ({ hash: level.hashes.subarray(at * 32, at * 32 + 32), sum })),
        );
        const top = levelsFromChunks(own).at(-1)!;
        expect([toHex(top.hashes), top.sums[0]]).to.deep.equal([toHex(others.hash), others.sum]);
      }),
      { numRuns: 40 },
    );
  });

  it("start at the chunks' level, which holds one node for each 128 leaves", () => {
    for (const [leaves, nodes] of [
      [1, 1],
      [127, 1],
      [128, 1],
      [129, 2],
      [256, 2],
      [257, 3],
    ] as const) {
      const levels = levelsFromChunks(packed(leaves));
      expect(levels[0]?.sums.length, `${leaves} leaves`).to.equal(nodes);
      expect(hexOf(levels.slice(-1))).to.deep.equal(
        hexOf(sumTreeLevels(unpackLeaves(packed(leaves)), fastKeccak).slice(-1)),
      );
    }
  });
});

describe("statement trees", () => {
  let workers: TreeWorkers;
  before(() => {
    workers = new TreeWorkers(2);
  });
  after(() => workers.stop());

  it("are built again after a thread has died of what it was given", async () => {
    const own = new TreeWorkers(1);
    const twoLeaves = (amount: bigint) => {
      const packed = new Uint8Array(2 * LEAF_BYTES);
      for (const leaf of [1, 2])
        new DataView(packed.buffer).setBigUint64(leaf * LEAF_BYTES - AMOUNT_BYTES, amount);
      return packed;
    };
    const failure = await own.levelsOf(twoLeaves(2n ** 63n - 1n)).catch((error) => error);
    expect(failure).to.be.instanceOf(InvariantError).with.property("message").that.contains("a tree thread");
    const [level] = await own.levelsOf(twoLeaves(7n));
    expect(level?.sums).to.deep.equal(BigUint64Array.of(14n));
    await own.stop();
  });

  it("say when a thread has been stopped under them", async () => {
    const doomed = new TreeWorkers(1);
    const trees = new StatementTrees(doomed);
    const leaf = Buffer.alloc(LEAF_BYTES);
    for (let at = 0; at < 2 * CHUNK_LEAVES; at++) trees.add(1, 0, Buffer.alloc(16, at), leaf);
    const finishing = trees.finish().catch((error) => error);
    await doomed.stop();
    expect(await finishing).to.be.instanceOf(Error);
  });

  it("keep lines and kinds apart, in the order in which they came", async () => {
    const trees = new StatementTrees(workers);
    const order = [
      [1, 0, 3],
      [1, 1, 1],
      [2, 0, 200],
      [7, 1, 128],
    ] as const;
    const amount = Buffer.alloc(8);
    amount.writeBigUInt64BE(5n);
    for (const [line, kind, count] of order)
      for (let at = 0; at < count; at++)
        trees.add(
          line,
          kind,
          bytesOf(`id ${at}`, 16),
          Buffer.concat([bytesOf(`${line}${kind}${at}`, 32), amount]),
        );
    const built = await trees.finish();
    expect(built.map((tree) => [tree.line, tree.kind, Number(tree.receipts)])).to.deep.equal(order);
    expect(built.map(({ sum }) => sum)).to.deep.equal([15n, 5n, 1000n, 640n]);
    expect(built.map(({ chunks }) => chunks.length)).to.deep.equal([1, 1, 2, 1]);
  });
});

describe("a sealed batch", () => {
  let store: TestStore;

  beforeEach(async () => {
    store = await openTestStore();
    await addShop(store.sql, "shop", ["GB-CHC-1"]);
  });
  afterEach(() => store.close());

  for (const count of [1, 2, 127, 128, 129, 257])
    it(`of ${count} receipts proves every one of them`, async () => {
      await record(store.ingest, purchases("shop", "o", count));
      await store.seal();
      const proven = await everyProof(store, 2n);
      expect(proven.map(({ seal }) => Number(seal.proof.index))).to.deep.equal(
        Array.from({ length: count }, (_, at) => at),
      );
    });

  it(`of 2^17 + 1 receipts proves the first, the last and those at every seam`, async function () {
    this.timeout(120_000);
    const count = SEGMENT_LEAVES + 1;
    await fill(store, count);
    await store.seal();
    const [statement] = await store.sql`SELECT receipts, "to", receipts_root FROM statements`;
    expect(statement?.receipts).to.equal(BigInt(count));
    const level = unpackLeaves(packed(count));
    const top = rootNode(sumTreeLevels(level, fastKeccak));
    expect([toHex(statement?.receipts_root), statement?.to]).to.deep.equal([toHex(top.hash), top.sum]);
    for (const at of [0, 1, 127, 128, 129, 65_535, 65_536, SEGMENT_LEAVES - 1, SEGMENT_LEAVES]) {
      const receipt = await receiptById(store.sql, idAt(at));
      const seal = await store.proofs.of(receipt!);
      expect(seal?.proof.index).to.equal(BigInt(at));
      expect(climb(receipt!.leaf, receipt!.amount, seal!.proof, fastKeccak).hash).to.deep.equal(top.hash);
    }
    expect((await receiptsByIds(store.sql, [idAt(0)])).size).to.equal(1);
  });
});

/** Ids in the order of their numbers. */
function idAt(at: number): Buffer {
  const id = Buffer.alloc(16);
  id.writeUInt32BE(at, 0);
  return id;
}

/** Puts receipts into the open batch as one commit; their leaves are taken as they are, as sealing does. */
async function fill(store: TestStore, count: number): Promise<void> {
  const [row] = await store.sql<{ id: number }[]>`
    INSERT INTO lines (charity, unit) SELECT id, 'CNY' FROM charities LIMIT 1 RETURNING id`;
  const leaves = unpackLeaves(packed(count));
  const none = Buffer.alloc(32);
  const rows = function* (): Generator<Field[][]> {
    for (let from = 0; from < count; from += 2_000)
      yield Array.from({ length: Math.min(2_000, count - from) }, (_, index): Field[] => {
        const at = from + index;
        return [
          { bytes: idAt(at) },
          { int8: 1n },
          { int4: row!.id },
          { int2: 0 },
          { int8: leaves.sums[at]! },
          { int8: 1n },
          ...[none, none, none].map((bytes) => ({ bytes })),
          { bytes: leaves.hashes.subarray(at * 32, at * 32 + 32) },
          { bytes: idAt(at) },
          { bytes: "{}" },
        ];
      });
  };
  await store.sql.begin(async (tx) => {
    await copyIn(
      tx`COPY receipts (id, batch, line, kind, amount, accepted_at, terms, details, salt, leaf, event, private)
      FROM STDIN (FORMAT binary)`,
      rows(),
    );
    const sum = leaves.sums.reduce((total, one) => total + one, 0n);
    await tx`INSERT INTO commits (batch, receipts, sum) VALUES (1, ${count}, ${sum.toString()})`;
  });
}
