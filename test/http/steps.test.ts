// Days of steps over HTTP: what is recorded, what is refused, and in bulk. What is held is in steps-held.test.ts.

import { expect } from "chai";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import { rulesDocument } from "../../server/programmes/steps/rules.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { only } from "../../server/store/database.ts";
import { call } from "../support/client.ts";
import { expectFieldProblem, expectProblem } from "../support/problems.ts";
import { sealAndIndex } from "../support/publishing.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, purchaseOf, type Shop, wanted } from "../support/shop.ts";
import { daysAgo, quietDay } from "../support/steps.ts";
import { ROCKED, stepsActs, YESTERDAY } from "../support/steps-acts.ts";

describe("days of steps", () => {
  let service: TestService;
  let shop: Shop;
  let other: Shop;

  before(async () => {
    service = await startTestService();
    shop = await openShop(service);
    other = await openShop(service);
  });
  after(() => service.stop());

  const { someone, get, post, day, report, bulk } = stepsActs(() => ({ service, shop }));

  describe("that are donated", () => {
    it("count for campaigns as of the day on which they were walked, whose end is the next day's beginning", async () => {
      const campaign = (id: string, startsAt: string) => {
        const window = { startsAt: `${startsAt}T00:00:00Z`, endsAt: `${daysAgo(-2)}T00:00:00Z` };
        return wanted(201, post("/v1/campaigns", { id, title: id, ...window }, service.operatorKey));
      };
      await campaign("of-that-day", YESTERDAY);
      await campaign("from-the-next", daysAgo(0));
      await wanted(201, report());
      const totals = async (id: string) => (await get(`/v1/campaigns/${id}`)).body.totals;
      expect(await totals("of-that-day")).to.have.length(1);
      expect(await totals("from-the-next")).to.deep.equal([]);
    });

    it("give the steps that count on the charity's line of steps, under the published rules", async () => {
      const { receipts } = await wanted(201, report({ hours: quietDay.with(20, 12_000) }));
      const { hash, batch } = await wanted(200, get("/v1/steps/rules"));
      expect(receipts).to.have.length(1);
      const counted = `${11_000 - 1_140 + 10_000}`;
      expect(receipts[0]).to.include({ unit: "STEP", amount: counted, terms: hash, kind: 0 });
      const { id, key } = receipts[0];
      const file = await call(`${service.url}/v1/receipts/${id}`, {
        headers: { Authorization: `Receipt ${key}` },
      });
      const { details } = file.body;
      expect(details).to.include({
        programme: "steps",
        reported: 21_860,
        counted: Number(counted),
        day: YESTERDAY,
      });
      expect(JSON.stringify(details)).not.to.contain("phone-of");
      const document = await call(`${service.url}/v1/documents/${hash}`);
      expect(document.body).to.deep.equal(JSON.parse(rulesDocument));
      expect(document.headers.get("amanah-batch")).to.equal(`${batch}`);
    });

    it("come in a later batch than the notice of the rules", async () => {
      const answer = await wanted(201, report());
      const { batch } = await wanted(200, get("/v1/steps/rules"));
      expect(BigInt(answer.batch) > BigInt(batch)).to.equal(true);
    });

    it("once a person a day: the same again is the same receipt, another telling a conflict", async () => {
      const body = day();
      const first = await wanted(201, post("/v1/steps", body));
      const again = await wanted(200, post("/v1/steps", body));
      expect(again.receipts).to.deep.equal(first.receipts);
      const byOperator = { ...body, platform: shop.merchant };
      expect((await wanted(200, post("/v1/steps", byOperator, service.operatorKey))).receipts[0].id).to.equal(
        first.receipts[0].id,
      );
      const problem = expectProblem(
        await post("/v1/steps", { ...body, hours: quietDay.with(0, 30) }),
        409,
        "event-differs",
      );
      expect(problem.differences).to.deep.equal([{ field: "hours.0", recorded: 0, came: 30 }]);
      expectProblem(await post("/v1/steps", { ...body, hours: ROCKED }), 409, "event-differs");
    });

    it("by the same person on another day, or by the same name on another platform, are others", async () => {
      const body = day();
      const first = await wanted(201, post("/v1/steps", body));
      const later = await wanted(201, post("/v1/steps", { ...body, day: daysAgo(2) }));
      const elsewhere = await wanted(201, post("/v1/steps", body, other.merchantKey));
      const ids = [first, later, elsewhere].map(({ receipts }) => receipts[0].id);
      expect(new Set(ids).size).to.equal(3);
    });
  });

  describe("are refused", () => {
    it("when they were entered by hand", async () => {
      const source = { app: "Walk", recording: "manual" };
      const problem = expectProblem(await report({ source }), 422, "hand-entered");
      expect(problem).to.include({ field: "source.recording", came: "manual" });
    });

    it("when what counts does not reach the daily goal", async () => {
      const few = await report({ hours: quietDay.with(7, 700) });
      const problem = expectProblem(few, 422, "goal-not-reached");
      expect(problem).to.include({ field: "hours", came: "9860, of 9860 reported" });
    });

    it("when the day is not over, or too long ago", async () => {
      expectProblem(await report({ day: daysAgo(-1) }), 422, "day-ahead");
      expectProblem(await report({ day: daysAgo(0), utcOffset: "-12:00" }), 422, "day-ahead");
      expectProblem(await report({ day: daysAgo(10) }), 422, "day-too-old");
    });

    it("for a charity or by a platform that is not registered", async () => {
      expectProblem(await report({ charity: "GB-CHC-NOBODY" }), 422, "unknown-charity");
      expectProblem(await report({ platform: "nobody" }, service.operatorKey), 422, "unknown-merchant");
    });

    it("from an operator that names no platform, a merchant that names another, a charity, or nobody", async () => {
      expectFieldProblem(await report({}, service.operatorKey), "platform", "nothing");
      expectProblem(await report({ platform: other.merchant }), 403, "wrong-subject");
      expectProblem(await report({}, shop.charityKeys[0]), 403, "wrong-role");
      expectProblem(await call(`${service.url}/v1/steps`, { body: day() }), 401, "unknown-key");
    });

    it("with each field that is wrong named", async () => {
      const answer = await report({ hours: [1], day: "2026-13-01", utcOffset: "8" });
      for (const field of ["hours", "day", "utcOffset"]) expectFieldProblem(answer, field);
    });
  });

  describe("in bulk", () => {
    it("have one result a line: recorded, held or refused, each with its status", async () => {
      const good = day();
      const held = day({ hours: ROCKED });
      const manual = day({ source: { app: "Walk", recording: "manual" } });
      const lines = [good, held, manual, { ...good, day: daysAgo(-2) }, { day: 1 }];
      const results = await bulk(lines);
      expect(results.map(({ line, status }) => [line, status])).to.deep.equal([
        [1, 201],
        [2, 202],
        [3, 422],
        [4, 422],
        [5, 422],
      ]);
      expect(results[0]).to.include({ person: good.person, day: YESTERDAY, platform: shop.merchant });
      expect(results[1]).to.include({ person: held.person, held: true, state: "held" });
      expect((await bulk(lines)).map(({ status }) => status)).to.deep.equal([200, 202, 422, 422, 422]);
    });

    it("of one person twice in one upload count once, and the first telling decides", async () => {
      const body = day();
      const results = await bulk([body, body, { ...body, hours: ROCKED }]);
      expect(results.map(({ status }) => status)).to.deep.equal([201, 200, 409]);
      expect(results[1].receipts).to.deep.equal(results[0].receipts);
    });

    it("of several persons with one device: the first gives, the others are held", async () => {
      const device = { id: `shared-${someone()}`, model: "Band 9" };
      const results = await bulk([day({ device }), day({ device }), day({ device })]);
      expect(results.map(({ status }) => status)).to.deep.equal([201, 202, 202]);
    });

    it("add up on the line to exactly the steps that counted", async () => {
      const charity = `GB-CHC-SUM`;
      await wanted(
        201,
        post("/v1/charities", { registration: charity, name: "Tracks" }, service.operatorKey),
      );
      const days = Array.from({ length: 300 }, (_, index) =>
        day({ charity, hours: quietDay.with(7, 1_840 + index) }),
      );
      const results = await bulk(days);
      expect(results.every(({ status }) => status === 201)).to.equal(true);
      const { sum } = only(
        await service.sql<{ sum: bigint }[]>`
        SELECT sum(amount)::bigint AS sum FROM receipts JOIN lines ON lines.id = line
        WHERE charity = ${charityId(charity)} AND unit = 'STEP'`,
      );
      expect(sum).to.equal(300n * 11_000n + (299n * 300n) / 2n);
    });
  });

  it("of two persons with one device that come at the same time give once", async () => {
    for (let round = 0; round < 10; round++) {
      const device = { id: `shared-${someone()}`, model: "Band 9" };
      const both = await Promise.all([report({ device }), report({ device })]);
      expect(both.map(({ status }) => status).toSorted()).to.deep.equal([201, 202]);
    }
  });

  it("of one person that come at the same time, many times over, give once", async () => {
    const body = day();
    const all = await Promise.all(Array.from({ length: 20 }, () => post("/v1/steps", body)));
    expect(all.filter(({ status }) => status === 201)).to.have.length(1);
    expect(new Set(all.map((answer) => answer.body.receipts[0].id)).size).to.equal(1);
    const twice = day({ hours: ROCKED });
    const held = await Promise.all(Array.from({ length: 20 }, () => post("/v1/steps", twice)));
    expect(new Set(held.map(({ status, body }) => `${status} ${body.id}`)).size).to.equal(1);
  });

  it("are listed by their lines, apart from those of money", async () => {
    await wanted(201, post("/v1/purchases", purchaseOf(shop.merchant, "o-1")));
    await wanted(201, report());
    const lines = async (query: string) =>
      (await wanted(200, get(`/v1/lines?charity=${shop.charities[0]}${query}`))).items.map(
        ({ unit }: { unit: string }) => unit,
      );
    expect(await lines("")).to.deep.equal(["CNY", "STEP"]);
    expect(await lines("&unit=STEP")).to.deep.equal(["STEP"]);
    expect(await lines("&unit=MEAL")).to.deep.equal([]);
  });

  it("have receipts that hold the rules and what shows that these were noticed before", async () => {
    const answer = await wanted(201, report());
    const { receipts } = answer;
    const workers = new TreeWorkers(1);
    await sealAndIndex(service.sql, service.services.ledger, workers);
    await workers.stop();
    const headers = { Authorization: `Receipt ${receipts[0].key}` };
    const file = await wanted(200, call(`${service.url}/v1/receipts/${receipts[0].id}`, { headers }));
    expect(file.terms.document).to.deep.equal(JSON.parse(rulesDocument));
    expect(file.terms.notice).to.include({ kind: "activity", content: receipts[0].terms });
    expect(BigInt(file.terms.batch) < BigInt(answer.batch)).to.equal(true);
  });

  it("leave no device behind once no report of its day is taken any more", async () => {
    const device = Buffer.alloc(16, 7);
    await service.sql`INSERT INTO step_devices (day, device, person) VALUES (20000, ${device}, ${device})`;
    await wanted(201, report());
    expect(await service.sql`SELECT FROM step_devices WHERE day = 20000`).to.have.length(0);
  });
});
