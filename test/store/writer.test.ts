// Grouped commits when things go wrong: a full queue, a database that goes away before or after the commit, a row that is
// refused, writers that overlap.

import { expect } from "chai";
import { UnavailableError } from "../../server/errors.ts";
import { sha256 } from "../../server/hashing.ts";
import { type Ingest, ingestPurchases } from "../../server/ingest/ingest.ts";
import { giftsOf } from "../../server/programmes/purchase.ts";
import { type EventRecord, eventId, purchaseName, recordPurchase } from "../../server/programmes/record.ts";
import { type Wire, wireTo } from "../support/proxy.ts";
import { addShop, bought, openTestStore, purchases, record, type TestStore } from "../support/store.ts";

describe("the grouped writer", () => {
  let store: TestStore;
  let wire: Wire;
  let far: Ingest;

  beforeEach(async () => {
    store = await openTestStore();
    await addShop(store.sql, "shop", ["GB-CHC-1"]);
    wire = await wireTo(store.url);
    far = (await store.another({}, wire.url)).ingest;
  });
  afterEach(async () => {
    wire.mend();
    await store.close();
    await wire.close();
  });

  const counts = async () => {
    const [row] = await store.sql`
      SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM receipts) AS receipts,
        (SELECT coalesce(sum(receipts), 0) FROM commits) AS committed`;
    return Object.values(row ?? {}).map(Number);
  };

  async function recordOf(order: string): Promise<EventRecord> {
    const purchase = bought("shop", order);
    const pledges = (await store.ingest.pledges.of(["shop"])).get("shop");
    return recordPurchase(store.ingest.recorder, purchase, giftsOf(purchase, pledges ?? []));
  }

  /** Makes the database refuse receipts for this order, in the middle of its COPY. */
  const refuseOrder = (order: string) =>
    store.sql.unsafe(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.private LIKE '%"order":"${order}"%' THEN RAISE EXCEPTION 'refused for the test'; END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON receipts FOR EACH ROW EXECUTE FUNCTION refuse();`);

  it("refuses what no longer fits its queue, with the time to come back, and keeps what it has taken", async () => {
    const { ingest } = await store.another({ queueEvents: 10, transactions: 1, groupEvents: 5 });
    const records = await Promise.all(Array.from({ length: 100 }, (_, at) => recordOf(`full-${at}`)));
    const outcomes = await Promise.allSettled(records.map((each) => ingest.writer.write(each)));
    const refused = outcomes.filter(({ status }) => status === "rejected") as PromiseRejectedResult[];
    expect(refused.length).to.be.within(80, 90);
    for (const { reason } of refused)
      expect(reason)
        .to.be.instanceOf(UnavailableError)
        .and.include({ code: "queue-full", retryAfterSeconds: 1 });
    const written = outcomes.length - refused.length;
    expect(await counts()).to.deep.equal([written, written, written]);
  });

  it("keeps those who can wait waiting until half of the queue is free", async () => {
    const { ingest } = await store.another({ queueEvents: 10, transactions: 1, groupEvents: 2 });
    const records = await Promise.all(Array.from({ length: 10 }, (_, at) => recordOf(`wait-${at}`)));
    await record(ingest, [bought("shop", "the-line-is-known")]);
    const writes = Promise.all(records.map((each) => ingest.writer.write(each)));
    await new Promise(setImmediate);
    expect(ingest.writer.waiting).to.be.above(5);
    await ingest.writer.ready();
    expect(ingest.writer.waiting).to.be.at.most(5);
    await writes;
  });

  it("says that the database is out of reach, and writes again once it is back", async () => {
    await record(far, [bought("shop", "before")]);
    wire.cut();
    const [outcome] = await ingestPurchases(far, [bought("shop", "during")]);
    expect(outcome).to.be.instanceOf(UnavailableError).and.include({ code: "database-unavailable" });
    wire.mend();
    expect(await recordedWithin(far, "during", 5_000)).to.include({ recorded: true });
  });

  it("writes what it had not written when the connection broke before the commit", async () => {
    wire.cutAtCommit("before");
    const [outcome] = await ingestPurchases(far, [bought("shop", "lost")]);
    expect(outcome).to.be.instanceOf(UnavailableError);
    expect(await counts()).to.deep.equal([0, 0, 0]);
    wire.mend();
    expect(await recordedWithin(far, "lost", 5_000)).to.include({ recorded: true });
    expect(await counts()).to.deep.equal([1, 1, 1]);
  });

  it("finds what it had written when the connection broke after the commit, unheard", async () => {
    await record(far, [bought("shop", "warm")]);
    wire.cutAtCommit("after");
    const [outcome] = await ingestPurchases(far, [bought("shop", "unheard")]);
    expect(outcome).to.be.instanceOf(UnavailableError);
    expect(await counts()).to.deep.equal([2, 2, 2]);
    wire.mend();
    expect(await recordedWithin(far, "unheard", 5_000)).to.include({ recorded: false });
    expect(await counts()).to.deep.equal([2, 2, 2]);
  });

  it("leaves nothing of a group that the database refuses midway, and goes on", async () => {
    await refuseOrder("bad-3");
    const outcomes = await ingestPurchases(store.ingest, purchases("shop", "bad", 5));
    expect(outcomes.every((outcome) => outcome instanceof Error)).to.equal(true);
    expect(await counts()).to.deep.equal([0, 0, 0]);
    expect((await record(store.ingest, purchases("shop", "good", 50))).length).to.equal(50);
    expect(await counts()).to.deep.equal([50, 50, 50]);
  });

  it("writes in one transaction what arrives together, in its order", async () => {
    const list = purchases("shop", "together", 20);
    const contradiction = bought("shop", "together-3", { buyer: "another" });
    const outcomes = await ingestPurchases(store.ingest, [...list, contradiction]);
    expect(outcomes.map((outcome) => outcome instanceof Error)).to.deep.equal([
      ...list.map(() => false),
      true,
    ]);
    expect(await store.sql`SELECT receipts FROM commits WHERE receipts > 0`).to.deep.equal([
      { receipts: 20n },
    ]);
    expect(await store.sql`SELECT id FROM lines`, "numbers of lines are not wasted").to.deep.equal([
      { id: 1 },
    ]);
    const [{ last_value } = {}] = await store.sql`SELECT last_value FROM lines_id_seq`;
    expect(last_value).to.equal(1n);
  });

  it("does not deadlock when groups of many processes overlap in opposite order", async () => {
    const list = purchases("shop", "cross", 200);
    const others = await Promise.all([1, 2, 3].map(() => store.another({ groupEvents: 40 })));
    const answers = await Promise.all(
      others.flatMap(({ ingest }) => [record(ingest, list), record(ingest, list.toReversed())]),
    );
    expect(answers.flat().filter(({ recorded }) => recorded)).to.have.length(200);
    expect(await counts()).to.deep.equal([200, 200, 200]);
  });

  it("writes duplicates in a queue once, in the transaction of the first", async () => {
    const one = await recordOf("dup");
    const written = await Promise.all(Array.from({ length: 300 }, () => store.ingest.writer.write(one)));
    expect(written.filter(({ outcome }) => outcome === "written")).to.have.length(1);
    expect(await counts()).to.deep.equal([1, 1, 1]);
    expect(one.id).to.deep.equal(eventId(purchaseName({ merchant: "shop", order: "dup" }), sha256));
  });
});

/** Tells of a purchase until it is answered, as a client would. */
async function recordedWithin(ingest: Ingest, order: string, milliseconds: number) {
  const end = performance.now() + milliseconds;
  for (;;) {
    try {
      const [outcome] = await ingestPurchases(ingest, [bought("shop", order)]);
      if (!(outcome instanceof Error)) return outcome;
      throw outcome;
    } catch (thrown) {
      if (performance.now() > end) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
