// Every resource as it is when all goes well: what is made, what is read, page by page, and what repeating does.

import { expect } from "chai";
import { closeNow } from "../../server/jobs/seal.ts";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { type Answer, call } from "../support/client.ts";
import { expectProblem } from "../support/problems.ts";
import { sealAll } from "../support/publishing.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, purchaseOf, type Shop, termsOf, wanted } from "../support/shop.ts";

const PAYEE = `0x${"Ab".repeat(20)}`;

describe("resources", () => {
  let service: TestService;
  let shop: Shop;
  let workers: TreeWorkers;

  before(async () => {
    service = await startTestService();
    shop = await openShop(service, { charities: 2, terms: { share: { basisPoints: 1000 } } });
    workers = new TreeWorkers(1);
  });
  after(async () => {
    await workers.stop();
    await service.stop();
  });

  const get = (path: string) => wanted(200, call(`${service.url}${path}`));
  const post = (path: string, body: unknown, key = service.operatorKey) =>
    call(`${service.url}${path}`, { key, body });
  const buy = (order: string, given: object = {}) =>
    post("/v1/purchases", purchaseOf(shop.merchant, order, given));

  /** All items of a list, read in pages of two. */
  async function pages(path: string): Promise<Answer["body"][]> {
    const items = [];
    for (let after: string | null = ""; after !== null; ) {
      const cursor = after === "" ? "" : `&after=${encodeURIComponent(after)}`;
      const page: Answer["body"] = await get(`${path}${path.includes("?") ? "&" : "?"}limit=2${cursor}`);
      expect(page.items.length).to.be.at.most(2);
      items.push(...page.items);
      after = page.next;
    }
    return items;
  }

  async function seal(): Promise<void> {
    await closeNow(service.sql);
    await sealAll(service.sql, service.services.ledger, workers);
  }

  describe("charities", () => {
    const body = {
      registration: "DE-HRB-77/meals",
      name: "Meals",
      website: "https://meals.example",
      payee: PAYEE,
      signer: PAYEE,
      rail: "token",
    };

    it("are registered once; the same again changes nothing; other content is refused", async () => {
      const made = await wanted(201, post("/v1/charities", body));
      expect(made).to.include({
        id: toHex(charityId(body.registration)),
        payee: PAYEE.toLowerCase(),
        rail: "token",
      });
      expect(await wanted(200, post("/v1/charities", body))).to.deep.equal(made);
      expectProblem(await post("/v1/charities", { ...body, name: "Others" }), 409, "charity-differs");
      expect(await get("/v1/charities/DE-HRB-77%2Fmeals")).to.deep.equal(made);
      expect(await get(`/v1/charities/${made.id}`)).to.deep.equal(made);
    });

    it("with a signer are asked to be registered with the contract, in the same transaction", async () => {
      await post("/v1/charities", body);
      const calls = await service.sql`SELECT args FROM chain_calls WHERE kind = 'registerCharity'`;
      expect(calls.map(({ args }) => args)).to.deep.equal([
        {
          charity: toHex(charityId(body.registration)),
          payee: PAYEE.toLowerCase(),
          signer: PAYEE.toLowerCase(),
        },
      ]);
    });

    it("are listed by registration id", async () => {
      const names = (await pages("/v1/charities")).map(({ registration }) => registration);
      expect(names)
        .to.deep.equal([...names].sort())
        .and.to.include.members([...shop.charities]);
    });

    it("are found by the beginning of a registration id, or by a part of a name, in either case", async () => {
      await post("/v1/charities", body);
      const found = async (search: string) =>
        (await pages(`/v1/charities?search=${encodeURIComponent(search)}`)).map(
          ({ registration }) => registration,
        );
      expect(await found("de-hrb-77/")).to.deep.equal([body.registration]);
      expect(await found("EAL")).to.deep.equal([body.registration]);
      expect(await found("HRB-77")).to.deep.equal([]);
      expect(await found("%")).to.deep.equal([]);
    });
  });

  it("merchants are registered once, read and listed", async () => {
    const made = await wanted(
      201,
      post("/v1/merchants", { id: "tea", name: " Tea House ", legalDonor: "Tea Ltd" }),
    );
    expect(made).to.include({ id: "tea", name: "Tea House", legalDonor: "Tea Ltd" });
    expect(
      await wanted(200, post("/v1/merchants", { id: "tea", name: "Tea House", legalDonor: "Tea Ltd" })),
    ).to.deep.equal(made);
    expectProblem(await post("/v1/merchants", { id: "tea", name: "Coffee House" }), 409, "merchant-differs");
    expect(await get("/v1/merchants/tea")).to.deep.equal(made);
    await wanted(201, post("/v1/merchants", { id: "a-first", name: "A" }));
    const ids = (await pages("/v1/merchants")).map(({ id }) => id);
    expect(ids)
      .to.deep.equal([...ids].sort())
      .and.to.include.members(["a-first", "tea", shop.merchant]);
  });

  describe("pledges", () => {
    const own = (given: object) =>
      termsOf(shop.merchant, shop.charities, { share: { perItem: "5" }, ...given });
    const give = async (order: string, given: object = {}): Promise<string[]> =>
      (await wanted(201, buy(order, given))).receipts.map(({ terms }: { terms: string }) => terms);

    it("are in force once every charity has accepted, and give nothing before", async () => {
      const { id } = await wanted(201, post("/v1/pledges", own({ minimum: "3" }), shop.merchantKey));
      const accept = (at: number) =>
        wanted(200, post(`/v1/pledges/${id}/acceptance`, {}, shop.charityKeys[at]));
      expect(await give("p-none")).not.to.include(id);
      expect(await accept(0)).to.deep.include({ accepted: false, acceptedBy: [shop.charities[0]] });
      expect(await give("p-half")).not.to.include(id);
      expect(await accept(1)).to.include({ accepted: true });
      expect(await accept(1), "again").to.include({ accepted: true });
      expect(await give("p-whole")).to.include(id);
    });

    it("of the same terms are the same pledge", async () => {
      const body = own({ minimum: "4" });
      const made = await wanted(201, post("/v1/pledges", body, shop.merchantKey));
      expect(
        await wanted(200, post("/v1/pledges", { ...body, startsAt: "2025-01-01T08:00:00+08:00" })),
      ).to.deep.equal(made);
      expect(await get(`/v1/pledges/${made.id}`)).to.deep.equal(made);
    });

    it("that are ended give nothing for what completes later, and the first end stands", async () => {
      const { id } = await wanted(201, post("/v1/pledges", own({ minimum: "2" }), shop.merchantKey));
      for (const key of shop.charityKeys) await wanted(200, post(`/v1/pledges/${id}/acceptance`, {}, key));
      expect(await give("e-before")).to.include(id);
      const ended = await wanted(
        200,
        post(`/v1/pledges/${id}/end`, { at: "2025-06-01T00:00:00Z" }, shop.merchantKey),
      );
      expect(Date.parse(ended.endedAt), "not in the past").to.be.closeTo(Date.now(), 5_000);
      const again = await wanted(
        200,
        post(`/v1/pledges/${id}/end`, { at: "2099-06-01T00:00:00Z" }, shop.merchantKey),
      );
      expect(again.endedAt).to.equal(ended.endedAt);
      expect(await give("e-earlier"), "what had completed before").to.include(id);
      const later = new Date(Date.now() + 3_600_000).toISOString();
      expect(await give("e-later", { completedAt: later })).not.to.include(id);
    });

    it("are listed by id, all or one merchant's", async () => {
      const all = (await pages("/v1/pledges")).map(({ id }) => id);
      expect(all).to.deep.equal([...all].sort());
      const mine = await pages(`/v1/pledges?merchant=${shop.merchant}`);
      expect(mine.every(({ terms }) => terms.merchant === shop.merchant)).to.equal(true);
      expect(await pages("/v1/pledges?merchant=tea-x")).to.deep.equal([]);
    });
  });

  describe("purchases", () => {
    it("are answered with the receipts, their keys and links, and the time by which they are anchored", async () => {
      const answer = await wanted(201, buy("b-1"));
      expect(answer).to.include({ recorded: true });
      expect(Date.parse(answer.expected) - Date.parse(answer.acceptedAt)).to.equal(600_000);
      for (const { id, key, link, unit, kind, item } of answer.receipts) {
        expect([unit, kind, item]).to.deep.equal(["CNY", 0, "1"]);
        expect(link).to.equal(`https://gifts.example/r/${id}#${key}`);
      }
      const again = await wanted(200, buy("b-1"));
      expect(again).to.deep.equal({ ...answer, recorded: false });
    });

    it("tried out are not recorded", async () => {
      const tried = await wanted(200, post("/v1/purchases?dryRun", purchaseOf(shop.merchant, "dry")));
      expect(tried).to.include({ dryRun: true });
      expect(tried.gifts[0]).to.include({ written: `0.${tried.gifts[0].amount.padStart(2, "0")} CNY` });
      expect(
        (await wanted(201, buy("dry"))).receipts.map(({ amount }: { amount: string }) => amount),
      ).to.have.members(tried.gifts.map(({ amount }: { amount: string }) => amount));
      await wanted(200, post("/v1/purchases?dryRun=true", purchaseOf(shop.merchant, "dry")));
      expect(
        (await wanted(200, post("/v1/purchases?dryRun=false", purchaseOf(shop.merchant, "dry")))).recorded,
      ).to.equal(false);
    });

    it("that differ from what is recorded are a 409 that names the difference", async () => {
      await wanted(201, buy("b-differs"));
      const problem = expectProblem(await buy("b-differs", { buyer: "another" }), 409, "event-differs");
      expect(problem.differences).to.deep.equal([{ field: "buyer", recorded: "buyer-7", came: "another" }]);
    });
  });

  it("refunds are answered with the reversals, the same again with the same", async () => {
    const { receipts: gifts } = await wanted(201, buy("r-1"));
    const refund = {
      merchant: shop.merchant,
      refund: "R-1",
      order: "r-1",
      refundedAt: "2025-12-01T00:00:00Z",
      reason: "broken",
    };
    const answer = await wanted(201, post("/v1/refunds", refund, shop.merchantKey));
    expect(answer.receipts.map(({ kind, amount }: Answer["body"]) => [kind, amount])).to.have.deep.members(
      gifts
        .filter(({ terms }: Answer["body"]) => terms === shop.pledge)
        .map(({ amount }: Answer["body"]) => [1, amount]),
    );
    expect(await wanted(200, post("/v1/refunds", refund))).to.deep.equal({ ...answer, recorded: false });
    expectProblem(await post("/v1/refunds", { ...refund, reason: "lost" }), 409, "event-differs");
    expectProblem(
      await post("/v1/refunds", { ...refund, refund: "R-2", order: "nowhere" }),
      404,
      "unknown-purchase",
    );
  });

  it("batches are listed newest first, with statements, notices and root once they are sealed", async () => {
    await seal();
    const [last] = await pages("/v1/batches");
    const first = `${Number(last.number) + 1}`;
    expect(await get(`/v1/batches/${first}`)).to.include({ number: first, state: "open", root: null });
    const later = (count: number) => `${Number(first) + count}`;
    for (const order of ["s-1", "s-2", "s-3"]) {
      await wanted(201, buy(order));
      await seal();
    }
    const batches = await pages("/v1/batches");
    expect(batches.slice(0, 3).map(({ number, state }) => [number, state])).to.deep.equal([
      [later(2), "sealed"],
      [later(1), "sealed"],
      [first, "sealed"],
    ]);
    const second = await get(`/v1/batches/${later(1)}`);
    expect(second.statements.every(({ name }: { name: string }) => name.length > 0)).to.equal(true);
    expect(second.notices.map(({ kind }: Answer["body"]) => kind)).to.deep.equal(["previous", "times"]);
    expect(second.notices[0].content).to.equal((await get(`/v1/batches/${first}`)).root);
    const sum = (list: Answer["body"][], read: (one: Answer["body"]) => string) =>
      list.reduce((all, one) => all + BigInt(read(one)), 0n);
    expect(`${sum(second.statements, ({ receipts }) => receipts)}`).to.equal(second.receipts);
    expectProblem(await call(`${service.url}/v1/batches/${later(4)}`), 404, "unknown-batch");
  });

  it("lines show where sealed statements end, and the contract's watermarks as last read", async () => {
    const lines = await pages("/v1/lines");
    expect(lines.map(({ registration }) => registration)).to.include.members([...shop.charities]);
    const line = await get(`/v1/lines/${shop.charities[0]}/CNY`);
    const statements = await service.sql`SELECT max("to") AS end FROM statements WHERE line = 1 AND kind = 0`;
    expect(lines.some(({ sealed }) => sealed.gifts === String(statements[0]?.end))).to.equal(true);
    expect(line).to.deep.include({
      readAt: null,
      watermarks: { given: "0", reversed: "0", paid: "0", netted: "0", acknowledged: "0", spent: "0" },
    });
    expect((await pages(`/v1/lines?charity=${line.charity}`)).map(({ unit }) => unit)).to.deep.equal(["CNY"]);
    const both = await pages(`/v1/lines?charity=${line.charity},${shop.charities[0]},GB-CHC-NONE`);
    expect(both.map(({ charity }) => charity)).to.deep.equal([line.charity]);
    const tooMany = Array.from({ length: 51 }, () => line.charity).join();
    expectProblem(await call(`${service.url}/v1/lines?charity=${tooMany}`), 422, "invalid");
    expectProblem(await call(`${service.url}/v1/lines/${shop.charities[0]}/EUR`), 404, "unknown-line");
  });
});
