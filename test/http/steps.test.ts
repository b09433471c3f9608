// Days of steps over HTTP: what is recorded, what is refused, what is held with its reasons, and what is decided of it.

import { expect } from "chai";
import { ingestReports } from "../../server/ingest/steps.ts";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import { rulesDocument } from "../../server/programmes/steps/rules.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { only } from "../../server/store/database.ts";
import { decideHeld, type HeldSteps } from "../../server/store/held-steps.ts";
import { type Answer, call, linesOf } from "../support/client.ts";
import { expectFieldProblem, expectProblem } from "../support/problems.ts";
import { sealAndIndex } from "../support/publishing.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, purchaseOf, type Shop, wanted } from "../support/shop.ts";
import { dayOf, daysAgo, quietDay } from "../support/steps.ts";

const YESTERDAY = daysAgo(1);
const ROCKED = Array.from({ length: 24 }, (_, hour) => (hour >= 8 && hour < 14 ? 6_500 + hour * 31 : 0));

describe("days of steps", () => {
  let service: TestService;
  let shop: Shop;
  let other: Shop;
  let people = 0;

  before(async () => {
    service = await startTestService();
    shop = await openShop(service);
    other = await openShop(service);
  });
  after(() => service.stop());

  const someone = () => `walker-${++people}`;
  const get = (path: string, key = service.operatorKey) => call(`${service.url}${path}`, { key });
  const post = (path: string, body: unknown, key = shop.merchantKey) =>
    call(`${service.url}${path}`, { key, body });
  const day = (given: object = {}) => dayOf(someone(), YESTERDAY, { charity: shop.charities[0], ...given });
  const report = (given: object = {}, key?: string) => post("/v1/steps", day(given), key);
  const hold = async (given: object = {}) => {
    const body = day({ hours: ROCKED, ...given });
    return { body, held: await wanted(202, post("/v1/steps", body)) };
  };
  const decide = (id: string, accept: boolean, reason = "looked at it", key = service.operatorKey) =>
    post(`/v1/steps/held/${id}/decision`, { accept, reason }, key);
  const counts = async (): Promise<Record<string, string>> => (await get("/v1/steps/counts")).body;

  async function bulk(lines: readonly unknown[], key = shop.merchantKey): Promise<Answer["body"][]> {
    const body = `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`;
    const type = "application/x-ndjson";
    return linesOf((await call(`${service.url}/v1/steps/bulk`, { key, body, type })).body);
  }

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

  describe("that look like no walk", () => {
    it("are held with their reasons and give nothing", async () => {
      const before = await counts();
      const { held, body } = await hold();
      expect(held).to.include({ held: true, state: "held", appeal: `/v1/steps/held/${held.id}/appeal` });
      expect(held.reasons).to.deep.equal([
        { code: "rocker", says: "at least 6000 steps an hour for 5 hours on end, from 08:00" },
      ]);
      expect(await counts()).to.deep.equal({ ...before, held: `${Number(before.held) + 1}` });
      const { events } = only(
        await service.sql<{ events: bigint }[]>`
        SELECT count(*) AS events FROM events WHERE strpos(body, ${`"${body.person}"`}) > 0`,
      );
      expect(events).to.equal(0n);
    });

    it("are the same held day when told again, and a conflict when told otherwise", async () => {
      const { body, held } = await hold();
      const before = await counts();
      expect(await wanted(202, post("/v1/steps", body))).to.deep.equal(held);
      const problem = expectProblem(
        await post("/v1/steps", { ...body, hours: quietDay }),
        409,
        "event-differs",
      );
      expect(problem.differences[0]).to.include({ field: "hours.6", recorded: 0, came: 120 });
      expect(await counts()).to.deep.equal(before);
    });

    it("are also those of a device that another person had on that day, but not on another", async () => {
      const device = { id: `shared-${someone()}`, model: "Band 9" };
      await wanted(201, report({ device }));
      const { held } = await hold({ device, hours: quietDay });
      expect(held.reasons.map(({ code }: { code: string }) => code)).to.deep.equal(["shared-device"]);
      await wanted(201, report({ device, day: daysAgo(2) }));
      await wanted(201, report({ device }, other.merchantKey));
    });

    it("are shown to the operator and to the platform that reported them, newest first, by state", async () => {
      const [first, second] = [(await hold()).held, (await hold()).held];
      await wanted(200, post(first.appeal, { text: "I walked to the sea." }));
      const ids = async (query: string, key?: string) =>
        (await wanted(200, get(`/v1/steps/held?${query}`, key))).items.map(({ id }: { id: string }) => id);
      expect((await ids("state=held")).slice(0, 1)).to.deep.equal([second.id]);
      expect(await ids("state=appealed", shop.merchantKey))
        .to.include(first.id)
        .and.not.include(second.id);
      expect(await ids("state=waiting&limit=2")).to.deep.equal([second.id, first.id]);
      expect(await ids(`state=waiting&limit=1&after=${second.id}`)).to.deep.equal([first.id]);
      expect(await ids("state=waiting", other.merchantKey)).to.deep.equal([]);
      await wanted(200, decide(second.id, false));
      expect(await ids("state=waiting&limit=1")).to.deep.equal([first.id]);
      expect(await ids("limit=2", shop.merchantKey)).to.deep.equal([second.id, first.id]);
      expect(await ids(`limit=1&after=${second.id}`)).to.deep.equal([first.id]);
      expect(await ids("", other.merchantKey)).to.deep.equal([]);
      expect(await ids(`platform=${other.merchant}`)).to.deep.equal([]);
      expectProblem(
        await get(`/v1/steps/held?platform=${shop.merchant}`, other.merchantKey),
        403,
        "wrong-subject",
      );
      expectProblem(await get(`/v1/steps/held/${first.id}`, other.merchantKey), 403, "wrong-subject");
      expectProblem(await get("/v1/steps/held/999999"), 404, "unknown-held-day");
    });

    it("are accepted by the operator alone: recorded under the same name, and the same from then on", async () => {
      const { body, held } = await hold();
      expectProblem(await decide(held.id, true, "it was a race", shop.merchantKey), 403, "wrong-role");
      const before = await counts();
      const decided = await wanted(200, decide(held.id, true, "it was a race"));
      expect(decided).to.include({ id: held.id, state: "recorded", report: null, recorded: true });
      const reported = ROCKED.reduce((sum, one) => sum + one, 0);
      expect(decided.receipts[0]).to.include({ unit: "STEP", amount: `${reported}` });
      const again = await wanted(200, post("/v1/steps", body));
      expect(again.receipts).to.deep.equal(decided.receipts);
      expect((await wanted(200, decide(held.id, true, "it was a race"))).receipts).to.deep.equal(
        decided.receipts,
      );
      expectProblem(await decide(held.id, false, "no"), 409, "already-decided");
      expectProblem(await decide(held.id, true, "another reason"), 409, "already-decided");
      expectProblem(await post("/v1/steps", { ...body, hours: quietDay }), 409, "event-differs");
      expect(await counts()).to.deep.equal({
        ...before,
        held: `${Number(before.held) - 1}`,
        accepted: `${Number(before.accepted) + 1}`,
      });
    });

    it("that are rejected stay so with the reason, and give nothing", async () => {
      const { body, held } = await hold();
      const decided = await wanted(200, decide(held.id, false, "a machine"));
      expect(decided.decision).to.include({ reason: "a machine" });
      expect(await wanted(202, post("/v1/steps", body))).to.deep.equal({ ...held, state: "rejected" });
      expect((await wanted(200, decide(held.id, false, "a machine"))).state).to.equal("rejected");
      expectProblem(await decide(held.id, true, "on second thoughts"), 409, "already-decided");
    });

    it("may be appealed once by who reported them, also where they were rejected unheard", async () => {
      const { held } = await hold();
      await wanted(200, decide(held.id, false, "a machine"));
      expectProblem(await post(held.appeal, { text: "Mine." }, other.merchantKey), 403, "wrong-subject");
      const appealed = await wanted(200, post(held.appeal, { text: "A race of six hours." }));
      expect(appealed).to.include({ state: "appealed" });
      expect(appealed.appeal).to.include({ text: "A race of six hours." });
      expect(await wanted(200, post(held.appeal, { text: "A race of six hours." }))).to.deep.equal(appealed);
      expectProblem(await post(held.appeal, { text: "Another." }), 409, "not-open-to-appeal");
      expect(await wanted(200, decide(held.id, true, "heard"))).to.include({ state: "recorded" });
      expectProblem(await post(held.appeal, { text: "Another." }), 409, "not-open-to-appeal");
    });

    it("that were rejected after an appeal are not heard again", async () => {
      const { held } = await hold();
      await wanted(200, post(held.appeal, { text: "I ran." }));
      await wanted(200, decide(held.id, false, "nobody runs like this"));
      expectProblem(await post(held.appeal, { text: "I did." }), 409, "not-open-to-appeal");
    });

    it("whose acceptance was cut off before the record are completed by the same decision", async () => {
      const { body, held } = await hold();
      await decideHeld(service.sql, BigInt(held.id), "held", "accepted", "it was a race");
      expect(await wanted(202, post("/v1/steps", body))).to.include({ state: "accepted" });
      const decided = await wanted(200, decide(held.id, true, "it was a race"));
      expect(decided).to.include({ state: "recorded", recorded: true });
    });

    it("whose acceptance was cut off after the record are completed without a second one", async () => {
      const { body, held } = await hold();
      const first = await wanted(200, decide(held.id, true, "it was a race"));
      const { platform: _, ...rest } = { platform: "", ...body };
      const kept = JSON.stringify({ platform: shop.merchant, ...rest });
      await service.sql`
        UPDATE held_steps SET state = 'accepted', body = ${kept} WHERE number = ${BigInt(held.id)}`;
      await service.sql`UPDATE held_steps_counts SET accepted = accepted + 1, recorded = recorded - 1`;
      const decided = await wanted(200, decide(held.id, true, "it was a race"));
      expect(decided).to.include({ state: "recorded", recorded: false });
      expect(decided.receipts).to.deep.equal(first.receipts);
    });

    it("change from the state that is expected only: of two decisions at once one counts", async () => {
      const { held } = await hold();
      const before = await counts();
      const both = await Promise.all([decide(held.id, true, "yes"), decide(held.id, false, "no")]);
      expect(both.map(({ status }) => status).toSorted()).to.deep.equal([200, 409]);
      const after = await counts();
      expect(Number(after.held)).to.equal(Number(before.held) - 1);
      const decided = Number(after.accepted) + Number(after.rejected);
      expect(decided).to.equal(Number(before.accepted) + Number(before.rejected) + 1);
    });

    it("cannot be accepted where another report of the day is recorded", async () => {
      const { held, body } = await hold();
      const [row] = await service.sql<
        HeldSteps[]
      >`SELECT * FROM held_steps WHERE number = ${BigInt(held.id)}`;
      const report = { ...JSON.parse(row?.body as string), hours: [...quietDay] };
      await ingestReports(service.services.ingest, [report]);
      expectProblem(await decide(held.id, true), 409, "day-recorded");
      expect(await wanted(200, decide(held.id, false))).to.include({ state: "rejected" });
      expectProblem(await post("/v1/steps", body), 409, "event-differs");
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

  it("that are erased leave nothing of the walker, also where they had been held", async () => {
    const { body, held } = await hold();
    await wanted(200, post(`/v1/steps/held/${held.id}/appeal`, { text: `${body.person} has a bad knee` }));
    const { receipts } = await wanted(200, decide(held.id, true));
    const workers = new TreeWorkers(1);
    await sealAndIndex(service.sql, service.services.ledger, workers);
    await workers.stop();
    const erasure = await post(`/v1/receipts/${receipts[0].id}/erasure`, {}, service.operatorKey);
    expect(erasure.status, JSON.stringify(erasure.body)).to.be.within(200, 202);
    const { left } = only(
      await service.sql<{ left: bigint }[]>`
        SELECT (SELECT count(*) FROM events WHERE strpos(body, ${body.person}) > 0)
          + (SELECT count(*) FROM receipts WHERE strpos(private, ${body.person}) > 0)
          + (SELECT count(*) FROM held_steps WHERE strpos(concat(body, appeal), ${body.person}) > 0) AS left`,
    );
    expect(left).to.equal(0n);
    expect(await wanted(200, get(`/v1/steps/held/${held.id}`))).to.include({
      state: "recorded",
      report: null,
    });
    expect((await wanted(200, decide(held.id, true))).receipts).to.equal(undefined);
  });

  it("that are held or rejected can be erased by their platform, and cannot be told once more", async () => {
    for (const isRejected of [false, true]) {
      const { body, held } = await hold();
      if (isRejected) await wanted(200, decide(held.id, false));
      await post(`/v1/steps/held/${held.id}/appeal`, { text: `${body.person} has a bad knee` });
      const erased = await wanted(200, post(`/v1/steps/held/${held.id}/erasure`, {}));
      expect([erased.state, erased.report, erased.reasons]).to.deep.equal(["rejected", null, []]);
      const [row] =
        await service.sql`SELECT held_steps::text AS text FROM held_steps WHERE number = ${held.id}`;
      expect(row?.text).not.to.contain(body.person);
      await wanted(200, post(`/v1/steps/held/${held.id}/erasure`, {}));
      expect((await post("/v1/steps", body)).status).to.equal(202);
      expect((await decide(held.id, true)).status).to.equal(409);
    }
  });

  it("leave no device behind once no report of its day is taken any more", async () => {
    const device = Buffer.alloc(16, 7);
    await service.sql`INSERT INTO step_devices (day, device, person) VALUES (20000, ${device}, ${device})`;
    await wanted(201, report());
    expect(await service.sql`SELECT FROM step_devices WHERE day = 20000`).to.have.length(0);
  });
});
