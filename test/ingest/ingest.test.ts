// From bodies to durable receipts, on a real database: what is refused, what is the same, what happens at once.

import { expect } from "chai";
import { ConflictError, InputError, NotFoundError } from "../../server/errors.ts";
import { differencesOf } from "../../server/ingest/answers.ts";
import { giftsIfRecorded, ingestPurchases, ingestRefund } from "../../server/ingest/ingest.ts";
import { refundSchema } from "../../server/programmes/refund.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { addShop, bought, openTestStore, purchases, record, type TestStore } from "../support/store.ts";

const refundOf = (merchant: string, name: string, order: string, items?: object[]) =>
  refundSchema.parse({
    merchant,
    refund: name,
    order,
    refundedAt: "2025-12-01T00:00:00Z",
    ...(items && { items }),
  });
const idsOf = ({ receipts }: { receipts: readonly { id: Uint8Array }[] }) =>
  receipts.map(({ id }) => toHex(id));

describe("ingest", () => {
  let store: TestStore;

  before(async () => {
    store = await openTestStore();
    await addShop(store.sql, "shop", ["GB-CHC-1"]);
    await addShop(store.sql, "split", ["GB-CHC-1", "GB-CHC-2"], { share: { basisPoints: 1000 } });
  });
  after(() => store.close());

  const rows = async (table: "events" | "receipts" | "commits") =>
    Number((await store.sql`SELECT count(*) FROM ${store.sql(table)}`)[0]?.count);

  describe("refuses", () => {
    it("a merchant that is not registered, and records the others that came with it", async () => {
      const [unknown, good] = await ingestPurchases(store.ingest, [
        bought("nobody", "1"),
        bought("shop", "with-nobody"),
      ]);
      expect(unknown).to.be.instanceOf(InputError).and.include({ code: "unknown-merchant" });
      expect((unknown as InputError).facts).to.include({ field: "merchant", came: "nobody" });
      expect(good).to.include({ recorded: true });
    });

    it("a purchase of the day after tomorrow", async () => {
      const completedAt = new Date(Date.now() + 2 * 86_400_000).toISOString();
      const [outcome] = await ingestPurchases(store.ingest, [bought("shop", "ahead", { completedAt })]);
      expect(outcome).to.be.instanceOf(InputError).and.include({ code: "in-the-future" });
    });

    it("another body under a name that is taken, and says where it differs", async () => {
      await record(store.ingest, [bought("shop", "differs")]);
      const items = [{ item: "1", title: "Green tea", price: "1251", shipping: "100" }];
      const [outcome] = await ingestPurchases(store.ingest, [
        bought("shop", "differs", { items, buyer: "b-8" }),
      ]);
      expect(outcome).to.be.instanceOf(ConflictError).and.include({ code: "event-differs" });
      expect((outcome as ConflictError).facts.differences).to.deep.equal([
        { field: "buyer", recorded: "buyer-7", came: "b-8" },
        { field: "items.0.price", recorded: "1250", came: "1251" },
      ]);
    });

    it("another body even when the first gave nothing", async () => {
      const first = bought("shop", "nothing", { currency: "JPY" });
      expect((await record(store.ingest, [first]))[0]?.receipts).to.deep.equal([]);
      const [outcome] = await ingestPurchases(store.ingest, [bought("shop", "nothing")]);
      expect(outcome).to.be.instanceOf(ConflictError);
    });

    it("a repeated name whose content has been erased", async () => {
      await record(store.ingest, [bought("shop", "erased")]);
      await store.sql`UPDATE events SET body = NULL WHERE body LIKE '%"order":"erased"%'`;
      const [outcome] = await ingestPurchases(store.ingest, [bought("shop", "erased")]);
      expect(outcome).to.be.instanceOf(ConflictError).and.include({ code: "erased" });
    });

    const refusedRefund = (given: ReturnType<typeof refundOf>) =>
      ingestRefund(store.ingest, given).catch((error) => error);

    it("a refund of a purchase that is not recorded", async () => {
      expect(await refusedRefund(refundOf("shop", "r-none", "none"))).to.be.instanceOf(NotFoundError);
    });

    it("a refund that takes too much, and leaves nothing of it behind", async () => {
      await record(store.ingest, [bought("shop", "too-much")]);
      const before = [await rows("events"), await rows("receipts"), await rows("commits")];
      const refused = await refusedRefund(
        refundOf("shop", "r-much", "too-much", [{ item: "1", price: "1251" }]),
      );
      expect(refused).to.be.instanceOf(InputError).and.include({ code: "refund-too-large" });
      expect([await rows("events"), await rows("receipts"), await rows("commits")]).to.deep.equal(before);
    });

    it("a refund under a number that another one has", async () => {
      await record(store.ingest, purchases("shop", "twice", 2));
      await ingestRefund(store.ingest, refundOf("shop", "r-twice", "twice-0"));
      const refused = await refusedRefund(refundOf("shop", "r-twice", "twice-1"));
      expect(refused).to.be.instanceOf(ConflictError);
      expect((refused as ConflictError).facts.differences).to.deep.equal([
        { field: "order", recorded: "twice-0", came: "twice-1" },
      ]);
    });
  });

  it("answers the same purchase with the same receipts, however often and however written", async () => {
    const [first] = await record(store.ingest, [bought("split", "same")]);
    const [again] = await record(store.ingest, [
      bought("split", "same", { completedAt: "2025-11-11T00:00:00Z" }),
    ]);
    expect([first?.recorded, again?.recorded]).to.deep.equal([true, false]);
    expect(idsOf(again!)).to.deep.equal(idsOf(first!)).and.have.length(2);
    expect(again?.acceptedAt).to.equal(first?.acceptedAt);
  });

  it("gives fifty tellings at once, through two processes, one event and one set of receipts", async () => {
    const other = await store.another();
    const before = [await rows("events"), await rows("receipts")] as const;
    const telling = (_: unknown, index: number) =>
      record(index % 2 ? other.ingest : store.ingest, [bought("split", "fifty")]);
    const answers = (await Promise.all(Array.from({ length: 50 }, telling))).flat();
    expect(answers.filter(({ recorded }) => recorded)).to.have.length(1);
    expect(new Set(answers.map((answer) => idsOf(answer).join())).size).to.equal(1);
    expect([await rows("events"), await rows("receipts")]).to.deep.equal([before[0] + 1, before[1] + 2]);
  });

  it("finds duplicates and contradictions within one group, whoever comes first in it", async () => {
    const same = bought("shop", "in-group");
    const other = bought("shop", "in-group", { buyer: "someone-else" });
    const [first, second, third] = await ingestPurchases(store.ingest, [same, same, other]);
    expect(first).to.include({ recorded: true });
    expect(second).to.include({ recorded: false });
    expect(third).to.be.instanceOf(ConflictError);
  });

  it("tells what a purchase would give, and records nothing", async () => {
    const before = await rows("events");
    const gifts = await giftsIfRecorded(store.ingest, bought("split", "dry"));
    expect(gifts.map(({ charity, amount }) => [charity, amount])).to.have.deep.members([
      ["GB-CHC-1", gifts[0]!.amount],
      ["GB-CHC-2", 135n - gifts[0]!.amount],
    ]);
    expect(await rows("events")).to.equal(before);
  });

  it("records the total of every batch's receipts beside them", async () => {
    const [written] = await store.sql`SELECT count(*) AS receipts, sum(amount) AS sum FROM receipts`;
    const [committed] = await store.sql`SELECT sum(receipts) AS receipts, sum(sum) AS sum FROM commits`;
    expect([String(committed?.receipts), committed?.sum]).to.deep.equal([
      String(written?.receipts),
      written?.sum,
    ]);
  });

  it("keeps 100 refunds of 100 purchases at once from waiting for each other", async () => {
    await record(store.ingest, purchases("shop", "many", 100));
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, at) =>
        ingestRefund(store.ingest, refundOf("shop", `m-${at}`, `many-${at}`)),
      ),
    );
    expect(answers.every(({ receipts }) => receipts.length === 1 && receipts[0]?.amount === 14n)).to.equal(
      true,
    );
  });

  it("lets refunds of one purchase at once take back no more than was given, and all of it", async () => {
    const items = [{ item: "1", price: "10000", quantity: 20 }];
    await record(store.ingest, [bought("split", "pieces", { items })]);
    const one = (at: number) =>
      ingestRefund(store.ingest, refundOf("split", `p-${at}`, "pieces", [{ item: "1", quantity: 1 }]));
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => one(at)));
    const taken = answers.flatMap(({ receipts }) => receipts).reduce((sum, { amount }) => sum + amount, 0n);
    expect(taken).to.equal(1000n);
    const left = await store.sql`
      SELECT gifts.amount - sum(reversals.amount)::bigint AS left FROM reversals JOIN receipts AS gifts ON gifts.id = gift
      WHERE gifts.event IN (SELECT id FROM events WHERE body LIKE '%"order":"pieces"%') GROUP BY gifts.id, gifts.amount`;
    expect(left.map((row) => row.left)).to.deep.equal([0n, 0n]);
    expect(await one(21).catch((error) => error)).to.include({ code: "refund-too-large" });
  });

  it("answers the same refund with the same reversals, also when told many times at once", async () => {
    await record(store.ingest, [bought("shop", "back")]);
    const told = () => ingestRefund(store.ingest, refundOf("shop", "r-back", "back"));
    const answers = await Promise.all(Array.from({ length: 20 }, told));
    expect(answers.filter(({ recorded }) => recorded)).to.have.length(1);
    expect(new Set(answers.map((answer) => idsOf(answer).join())).size).to.equal(1);
  });
});

describe("differencesOf", () => {
  it("names each path that differs, with both values", () => {
    const [one, other] = [
      { a: 1, b: { c: [1, 2] }, d: null },
      { a: 1, b: { c: [1, 3, 4] }, e: "x" },
    ];
    expect(differencesOf(one, other)).to.deep.equal([
      { field: "b.c.1", recorded: 2, came: 3 },
      { field: "b.c.2", recorded: null, came: 4 },
      { field: "d", recorded: null, came: null },
      { field: "e", recorded: null, came: "x" },
    ]);
  });

  it("names at most twenty", () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`f${at}`, at]));
    expect(differencesOf(many, {})).to.have.length(20);
  });
});
