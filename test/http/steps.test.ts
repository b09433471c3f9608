// Days of steps over HTTP: what is recorded, what is refused, what is held with its reasons, and what is decided of it.

import { expect } from "chai";
import { charityId } from "../../server/protocol/ids.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { rulesDocument } from "../../server/programmes/steps/rules.ts";
import { type Answer, call, linesOf } from "../support/client.ts";
import { expectFieldProblem, expectProblem } from "../support/problems.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { keyFor, openShop, type Shop, wanted } from "../support/shop.ts";
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
  const day = (given: object = {}) =>
    dayOf(someone(), YESTERDAY, { charity: shop.charities[0], ...given });
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
    it("give the steps that count on the charity's line of steps, under the published rules", async () => {
      const { receipts } = await wanted(201, report({ hours: quietDay.with(20, 12_000) }));
      const { hash, batch } = await wanted(200, get("/v1/steps/rules"));
      expect(receipts).to.have.length(1);
      const counted = `${11_000 - 1_140 + 10_000}`;
      expect(receipts[0]).to.include({ unit: "STEP", amount: counted, terms: hash, kind: 0 });
      const { id, key } = receipts[0];
      const file = await call(`${service.url}/v1/receipts/${id}`, { headers: { Authorization: `Receipt ${key}` } });
      const { details } = file.body.receipt ?? file.body;
      expect(details).to.include({ programme: "steps", reported: 21_860, counted: Number(counted), day: YESTERDAY });
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

    it("when the daily goal is not reached by what counts", async () => {
      expectProblem(await report({ hours: new Array(24).fill(0).with(9, 30_000).with(3, 0).with(8, 0) }), 202 as never, "x")
    });

    it("when the day is not over, or too long ago", async () => {
      expectProblem(await report({ day: daysAgo(-1) }), 422, "day-ahead");
      expectProblem(await report({ day: daysAgo(0) }), 422, "day-ahead");
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
});
