// The index of donors and merchants, and the documents of merchants' days: every purchase once, in the right day, whatever
// is cut off on the way.

import { expect } from "chai";
import fc from "fast-check";
import { ingestRefund } from "../../server/ingest/ingest.ts";
import { indexDonors, publishMerchantTotals } from "../../server/jobs/publish-people.ts";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import { donorName, donorsKey } from "../../server/programmes/donor.ts";
import { purchaseSchema } from "../../server/programmes/purchase.ts";
import { refundSchema } from "../../server/programmes/refund.ts";
import { dayNumber } from "../../server/programmes/statements/dates.ts";
import { giftsOfDonor, hasPurchases } from "../../server/store/donors.ts";
import { giftsOfMerchant } from "../../server/store/merchant-gifts.ts";
import { ordersOfDay, totalOf } from "../../server/store/merchant-totals.ts";
import { breakingAt, recordTotalsOn, sealAndIndex, untilDone } from "../support/publishing.ts";
import { purchaseOf } from "../support/shop.ts";
import { addShop, bought, openTestStore, record, type TestStore } from "../support/store.ts";

const DAY = 86_400;
const ALWAYS = { from: 0n, before: 2n ** 40n };

describe("the index of donors", () => {
  let store: TestStore;
  let workers: TreeWorkers;
  let key: Uint8Array;

  before(async () => {
    store = await openTestStore();
    workers = new TreeWorkers(1);
    key = donorsKey(store.ledger.secrets);
    await addShop(store.sql, "tea", ["GB-CHC-1", "GB-CHC-2"], { share: { basisPoints: 1000 } });
    await addShop(store.sql, "silk", ["GB-CHC-1"]);
  });
  after(async () => {
    await workers.stop();
    await store.close();
  });

  const index = () => sealAndIndex(store.sql, store.ledger, workers);
  const gifts = async (merchant: string, buyer: string, period = ALWAYS, limit = 100) =>
    giftsOfDonor(store.sql, key, donorName(key, merchant, buyer), period, limit);
  const orders = (found: Awaited<ReturnType<typeof gifts>>) =>
    [...new Set(found.gifts.map((gift) => JSON.parse(gift.private).order as string))].sort();

  it("finds what a donor gave before and after it is indexed, each gift once", async () => {
    await record(store.ingest, [
      bought("tea", "D-1", { buyer: "ann" }),
      bought("tea", "D-2", { buyer: "bob" }),
    ]);
    const early = await gifts("tea", "ann");
    await index();
    await record(store.ingest, [bought("tea", "D-3", { buyer: "ann" })]);
    const late = await gifts("tea", "ann");
    expect([orders(early), orders(late)]).to.deep.equal([["D-1"], ["D-1", "D-3"]]);
    expect([early.gifts.length, late.gifts.length], "two charities each").to.deep.equal([2, 4]);
    expect(late.isWhole).to.equal(true);
    expect(late.gifts.filter(({ to }) => to === null).length, "not sealed yet").to.equal(2);
  });

  it("keeps donors of one name at two merchants apart, and those without a name out", async () => {
    const nameless = purchaseSchema.parse({ ...purchaseOf("tea", "D-10"), buyer: undefined });
    await record(store.ingest, [bought("silk", "D-11", { buyer: "ann" }), nameless]);
    expect(orders(await gifts("silk", "ann"))).to.deep.equal(["D-11"]);
    await index();
    expect(orders(await gifts("silk", "ann"))).to.deep.equal(["D-11"]);
    expect(await hasPurchases(store.sql, key, donorName(key, "silk", "bob"))).to.equal(false);
    expect((await gifts("tea", "ann")).gifts.length).to.equal(4);
  });

  it("is not misled by titles that look like members", async () => {
    const items = [{ item: "1", title: 'x","buyer":"eve","merchant":"silk', price: "1250", quantity: 1 }];
    await record(store.ingest, [bought("tea", "D-20", { buyer: "dan", items })]);
    expect((await gifts("silk", "eve")).gifts).to.deep.equal([]);
    expect(orders(await gifts("tea", "dan"))).to.deep.equal(["D-20"]);
    await index();
    expect((await gifts("silk", "eve")).gifts).to.deep.equal([]);
    expect(orders(await gifts("tea", "dan"))).to.deep.equal(["D-20"]);
  });

  it("takes the days by when purchases completed, to the second in UTC", async () => {
    const at = (order: string, completedAt: string) => bought("tea", order, { buyer: "eva", completedAt });
    await record(store.ingest, [
      at("E-1", "2025-05-31T23:59:59Z"),
      at("E-2", "2025-06-01T00:00:00Z"),
      at("E-3", "2025-06-30T23:59:59Z"),
      at("E-4", "2025-07-01T08:00:00+08:00"),
    ]);
    const june = {
      from: BigInt(dayNumber("2025-06-01") * DAY),
      before: BigInt(dayNumber("2025-07-01") * DAY),
    };
    expect(orders(await gifts("tea", "eva", june))).to.deep.equal(["E-2", "E-3"]);
    await index();
    expect(orders(await gifts("tea", "eva", june))).to.deep.equal(["E-2", "E-3"]);
  });

  it("reads no more than it is asked for", async () => {
    expect((await gifts("tea", "eva", ALWAYS, 3)).gifts.length).to.equal(3);
  });

  it("is not cut short by purchases that gave nothing, indexed or not", async () => {
    await addShop(store.sql, "jade", ["GB-CHC-1"], { startsAt: "2025-06-01T00:00:00Z" });
    const [before, later] = ["2025-05-01T00:00:00Z", "2025-07-01T00:00:00Z"];
    const buy = (order: string, completedAt: string) => bought("jade", order, { buyer: "gus", completedAt });
    await record(store.ingest, [
      ...Array.from({ length: 9 }, (_, n) => buy(`N-${n}`, before)),
      buy("N-gift", later),
    ]);
    expect(orders(await gifts("jade", "gus", ALWAYS, 2))).to.deep.equal(["N-gift"]);
    await index();
    expect(orders(await gifts("jade", "gus", ALWAYS, 2))).to.deep.equal(["N-gift"]);
  });

  it("shows how much of each gift was refunded", async () => {
    await record(store.ingest, [bought("tea", "R-1", { buyer: "fay" })]);
    const refund = { merchant: "tea", refund: "RR-1", order: "R-1", refundedAt: "2025-12-01T00:00:00Z" };
    await ingestRefund(store.ingest, refundSchema.parse(refund));
    const { gifts: found } = await gifts("tea", "fay");
    expect(found.length).to.be.above(0);
    for (const gift of found) expect(gift.refunded).to.equal(gift.amount);
  });
});

describe("merchants' totals", () => {
  let store: TestStore;
  let workers: TreeWorkers;
  const today = Math.floor(Date.now() / 1000 / DAY);

  beforeEach(async () => {
    store = await openTestStore();
    workers = new TreeWorkers(1);
    await addShop(store.sql, "tea", ["GB-CHC-1"], { share: { basisPoints: 1000 } });
    await addShop(store.sql, "silk", ["GB-CHC-1"]);
  });
  afterEach(async () => {
    await workers.stop();
    await store.close();
  });

  const totals = (now: number) => recordTotalsOn(store.sql, store.ledger, workers, now * DAY);
  const index = () => sealAndIndex(store.sql, store.ledger, workers);
  const totalFor = async (merchant: string, day: number) => {
    const total = await totalOf(store.sql, merchant, day);
    return total === undefined ? undefined : JSON.parse(total.body);
  };
  /** Moves what is recorded to other days: what waits for midnight in earnest. */
  const at = (order: string, day: number) =>
    store.sql`UPDATE events SET accepted_at = ${day * DAY} WHERE body::jsonb->>'order' = ${order}`;

  it("are made when the day is over and all of its batches are indexed, and not before", async () => {
    await record(store.ingest, [bought("tea", "A-1"), bought("tea", "A-2"), bought("silk", "A-3")]);
    await publishMerchantTotals(store.sql, store.ledger, (today + 1) * DAY);
    expect(await totalFor("tea", today), "its batch is not indexed").to.equal(undefined);
    await index();
    await totals(today);
    expect(await totalFor("tea", today), "the day goes on").to.equal(undefined);
    await totals(today + 1);
    const total = await totalFor("tea", today);
    expect(total).to.deep.include({ purchases: "2", last: "2", merchant: "tea" });
    expect(total.sums).to.deep.equal([{ currency: "CNY", paid: "2700", given: "270" }]);
    expect(total.refunds).to.deep.equal({ count: "0", sums: [] });
    expect((await ordersOfDay(store.sql, "tea", today, 10)).orders).to.deep.equal(["A-1", "A-2"]);
    expect((await totalFor("silk", today)).purchases).to.equal("1");
  });

  it("publish their hash alone, in a notice of the next batch", async () => {
    await record(store.ingest, [bought("tea", "A-1")]);
    await index();
    await totals(today + 1);
    const total = await totalOf(store.sql, "tea", today);
    const notices = await store.sql<{ batch: bigint; subject: Buffer; content: Buffer }[]>`
      SELECT batch, subject, content FROM notices WHERE kind = 'merchant-total'`;
    expect(notices.map(({ batch, subject, content }) => [batch, subject, content])).to.deep.equal([
      [total!.batch, total!.subject, total!.hash],
    ]);
    const [document] = await store.sql`SELECT public FROM documents WHERE kind = 'merchant-total'`;
    expect(document!.public).to.equal(false);
  });

  it("count on from day to day, also several days at once and past days without purchases", async () => {
    await record(
      store.ingest,
      ["A-1", "A-2", "A-3", "A-4"].map((order) => bought("tea", order)),
    );
    await Promise.all([at("A-1", today - 5), at("A-2", today - 5), at("A-3", today - 2)]);
    await index();
    await totals(today + 1);
    const days = await Promise.all(
      [today - 5, today - 4, today - 2, today].map((day) => totalFor("tea", day)),
    );
    expect(days.map((total) => total && [total.purchases, total.last])).to.deep.equal([
      ["2", "2"],
      undefined,
      ["1", "3"],
      ["1", "4"],
    ]);
  });

  it("count what arrives for a day that is over on the first that is not", async () => {
    await record(store.ingest, [bought("tea", "A-1")]);
    await index();
    await totals(today + 1);
    await record(store.ingest, [bought("tea", "A-2")]);
    await index();
    await totals(today + 2);
    expect((await totalFor("tea", today)).purchases).to.equal("1");
    expect(await totalFor("tea", today + 1)).to.include({ purchases: "1", last: "2" });
    expect((await ordersOfDay(store.sql, "tea", today + 1, 10)).orders).to.deep.equal(["A-2"]);
  });

  it("tell of refunds, those too that took nothing back", async () => {
    await record(store.ingest, [bought("tea", "A-1")]);
    for (const refund of ["R-1", "R-2"]) {
      const items = [{ item: "1", price: refund === "R-1" ? "1000" : "0" }];
      const told = { merchant: "tea", refund, order: "A-1", refundedAt: "2025-12-01T00:00:00Z", items };
      await ingestRefund(store.ingest, refundSchema.parse(told));
    }
    await index();
    await totals(today + 1);
    const { refunds, purchases } = await totalFor("tea", today);
    expect([purchases, refunds]).to.deep.equal([
      "1",
      { count: "2", sums: [{ currency: "CNY", reversed: "100" }] },
    ]);
  });

  it("are the same however the writes are cut off, and however many do them", async () => {
    await record(
      store.ingest,
      Array.from({ length: 6 }, (_, n) => bought("tea", `A-${n}`)),
    );
    await store.seal();
    for (const lost of [
      "update index_progress",
      "insert into merchant_sums",
      "insert into merchant_gifts",
      "insert into merchant_gift_days",
      "insert into line_days",
      "insert into purchase_index",
    ]) {
      const failed = await indexDonors(breakingAt(store.sql, lost), store.ledger).catch(
        (thrown: Error) => thrown.message,
      );
      expect(failed, lost).to.equal(`cut off at ${lost}`);
    }
    const both = [store.sql, (await store.another()).sql];
    await Promise.all(both.map((sql) => untilDone(() => indexDonors(sql, store.ledger))));
    const late = (today + 1) * DAY;
    const failed = await publishMerchantTotals(
      breakingAt(store.sql, "insert into merchant_totals"),
      store.ledger,
      late,
    ).catch((thrown: Error) => thrown.message);
    expect(failed).to.equal("cut off at insert into merchant_totals");
    await Promise.all(both.map((sql) => untilDone(() => publishMerchantTotals(sql, store.ledger, late))));
    expect((await totalFor("tea", today)).purchases).to.equal("6");
    expect((await store.sql`SELECT FROM documents WHERE kind = 'merchant-total'`).length).to.equal(1);
    expect((await store.sql`SELECT FROM purchase_index`).length).to.equal(6);
    const [recorded] = await store.sql`SELECT sum(amount)::bigint AS given FROM receipts`;
    const [line] = await giftsOfMerchant(store.sql, "tea");
    expect([line?.given, line?.reversed], "each gift counted once").to.deep.equal([recorded?.given, 0n]);
    for (const days of ["merchant_gift_days", "line_days"]) {
      const [day] = await store.sql`SELECT sum(given)::bigint AS given FROM ${store.sql(days)}`;
      expect(day?.given, days).to.equal(recorded?.given);
    }
  });

  it("add up to what was recorded, whatever it was", async () => {
    const one = fc.record({
      merchant: fc.constantFrom("tea", "silk"),
      price: fc.integer({ min: 0, max: 5_000 }),
      shipping: fc.integer({ min: 0, max: 500 }),
      day: fc.integer({ min: today - 3, max: today }),
    });
    const sold = fc.sample(fc.array(one, { minLength: 30, maxLength: 60 }), { numRuns: 1, seed: 11 })[0]!;
    const given = await record(
      store.ingest,
      sold.map(({ merchant, price, shipping }, n) =>
        bought(merchant, `P-${n}`, { items: [{ item: "1", price: `${price}`, shipping: `${shipping}` }] }),
      ),
    );
    for (const [n, { day }] of sold.entries()) await at(`P-${n}`, day);
    await index();
    await totals(today + 1);
    for (const merchant of ["tea", "silk"]) {
      const amounts = sold.flatMap((sale, n) => (sale.merchant === merchant ? given[n]!.receipts : []));
      const all = amounts.reduce((sum, { amount }) => sum + amount, 0n);
      const lines = await giftsOfMerchant(store.sql, merchant);
      expect(lines.reduce((sum, line) => sum + line.given, 0n)).to.equal(all);
    }
    for (const merchant of ["tea", "silk"])
      for (let day = today - 3; day <= today; day++) {
        const own = sold.flatMap((sale, n) => (sale.merchant === merchant && sale.day === day ? [n] : []));
        const paid = own.reduce((sum, n) => sum + sold[n]!.price + sold[n]!.shipping, 0);
        const amounts = own.flatMap((n) => given[n]!.receipts.map(({ amount }) => amount));
        const total = await totalFor(merchant, day);
        if (own.length === 0) expect(total).to.equal(undefined);
        else
          expect([total.purchases, total.sums]).to.deep.equal([
            `${own.length}`,
            [
              {
                currency: "CNY",
                paid: `${paid}`,
                given: `${amounts.reduce((sum, amount) => sum + amount, 0n)}`,
              },
            ],
          ]);
      }
  });
});
