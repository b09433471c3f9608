// The package entry `amanah/client`: typed by the API's own description, against the real service. That this file passes the
// type check is part of the test.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createClient, type Problem } from "amanah/client";
import { expect } from "chai";
import { ROOT } from "../../scripts/child.ts";
import { type Description, typeOf, typesOf } from "../../scripts/client/types-of.ts";
import { call } from "../support/client.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, type Shop } from "../support/shop.ts";

describe("amanah/client", () => {
  let service: TestService;
  let shop: Shop;

  before(async () => {
    service = await startTestService();
    shop = await openShop(service);
  });
  after(() => service.stop());

  it("has the types of the API as it is: whoever changes the API runs `npm run client`", async () => {
    const description = (await call(`${service.url}/openapi.json`)).body as Description;
    expect(readFileSync(join(ROOT, "client", "schema.d.ts"), "utf8")).to.equal(typesOf(description));
  });

  it("reports a purchase and opens its receipt", async () => {
    const client = createClient({ url: service.url, key: shop.merchantKey });
    const { data, response } = await client.POST("/v1/purchases", {
      body: {
        merchant: shop.merchant,
        order: "typed-1",
        completedAt: "2025-11-11T08:00:00+08:00",
        currency: "CNY",
        items: [{ item: "1", price: "1250" }],
      },
    });
    expect(response.status).to.equal(201);
    if (data === undefined || !("receipts" in data)) throw new Error("wanted an answer with receipts");
    const [receipt] = data.receipts;
    const amount: string | undefined = receipt?.amount;
    expect(amount).to.equal("13");
    const opened = await createClient({ url: service.url }).GET("/v1/receipts/{id}", {
      params: { path: { id: receipt!.id } },
    });
    expect(opened.response.status).to.equal(200);
    expect(opened.data).to.be.an("object");
  });

  it("gives problems their type", async () => {
    const client = createClient({ url: service.url });
    const { data, error } = await client.GET("/v1/merchants/{id}", { params: { path: { id: "nobody" } } });
    expect(data).to.equal(undefined);
    const problem: Problem | undefined = error;
    expect(problem).to.include({ type: "urn:amanah:problem:unknown-merchant", status: 404 });
  });

  it("refuses at compile time what the API would refuse", () => {
    const client = createClient({ url: service.url });
    // Never called: what counts is that each error is one.
    const wrong = () => {
      // @ts-expect-error there is no such path
      void client.GET("/v1/no-such-thing");
      const item = { item: "1", price: 1 };
      const body = { merchant: "m", refund: "r", order: "o", refundedAt: "x", items: [item] };
      // @ts-expect-error an amount is a decimal string, never a number
      void client.POST("/v1/refunds", { body });
    };
    expect(wrong).to.be.a("function");
  });

  it("prints every form of schema that a description may hold", () => {
    const of = (schema: object) => typeOf(schema).replace(/\s+/g, " ");
    expect(of({ const: "a" })).to.equal('"a"');
    expect(of({ enum: ["a", 1] })).to.equal('"a" | 1');
    expect(of({ type: ["string", "null"] })).to.equal("string | null");
    expect(of({ type: "array", items: { anyOf: [{ type: "integer" }, { type: "null" }] } })).to.equal(
      "(number | null)[]",
    );
    expect(of({ type: "array", prefixItems: [{ type: "string" }, {}] })).to.equal("[string, unknown]");
    expect(of({ allOf: [{ $ref: "#/components/schemas/A" }, { type: "boolean" }] })).to.equal(
      'components["schemas"]["A"] & boolean',
    );
    expect(of({ type: "object" })).to.equal("Record<string, never>");
    expect(of({ type: "object", additionalProperties: { type: "string" } })).to.equal(
      "{ [name: string]: string }",
    );
    const open = { type: "object", properties: { "a-b": {} }, required: ["a-b"], additionalProperties: {} };
    expect(of(open)).to.equal('{ "a-b": unknown; [name: string]: unknown; }');
  });
});
