// What a store from before charities' own shops brings along, price lists when several write at once, and what is kept of
// reports: on a real database.

import { expect } from "chai";
import { ConflictError } from "../../server/errors.ts";
import { ingestSales } from "../../server/ingest/sales.ts";
import { saleSchema } from "../../server/programmes/sale.ts";
import { termsDocument, termsHash, termsSchema } from "../../server/programmes/terms.ts";
import { connect } from "../../server/store/database.ts";
import { recordDocument } from "../../server/store/documents.ts";
import { addPrice, pricesInForce } from "../../server/store/goods.ts";
import { migrate, migrationNames } from "../../server/store/migrate.ts";
import { addMerchant } from "../../server/store/parties.ts";
import { pledgeById } from "../../server/store/pledges.ts";
import { emptyDatabase } from "../support/postgres.ts";
import { LONG_AGO, termsOf } from "../support/shop.ts";
import { addShop, openTestStore, type TestStore } from "../support/store.ts";

const REPORT = {
  parts: [
    { bought: [{ what: "Lunches", count: "2.5", measure: "plates" }] },
    {
      bought: [
        { what: "lunch", count: "1.5", measure: "Plates" },
        { what: "rice", count: "3", measure: "kg" },
      ],
    },
  ],
};

describe("a store from before there were charities' shops", () => {
  it("has the terms of its old pledges noticed, and the things of its old reports kept", async () => {
    const { url, drop } = await emptyDatabase();
    const sql = connect(url, 2);
    const before = (await migrationNames()).filter((name) => name < "0020");
    await migrate(sql, before);
    await sql`INSERT INTO open_batch (number, opened_at) VALUES (1, 1)`;
    const terms = termsSchema.parse(termsOf("old", ["GB-CHC-1"]));
    await addMerchant(sql, { id: "old", name: "Old", legal_donor: "Old" });
    await sql`INSERT INTO pledges (id, merchant, terms) VALUES (${termsHash(terms)}, 'old', ${termsDocument(terms)})`;
    await sql.begin((tx) => recordDocument(tx, { kind: "spending", body: REPORT, isPublic: true }));
    await migrate(sql);
    expect((await pledgeById(sql, termsHash(terms)))?.noticedIn).to.equal(1n);
    const things = await sql<{ what: string; measure: string; count: string }[]>`
      SELECT what, measure, trim_scale(count)::text AS count FROM reported_things ORDER BY what`;
    expect([...things]).to.deep.equal([
      { what: "lunch", measure: "plate", count: "4" },
      { what: "rice", measure: "kg", count: "3" },
    ]);
    await sql.end();
    await drop();
  });
});

describe("the price list of a shop", () => {
  let store: TestStore;

  before(async () => {
    store = await openTestStore();
    await addShop(store.sql, "shop", ["GB-CHC-1"], { programme: "charity-shop", share: undefined });
    await addPrice(store.sql, priced("tea", 1_000n), 1_000, () => 1_000);
  });
  after(() => store.close());

  const priced = (product: string, price: bigint | null) => ({
    ...{ merchant: "shop", product, currency: "CNY", title: product, outcome: null },
    price,
  });
  const at = async (product: string, seconds: number) => {
    const [price] = await pricesInForce(store.sql, [
      { merchant: "shop", product, currency: "CNY", at: seconds },
    ]);
    return price?.price;
  };
  const sale = (order: string, completedAt = LONG_AGO) =>
    saleSchema.parse({ merchant: "shop", order, completedAt, currency: "CNY", items: [{ product: "tea" }] });

  it("has at each moment the price that began last, and before the first none", async () => {
    await addPrice(store.sql, priced("cup", 10n), 100, () => 100);
    await addPrice(store.sql, priced("cup", 20n), 200, () => 200);
    await addPrice(store.sql, priced("cup", null), 300, () => 300);
    const prices = await Promise.all([99, 100, 199, 200, 299, 300].map((seconds) => at("cup", seconds)));
    expect(prices).to.deep.equal([undefined, 10n, 10n, 20n, 20n, null]);
  });

  it("takes one of two prices of one moment that are told at once, and answers both with it", async () => {
    const told = [30n, 40n].map((price) => addPrice(store.sql, priced("bag", price), 500, () => 500));
    const answers = await Promise.all(told);
    expect(answers.map(({ isNew }) => isNew).sort()).to.deep.equal([false, true]);
    expect(new Set(answers.map(({ price }) => price.price)).size).to.equal(1);
  });

  it("prices the same sale the same again, and keeps it apart from another of its number", async () => {
    const [first] = await ingestSales(store.ingest, [sale("1")]);
    await addPrice(store.sql, priced("tea", 2_000n), 2_000_000_000, () => 2_000_000_000);
    const [again] = await ingestSales(store.ingest, [sale("1")]);
    expect(first).to.include({ recorded: true });
    expect(again).to.include({ recorded: false });
    const [other] = await ingestSales(store.ingest, [sale("1", "2025-02-01T00:00:00Z")]);
    expect(other).to.be.instanceOf(ConflictError);
  });

  it("names the merchant, not its products, where there is no such merchant", async () => {
    const [refused] = await ingestSales(store.ingest, [{ ...sale("2"), merchant: "nobody" }]);
    expect(refused).to.include({ code: "unknown-merchant" });
  });

  it("has its sales' terms noticed in an earlier batch, as purchases have", async () => {
    await addShop(store.sql, "fresh", ["GB-CHC-1"], { programme: "charity-shop", share: undefined });
    await addPrice(store.sql, { ...priced("tea", 1_000n), merchant: "fresh" }, 1_000, () => 1_000);
    const [answer] = await ingestSales(store.ingest, [{ ...sale("3"), merchant: "fresh" }]);
    expect(answer).to.include({ recorded: true });
    const [rows] = await store.sql`
      SELECT count(*) FILTER (WHERE receipts.batch <= documents.batch) AS early, count(*) AS all
      FROM receipts JOIN documents ON hash = terms`;
    expect(rows?.early).to.equal(0n);
    expect(rows?.all).to.equal(2n);
  });
});
