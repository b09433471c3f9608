// Random JSON to every route that reads a body, random text to every route that reads a path: never a 5xx, always a
// problem document when it is refused.

import { expect } from "chai";
import fc from "fast-check";
import { routes } from "../../server/http/app.ts";
import type { Route } from "../../server/http/route.ts";
import { type Answer, call } from "../support/client.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, purchaseOf, type Shop, termsOf } from "../support/shop.ts";

const RUNS = 120;

describe("random input", () => {
  let service: TestService;
  let shop: Shop;

  before(async () => {
    service = await startTestService({ settings: { ANCHOR_WITHIN_SECONDS: "90000" } });
    shop = await openShop(service);
  });
  after(() => service.stop());

  const sale = () => ({
    ...purchaseOf(shop.merchant, "fuzz-sale"),
    items: [{ item: "1", product: "tea", quantity: 2, price: "2600", shipping: "0" }],
  });

  /** Bodies that would be right, as somewhere to start from. */
  const rightBodies = (): Record<string, object> => ({
    "/v1/purchases": purchaseOf(shop.merchant, "fuzz"),
    "/v1/purchases/bulk": purchaseOf(shop.merchant, "fuzz"),
    "/v1/refunds": {
      merchant: shop.merchant,
      refund: "r",
      order: "o",
      refundedAt: "2025-12-01T00:00:00Z",
      items: [{ item: "1" }],
    },
    "/v1/sales": sale(),
    "/v1/sales/bulk": sale(),
    "/v1/shops/{id}/goods": {
      ...{ product: "tea", title: "Tea", currency: "CNY", price: "1300", outcome: "Three lunches" },
      from: "2030-01-01T00:00:00Z",
    },
    "/v1/charities": { registration: "GB-CHC-FUZZ", name: "Fuzz", website: "https://x.example" },
    "/v1/merchants": { id: "fuzz", name: "Fuzz" },
    "/v1/pledges": termsOf(shop.merchant, shop.charities),
    "/v1/pledges/{id}/end": { at: "2030-01-01T00:00:00Z" },
    "/v1/charities/{id}/bank-account": { name: "Fuzz", iban: "DE89370400440532013000" },
    "/v1/donors/keys": { merchant: shop.merchant, buyer: "fuzz" },
    "/v1/donors/erasure": { merchant: shop.merchant, buyer: "fuzz" },
    "/v1/keys": { role: "merchant", subject: shop.merchant },
    "/v1/sign-in": { message: "gifts.example wants you to sign in", signature: "0x12" },
    "/v1/charities/{id}/acknowledgement": {
      typedData: {
        domain: { name: "Amanah", version: "1", salt: `0x${"12".repeat(32)}` },
        message: { charity: `0x${"12".repeat(32)}`, unit: `0x434e59${"0".repeat(58)}`, from: "0", upTo: "1" },
      },
      signature: `0x${"12".repeat(65)}`,
    },
    "/v1/charities/{id}/disbursements": {
      unit: "CNY",
      from: "0",
      upTo: "9",
      parts: [
        {
          from: "0",
          upTo: "9",
          project: "Lunches",
          place: { country: "CN", name: "Yunnan", lat: 25, lon: 102 },
          bought: [{ what: "lunches", count: "2", measure: "meals" }],
          evidence: [{ name: "bill", sha256: "a".repeat(64), bytes: 1, url: "https://x.example/bill" }],
        },
      ],
    },
  });

  const junk = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom(
      "\u0000",
      "\ud800",
      "__proto__",
      "constructor",
      "1e309",
      "-0",
      "0x10",
      "9".repeat(25),
      "٣",
      "",
      " ",
      "\u202e",
    ),
    fc.constantFrom(-1, 0.1, 1e300, 2 ** 53, null, true, [], {}),
  );
  const name = fc.constantFrom(
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "length",
    "0",
    "\u0000",
    "extra",
  );

  /** The right body with some places overwritten, taken away or added to. */
  function spoilt(right: object): fc.Arbitrary<unknown> {
    const places = placesOf(right);
    const change = fc.record({
      place: fc.constantFrom(...places),
      value: junk,
      added: fc.option(name),
      drop: fc.boolean(),
    });
    return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
      const copy = structuredClone(right);
      // What is put into another is a copy: a constant that holds itself would be in every later body.
      for (const { place, value, added, drop } of changes)
        put(copy, place, structuredClone(value), added, drop);
      return copy;
    });
  }

  function judge({ status, body }: Answer): void {
    expect(status, JSON.stringify(body)).to.be.below(500);
    if (status >= 400) expect(body.type).to.match(/^urn:amanah:problem:[a-z-]+$/);
  }

  for (const { method, path, callers = [] } of routes.filter((one) => one.method === "post")) {
    const name = `${method.toUpperCase()} ${path}`;
    it(`to ${name} is never a 5xx`, async () => {
      const right = rightBodies()[path] ?? {};
      const key = callers.includes("operator") ? service.operatorKey : shop.charityKeys[0]!;
      const bodies =
        Object.keys(right).length === 0 ? junk : fc.oneof({ weight: 4, arbitrary: spoilt(right) }, junk);
      const isBulk = path.endsWith("bulk");
      await fc.assert(
        fc.asyncProperty(bodies, async (body) => {
          const text = jsonOf(body);
          const type = isBulk ? "application/x-ndjson" : "application/json";
          const id = path.startsWith("/v1/charities/")
            ? (shop.charities[0] as string)
            : path.startsWith("/v1/shops/")
              ? shop.merchant
              : shop.pledge;
          const address = `${service.url}${path.replace("{id}", id)}`;
          const answer = await call(address, { key, body: text, type });
          judge(answer);
          if (isBulk) judge({ ...answer, status: answer.body.status });
        }),
        { numRuns: RUNS },
      );
    });
  }

  it("in paths and queries is never a 5xx", async () => {
    const ends = (route: Route) => !("stream" in route) || route.produces !== "text/event-stream";
    const paths = routes.filter((one) => one.method === "get" && ends(one)).map(({ path }) => path);
    const word = fc.oneof(
      fc.string({ unit: "binary", minLength: 1, maxLength: 60 }).filter((text) => text.isWellFormed()),
      fc.constantFrom("\u0000", "..", "%00", "0x", "-1", "9".repeat(30)),
    );
    const query = fc.array(
      fc.tuple(fc.constantFrom("after", "limit", "merchant", "charity", "__proto__", "x"), word),
      { maxLength: 3 },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), word, query, async (path, text, settings) => {
        const asked = new URLSearchParams(settings).toString();
        const address = path.replaceAll(/\{\w+\}/g, encodeURIComponent(text));
        const answer = await call(`${service.url}${address}?${asked}`);
        expect(answer.status, `${address}?${asked} ${JSON.stringify(answer.body).slice(0, 200)}`).to.be.below(
          500,
        );
      }),
      { numRuns: 4 * RUNS },
    );
  });
});

/** JSON as a rough client may write it: lone surrogates stay what they are. */
const jsonOf = (value: unknown): string => JSON.stringify(value) ?? "null";

type Place = readonly (string | number)[];

/** The paths of everything inside. */
function placesOf(value: unknown, at: Place = []): Place[] {
  if (typeof value !== "object" || value === null) return [at];
  const inner = Object.entries(value).flatMap(([key, each]) => placesOf(each, [...at, key]));
  return at.length === 0 ? inner : [at, ...inner];
}

/** Overwrites a place, takes it away, or adds a member beside it. */
function put(root: object, place: Place, value: unknown, added: string | null, drop: boolean): void {
  const parent = place
    .slice(0, -1)
    .reduce((inside: unknown, key) => (inside as Record<string, unknown> | undefined)?.[key], root);
  if (typeof parent !== "object" || parent === null) return;
  const key = String(place.at(-1));
  if (added !== null && !Array.isArray(parent))
    Object.defineProperty(parent, added, { value, enumerable: true, configurable: true, writable: true });
  else if (drop) Reflect.deleteProperty(parent, key);
  else Reflect.set(parent, key, value);
}
