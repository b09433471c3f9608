// Statements and erasure as callers see them: who may ask, what comes in which form, what a printed paper is compared with,
// and what an erasure leaves.

import { expect } from "chai";
import { parse } from "csv-parse/sync";
import { readAgain } from "../../server/jobs/second-reading.ts";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import { compareWithExport } from "../../server/programmes/completeness.ts";
import { toHex, utf8 } from "../../server/protocol/bytes.ts";
import { canonicalJson } from "../../server/protocol/details.ts";
import { keccak } from "../../server/protocol/hash.ts";
import { verifyReceipt } from "../../server/protocol/verify.ts";
import { type Answer, call } from "../support/client.ts";
import { qrCodeOf, textOf } from "../support/pdf.ts";
import { expectFieldProblem, expectProblem } from "../support/problems.ts";
import { finishErasures, recordTotalsOn, sealAndIndex } from "../support/publishing.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, purchaseOf, type Shop, wanted } from "../support/shop.ts";

const DAY = 86_400;
const YEAR = "from=2025-01-01&to=2025-12-31";

describe("statements and erasure", () => {
  let service: TestService;
  let shop: Shop;
  let other: Shop;
  let workers: TreeWorkers;

  before(async () => {
    service = await startTestService();
    shop = await openShop(service, { terms: { share: { basisPoints: 1000 } } });
    other = await openShop(service);
    workers = new TreeWorkers(1);
  });
  after(async () => {
    await workers.stop();
    await service.stop();
  });

  const post = (path: string, body: unknown, key = service.operatorKey) =>
    call(`${service.url}${path}`, { key, body });
  const get = (path: string, key?: string) => call(`${service.url}${path}`, key === undefined ? {} : { key });
  const asDonor = (key: string, query = YEAR) =>
    call(`${service.url}/v1/donors/statement?${query}`, { headers: { Authorization: `Donor ${key}` } });
  const keyOf = async (buyer: string, merchant = shop.merchant): Promise<string> =>
    (await wanted(200, post("/v1/donors/keys", { merchant, buyer }, service.operatorKey))).key;
  const buy = async (order: string, buyer: string, given: object = {}) =>
    (await wanted(201, post("/v1/purchases", purchaseOf(shop.merchant, order, { buyer, ...given }))))
      .receipts as {
      id: string;
      key: string;
    }[];
  const whole = ({ id, key }: { id: string; key: string }) =>
    call(`${service.url}/v1/receipts/${id}`, { headers: { Authorization: `Receipt ${key}` } });
  const index = () => sealAndIndex(service.sql, service.services.ledger, workers);
  const bytesOf = async (path: string, headers: Record<string, string>) => {
    const response = await fetch(`${service.url}${path}`, { headers });
    expect(response.status).to.equal(200);
    return { type: response.headers.get("content-type"), bytes: Buffer.from(await response.arrayBuffer()) };
  };

  describe("a donor's key", () => {
    it("is made for the donor's merchant and the operator, and nobody else", async () => {
      const body = { merchant: shop.merchant, buyer: "ann" };
      expectProblem(await post("/v1/donors/keys", body, other.merchantKey), 403, "wrong-subject");
      expectProblem(await post("/v1/donors/keys", body, shop.charityKeys[0]), 403, "wrong-role");
      expectProblem(await post("/v1/donors/keys", { ...body, merchant: "nobody" }), 404, "unknown-merchant");
      const made = await wanted(200, post("/v1/donors/keys", body, shop.merchantKey));
      expect(await keyOf("ann"), "the same for the same donor").to.equal(made.key);
      expect(await keyOf("bob")).not.to.equal(made.key);
    });

    it("that is none opens nothing", async () => {
      const key = await keyOf("ann");
      const changed = `${key[0] === "A" ? "B" : "A"}${key.slice(1)}`;
      for (const wrong of [changed, key.slice(1), "made-up", `${key}AAAA`, service.operatorKey])
        expectProblem(await asDonor(wrong), 401, "unknown-key");
      expectProblem(await get(`/v1/donors/statement?${YEAR}`, service.operatorKey), 401, "unknown-key");
    });
  });

  describe("a donor's statement", () => {
    it("is refused for days that are none, turned round, or too far apart", async () => {
      const key = await keyOf("ann");
      expectFieldProblem(await asDonor(key, "from=2025-02-30&to=2025-12-31"), "from");
      expectFieldProblem(await asDonor(key, "from=2025-12-31&to=2025-01-01"), "to");
      expectFieldProblem(await asDonor(key, "from=1990-01-01&to=2025-01-01"), "to");
      expectFieldProblem(await asDonor(key, `${YEAR}&format=docx`), "format");
    });

    it("lists each gift with its donor in law and adds them up, sealed or not, refunds apart", async () => {
      await buy("S-1", "sue");
      await index();
      await buy("S-2", "sue", { completedAt: "2025-12-31T23:59:59Z" });
      await buy("S-3", "sue", { completedAt: "2026-01-01T00:00:00Z" });
      const refund = {
        merchant: shop.merchant,
        refund: "SR-1",
        order: "S-1",
        refundedAt: "2025-12-01T00:00:00Z",
      };
      await wanted(201, post("/v1/refunds", refund));
      const { body, headers } = await asDonor(await keyOf("sue"));
      expect(body).to.deep.include({ format: "amanah-donor-statement/1", complete: true, erased: [] });
      expect(
        body.gifts.map((gift: Answer["body"]) => [gift.order, gift.amount, gift.refunded, gift.status]),
      ).to.deep.equal([
        ["S-1", "135", "135", "recorded"],
        ["S-2", "135", "0", "recorded"],
      ]);
      expect(body.gifts[0].legalDonor).to.match(/^Shop \d+$/);
      expect(body.gifts[0].link).to.equal(`https://gifts.example/r/${body.gifts[0].receipt}`);
      expect(body.totals).to.have.length(1);
      expect(body.totals[0]).to.include({ gifts: 2, amount: "270", refunded: "135", net: "135" });
      expect(headers.get("cache-control")).to.equal("private, no-store");
    });

    it("is a sheet that a spreadsheet reads", async () => {
      await buy("C-1", "carl");
      const { type, bytes } = await bytesOf(`/v1/donors/statement?${YEAR}&format=csv`, {
        Authorization: `Donor ${await keyOf("carl")}`,
      });
      expect(type).to.match(/^text\/csv/);
      const [row] = parse(bytes, { columns: true, bom: true }) as Record<string, string>[];
      expect(row).to.include({ order: "C-1", amount: "135", unit: "CNY", merchant: shop.merchant });
    });

    it("is a paper whose code leads to what was issued, the same paper to the same", async () => {
      await buy("P-1", "paul");
      const key = await keyOf("paul");
      const print = async () => {
        const path = `/v1/donors/statement?${YEAR}&format=pdf`;
        return (await bytesOf(path, { Authorization: `Donor ${key}` })).bytes;
      };
      const [paper, again] = [await print(), await print()];
      const link = qrCodeOf(paper);
      expect(link).to.match(/^https:\/\/gifts\.example\/v1\/statements\/[\w-]{22}$/);
      expect(qrCodeOf(again)).to.equal(link);
      const { hash, statement } = await wanted(200, get(new URL(link).pathname));
      expect(statement).to.deep.equal((await asDonor(key)).body);
      expect(toHex(keccak(utf8(canonicalJson(statement))))).to.equal(hash);
      expect(textOf(paper)).to.contain(hash).and.to.contain("P-1").and.to.contain("page 1 of 1");
      await buy("P-2", "paul");
      expect(qrCodeOf(await print()), "another content is another paper").not.to.equal(link);
    });
  });

  it("an issued statement is found by its token alone", async () => {
    for (const token of ["A".repeat(22), "short", `${"A".repeat(21)}B`, "..", "A".repeat(200)])
      expectProblem(
        await get(`/v1/statements/${encodeURIComponent(token)}`),
        404,
        token === ".." ? "no-such-path" : "unknown-statement",
      );
  });

  describe("a merchant's completeness", () => {
    const today = Math.floor(Date.now() / 1000 / DAY);
    const day = new Date(today * DAY * 1000).toISOString().slice(0, 10);
    const path = (query: string, merchant = other.merchant) =>
      `/v1/merchants/${merchant}/completeness?${query}`;

    before(async () => {
      for (const order of ["M-1", "M-2"])
        await wanted(201, post("/v1/purchases", purchaseOf(other.merchant, order)));
      await index();
      await recordTotalsOn(service.sql, service.services.ledger, workers, (today + 1) * DAY);
    });

    it("is for the merchant and the operator", async () => {
      expectProblem(await get(path(`day=${day}`), shop.merchantKey), 403, "wrong-subject");
      expectProblem(await get(path(`day=${day}`)), 401, "unknown-key");
    });

    it("says when there is nothing, or not yet", async () => {
      const before = new Date((today - 9) * DAY * 1000).toISOString().slice(0, 10);
      const after = new Date((today + 9) * DAY * 1000).toISOString().slice(0, 10);
      expectProblem(await get(path(`day=${before}`), other.merchantKey), 404, "nothing-recorded");
      expectProblem(await get(path(`day=${after}`), other.merchantKey), 503, "day-not-over");
      expectFieldProblem(await get(path("day=yesterday"), other.merchantKey), "day");
    });

    it("agrees with the merchant's own books, and names what they have more", async () => {
      const told = await wanted(200, get(path(`day=${day}&orders=true`), other.merchantKey));
      const own = ["M-1", "M-2"].map((order) => ({ order, paid: 1_350n, currency: "CNY" }));
      expect(compareWithExport(told, own)).to.deep.equal([]);
      const more = [...own, { order: "M-3", paid: 1n, currency: "CNY" }];
      expect(compareWithExport(told, more).map(({ code }) => code)).to.include("missing-order");
      expect((await wanted(200, get(path(`day=${day}`), other.merchantKey))).orders).to.equal(null);
    });

    it("is under its hash in the notices of the batch that it names", async () => {
      const { batch, hash, subject } = await wanted(200, get(path(`day=${day}`), other.merchantKey));
      const notices = await service.sql<{ subject: Buffer; content: Buffer }[]>`
        SELECT subject, content FROM notices WHERE batch = ${batch} AND kind = 'merchant-total'`;
      expect(notices.map((one) => [toHex(one.subject), toHex(one.content)])).to.deep.include([subject, hash]);
    });

    it("is a sheet and a paper too", async () => {
      const headers = { Authorization: `Bearer ${other.merchantKey}` };
      const sheet = await bytesOf(path(`day=${day}&format=csv`), headers);
      const [row] = parse(sheet.bytes, { columns: true, bom: true }) as Record<string, string>[];
      expect(row).to.include({ purchases: "2", last: "2", currency: "CNY", paid: "2700" });
      const { bytes } = await bytesOf(path(`day=${day}&format=pdf&orders=true`), headers);
      expect(textOf(bytes)).to.contain("M-1").and.to.contain("27.00 CNY");
      expect((await wanted(200, get(new URL(qrCodeOf(bytes)).pathname))).statement.orders).to.deep.equal([
        "M-1",
        "M-2",
      ]);
    });
  });

  describe("erasure", () => {
    const erase = (buyer: string, key = service.operatorKey) =>
      post("/v1/donors/erasure", { merchant: shop.merchant, buyer }, key);

    it("is for the operator and the donor's own merchant, of somebody who is known", async () => {
      expectProblem(await erase("ann", other.merchantKey), 403, "wrong-subject");
      expectProblem(await erase("nobody-we-know"), 404, "unknown-donor");
      expectProblem(await post(`/v1/receipts/0x${"0".repeat(32)}/erasure`, {}), 404, "unknown-receipt");
      expectProblem(
        await post(`/v1/receipts/0x${"0".repeat(32)}/erasure`, {}, shop.merchantKey),
        403,
        "wrong-role",
      );
    });

    it("leaves a receipt that says so, proves what it proved, and opens to no key", async () => {
      const [receipt] = await buy("X-1", "xena");
      await index();
      const saved = (await whole(receipt!)).body;
      const proven = (await get(`/v1/receipts/${receipt!.id}`)).body;
      const asked = await wanted(202, erase("xena", shop.merchantKey));
      expect(asked).to.include({ purchases: "1", receipts: "1", finishedAt: null });
      expect(asked.backups).to.contain("Backups made before are not reached");
      for (const { status, body } of [await whole(receipt!), await get(`/v1/receipts/${receipt!.id}`)]) {
        expect(status).to.equal(200);
        expect(body).to.deep.include({
          format: "amanah-receipt-proof/1",
          details: null,
          erased: asked.askedAt,
        });
        expect(JSON.stringify(body)).not.to.match(/xena|X-1|Green tea|"salt"/);
        const { details: _, erased: __, ...rest } = body;
        expect(rest).to.deep.equal(proven);
      }
      expect(verifyReceipt(saved).reason).to.equal("not-compared");
      expect(toHex(verifyReceipt(saved).leaf!)).to.equal(proven.leaf);
      const batches = await service.sql<{ number: bigint }[]>`SELECT number FROM batches ORDER BY number`;
      for (const { number } of batches)
        expect(await readAgain(service.sql, service.services.ledger.id, number)).to.deep.equal([]);
      await index();
      await service.sql`UPDATE batches SET state = 'final'`;
      await finishErasures(service.sql);
      const done = await wanted(200, erase("xena", shop.merchantKey));
      expect(done).to.include({ id: asked.id, purchases: "1" });
      expect(done.finishedAt).not.to.equal(null);
      expect((await get(`/v1/erasures/${asked.id}`, service.operatorKey)).body).to.deep.equal(done);
      expect((await whole(receipt!)).body.erased).to.equal(asked.askedAt);
    });

    it("ends the donor's key and papers; a new key opens what came afterwards", async () => {
      await buy("Y-1", "yves");
      await index();
      const key = await keyOf("yves");
      const { bytes } = await bytesOf(`/v1/donors/statement?${YEAR}&format=pdf`, {
        Authorization: `Donor ${key}`,
      });
      await wanted(202, erase("yves"));
      const { askedAt } = await wanted(202, erase("yves"));
      expectProblem(await get(new URL(qrCodeOf(bytes)).pathname), 404, "unknown-statement");
      const closed = (await asDonor(key)).body;
      expect([closed.gifts, closed.totals, closed.erased]).to.deep.equal([[], [], [askedAt]]);
      await service.sql`UPDATE erasures SET asked_at = asked_at - 5`;
      await buy("Y-2", "yves");
      const next = await keyOf("yves");
      expect(next).not.to.equal(key);
      const opened = (await asDonor(next)).body;
      expect(opened.gifts.map(({ order }: { order: string }) => order)).to.deep.equal(["Y-2"]);
      expect(opened.erased).to.have.length(1);
      expect((await asDonor(key)).body.gifts).to.deep.equal([]);
    });

    it("of one purchase takes the others of the donor not along", async () => {
      const [[first], [second]] = [await buy("Z-1", "zoe"), await buy("Z-2", "zoe")];
      await index();
      const asked = await wanted(202, post(`/v1/receipts/${first!.id}/erasure`, {}));
      expect(asked).to.include({ purchases: "1" });
      expect((await whole(first!)).body.details).to.equal(null);
      expect((await whole(second!)).body.details).to.include({ order: "Z-2" });
      const gifts = (await asDonor(await keyOf("zoe"))).body.gifts;
      expect(gifts.map(({ order }: { order: string }) => order)).to.deep.equal(["Z-2"]);
    });

    it("of what is not sealed yet is promised, and kept by the background", async () => {
      const [receipt] = await buy("W-1", "walt");
      const asked = await wanted(202, erase("walt"));
      const waiting = (await asDonor(await keyOf("walt"))).body;
      expect([waiting.gifts, waiting.erased], "told to nobody meanwhile").to.deep.equal([
        [],
        [asked.askedAt],
      ]);
      await index();
      await finishErasures(service.sql);
      expect((await whole(receipt!)).body.erased).to.equal(asked.askedAt);
      expect((await asDonor(await keyOf("walt"))).body.gifts).to.deep.equal([]);
    });
  });
});
