// Three hours over HTTP: from the announcement to the receipt, by the code at the door and by reports of organisers' own
// systems, with everything that must not work.

import { expect } from "chai";
import { settleHours } from "../../server/ingest/hours.ts";
import { closeNow } from "../../server/jobs/seal.ts";
import { until } from "../support/charity.ts";
import { call, linesOf } from "../support/client.ts";
import {
  announce,
  asVolunteer,
  at,
  HOUR,
  type Organiser,
  openOrganiser,
  START,
  setClock,
} from "../support/hours.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { wanted } from "../support/shop.ts";

const WINDOW = 72 * HOUR;
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

  const post = (path: string, body: object, key?: string) =>
    call(`${service.url}${path}`, { body, ...(key === undefined ? {} : { key }) });
  const own = (activity: string, volunteer: string, step?: string, body: object = {}) =>
    call(`${service.url}/v1/activities/${activity}/attendance${step === undefined ? "" : `/${step}`}`, {
      headers: asVolunteer(volunteer),
      ...(step === undefined ? {} : { body }),
    });
  const named = (activity: string, volunteer: string, step: string, body: object, key = organiser.key) =>
    post(`/v1/activities/${activity}/attendances/${volunteer}/${step}`, body, key);
  const codeNow = async (activity: string) =>
    (await wanted(200, call(`${service.url}/v1/activities/${activity}/code`, { key: organiser.key }))).code;
  let titles = 0;
  const open = (given: object = {}) =>
    announce(service, organiser, { title: `Activity ${++titles}`, ...given }).then(({ id }) => id as string);
  const signUp = async (activity: string, body: object = {}) => {
    setClock(service, START - 24 * HOUR);
    return wanted(201, post(`/v1/activities/${activity}/sign-ups`, body));
  };
  /** Comes at the start and stays for three hours. */
  const attend = async (activity: string, key: string) => {
    setClock(service, START);
    await wanted(200, own(activity, key, "check-in", { code: await codeNow(activity) }));
    setClock(service, START + 3 * HOUR);
    return wanted(200, own(activity, key, "check-out", { code: await codeNow(activity) }));
  };
  const proposed = async (given: object = {}) => {
    const activity = await open(given);
    const { key, volunteer } = await signUp(activity);
    await attend(activity, key);
    setClock(service, START + 5 * HOUR);
    await wanted(200, named(activity, volunteer, "confirmation", {}));
    return { activity, key, volunteer };
  };

  /** Disputed by the volunteer, decided by the organiser, and disputed again. */
  const appeal = async () => {
    const { activity, key, volunteer } = await proposed();
    await wanted(200, own(activity, key, "dispute", { reason: "too little" }));
    const less = { checkIn: at(START), checkOut: at(START + HOUR), reason: "no" };
    await wanted(200, named(activity, volunteer, "decision", less));
    await wanted(200, own(activity, key, "dispute", { reason: "still too little" }));
    return { activity, volunteer };
  };
  const disputes = async (): Promise<Record<string, string>[]> => {
    const { items } = await wanted(200, call(`${service.url}/v1/disputes`, { key: service.operatorKey }));
    return items.map(({ activity, volunteer, reason, decision }: Record<string, string>) => ({
      ...{ activity, volunteer, reason, decision },
    }));
  };

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

  describe("what was counted", () => {
    it("is recorded only once the volunteer's 72 hours have passed, and then once", async () => {
      const { activity, key } = await proposed();
      setClock(service, START + 5 * HOUR + WINDOW - 1);
      await settleHours(service.services);
      expect((await wanted(200, own(activity, key))).state).to.equal("proposed");
      setClock(service, START + 5 * HOUR + WINDOW);
      await settleHours(service.services);
      const recorded = await wanted(200, own(activity, key));
      expect(recorded.state).to.equal("recorded");
      await settleHours(service.services);
      expect(await wanted(200, own(activity, key))).to.deep.equal(recorded);
    });

    it("is proposed by itself where the organiser says nothing within 72 hours after the end", async () => {
      const activity = await open();
      const { key } = await signUp(activity);
      await attend(activity, key);
      setClock(service, START + 4 * HOUR + WINDOW - 1);
      await settleHours(service.services);
      expect((await wanted(200, own(activity, key))).state).to.equal("checked-out");
      setClock(service, START + 4 * HOUR + WINDOW);
      await settleHours(service.services);
      expect((await wanted(200, own(activity, key))).state).to.equal("proposed");
    });

    it("is not recorded while it is disputed, and as decided when the volunteer agrees", async () => {
      const { activity, key, volunteer } = await proposed();
      await wanted(200, own(activity, key, "dispute", { reason: "I stayed until the end" }));
      setClock(service, START + 5 * HOUR + 2 * WINDOW);
      await settleHours(service.services);
      expect((await wanted(200, own(activity, key))).state).to.equal("disputed");
      const decision = {
        checkIn: at(START),
        checkOut: at(START + 4 * HOUR),
        reason: "the list says so, too",
      };
      await wanted(200, named(activity, volunteer, "decision", decision));
      const agreed = await wanted(200, own(activity, key, "agreement"));
      expect(agreed.counted).to.include({ tenths: 35 });
      expect(agreed.state).to.equal("recorded");
    });

    it("goes to the operator when the volunteer disputes what the organiser decided, whose word stands", async () => {
      const { activity, key, volunteer } = await proposed();
      await wanted(200, own(activity, key, "dispute", { reason: "too little" }));
      const less = { checkIn: at(START), checkOut: at(START + HOUR), reason: "no" };
      await wanted(200, named(activity, volunteer, "decision", less));
      const appealed = await wanted(200, own(activity, key, "dispute", { reason: "still too little" }));
      expect(appealed.state).to.equal("appealed");
      expect((await named(activity, volunteer, "decision", less)).status).to.equal(409);
      expect(await disputes()).to.deep.include({
        activity,
        volunteer,
        reason: "still too little",
        decision: "no",
      });
      const more = { ...less, checkOut: at(START + 4 * HOUR), reason: "seen on the picture" };
      const decided = await wanted(200, named(activity, volunteer, "decision", more, service.operatorKey));
      expect([decided.state, decided.counted.tenths]).to.deep.equal(["recorded", 35]);
      expect(await disputes()).to.deep.equal([]);
      const again = await wanted(200, named(activity, volunteer, "decision", more, service.operatorKey));
      expect(again).to.deep.equal(decided);
      const otherwise = await named(activity, volunteer, "decision", less, service.operatorKey);
      expect([otherwise.status, otherwise.body.came]).to.deep.equal([409, "recorded"]);
    });

    it("is listed for the operator alone, of all activities, page by page", async () => {
      const appealed = [await appeal(), await appeal()].map(
        ({ activity, volunteer }) => `${activity}/${volunteer}`,
      );
      expect((await call(`${service.url}/v1/disputes`, { key: organiser.key })).status).to.equal(403);
      const first = await wanted(
        200,
        call(`${service.url}/v1/disputes?limit=1`, { key: service.operatorKey }),
      );
      const rest = await wanted(
        200,
        call(`${service.url}/v1/disputes?after=${first.next}`, { key: service.operatorKey }),
      );
      const [listed] = first.items;
      expect(listed.announced).to.include({ id: listed.activity, organiser: organiser.registration });
      const found = [...first.items, ...rest.items].map((each) => `${each.activity}/${each.volunteer}`);
      expect(found).to.deep.equal(appealed.toSorted());
      expect(rest.next).to.equal(null);
    });

    it("cannot be disputed any more once the time for it has passed", async () => {
      const { activity, key } = await proposed();
      setClock(service, START + 5 * HOUR + WINDOW);
      const late = await own(activity, key, "dispute", { reason: "oh" });
      expect([late.status, late.body.type]).to.deep.equal([409, "urn:amanah:problem:too-late"]);
    });

    it("is recorded by the next step where the process died before the receipt, or behind it", async () => {
      const { activity, key } = await proposed();
      // As an agreement that was cut off leaves it: before the receipt, and then after it.
      await service.sql`UPDATE attendances SET state = 'agreed', due_at = 0 WHERE activity = ${bytes(activity)}`;
      await settleHours(service.services);
      const recorded = await wanted(200, own(activity, key));
      await service.sql`
        UPDATE attendances SET state = 'agreed', receipt = null WHERE activity = ${bytes(activity)}`;
      await settleHours(service.services);
      expect(await wanted(200, own(activity, key))).to.deep.equal(recorded);
      const receipts = await service.sql`SELECT FROM receipts WHERE terms = ${bytes(activity)}`;
      expect(receipts.length).to.equal(1);
    });

    it("of less than six minutes gives no receipt, and is over all the same", async () => {
      const activity = await open();
      const { key, volunteer } = await signUp(activity);
      setClock(service, START + 5 * HOUR);
      const times = { checkIn: at(START), checkOut: at(START + 359), reason: "called away" };
      await wanted(200, named(activity, volunteer, "by-hand", times));
      await wanted(200, named(activity, volunteer, "confirmation", {}));
      expect(await wanted(200, own(activity, key, "agreement"))).to.include({
        state: "recorded",
        receipt: null,
      });
    });

    it("is what the organiser tells of pieces, within the table's bounds", async () => {
      const activity = await open({ kind: "blood" });
      const { key, volunteer } = await signUp(activity);
      await attend(activity, key);
      expect((await named(activity, volunteer, "confirmation", {})).body.type).to.contain("wrong-pieces");
      expect((await named(activity, volunteer, "confirmation", { pieces: 3 })).status).to.equal(422);
      await wanted(200, named(activity, volunteer, "confirmation", { pieces: 2 }));
      const agreed = await wanted(200, own(activity, key, "agreement"));
      expect(agreed.counted.hours).to.equal("8.0");
    });

    it("is nobody else's to see or to change", async () => {
      const { activity, volunteer } = await proposed();
      const stranger = await signUp(await open());
      const other = await openOrganiser(service);
      expect((await own(activity, stranger.key)).status).to.equal(404);
      expect((await own(activity, "AAAA", "agreement")).status).to.equal(403);
      expect((await call(`${service.url}/v1/activities/${activity}/attendance`)).status).to.equal(401);
      expect((await named(activity, volunteer, "confirmation", {}, other.key)).status).to.equal(403);
      expect((await call(`${service.url}/v1/activities/${activity}/attendances`)).status).to.equal(401);
    });
  });

  describe("reports of organisers' own systems", () => {
    const whole = { checkIn: at(START), checkOut: at(START + 4 * HOUR) };

    it("are refused with other content, from another organiser, and for an activity that is not known", async () => {
      const activity = await open();
      const report = { activity, volunteer: "v-2", ...whole };
      await wanted(201, post("/v1/hours", report, organiser.key));
      const differs = await post("/v1/hours", { ...report, checkOut: at(START + HOUR) }, organiser.key);
      expect([differs.status, differs.body.differences[0].field]).to.deep.equal([409, "checkOut"]);
      const other = await openOrganiser(service);
      expect((await post("/v1/hours", report, other.key)).status).to.equal(403);
      const unknown = { ...report, activity: `0x${"12".repeat(32)}` };
      expect((await post("/v1/hours", unknown, organiser.key)).status).to.equal(404);
    });

    it("are refused for what is not over, did not happen then, or is told in pieces without any", async () => {
      const [activity, blood] = [await open(), await open({ kind: "blood" })];
      const refused = async (report: object) => (await post("/v1/hours", report, organiser.key)).body.type;
      const tomorrow = { checkIn: whole.checkIn, checkOut: at(Date.now() / 1000 + 24 * HOUR) };
      expect(await refused({ activity, volunteer: "v", ...tomorrow })).to.contain("in-the-future");
      const before = { checkIn: at(START - 2 * HOUR), checkOut: at(START - HOUR) };
      expect(await refused({ activity, volunteer: "v", ...before })).to.contain("outside-activity");
      expect(await refused({ activity: blood, volunteer: "v", ...whole })).to.contain("wrong-pieces");
      expect(await refused({ activity, volunteer: "v", ...whole, pieces: 1 })).to.contain("wrong-pieces");
    });

    it("come by the thousand, and bad lines do not disturb the good", async () => {
      const activity = await open();
      const lines = [
        { activity, volunteer: "b-1", ...whole },
        "{",
        { activity, volunteer: "b-1", ...whole },
        { activity, volunteer: "b-2", checkIn: whole.checkOut, checkOut: whole.checkIn },
        { activity, volunteer: "b-3", ...whole },
      ];
      const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
      const answer = await call(`${service.url}/v1/hours/bulk`, {
        key: organiser.key,
        body: text,
        type: "application/x-ndjson",
      });
      const results = linesOf(answer.body);
      expect(results.map(({ status }) => status)).to.deep.equal([201, 400, 200, 422, 201]);
      expect(results[0].receipts[0].id).to.equal(results[2].receipts[0].id);
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
    await until("erased", async () => (await details()) === null);
    expect(counted.tenths).to.equal(25);
    const [row] = await service.sql`
      SELECT name, display_name FROM volunteers JOIN attendances ON volunteer = volunteers.id
      WHERE activity = ${bytes(activity)}`;
    expect(row).to.deep.equal({ name: "erased", display_name: null });
    expect(await wanted(202, erase())).to.deep.equal({ receipts: 0 });
  });

  describe("a volunteer's year", () => {
    it("adds up what was recorded by kind, under the caps, and says what is missing to three hours", async () => {
      const name = "year-1";
      const told = async (given: object, more: object = {}) => {
        const activity = await open(given);
        const report = { activity, volunteer: name, checkIn: at(START), checkOut: at(START + HOUR), ...more };
        return wanted(201, post("/v1/hours", report, organiser.key));
      };
      await told({});
      for (let gift = 0; gift < 6; gift++) await told({ kind: "gift" }, { pieces: 1 });
      const activity = await open();
      setClock(service, START - HOUR);
      const { key } = await wanted(
        201,
        post(`/v1/activities/${activity}/sign-ups`, { volunteer: name }, organiser.key),
      );
      const year = await wanted(
        200,
        call(`${service.url}/v1/volunteers/me/years/2025`, { headers: asVolunteer(key) }),
      );
      expect(year.kinds).to.deep.equal([
        { kind: "offline", tenths: 10, counted: 10, hours: "1.0" },
        { kind: "gift", tenths: 6, counted: 5, hours: "0.5" },
      ]);
      expect([year.counted.hours, year.missing.hours, year.reached]).to.deep.equal(["1.5", "1.5", false]);
      const list = await wanted(
        200,
        call(`${service.url}/v1/volunteers/me/attendances`, { headers: asVolunteer(key) }),
      );
      expect(list.items.length).to.equal(8);
      const none = await wanted(
        200,
        call(`${service.url}/v1/volunteers/me/years/2024`, { headers: asVolunteer(key) }),
      );
      expect(none.missing.tenths).to.equal(30);
    });
  });
});
