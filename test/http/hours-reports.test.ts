// Volunteer time over HTTP as organisers' own systems report it, and as it adds up to a volunteer's year.

import { expect } from "chai";
import { call, linesOf } from "../support/client.ts";
import { asVolunteer, at, HOUR, type Organiser, openOrganiser, START, setClock } from "../support/hours.ts";
import { hoursActs } from "../support/hours-acts.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { wanted } from "../support/shop.ts";

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

  const { post, open } = hoursActs(() => ({ service, organiser }));

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
