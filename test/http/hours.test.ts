// Three hours over HTTP: from the announcement to the receipt, by the code at the door, with everything that must not work.
// What was counted and may be disputed is in hours-counted.test.ts, reports and years are in hours-reports.test.ts.

import { expect } from "chai";
import { closeNow } from "../../server/jobs/seal.ts";
import { call } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { asVolunteer, at, HOUR, type Organiser, openOrganiser, START, setClock } from "../support/hours.ts";
import { hoursActs } from "../support/hours-acts.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { wanted } from "../support/shop.ts";

const bytes = (hex: string) => Buffer.from(hex.slice(2), "hex");

describe("/v1/activities and /v1/hours", function () {
  this.timeout(60_000);
  let service: TestService;
  let organiser: Organiser;

  before(async () => {
    service = await startTestService({ settings: { PROMISE_KEY: `0x${"07".repeat(32)}` } });
    organiser = await openOrganiser(service);
  });
  after(() => service.stop());
  afterEach(() => setClock(service, undefined));

  const { post, own, named, codeNow, open, signUp, proposed } = hoursActs(() => ({ service, organiser }));

  it("record one receipt of the effective minutes once the volunteer agrees, and the same when asked again", async () => {
    const { activity, key } = await proposed();
    const agreed = await wanted(200, own(activity, key, "agreement"));
    expect(agreed).to.include({ state: "recorded" });
    expect(agreed.counted).to.deep.equal({ effectiveMinutes: 150, tenths: 25, hours: "2.5" });
    const again = await wanted(200, own(activity, key, "agreement"));
    expect(again).to.deep.equal(agreed);
    const receipt = await wanted(
      200,
      call(`${service.url}/v1/receipts/${agreed.receipt}`, {
        headers: { Authorization: `Receipt ${agreed.receiptKey}` },
      }),
    );
    expect(receipt.receipt).to.include({ unit: "MINUTE", amount: "150", terms: activity });
    expect(receipt.details).to.include({
      programme: "three-hours",
      charity: organiser.registration,
      item: "offline",
      kindOfService: "offline",
      activity,
      effectiveMinutes: 150,
      tenths: 25,
      startedAt: START,
      endedAt: START + 3 * HOUR,
    });
  });

  it("publish the announcement in an earlier batch than the first receipt that names it", async () => {
    const { activity, key } = await proposed();
    const { batch } = await wanted(200, call(`${service.url}/v1/activities/${activity}`));
    const { receipt } = await wanted(200, own(activity, key, "agreement"));
    const [row] =
      await service.sql`SELECT batch FROM receipts WHERE id = ${Buffer.from(receipt.slice(2), "hex")}`;
    expect(Number(row!.batch)).to.be.above(Number(batch));
    const document = await wanted(200, call(`${service.url}/v1/documents/${activity}`));
    expect(document).to.include({ format: "amanah-activity/1", organiser: organiser.registration });
  });

  it("count an attendance that an organiser's own system reports, and answer with the promise", async () => {
    const activity = await open();
    const report = { activity, volunteer: "v-1", checkIn: at(START), checkOut: at(START + 4 * HOUR) };
    const answer = await wanted(201, post("/v1/hours", report, organiser.key));
    expect(answer.receipts[0]).to.include({ unit: "MINUTE", amount: "210", charity: organiser.registration });
    expect(answer.receipts[0].promise).to.have.property("signature");
    const again = await wanted(200, post("/v1/hours", report, organiser.key));
    expect(again.receipts[0].id).to.equal(answer.receipts[0].id);
  });

  describe("signing up", () => {
    it("takes one of the places, gives it back before the start, and refuses whoever comes when all are taken", async () => {
      const activity = await open({ places: 1 });
      const first = await signUp(activity);
      expect(first.key).to.match(/^[\w-]{43}$/);
      const full = await post(`/v1/activities/${activity}/sign-ups`, {});
      expect([full.status, full.body.type]).to.deep.equal([409, "urn:amanah:problem:activity-full"]);
      expect((await wanted(200, own(activity, first.key, "withdrawal"))).state).to.equal("withdrawn");
      expect((await wanted(200, own(activity, first.key, "withdrawal"))).state).to.equal("withdrawn");
      await signUp(activity);
      const again = await call(`${service.url}/v1/activities/${activity}/sign-ups`, {
        body: {},
        headers: asVolunteer(first.key),
      });
      expect(again.status).to.equal(409);
      expect((await wanted(200, call(`${service.url}/v1/activities/${activity}`))).free).to.equal(0);
    });

    it("never gives more places than there are to those who come at the same moment", async () => {
      const activity = await open({ places: 2 });
      setClock(service, START - HOUR);
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => post(`/v1/activities/${activity}/sign-ups`, {})),
      );
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([
        201, 201, 409, 409, 409, 409, 409, 409,
      ]);
    });

    it("is the same for the same person, and for a page that repeats itself", async () => {
      const activity = await open();
      const once = "a-random-word-of-the-pages-own";
      const first = await signUp(activity, { once });
      const again = await wanted(200, post(`/v1/activities/${activity}/sign-ups`, { once }));
      expect(again.key).to.equal(first.key);
      const key = await call(`${service.url}/v1/activities/${activity}/sign-ups`, {
        body: {},
        headers: asVolunteer(first.key),
      });
      expect([key.status, key.body.volunteer]).to.deep.equal([200, first.volunteer]);
    });

    it("lets only a platform or the organiser name a volunteer, each under names of its own", async () => {
      const activity = await open();
      setClock(service, START - HOUR);
      const path = `/v1/activities/${activity}/sign-ups`;
      expect((await post(path, { volunteer: "ana" })).status).to.equal(422);
      const byOrganiser = await wanted(201, post(path, { volunteer: "ana" }, organiser.key));
      const byPlatform = await wanted(201, post(path, { volunteer: "ana" }, service.operatorKey));
      expect(byOrganiser.volunteer).not.to.equal(byPlatform.volunteer);
      const other = await openOrganiser(service);
      expect((await post(path, { volunteer: "ana" }, other.key)).status).to.equal(403);
    });

    it("cannot be withdrawn once the activity has begun, nor made once it is over", async () => {
      const activity = await open();
      const { key } = await signUp(activity);
      setClock(service, START);
      expect((await own(activity, key, "withdrawal")).body.type).to.equal(
        "urn:amanah:problem:activity-begun",
      );
      setClock(service, START + 4 * HOUR);
      const late = await post(`/v1/activities/${activity}/sign-ups`, {});
      expect(late.body.type).to.equal("urn:amanah:problem:activity-over");
    });
  });

  describe("the code at the door", () => {
    it("is given to the organiser alone", async () => {
      const activity = await open();
      const other = await openOrganiser(service);
      const path = `${service.url}/v1/activities/${activity}/code`;
      const statuses = await Promise.all([
        call(path),
        call(path, { key: other.key }),
        call(path, { key: organiser.key }),
      ]);
      expect(statuses.map(({ status }) => status)).to.deep.equal([401, 403, 200]);
    });

    it("works in its half minute and the one behind it, never later", async () => {
      const activity = await open();
      const { key } = await signUp(activity);
      setClock(service, START);
      const code = await codeNow(activity);
      setClock(service, START + 60);
      const late = await own(activity, key, "check-in", { code });
      expect([late.status, late.body.type]).to.deep.equal([403, "urn:amanah:problem:wrong-code"]);
      setClock(service, START + 59);
      const inTime = await wanted(200, own(activity, key, "check-in", { code }));
      expect(inTime).to.include({
        state: "checked-in",
        checkIn: new Date((START + 59) * 1000).toISOString(),
      });
    });

    it("of another activity opens nothing, and none opens a door that is closed", async () => {
      const [activity, another] = [await open(), await open()];
      const { key } = await signUp(activity);
      setClock(service, START);
      expect((await own(activity, key, "check-in", { code: await codeNow(another) })).status).to.equal(403);
      setClock(service, START - HOUR - 1);
      const early = await own(activity, key, "check-in", { code: await codeNow(activity) });
      expect(early.body.type).to.equal("urn:amanah:problem:door-closed");
    });

    it("checks in once: a second time changes nothing, and so does a second check-out", async () => {
      const activity = await open();
      const { key } = await signUp(activity);
      setClock(service, START);
      const first = await wanted(200, own(activity, key, "check-in", { code: await codeNow(activity) }));
      setClock(service, START + HOUR);
      const second = await wanted(200, own(activity, key, "check-in", { code: await codeNow(activity) }));
      expect(second).to.deep.equal(first);
      const out = await wanted(200, own(activity, key, "check-out", { code: await codeNow(activity) }));
      setClock(service, START + 2 * HOUR);
      const later = await wanted(200, own(activity, key, "check-out", { code: await codeNow(activity) }));
      expect(later).to.deep.equal(out);
    });

    it("does not check out whoever has not checked in", async () => {
      const activity = await open();
      const { key } = await signUp(activity);
      setClock(service, START);
      const answer = await own(activity, key, "check-out", { code: await codeNow(activity) });
      expect([answer.status, answer.body.type]).to.deep.equal([409, "urn:amanah:problem:wrong-state"]);
    });

    it("can be done without: by hand, with a reason, and how often that was is public", async () => {
      const activity = await open();
      const { volunteer } = await signUp(activity);
      setClock(service, START + 5 * HOUR);
      const times = { checkIn: at(START), checkOut: at(START + HOUR) };
      expect((await named(activity, volunteer, "by-hand", times)).status).to.equal(422);
      const set = await wanted(
        200,
        named(activity, volunteer, "by-hand", { ...times, reason: "phone was empty" }),
      );
      expect(set).to.include({ state: "checked-out", byHand: "phone was empty" });
      expect((await wanted(200, call(`${service.url}/v1/activities/${activity}`))).byHand).to.equal(1);
      const future = { checkIn: at(START), checkOut: at(START + 6 * HOUR), reason: "?" };
      expect((await named(activity, volunteer, "by-hand", future)).body.type).to.contain("in-the-future");
    });
  });

  it("forget a volunteer who asks for it: names at once, the details of receipts with the batch", async () => {
    const { activity, key } = await proposed();
    await wanted(200, own(activity, key, "agreement"));
    const erase = () =>
      call(`${service.url}/v1/volunteers/me/erasure`, { body: {}, headers: asVolunteer(key) });
    expect(await wanted(202, erase())).to.deep.equal({ receipts: 1 });
    await closeNow(service.sql);
    const { receipt, counted, receiptKey } = await wanted(200, own(activity, key));
    const headers = { Authorization: `Receipt ${receiptKey}` };
    const details = async () =>
      (await wanted(200, call(`${service.url}/v1/receipts/${receipt}`, { headers }))).details;
    await eventually("erased", async () => (await details()) === null);
    expect(counted.tenths).to.equal(25);
    const [row] = await service.sql`
      SELECT name, display_name FROM volunteers JOIN attendances ON volunteer = volunteers.id
      WHERE activity = ${bytes(activity)}`;
    expect(row).to.deep.equal({ name: "erased", display_name: null });
    expect(await wanted(202, erase())).to.deep.equal({ receipts: 0 });
  });
});
