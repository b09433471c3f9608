// Whatever comes in that is wrong gets a 4xx problem that names the field, what was wanted and what came; nothing of it is
// written.

import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { type Answer, call } from "../support/client.ts";
import { expectFieldProblem, expectProblem } from "../support/problems.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, purchaseOf, type Shop, termsOf } from "../support/shop.ts";

describe("bad input", () => {
  let service: TestService;
  let shop: Shop;
  let rowsBefore: unknown;

  const rows = () => service.sql`
    SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM receipts) AS receipts,
      (SELECT count(*) FROM pledges) AS pledges, (SELECT count(*) FROM merchants) AS merchants,
      (SELECT count(*) FROM charities) AS charities, (SELECT count(*) FROM api_keys) AS keys`;

  before(async () => {
    service = await startTestService();
    shop = await openShop(service, { terms: { share: { basisPoints: 10_000 } } });
    rowsBefore = await rows();
  });
  after(async () => {
    expect(await rows(), "nothing was half written").to.deep.equal(rowsBefore);
    await service.stop();
  });

  const post = (path: string, body: unknown, given: object = {}): Promise<Answer> =>
    call(`${service.url}${path}`, { key: service.operatorKey, body, ...given });
  const purchase = (given: object) => post("/v1/purchases", purchaseOf(shop.merchant, "bad", given));
  const item = (given: object) => purchase({ items: [{ item: "1", price: "100", ...given }] });

  describe("that cannot be read", () => {
    const cases: [string, unknown, object, number, string][] = [
      ["malformed JSON", '{"merchant": ', {}, 400, "malformed-json"],
      ["JSON with a comment", "{} // x", {}, 400, "malformed-json"],
      ["NaN", '{"quantity": NaN}', {}, 400, "malformed-json"],
      ["an empty body", "", {}, 422, "invalid"],
      ["text", "hello", { type: "text/plain" }, 415, "wrong-content-type"],
      ["a form", "a=1", { type: "application/x-www-form-urlencoded" }, 415, "wrong-content-type"],
      [
        "another character set",
        "{}",
        { type: "application/json; charset=klingon" },
        400,
        "malformed-request",
      ],
      [
        "an encoding that is not known",
        "{}",
        { headers: { "Content-Encoding": "rot13" } },
        400,
        "malformed-request",
      ],
      [
        "what is not gzip and says so",
        "{}",
        { headers: { "Content-Encoding": "gzip" } },
        400,
        "malformed-request",
      ],
      ["ten megabytes", `"${"x".repeat(10_000_000)}"`, {}, 413, "body-too-large"],
      [
        "ten megabytes in a few bytes of gzip",
        gzipSync(`"${"x".repeat(10_000_000)}"`),
        { headers: { "Content-Encoding": "gzip" } },
        413,
        "body-too-large",
      ],
      ["JSON nested 200,000 deep", `${"[".repeat(200_000)}${"]".repeat(200_000)}`, {}, 422, "invalid"],
      [
        "a field nested 200,000 deep",
        `{"merchant":${"[".repeat(200_000)}${"]".repeat(200_000)}}`,
        {},
        422,
        "invalid",
      ],
      ["null", "null", {}, 422, "invalid"],
      ["a list", "[]", {}, 422, "invalid"],
      ["a number", "7", {}, 422, "invalid"],
    ];
    for (const [what, body, given, status, code] of cases)
      it(`${what} is a ${status}`, async () => {
        expectProblem(await post("/v1/purchases", body, given), status, code);
      });

    it("bytes that are no UTF-8 are a 400", async () => {
      const bytes = Buffer.concat([Buffer.from('{"merchant":"'), Buffer.of(0xff, 0xc0), Buffer.from('"}')]);
      const answer = await post("/v1/purchases", bytes);
      expectProblem(answer, 400, "malformed-json");
      expectFieldProblem(answer, "body");
    });
  });

  describe("in a purchase", () => {
    const fields: [string, string, () => Promise<Answer>][] = [
      ["a price as a number", "items.0.price", () => item({ price: 100 })],
      ["a price as a float", "items.0.price", () => item({ price: "1.00" })],
      ["a price in exponents", "items.0.price", () => item({ price: "1e3" })],
      ["a negative price", "items.0.price", () => item({ price: "-1" })],
      ["a price above all reason", "items.0.price", () => item({ price: `${10n ** 30n}` })],
      ["a price just below 2^63", "items", () => item({ price: `${2n ** 63n - 1n}` })],
      ["shipping just below 2^63", "items", () => item({ shipping: `${2n ** 63n - 1n}` })],
      ["a quantity of 1.5", "items.0.quantity", () => item({ quantity: 1.5 })],
      ["a quantity of -1", "items.0.quantity", () => item({ quantity: -1 })],
      ["a quantity of 10^300", "items.0.quantity", () => item({ quantity: 1e300 })],
      ["a quantity as text", "items.0.quantity", () => item({ quantity: "2" })],
      ["NUL in a title", "items.0.title", () => item({ title: "a\u0000" })],
      ["half a character in a title", "items.0.title", () => item({ title: "\udfff" })],
      ["a title of 201 characters", "items.0.title", () => item({ title: "x".repeat(201) })],
      ["an unknown field in an item", "items.0.colour", () => item({ colour: "red" })],
      ["an unknown field", "coupon", () => purchase({ coupon: 1 })],
      ["a field called constructor", "constructor", () => purchase({ constructor: 1 })],
      [
        "the same item twice",
        "items",
        () =>
          purchase({
            items: [
              { item: "1", price: "1" },
              { item: "1", price: "1" },
            ],
          }),
      ],
      ["no items", "items", () => purchase({ items: [] })],
      ["items that are no list", "items", () => purchase({ items: { 0: { item: "1", price: "1" } } })],
      ["an order number with a slash", "order", () => purchase({ order: "a/b" })],
      ["an order number of 101 characters", "order", () => purchase({ order: "x".repeat(101) })],
      ["no merchant", "merchant", () => purchase({ merchant: undefined })],
      ["a merchant that is null", "merchant", () => purchase({ merchant: null })],
      ["a merchant that is not registered", "merchant", () => purchase({ merchant: "nobody" })],
      ["a currency that is none", "currency", () => purchase({ currency: "XYZ" })],
      ["a currency of another form", "currency", () => purchase({ currency: "yuan" })],
      ["a time without its offset", "completedAt", () => purchase({ completedAt: "2025-11-11T08:00:00" })],
      ["a time as a number", "completedAt", () => purchase({ completedAt: 1_762_819_200 })],
      ["the 30th of February", "completedAt", () => purchase({ completedAt: "2025-02-30T08:00:00Z" })],
      ["the year 9999", "completedAt", () => purchase({ completedAt: "9999-12-31T23:59:59Z" })],
      ["a buyer that is an object", "buyer", () => purchase({ buyer: { name: "x" } })],
    ];
    for (const [what, field, send] of fields)
      it(`${what} is refused, naming ${field}`, async () => {
        expectFieldProblem(await send(), field);
      });

    it("__proto__ is a field like any other: unknown", async () => {
      const body = JSON.stringify(purchaseOf(shop.merchant, "bad")).replace(
        "{",
        '{"__proto__":{"merchant":"x"},',
      );
      expectFieldProblem(await post("/v1/purchases", body), "__proto__");
    });

    it("many faults are told at once, at most twenty, and long values are cut short", async () => {
      const items = Array.from({ length: 50 }, () => ({ item: "x".repeat(5_000), price: 1 }));
      const answer = await purchase({ items });
      expect(answer.body.errors).to.have.length(20);
      expect(JSON.stringify(answer.body).length).to.be.below(10_000);
    });

    it("an unknown setting of the query is refused, and so is a wrong value of a known one", async () => {
      const body = purchaseOf(shop.merchant, "bad");
      expectFieldProblem(await post("/v1/purchases?dryrun=1", body), "dryrun");
      expectFieldProblem(await post("/v1/purchases?dryRun=maybe", body), "dryRun");
    });
  });

  describe("elsewhere", () => {
    const terms = (given: object) => post("/v1/pledges", termsOf(shop.merchant, shop.charities, given));
    const refund = (given: object) =>
      post("/v1/refunds", {
        merchant: shop.merchant,
        refund: "r",
        order: "none",
        refundedAt: "2025-12-01T00:00:00Z",
        ...given,
      });
    const charity = (given: object) =>
      post("/v1/charities", { registration: "GB-CHC-0", name: "x", ...given });
    const fields: [string, string, () => Promise<Answer>][] = [
      ["a pledge of 0 basis points", "share.basisPoints", () => terms({ share: { basisPoints: 0 } })],
      ["a pledge in a currency that is none", "currency", () => terms({ currency: "ABC" })],
      ["a pledge of a merchant that is not registered", "merchant", () => terms({ merchant: "nobody" })],
      [
        "a pledge to a charity that is not registered",
        "charities",
        () => terms({ charities: [{ charity: "GB-CHC-0" }] }),
      ],
      [
        "a pledge to a charity twice",
        "charities",
        () => terms({ charities: [shop.charities[0], shop.charities[0]].map((one) => ({ charity: one })) }),
      ],
      ["a pledge that ends before it starts", "endsAt", () => terms({ endsAt: "2024-01-01T00:00:00Z" })],
      ["a refund of items that are none", "items", () => refund({ items: [] })],
      ["a refund in the far future", "refundedAt", () => refund({ refundedAt: "9999-01-01T00:00:00Z" })],
      [
        "a refund of a negative price",
        "items.0.price",
        () => refund({ items: [{ item: "1", price: "-5" }] }),
      ],
      ["NUL in a charity's name", "name", () => charity({ name: "\u0000" })],
      ["half a character in a charity's name", "name", () => charity({ name: "\ud800" })],
      ["a charity's name of spaces", "name", () => charity({ name: "   " })],
      ["a website that is a script", "website", () => charity({ website: "javascript:alert(1)" })],
      ["a website with NUL in it", "website", () => charity({ website: "https://x.example/\u0000" })],
      ["an account that is none", "payee", () => charity({ payee: "0x1234" })],
      ["a rail that is none", "rail", () => charity({ rail: "cash" })],
      ["a registration id of another form", "registration", () => charity({ registration: "Red Cross" })],
      ["NUL in a merchant's name", "name", () => post("/v1/merchants", { id: "m", name: "\u0000" })],
      ["a merchant id with a slash", "id", () => post("/v1/merchants", { id: "a/b", name: "x" })],
      ["a key of a role that is none", "role", () => post("/v1/keys", { role: "admin" })],
      ["a merchant's key for nobody", "subject", () => post("/v1/keys", { role: "merchant" })],
      [
        "a merchant's key for one that is not registered",
        "subject",
        () => post("/v1/keys", { role: "merchant", subject: "nobody" }),
      ],
      [
        "an operator's key for somebody",
        "subject",
        () => post("/v1/keys", { role: "operator", subject: "x" }),
      ],
      ["NUL in a key's label", "label", () => post("/v1/keys", { role: "operator", label: "\u0000" })],
      ["NUL in a key's subject", "subject", () => post("/v1/keys", { role: "merchant", subject: "\u0000" })],
    ];
    for (const [what, field, send] of fields)
      it(`${what} is refused, naming ${field}`, async () => {
        expectFieldProblem(await send(), field);
      });

    for (const path of [
      "/v1/merchants/%00",
      "/v1/merchants?after=%00",
      "/v1/charities/%00",
      "/v1/charities/%20",
      `/v1/charities/${"x".repeat(201)}`,
      "/v1/charities?after=%00",
      "/v1/lines/GB-CHC-1/%00",
      "/v1/lines?after=%00%20%00",
      "/v1/lines?charity=",
      "/v1/pledges?merchant=%00",
      "/v1/pledges?after=xyz",
      "/v1/pledges/xyz",
      "/v1/batches/0",
      "/v1/batches/-1",
      "/v1/batches/1.5",
      "/v1/batches/99999999999999999999",
      "/v1/batches/9223372036854775807",
      "/v1/batches?after=x",
      "/v1/batches?limit=0",
      "/v1/batches?limit=1001",
      "/v1/batches?limit=1&limit=2",
      "/v1/merchants?__proto__=1",
      "/v1/receipts/0x",
      `/v1/receipts/0x${"g".repeat(32)}`,
      `/v1/receipts/0x${"0".repeat(32)}`,
      "/v1/merchants/%E0%A4%A",
      "/v1/nothing",
    ])
      it(`GET ${path.slice(0, 50)} is a 4xx`, async () => {
        const { status, body } = await call(`${service.url}${path}`);
        expect(status, JSON.stringify(body)).to.be.within(400, 499);
        expect(body.type).to.match(/^urn:amanah:problem:/);
      });

    it("a method that is not there is a 404 problem", async () => {
      for (const method of ["PUT", "DELETE", "PATCH", "GET"])
        expectProblem(
          await call(`${service.url}/v1/purchases`, { method, key: service.operatorKey }),
          404,
          "no-such-path",
        );
    });
  });
});
