// That terms come before what follows from them, also for purchases that arrive a moment after the pledge.

import { expect } from "chai";
import { ingestPurchases, ingestRefund } from "../../server/ingest/ingest.ts";
import { unixNow } from "../../server/ingest/recorder.ts";
import { refundSchema } from "../../server/programmes/refund.ts";
import { NoticeFirst } from "../../server/store/notice-first.ts";
import { pledgeById } from "../../server/store/pledges.ts";
import { openBatch } from "../../server/store/sealing.ts";
import { addShop, bought, openTestStore, purchases, record, type TestStore } from "../support/store.ts";

describe("the notice of a pledge's terms", () => {
  let store: TestStore;
  let shops = 0;

  before(async () => {
    store = await openTestStore();
  });
  after(() => store.close());

  /** A shop that pledges now: what it is called, and the batch of its notice. */
  async function pledgeNow() {
    const merchant = `newest-${++shops}`;
    const id = await addShop(store.sql, merchant, [`GB-CHC-${shops}`]);
    return { merchant, id, noticedIn: (await pledgeById(store.sql, id))!.noticedIn };
  }

  const batchesOf = async (id: Uint8Array): Promise<bigint[]> =>
    (await store.sql<{ batch: bigint }[]>`SELECT batch FROM receipts WHERE terms = ${id}`).map(
      ({ batch }) => batch,
    );

  it("stands in an earlier batch than the first receipt, though the purchase comes a moment later", async () => {
    const { merchant, id, noticedIn } = await pledgeNow();
    await record(store.ingest, [bought(merchant, "1")]);
    expect(await batchesOf(id)).to.deep.equal([noticedIn + 1n]);
  });

  it("stands in an earlier batch than all receipts of a bulk, whichever pledge of them is the newest", async () => {
    const [old, fresh] = [await pledgeNow(), await pledgeNow()];
    await record(store.ingest, [...purchases(old.merchant, "b", 20), ...purchases(fresh.merchant, "b", 20)]);
    for (const batch of await batchesOf(fresh.id)) expect(batch > fresh.noticedIn).to.equal(true);
    for (const batch of await batchesOf(old.id)) expect(batch > old.noticedIn).to.equal(true);
  });

  it("stands in an earlier batch however many processes write at once, and one batch is closed for it", async () => {
    const others = await Promise.all([store.another(), store.another()]);
    const { merchant, id, noticedIn } = await pledgeNow();
    const writers = [store.ingest, ...others.map(({ ingest }) => ingest)];
    await Promise.all(
      writers.flatMap((ingest, writer) =>
        Array.from({ length: 10 }, (_, at) => record(ingest, [bought(merchant, `${writer}-${at}`)])),
      ),
    );
    const batches = await batchesOf(id);
    expect(batches).to.have.length(30);
    expect(new Set(batches)).to.deep.equal(new Set([noticedIn + 1n]));
  });

  it("closes no batch for purchases that give nothing under it", async () => {
    const { merchant, noticedIn } = await pledgeNow();
    await record(store.ingest, [bought(merchant, "1", { currency: "JPY" })]);
    expect((await openBatch(store.sql)).number).to.equal(noticedIn);
  });

  it("closes no batch a second time: later purchases fall into the same one", async () => {
    const { merchant, id } = await pledgeNow();
    await record(store.ingest, [bought(merchant, "1")]);
    await record(store.ingest, [bought(merchant, "2")]);
    expect(new Set(await batchesOf(id)).size).to.equal(1);
  });

  it("asks the database nothing once the batch is known to be closed", async () => {
    const { sql } = await store.another();
    const notices = new NoticeFirst(sql, unixNow);
    const { noticedIn } = await pledgeNow();
    await notices.before(noticedIn);
    await sql.end();
    await notices.before(noticedIn);
    await notices.before(noticedIn - 1n);
  });

  it("comes before the reversal of a refund too", async () => {
    const { merchant, noticedIn } = await pledgeNow();
    await ingestPurchases(store.ingest, [bought(merchant, "1")]);
    const refund = { merchant, refund: "r-1", order: "1", refundedAt: "2025-12-01T00:00:00Z" };
    const { receipts } = await ingestRefund(store.ingest, refundSchema.parse(refund));
    const [row] = await store.sql<
      { batch: bigint }[]
    >`SELECT batch FROM receipts WHERE id = ${receipts[0]!.id}`;
    expect(row!.batch > noticedIn).to.equal(true);
  });
});
