// Erasure takes away what is personal, and nothing that is proven: not before batches are read again, not after.

import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { fastKeccak } from "../../server/hashing.ts";
import type { Answer } from "../../server/ingest/answers.ts";
import { ingestPurchases, ingestRefund } from "../../server/ingest/ingest.ts";
import { readBook } from "../../server/jobs/book-source.ts";
import { indexDonors } from "../../server/jobs/publish-people.ts";
import { readAgain } from "../../server/jobs/second-reading.ts";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import { donorName, donorsKey } from "../../server/programmes/donor.ts";
import { refundSchema } from "../../server/programmes/refund.ts";
import type { Database } from "../../server/store/database.ts";
import { giftsOfDonor, hasPurchases } from "../../server/store/donors.ts";
import { stepErasure } from "../../server/store/erasing.ts";
import {
  areWhole,
  askErasure,
  type Erasable,
  erasuresOf,
  purchaseOfReceipt,
} from "../../server/store/erasure.ts";
import { donorSubject, issuedStatement, issueStatement } from "../../server/store/issued-statements.ts";
import { receiptById } from "../../server/store/receipts.ts";
import { breakingAt, finishErasures, sealAndIndex, untilDone } from "../support/publishing.ts";
import { addShop, bought, openTestStore, record, type TestStore } from "../support/store.ts";

const BY = { role: "merchant", label: "test" };
const ALWAYS = { from: 0n, before: 2n ** 40n };

describe("erasure", () => {
  let store: TestStore;
  let workers: TreeWorkers;
  let key: Uint8Array;

  beforeEach(async () => {
    store = await openTestStore();
    workers = new TreeWorkers(1);
    key = donorsKey(store.ledger.secrets);
    await addShop(store.sql, "tea", ["GB-CHC-1", "GB-CHC-2"], { share: { basisPoints: 1000 } });
  });
  afterEach(async () => {
    await workers.stop();
    await store.close();
  });

  const index = () => sealAndIndex(store.sql, store.ledger, workers);
  const donor = (buyer: string) => ({ donor: donorName(key, "tea", buyer) });
  const ask = (what: Erasable, sql: Database = store.sql) =>
    sql.begin("ISOLATION LEVEL READ COMMITTED", (tx) =>
      askErasure(tx, what, BY, Math.floor(Date.now() / 1000)),
    );
  const beFinal = () => store.sql`UPDATE batches SET state = 'final'`;
  const buy = async (buyer: string, ...orders: string[]) =>
    (
      await record(
        store.ingest,
        orders.map((order) => bought("tea", order, { buyer })),
      )
    ).flatMap(({ receipts }) => receipts);
  const refund = (order: string, name = `R-${order}`, items?: object[]) =>
    ingestRefund(
      store.ingest,
      refundSchema.parse({
        merchant: "tea",
        refund: name,
        order,
        refundedAt: "2025-12-01T00:00:00Z",
        reason: "broken",
        items,
      }),
    );

  /** Every text and every value of bytes in the whole database that tells of these words. */
  async function tracesOf(...words: string[]): Promise<string[]> {
    const columns = await store.sql<{ table: string; column: string }[]>`
      SELECT table_name AS table, column_name AS column FROM information_schema.columns
      JOIN information_schema.tables USING (table_schema, table_name)
      WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND data_type IN ('text', 'jsonb')`;
    const found: string[] = [];
    for (const { table, column } of columns)
      for (const word of words) {
        const rows = await store.sql`
          SELECT FROM ${store.sql(table)} WHERE strpos(${store.sql(column)}::text, ${word}) > 0 LIMIT 1`;
        if (rows.length > 0) found.push(`${table}.${column}: ${word}`);
      }
    return found;
  }

  it("leaves no trace of the donor in any table, and all of the others'", async () => {
    await buy("ann-77", "ORD-1", "ORD-2");
    await buy("bob-88", "ORD-3");
    await refund("ORD-1");
    await index();
    await refund("ORD-2", "R-late");
    await ask(donor("ann-77"));
    await finishErasures(store.sql);
    await index();
    await beFinal();
    await finishErasures(store.sql);
    expect(await tracesOf("ann-77", "ORD-1", "ORD-2", "R-ORD-1", "R-late", "broken")).to.deep.equal([]);
    expect(await tracesOf("bob-88", "ORD-3")).to.include.members([
      "events.body: bob-88",
      "receipts_from_0.private: ORD-3",
    ]);
    const [tombstone] = await erasuresOf(store.sql, donor("ann-77"));
    expect(tombstone).to.include({ purchases: 2n, receipts: 8n, role: "merchant", label: "test" });
    expect(tombstone!.finished_at).not.to.equal(null);
    expect(await hasPurchases(store.sql, key, donor("ann-77").donor)).to.equal(false);
    expect(await hasPurchases(store.sql, key, donor("bob-88").donor)).to.equal(true);
  });

  it("takes events that gave nothing too: they name the buyer as well", async () => {
    await addShop(store.sql, "silk", ["GB-CHC-1"], { startsAt: "2026-01-01T00:00:00Z" });
    await record(store.ingest, [bought("silk", "NIL-1", { buyer: "cat-99" })]);
    expect(await tracesOf("cat-99")).to.deep.equal(["events.body: cat-99"]);
    await ask({ donor: donorName(key, "silk", "cat-99") });
    await index();
    await finishErasures(store.sql);
    expect(await tracesOf("cat-99", "NIL-1")).to.deep.equal([]);
  });

  it("waits with the details for the index, and with the salts until a batch is final, so that it is read again as ever", async () => {
    const [gift] = await buy("ann", "A-1");
    await ask(donor("ann"));
    await finishErasures(store.sql);
    expect((await receiptById(store.sql, gift!.id))!.private).not.to.equal(null);
    await index();
    await finishErasures(store.sql);
    const sealed = (await receiptById(store.sql, gift!.id))!;
    expect([sealed.private, sealed.salt?.length]).to.deep.equal([null, 32]);
    expect(await readAgain(store.sql, store.ledger.id, sealed.batch)).to.deep.equal([]);
    expect((await erasuresOf(store.sql, donor("ann")))[0]!.finished_at).to.equal(null);
    await beFinal();
    await finishErasures(store.sql);
    const final = (await receiptById(store.sql, gift!.id))!;
    expect([final.private, final.salt]).to.deep.equal([null, null]);
    expect((await erasuresOf(store.sql, donor("ann")))[0]!.finished_at).not.to.equal(null);
  });

  it("keeps the salts of reversals, which the books publish", async () => {
    await buy("ann", "A-1");
    const { receipts } = await refund("A-1");
    await ask(donor("ann"));
    await index();
    await beFinal();
    await finishErasures(store.sql);
    for (const { id } of receipts) {
      const reversal = (await receiptById(store.sql, id))!;
      expect([reversal.private, reversal.salt?.length]).to.deep.equal([null, 32]);
    }
  });

  it("leaves every proof as it was", async () => {
    const gifts = await buy("ann", "A-1", "A-2");
    await buy("bob", "B-1", "B-2");
    await index();
    const proofs = async () =>
      Promise.all(gifts.map(async ({ id }) => store.proofs.of((await receiptById(store.sql, id))!)));
    const before = await proofs();
    await ask(donor("ann"));
    await beFinal();
    await finishErasures(store.sql);
    expect(await proofs()).to.deep.equal(before);
    expect(before.every((seal) => seal !== null)).to.equal(true);
  });

  it("leaves the books as they were, to the byte, when they are made again", async () => {
    await buy("ann", "A-1", "A-2");
    await refund("A-1");
    await index();
    const book = async () => {
      const parts: Uint8Array[] = [];
      await readBook(store.sql, store.ledger.id, 1n, async (bytes) => {
        for await (const part of bytes) parts.push(Uint8Array.from(part));
      });
      return Buffer.concat(parts);
    };
    const before = await book();
    await ask(donor("ann"));
    await beFinal();
    await finishErasures(store.sql);
    expect(await tracesOf('"ann"')).to.deep.equal([]);
    expect((await book()).equals(before)).to.equal(true);
  });

  it("knows a repeated event by its hash: the same is answered, another refused", async () => {
    const [gift] = await buy("ann", "A-1");
    await index();
    await ask(donor("ann"));
    await finishErasures(store.sql);
    const [same] = await ingestPurchases(store.ingest, [bought("tea", "A-1", { buyer: "ann" })]);
    expect(same).to.include({ recorded: false });
    expect((same as Answer).receipts[0]).to.deep.include({
      id: Buffer.from(gift!.id),
      item: null,
    });
    const [other] = await ingestPurchases(store.ingest, [bought("tea", "A-1", { buyer: "eve" })]);
    expect(other).to.include({ code: "erased" });
    expect((other as Error).message).not.to.contain("ann");
  });

  it("lets the whole of an erased purchase be refunded, and no part; what the refund tells is erased in its turn", async () => {
    const gifts = await buy("ann", "A-1");
    await refund("A-1", "R-part", [{ item: "1", price: "500" }]);
    await index();
    await ask(donor("ann"));
    await beFinal();
    await finishErasures(store.sql);
    const part = await refund("A-1", "R-2", [{ item: "1", price: "100" }]).catch((thrown) => thrown);
    expect(part).to.include({ code: "erased" });
    expect(part.message).to.contain("items: wanted none, which takes back all that is left");
    const { receipts } = await refund("A-1", "R-whole");
    const sums = await store.sql<{ gift: Buffer; sum: bigint }[]>`
      SELECT gift, sum(amount)::bigint AS sum FROM reversals GROUP BY gift`;
    for (const gift of gifts) expect(sums.find((one) => one.gift.equals(gift.id))?.sum).to.equal(gift.amount);
    expect(receipts.length).to.equal(2);
    expect(await tracesOf("R-whole")).not.to.deep.equal([]);
    await index();
    await finishErasures(store.sql);
    expect(await tracesOf("A-1", "R-whole", "R-part", "broken")).to.deep.equal([]);
  });

  it("of one receipt is that of its purchase with all receipts; of a reversal, that of the purchase it takes back from", async () => {
    const [gift] = await buy("ann", "A-1", "A-2");
    const { receipts } = await refund("A-1");
    await index();
    const purchase = (await purchaseOfReceipt(store.sql, receipts[0]!.id))!;
    expect(await purchaseOfReceipt(store.sql, gift!.id)).to.deep.equal(purchase);
    await ask({ purchase });
    await finishErasures(store.sql);
    expect(await tracesOf("A-1", "R-A-1")).to.deep.equal([]);
    expect(await tracesOf("A-2")).not.to.deep.equal([]);
    expect((await giftsOfDonor(store.sql, key, donor("ann").donor, ALWAYS, 100)).gifts.length).to.equal(2);
  });

  it("takes printed statements back", async () => {
    await buy("ann", "A-1");
    await index();
    const subject = donorSubject(donor("ann").donor);
    const { token } = await issueStatement(store.sql, {
      hash: fastKeccak(Buffer.from("x")),
      subject,
      body: "{}",
    });
    await ask(donor("ann"));
    await finishErasures(store.sql);
    expect(await issuedStatement(store.sql, token)).to.equal(undefined);
  });

  /** Resolves when one of our transactions waits for an advisory lock of another. */
  async function somebodyWaits(): Promise<void> {
    const look = () => store.sql`
      SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    for (let looks = 0; looks < 500 && (await look()).length === 0; looks++) await setTimeout(10);
  }

  it("lets no statement be kept that was read before, neither after it nor while it comes", async () => {
    const gifts = (await buy("ann", "A-1")).map(({ id }) => id);
    await index();
    const subject = donorSubject(donor("ann").donor);
    const paper = (body: string) => ({ hash: fastKeccak(Buffer.from(body)), subject, body });
    await ask(donor("ann"));
    let erasing: Promise<void> | undefined;
    const { token } = await issueStatement(store.sql, paper("while"), async (tx) => {
      const isThere = await areWhole(tx, gifts);
      erasing = finishErasures(store.sql);
      await Promise.race([erasing, somebodyWaits()]);
      return isThere;
    });
    await erasing;
    expect(await issuedStatement(store.sql, token)).to.equal(undefined);
    const after = issueStatement(store.sql, paper("after"), (tx) => areWhole(tx, gifts));
    expect(await after.catch((error) => error.code)).to.equal("erased-meanwhile");
    expect(await store.sql`SELECT FROM issued_statements`).to.have.length(0);
  });

  it("leaves what a donor gives afterwards, as the next generation", async () => {
    await buy("ann", "A-1");
    await index();
    await ask(donor("ann"));
    await beFinal();
    await finishErasures(store.sql);
    await store.sql`UPDATE erasures SET asked_at = asked_at - 1`;
    await buy("ann", "A-2");
    await index();
    await finishErasures(store.sql);
    expect((await giftsOfDonor(store.sql, key, donor("ann").donor, ALWAYS, 9)).gifts.length).to.equal(2);
    await ask(donor("ann"));
    await beFinal();
    await finishErasures(store.sql);
    const generations = await erasuresOf(store.sql, donor("ann"));
    expect(generations.map(({ generation, purchases }) => [generation, purchases])).to.deep.equal([
      [2, 1n],
      [1, 1n],
    ]);
  });

  it("asked for twice at once is one", async () => {
    await buy("ann", "A-1");
    await index();
    const second = (await store.another()).sql;
    const both = await Promise.allSettled([ask(donor("ann")), ask(donor("ann"), second)]);
    expect(both.map(({ status }) => status)).to.deep.equal(["fulfilled", "fulfilled"]);
    await Promise.all([finishErasures(store.sql), finishErasures(second)]);
    expect((await erasuresOf(store.sql, donor("ann"))).map(({ purchases }) => purchases)).to.deep.equal([1n]);
  });

  it("cut off at any write goes on where it was", async () => {
    await buy("ann", "A-1", "A-2");
    await refund("A-1");
    await index();
    const { id } = (await ask(donor("ann"))) as { id: bigint };
    for (const lost of [
      "update events",
      "update refunds",
      "update receipts",
      "salts_to_erase",
      "issued_statements",
      "purchase_index",
      "update erasures",
    ]) {
      const failed = await stepErasure(breakingAt(store.sql, lost), id).catch(
        (thrown: Error) => thrown.message,
      );
      expect(failed, lost).to.equal(`cut off at ${lost}`);
      expect((await giftsOfDonor(store.sql, key, donor("ann").donor, ALWAYS, 9)).gifts.length, lost).to.equal(
        4,
      );
    }
    await beFinal();
    await finishErasures(store.sql);
    expect(await tracesOf("A-1", "A-2", '"ann"')).to.deep.equal([]);
    expect((await erasuresOf(store.sql, donor("ann")))[0]).to.include({ purchases: 2n, receipts: 6n });
  });

  it("while the index is made loses nothing of the sums", async () => {
    await buy("ann", "A-1", "A-2");
    await store.seal();
    await ask(donor("ann"));
    await Promise.all([finishErasures(store.sql), untilDone(() => indexDonors(store.sql, store.ledger))]);
    await finishErasures(store.sql);
    const [sums] = await store.sql`SELECT purchases, paid FROM merchant_sums`;
    expect(sums).to.include({ purchases: 2n, paid: 2700n });
    expect(await tracesOf('"ann"')).to.deep.equal([]);
  });
});
