// The open batch as epoch: which batch a write falls into, with one contender stopped at the dangerous moment.

import { expect } from "chai";
import { closeNow } from "../../server/jobs/seal.ts";
import { giftsOf } from "../../server/programmes/purchase.ts";
import { recordPurchase } from "../../server/programmes/record.ts";
import { closeBatch, openBatch } from "../../server/store/sealing.ts";
import { writeEvents } from "../../server/store/write.ts";
import { addShop, bought, openTestStore, purchases, record, type TestStore } from "../support/store.ts";

const moment = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const NOW = 1_790_000_000;

const NO_CAMPAIGNS = { version: 0n, countsOf: () => [] };

describe("closing a batch", () => {
  let store: TestStore;

  beforeEach(async () => {
    store = await openTestStore();
    await addShop(store.sql, "shop", ["GB-CHC-1"]);
  });
  afterEach(() => store.close());

  const batchOf = async (order: string) => {
    const [row] = await store.sql<{ batch: bigint }[]>`
      SELECT batch FROM events WHERE body LIKE ${`%"order":"${order}"%`}`;
    return row?.batch;
  };

  /** Writes a purchase, and stops before the commit until `finish`. */
  async function writeHalf(order: string) {
    const purchase = bought("shop", order);
    const pledges = (await store.ingest.pledges.of(["shop"])).get("shop");
    const event = recordPurchase(store.ingest.recorder, purchase, giftsOf(purchase, pledges ?? []));
    const lines = await store.ingest.writer.linesOf(event);
    const holding = Promise.withResolvers<bigint>();
    const gate = Promise.withResolvers<void>();
    const done = store.sql.begin(async (tx) => {
      const { batch } = (await writeEvents(tx, [{ record: event, lines }], null, NO_CAMPAIGNS))!;
      holding.resolve(batch);
      await gate.promise;
    });
    return {
      batch: await holding.promise,
      finish: async () => {
        gate.resolve();
        await done;
      },
    };
  }

  it("waits for a write that has begun, which falls into the batch that was open for it", async () => {
    const write = await writeHalf("early");
    let closed = false;
    const closing = closeBatch(store.sql, 1n, NOW).then((done) => {
      closed = done;
    });
    await moment(100);
    expect(closed, "closed although a write was under way").to.equal(false);
    await write.finish();
    await closing;
    expect([closed, write.batch, await batchOf("early")]).to.deep.equal([true, 1n, 1n]);
    await record(store.ingest, [bought("shop", "late")]);
    expect(await batchOf("late")).to.equal(2n);
  });

  it("holds up writes that come while it waits, and puts them into the next batch", async () => {
    const write = await writeHalf("early");
    const closing = closeBatch(store.sql, 1n, NOW);
    await moment(50);
    const late = record(store.ingest, [bought("shop", "late")]);
    await moment(50);
    expect(await batchOf("late")).to.equal(undefined);
    await write.finish();
    await Promise.all([closing, late]);
    expect([await batchOf("early"), await batchOf("late")]).to.deep.equal([1n, 2n]);
  });

  it("is done once, however many try", async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => closeBatch(store.sql, 1n, NOW)));
    expect(all.filter(Boolean)).to.have.length(1);
    expect((await openBatch(store.sql)).number).to.equal(2n);
    expect(await closeBatch(store.sql, 1n, NOW), "an old one").to.equal(false);
  });

  it("leaves an empty batch open", async () => {
    expect(await closeNow(store.sql), "the pledge's terms were published in it").to.equal(1n);
    expect(await closeNow(store.sql)).to.equal(undefined);
    expect((await openBatch(store.sql)).number).to.equal(2n);
  });

  it("is never starved by eight writers, and every receipt is in the batch of its commit", async () => {
    const writers = await Promise.all(
      Array.from({ length: 8 }, () => store.another({ transactions: 1, groupEvents: 20 })),
    );
    let writing = true;
    const work = writers.map(async ({ ingest }, writer) => {
      for (let round = 0; writing; round++)
        await record(ingest, purchases("shop", `w${writer}-${round}`, 20));
    });
    const waits: number[] = [];
    for (let round = 0; round < 10; round++) {
      await moment(100);
      const started = performance.now();
      await closeNow(store.sql);
      waits.push(performance.now() - started);
    }
    writing = false;
    await Promise.all(work);
    // Starved, a closing would wait for as long as they write, which is until all closings are done.
    expect(Math.max(...waits), "milliseconds").to.be.below(15_000);
    const torn = await store.sql`
      SELECT batch FROM (SELECT batch, count(*) AS receipts, sum(amount) AS sum FROM receipts GROUP BY batch) AS written
      FULL JOIN (SELECT batch, sum(receipts) AS receipts, sum(sum) AS sum FROM commits GROUP BY batch HAVING sum(receipts) > 0) AS committed
        USING (batch)
      WHERE (written.receipts, written.sum) IS DISTINCT FROM (committed.receipts, committed.sum)`;
    expect(torn.map(({ batch }) => batch)).to.deep.equal([]);
    const mixed = await store.sql`
      SELECT events.id FROM events JOIN receipts ON event = events.id WHERE events.batch <> receipts.batch`;
    expect(mixed).to.have.length(0);
  });

  it("opens the next partition before it is needed", async () => {
    await store.sql`UPDATE open_batch SET number = 9999`;
    await record(store.ingest, [bought("shop", "last-of-it")]);
    expect(await closeNow(store.sql)).to.equal(9999n);
    await record(store.ingest, [bought("shop", "first-of-next")]);
    const rows = await store.sql`SELECT batch, tableoid::regclass::text AS part FROM receipts ORDER BY batch`;
    expect(rows.map(({ batch, part }) => [batch, part])).to.deep.equal([
      [9999n, "receipts_from_0"],
      [10000n, "receipts_from_10000"],
    ]);
  });

  it("never lets time run backwards: a batch closes no earlier than it opened", async () => {
    await store.sql`UPDATE open_batch SET opened_at = ${NOW + 60}`;
    await closeBatch(store.sql, 1n, NOW);
    const [batch] = await store.sql`SELECT opened_at, closed_at FROM batches`;
    expect(batch).to.include({ opened_at: BigInt(NOW + 60), closed_at: BigInt(NOW + 60) });
  });
});
