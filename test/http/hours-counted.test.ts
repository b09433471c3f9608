// What was counted of a volunteer's time, over HTTP: proposed, agreed to, disputed, decided, and recorded once.

import { expect } from "chai";
import { settleHours } from "../../server/ingest/hours.ts";
import { call } from "../support/client.ts";
import { at, HOUR, type Organiser, openOrganiser, START, setClock } from "../support/hours.ts";
import { hoursActs } from "../support/hours-acts.ts";
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

  const { own, named, open, signUp, attend, proposed } = hoursActs(() => ({ service, organiser }));

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
});
