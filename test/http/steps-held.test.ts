// Days of steps that look like no walk, over HTTP: held with their reasons, decided, appealed, and erased.

import { expect } from "chai";
import { ingestReports } from "../../server/ingest/steps.ts";
import { decideOnSteps } from "../../server/ingest/steps-decisions.ts";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import { only } from "../../server/store/database.ts";
import { decideHeld, type HeldSteps } from "../../server/store/held-steps.ts";
import { expectProblem } from "../support/problems.ts";
import { sealAndIndex } from "../support/publishing.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, type Shop, wanted } from "../support/shop.ts";
import { daysAgo, quietDay } from "../support/steps.ts";
import { ROCKED, stepsActs } from "../support/steps-acts.ts";

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

  const { someone, get, post, report, hold, decide, counts } = stepsActs(() => ({ service, shop }));

  const rowOf = async (id: string) =>
    only(await service.sql<HeldSteps[]>`SELECT * FROM held_steps WHERE number = ${BigInt(id)}`);

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
      for (const path of ["/v1/steps/held", `/v1/steps/held/${first.id}`])
        expect((await get(path)).headers.get("Cache-Control")).to.equal("private, no-store");
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

    it("are decided once by two who saw them undecided: the same is the same, another is told who was first", async () => {
      for (const accept of [true, false]) {
        const { held } = await hold();
        const undecided = await rowOf(held.id);
        await wanted(200, decide(held.id, accept, "looked at it"));
        const late = (accept: boolean) =>
          decideOnSteps(service.services.ingest, undecided, { accept, reason: "looked at it" });
        expect((await late(accept))?.receipts.length ?? 0).to.equal(accept ? 1 : 0);
        const refused = await late(!accept).catch((error) => error);
        expect(refused).to.include({ code: "already-decided" });
      }
    });

    it("cannot be accepted where another report of the day is recorded", async () => {
      const { held, body } = await hold();
      const report = { ...JSON.parse((await rowOf(held.id)).body as string), hours: [...quietDay] };
      await ingestReports(service.services.ingest, [report]);
      expectProblem(await decide(held.id, true), 409, "day-recorded");
      expect(await wanted(200, decide(held.id, false))).to.include({ state: "rejected" });
      expectProblem(await post("/v1/steps", body), 409, "event-differs");
    });
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
});
