// Who may do what: no key, a key of another role, of another merchant or charity, a revoked key.

import { expect } from "chai";
import { routes } from "../../server/http/app.ts";
import { type Answer, call } from "../support/client.ts";
import { expectProblem } from "../support/problems.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { keyFor, openShop, purchaseOf, type Shop, termsOf, wanted } from "../support/shop.ts";

describe("API keys", () => {
  let service: TestService;
  let shop: Shop;
  let other: Shop;

  before(async () => {
    service = await startTestService();
    [shop, other] = [await openShop(service), await openShop(service)];
  });
  after(() => service.stop());

  const post = (path: string, key: string | undefined, body: unknown = {}): Promise<Answer> =>
    call(`${service.url}${path}`, { body, ...(key === undefined ? {} : { key }) });
  /** As the route is asked: a GET brings no body. */
  const ask = (method: "get" | "post", path: string, key: string | undefined): Promise<Answer> =>
    method === "post" ? post(path, key) : call(`${service.url}${path}`, key === undefined ? {} : { key });
  const refundOf = (merchant: string) => ({
    merchant,
    refund: "r",
    order: "o",
    refundedAt: "2025-12-01T00:00:00Z",
  });

  for (const { method, path, callers = [] } of routes.filter((route) => route.callers !== undefined)) {
    const address = path.replace("{id}", `0x${"0".repeat(64)}`);
    const name = `${method.toUpperCase()} ${path}`;

    it(`${name} wants a key`, async () => {
      const answer = await ask(method, address, undefined);
      expectProblem(answer, 401, "unknown-key");
      expect(answer.headers.get("www-authenticate")).to.equal("Bearer");
    });

    it(`${name} knows no made-up key, and no other way to show one`, async () => {
      expectProblem(await ask(method, address, "amanah_made-up"), 401, "unknown-key");
      for (const Authorization of [
        `Basic ${service.operatorKey}`,
        service.operatorKey,
        `Bearer ${service.operatorKey} x`,
      ]) {
        const answer = await call(`${service.url}${address}`, {
          ...(method === "post" ? { body: {} } : {}),
          headers: { Authorization },
        });
        expectProblem(answer, 401, "unknown-key");
      }
    });

    it(`${name} is for ${callers.join(" and ")} alone`, async () => {
      const keys = {
        operator: service.operatorKey,
        merchant: shop.merchantKey,
        charity: shop.charityKeys[0]!,
      };
      for (const [role, key] of Object.entries(keys)) {
        const { body } = await ask(method, address, key);
        expect(body.type === "urn:amanah:problem:wrong-role", role).to.equal(
          !callers.includes(role as never),
        );
      }
    });
  }

  it("of a merchant speak for that merchant alone", async () => {
    const wrong = (answer: Answer) => expectProblem(answer, 403, "wrong-subject");
    wrong(await post("/v1/purchases", shop.merchantKey, purchaseOf(other.merchant, "1")));
    wrong(await post("/v1/purchases?dryRun", shop.merchantKey, purchaseOf(other.merchant, "1")));
    wrong(await post("/v1/refunds", shop.merchantKey, refundOf(other.merchant)));
    wrong(await post("/v1/pledges", shop.merchantKey, termsOf(other.merchant, other.charities)));
    wrong(await post(`/v1/pledges/${other.pledge}/end`, shop.merchantKey));
  });

  it("of a charity accept only what names that charity, and the operator accepts for nobody", async () => {
    expectProblem(
      await post(`/v1/pledges/${shop.pledge}/acceptance`, other.charityKeys[0]),
      404,
      "not-in-pledge",
    );
    expectProblem(
      await post(`/v1/pledges/${shop.pledge}/acceptance`, service.operatorKey),
      403,
      "wrong-role",
    );
  });

  it("of the operator speak for every merchant", async () => {
    expect(
      (await post("/v1/purchases", service.operatorKey, purchaseOf(shop.merchant, "by-operator"))).status,
    ).to.equal(201);
  });

  it("stop working within five seconds of their revocation, and cannot be revoked twice", async () => {
    const key = await keyFor(service, "merchant", shop.merchant);
    expect((await post("/v1/purchases", key, purchaseOf(shop.merchant, "before"))).status).to.equal(201);
    await wanted(200, post("/v1/keys/revocation", service.operatorKey, { key }));
    expectProblem(await post("/v1/keys/revocation", service.operatorKey, { key }), 404, "unknown-key");
    const end = performance.now() + 5_500;
    let answer: Answer;
    do {
      await new Promise((resolve) => setTimeout(resolve, 200));
      answer = await post("/v1/purchases", key, purchaseOf(shop.merchant, "after"));
    } while (answer.status !== 401 && performance.now() < end);
    expectProblem(answer, 401, "unknown-key");
  });

  it("are shown once and kept as a hash", async () => {
    const key = await keyFor(service, "operator");
    const [row] =
      await service.sql`SELECT count(*) FROM api_keys WHERE hash::text || label || coalesce(subject, '') LIKE ${`%${key}%`}`;
    expect(key).to.match(/^amanah_[\w-]{43}$/);
    expect(row?.count).to.equal(0n);
  });
});
