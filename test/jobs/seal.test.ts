// Sealing on a real database: what is not sealed, roots against libraries that are not ours, proofs, who seals.

import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { keccak256, stringToHex } from "viem";
import { InvariantError } from "../../server/errors.ts";
import { ingestRefund } from "../../server/ingest/ingest.ts";
import { closeNow, sealAlways, sealOldest } from "../../server/jobs/seal.ts";
import { refundSchema } from "../../server/programmes/refund.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { recordDocument } from "../../server/store/documents.ts";
import { receiptById } from "../../server/store/receipts.ts";
import { addShop, bought, openTestStore, purchases, record, type TestStore } from "../support/store.ts";
import { rootByOthers } from "./by-others.ts";
import { everyProof } from "./proving.ts";

describe("sealing", () => {
  let store: TestStore;

  beforeEach(async () => {
    store = await openTestStore();
    await addShop(store.sql, "shop", ["GB-CHC-1"]);
    await addShop(store.sql, "split", ["GB-CHC-1", "GB-CHC-2", "GB-CHC-2/lunches"], {
      share: { basisPoints: 1000 },
    });
    await addShop(store.sql, "yen", ["GB-CHC-1"], { currency: "JPY" });
    // The batch that notices the pledges; the first receipts are in the second.
    await store.seal();
  });
  afterEach(() => store.close());

  const refundOf = (merchant: string, order: string) =>
    refundSchema.parse({ merchant, refund: `r-${order}`, order, refundedAt: "2025-12-01T00:00:00Z" });
  const rootOf = async (batch: bigint) => {
    const [row] = await store.sql`SELECT root FROM batches WHERE number = ${batch}`;
    return row?.root ? toHex(row.root as Buffer) : undefined;
  };
  const statements = () => store.sql`
    SELECT batch, line, kind, "from", "to", previous FROM statements ORDER BY line, kind, batch`;

  /** A batch with several lines, both kinds and two currencies. */
  async function manifold(name: string): Promise<void> {
    await record(store.ingest, [
      ...purchases("shop", name, 5),
      ...purchases("split", name, 7),
      ...purchases("yen", name, 3).map((one) => ({ ...one, currency: "JPY" })),
    ]);
    await ingestRefund(store.ingest, refundOf("shop", `${name}-1`));
    await ingestRefund(store.ingest, refundOf("split", `${name}-2`));
  }

  for (const [what, change] of [
    ["fewer receipts than were committed", { receipts: 1, sum: 1_000 }],
    ["another sum than was committed", { receipts: 0, sum: 1 }],
  ] as const)
    it(`waits while there are ${what}`, async () => {
      await record(store.ingest, purchases("shop", "o", 3));
      await store.sql`INSERT INTO commits (batch, receipts, sum) VALUES (2, ${change.receipts}, ${change.sum})`;
      await closeNow(store.sql);
      expect(await sealOldest(store.sealer)).to.equal(undefined);
      expect(await rootOf(2n)).to.equal(undefined);
      await store.sql`DELETE FROM commits WHERE receipts = ${change.receipts} AND sum = ${change.sum}`;
      expect(await sealOldest(store.sealer)).to.equal(2n);
    });

  it("does not pass over a batch: the next one waits for it", async () => {
    await record(store.ingest, purchases("shop", "a", 2));
    await store.sql`INSERT INTO commits (batch, receipts, sum) VALUES (2, 1, 1)`;
    await closeNow(store.sql);
    await record(store.ingest, purchases("shop", "b", 2));
    await closeNow(store.sql);
    expect(await sealOldest(store.sealer)).to.equal(undefined);
    expect([await rootOf(2n), await rootOf(3n)]).to.deep.equal([undefined, undefined]);
  });

  it("gives the roots that viem and merkletreejs compute from the stored fields, over many lines and batches", async () => {
    for (const batch of [2n, 3n, 4n]) {
      await manifold(`b${batch}`);
      expect(await store.seal()).to.equal(batch);
      expect(await rootOf(batch)).to.equal(await rootByOthers(store.sql, store.ledger.id, batch));
    }
  });

  it("lays statements end to end: each begins where the line's last one ended, and names its batch", async () => {
    await manifold("a");
    await store.seal();
    await record(
      store.ingest,
      purchases("yen", "between", 1).map((one) => ({ ...one, currency: "JPY" })),
    );
    await store.seal();
    await manifold("c");
    await store.seal();
    for (const own of Map.groupBy(await statements(), ({ line, kind }) => `${line}/${kind}`).values()) {
      let last = { batch: 0n, to: 0n };
      for (const { batch, from, to, previous } of own) {
        expect({ from, previous }).to.deep.equal({ from: last.to, previous: last.batch });
        expect(to > from).to.equal(true);
        last = { batch, to };
      }
    }
  });

  it("names in every batch the root before, the ledger in the first, and the times it was open", async () => {
    await record(store.ingest, purchases("shop", "a", 1));
    await store.seal();
    await record(store.ingest, purchases("shop", "b", 1));
    await store.seal();
    const rows = await store.sql`
      SELECT batch, kind, content FROM notices WHERE kind IN ('previous', 'times') ORDER BY kind, batch`;
    const batches = await store.sql`SELECT opened_at, closed_at FROM batches ORDER BY number`;
    const times = batches.map(({ opened_at, closed_at }) => (opened_at << 128n) | closed_at);
    expect(rows.map(({ kind, content }) => [kind, toHex(content as Buffer)])).to.deep.equal([
      ["previous", toHex(store.ledger.id)],
      ["previous", await rootOf(1n)],
      ["previous", await rootOf(2n)],
      ...times.map((both) => ["times", `0x${both.toString(16).padStart(64, "0")}`]),
    ]);
    expect(batches[1]?.opened_at).to.equal(batches[0]?.closed_at);
  });

  it("timestamps the documents of each batch, the same one once", async () => {
    const told = { kind: "period", body: { b: [1], a: "é" } } as const;
    const write = (isPublic: boolean) => store.sql.begin((tx) => recordDocument(tx, { ...told, isPublic }));
    const recorded = await write(true);
    expect(await write(false), "again").to.deep.equal(recorded);
    expect(recorded.body).to.equal('{"a":"é","b":[1]}');
    expect(await store.seal(), "a batch of documents alone").to.equal(recorded.batch);
    const [notice] = await store.sql`SELECT subject, content FROM notices WHERE kind = 'period'`;
    expect(toHex(notice?.content as Buffer)).to.equal(keccak256(stringToHex(recorded.body)));
    expect(await rootOf(recorded.batch)).to.equal(
      await rootByOthers(store.sql, store.ledger.id, recorded.batch),
    );
  });

  it("gives every receipt a proof that verifies, and that OpenZeppelin accepts above the statement", async () => {
    await manifold("all");
    await store.seal();
    const files = await everyProof(store, 2n);
    expect(files.length).to.equal(5 + 7 * 3 + 3 + 1 + 3);
    const root = await rootOf(2n);
    for (const { statementLeaf, seal } of files)
      expect(SimpleMerkleTree.verify(root!, statementLeaf, seal.statementProof.map(toHex))).to.equal(true);
  });

  it("gives no proof before the batch is sealed", async () => {
    const [answer] = await record(store.ingest, [bought("shop", "open")]);
    const receipt = await receiptById(store.sql, answer!.receipts[0]!.id);
    expect(await store.proofs.of(receipt!)).to.equal(null);
    await closeNow(store.sql);
    expect(await store.proofs.of(receipt!)).to.equal(null);
  });

  for (const [what, damage] of [
    [
      "a leaf in its chunk",
      "UPDATE chunks SET leaves = set_byte(leaves, 40, (get_byte(leaves, 40) + 1) % 256)",
    ],
    ["the amounts in its chunk", "UPDATE chunks SET leaves = set_byte(set_byte(leaves, 39, 1), 79, 1)"],
    [
      "the statement's root",
      "UPDATE statements SET receipts_root = set_byte(receipts_root, 0, (get_byte(receipts_root, 0) + 1) % 256)",
    ],
    ["the statement's end", 'UPDATE statements SET "to" = "to" + 1'],
    ["its whole chunk", "DELETE FROM chunks"],
  ] as const)
    it(`hands out no proof when ${what} was changed in the store`, async () => {
      const [answer] = await record(store.ingest, purchases("shop", "damaged", 3));
      await store.seal();
      await store.sql.unsafe(damage);
      const receipt = await receiptById(store.sql, answer!.receipts[0]!.id);
      const failure = await store.proofs.of(receipt!).catch((error) => error);
      expect(failure).to.be.instanceOf(InvariantError);
    });

  it("is done once when two seal at once", async () => {
    await manifold("two");
    await closeNow(store.sql);
    const sealed = await Promise.all([1, 2, 3].map(() => sealOldest(store.sealer)));
    expect(sealed.filter((number) => number === 2n)).to.have.length(1);
    const [row] = await store.sql`SELECT count(*), count(DISTINCT (line, kind)) AS different FROM statements`;
    expect(row?.count).to.equal(row?.different);
    await everyProof(store, 2n);
  });

  it("leaves nothing of a batch whose saving failed, and seals it afterwards", async () => {
    await manifold("half");
    await closeNow(store.sql);
    await store.sql`ALTER TABLE notices ADD CONSTRAINT none CHECK (false) NOT VALID`;
    const failure = await sealOldest(store.sealer).catch((error) => error);
    expect(failure).to.include({ code: "23514" });
    const [left] =
      await store.sql`SELECT (SELECT count(*) FROM statements) + (SELECT count(*) FROM chunks) AS rows`;
    expect(left?.rows).to.equal(0n);
    await store.sql`ALTER TABLE notices DROP CONSTRAINT none`;
    expect(await sealOldest(store.sealer)).to.equal(2n);
    await everyProof(store, 2n);
  });

  for (const [due, settings] of [
    ["when it is old enough", { sealAfterSeconds: 1, sealAtReceipts: 1_000 }],
    ["when it is full", { sealAfterSeconds: 3_600, sealAtReceipts: 3 }],
  ] as const)
    it(`closes and seals a batch ${due}, and not before`, async () => {
      const stopping = new AbortController();
      const job = sealAlways({ ...store.sealer, ...settings }, stopping.signal);
      await record(store.ingest, purchases("shop", "first", 2));
      await new Promise((resolve) => setTimeout(resolve, 400));
      expect(await rootOf(2n)).to.equal(undefined);
      if (settings.sealAtReceipts === 3) await record(store.ingest, purchases("shop", "third", 1));
      while ((await rootOf(2n)) === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
      stopping.abort();
      await job;
    });
});
