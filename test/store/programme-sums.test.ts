// Sums by programme and merchant: what receipts' details say, counted once, and published over the batches of a day.

import { expect } from "chai";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import {
  type ProgrammesDocument,
  programmesDocumentSchema,
} from "../../server/programmes/philanthropy/programmes-document.ts";
import { recordProgrammes } from "../../server/store/programme-sums.ts";
import { sealAndIndex, untilDone } from "../support/publishing.ts";
import { addShop, bought, openTestStore, record, type TestStore } from "../support/store.ts";

const DAY = 86_400n;
const MONDAY = 20_000n * DAY;

/** The batch that notices the pledge: gifts under it come later. */
const NOTICED = 1;

describe("sums by programme", () => {
  let store: TestStore;
  let workers: TreeWorkers;

  before(async () => {
    workers = new TreeWorkers(1);
  });
  after(() => workers.stop());
  beforeEach(async () => {
    store = await openTestStore();
    await addShop(store.sql, "tea", ["GB-CHC-1"], { share: { basisPoints: 1000 } });
    await addShop(store.sql, "silk", ["GB-CHC-1"], { share: { basisPoints: 1000 } });
  });
  afterEach(() => store.close());

  const index = () => sealAndIndex(store.sql, store.ledger, workers);
  const sell = (merchant: string, order: string, items?: object[]) =>
    record(store.ingest, [bought(merchant, order, items === undefined ? {} : { items })]);
  /** As if the batch had been closed at this time. */
  const closed = (batch: number, at: bigint) =>
    store.sql`UPDATE batches SET closed_at = ${at} WHERE number = ${batch}`;
  const publish = (before: bigint) => untilDone(() => recordProgrammes(store.sql, store.ledger.id, before));
  const published = async (): Promise<ProgrammesDocument[]> => {
    const rows = await store.sql<{ body: string }[]>`
      SELECT body FROM programmes_documents JOIN documents ON hash = document ORDER BY from_batch`;
    return rows.map(({ body }) => programmesDocumentSchema.parse(JSON.parse(body)));
  };
  const rangesOf = (documents: readonly ProgrammesDocument[]) =>
    documents.map(({ fromBatch, toBatch }) => `${fromBatch}-${toBatch}`);

  it("are published for each day apart, all batches of it together", async () => {
    for (const order of ["1", "2", "3"]) {
      await sell("tea", order);
      await index();
    }
    await closed(NOTICED, MONDAY);
    await closed(2, MONDAY + 5n);
    await closed(3, MONDAY + DAY - 1n);
    await closed(4, MONDAY + DAY);
    await publish(MONDAY + DAY);
    expect(rangesOf(await published())).to.deep.equal(["2-3"]);
    await publish(MONDAY + 2n * DAY);
    const documents = await published();
    expect(rangesOf(documents)).to.deep.equal(["2-3", "4-4"]);
    expect(documents[0]?.programmes).to.deep.equal([
      {
        ...{ programme: "goods-for-good", charity: "GB-CHC-1", unit: "CNY" },
        ...{ gifts: { receipts: "2", amount: "270" }, reversals: { receipts: "0", amount: "0" } },
      },
    ]);
  });

  it("make no document for batches that hold nothing but documents: days follow on each other for ever else", async () => {
    await sell("tea", "1");
    await index();
    await closed(NOTICED, MONDAY);
    await closed(2, MONDAY);
    await publish(MONDAY + DAY);
    await index();
    await closed(3, MONDAY + DAY);
    await publish(MONDAY + 9n * DAY);
    expect(rangesOf(await published())).to.deep.equal(["2-2"]);
  });

  it("are not published for what is not indexed, or not over", async () => {
    await sell("tea", "1");
    await index();
    await closed(NOTICED, MONDAY);
    await closed(2, MONDAY);
    await publish(MONDAY);
    expect(await published()).to.deep.equal([]);
    await store.sql`UPDATE index_progress SET indexed = 0`;
    await publish(MONDAY + DAY);
    expect(await published()).to.deep.equal([]);
  });

  it("are published once where two publish at once", async () => {
    await sell("tea", "1");
    await index();
    const both = [1, 2].map(() => recordProgrammes(store.sql, store.ledger.id, 2n ** 40n));
    expect((await Promise.all(both)).sort()).to.deep.equal([false, true]);
    expect(rangesOf(await published())).to.deep.equal(["2-2"]);
  });

  it("count gifts whose details were erased before as of an unknown programme", async () => {
    await sell("tea", "1");
    await store.sql`UPDATE receipts SET private = NULL`;
    await index();
    await publish(2n ** 40n);
    expect((await published())[0]?.programmes.map(({ programme }) => programme)).to.deep.equal(["unknown"]);
  });

  it("are not misled by titles that look like members", async () => {
    const title = 'x","programme":"steps","merchant":"silk';
    await sell("tea", "1", [{ item: "1", title, price: "1250", quantity: 1 }]);
    await index();
    await publish(2n ** 40n);
    expect((await published())[0]?.programmes.map(({ programme }) => programme)).to.deep.equal([
      "goods-for-good",
    ]);
  });

  it("name merchants only as long as they show their totals, and from then on", async () => {
    await sell("tea", "1");
    await index();
    await store.sql`UPDATE merchants SET shows_totals = true WHERE id <> 'silk'`;
    await sell("tea", "2");
    await sell("silk", "3");
    await index();
    await publish(2n ** 40n);
    const [first] = await published();
    expect(first?.merchants.map(({ merchant, gifts }) => [merchant, gifts.receipts])).to.deep.equal([
      ["tea", "1"],
    ]);
    await sell("tea", "4");
    await index();
    await store.sql`UPDATE merchants SET shows_totals = false`;
    await publish(2n ** 40n);
    expect((await published()).at(-1)?.merchants).to.deep.equal([]);
  });
});
