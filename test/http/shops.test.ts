// Charities' own shops over HTTP: price lists, sales, refunds, and what all of it comes to.

import { expect } from "chai";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import { recompute } from "../../server/programmes/recompute.ts";
import { verifyReceipt } from "../../server/protocol/verify.ts";
import { type Answer, call } from "../support/client.ts";
import { expectFieldProblem, expectProblem } from "../support/problems.ts";
import { sealAndIndex } from "../support/publishing.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { COMPLETED, LONG_AGO, openShop, purchaseOf, type Shop, wanted } from "../support/shop.ts";

const OWN = {
  programme: "charity-shop",
  share: undefined,
  outcome: { what: "lunch", unit: "MEAL", costs: "400" },
};

describe("a charity's own shop", () => {
  let service: TestService;
  let shop: Shop;
  let workers: TreeWorkers;

  before(async () => {
    workers = new TreeWorkers(1);
    service = await startTestService();
    shop = await openShop(service, { terms: OWN });
    await wanted(201, price({ product: "tea", price: "1300", outcome: "Three lunches, and a bit" }));
    await wanted(201, price({ product: "cup", price: "250" }));
  });
  after(async () => {
    await service.stop();
    await workers.stop();
  });

  const post = (path: string, body: object, key = shop.merchantKey) =>
    call(`${service.url}${path}`, { key, body });
  const get = (path: string) => wanted(200, call(`${service.url}${path}`));
  const price = (given: object, key?: string) =>
    post(
      `/v1/shops/${shop.merchant}/goods`,
      { title: "Something", currency: "CNY", from: LONG_AGO, ...given },
      key,
    );
  const sale = (order: string, items: object[], given: object = {}) => ({
    ...{ merchant: shop.merchant, order, completedAt: COMPLETED, currency: "CNY", items },
    ...given,
  });
  const seal = () => sealAndIndex(service.sql, service.services.ledger, workers);
  const fileOf = ({ id, key }: Answer["body"]) =>
    wanted(200, call(`${service.url}/v1/receipts/${id}`, { headers: { Authorization: `Receipt ${key}` } }));
  const shown = () => get(`/v1/shops/${shop.merchant}`);

  it("gives its whole proceeds, priced by its list, and each gift says how many lunches that is", async () => {
    const answer = await wanted(201, post("/v1/sales", sale("s-1", [{ product: "tea" }])));
    expect(answer.receipts.map(({ amount }: Answer["body"]) => amount)).to.deep.equal(["1300"]);
    const { details } = await fileOf(answer.receipts[0]);
    expect(details).to.include({
      ...{ programme: "charity-shop", product: "tea", price: "1300", outcome: "lunch" },
      ...{ outcomeWhole: "3", outcomeNumerator: "1", outcomeDenominator: "4" },
    });
    expect(await wanted(200, post("/v1/sales", sale("s-1", [{ product: "tea" }])))).to.deep.equal({
      ...answer,
      recorded: false,
    });
  });

  it("has its receipts recomputed by whoever holds the file, lunches and all", async () => {
    const answer = await wanted(201, post("/v1/sales", sale("s-2", [{ product: "tea", quantity: 3 }])));
    await seal();
    const { steps } = verifyReceipt(await fileOf(answer.receipts[0]), { recompute });
    expect(steps.find(({ step }) => step === "amount")).to.include({ ok: true });
  });

  it("refuses a price that is not the list's, a product that is not on it, and a sale that is not over", async () => {
    const refused = (items: object[], given: object = {}) => post("/v1/sales", sale("bad", items, given));
    const other = await refused([{ product: "tea", quantity: 2, price: "2599" }]);
    expectProblem(other, 422, "other-price");
    expect(other.body).to.include({ field: "items.0.price", came: "2599" });
    expect(other.body.wanted).to.contain("2600");
    expectProblem(await refused([{ product: "silk" }]), 422, "unknown-product");
    expectProblem(await refused([{ product: "tea" }], { currency: "JPY" }), 422, "unknown-product");
    const completedAt = new Date(Date.now() + 60_000).toISOString();
    expectProblem(await refused([{ product: "tea" }], { completedAt }), 422, "in-the-future");
    expectFieldProblem(await refused([{ product: "tea", quantity: 0 }]), "items.0.quantity");
  });

  it("keeps old prices: a change holds for later sales alone", async () => {
    const now = new Date().toISOString();
    expectProblem(await price({ product: "tea", price: "1500", from: now }), 422, "too-early");
    expectProblem(await price({ product: "tea", price: "1500" }), 409, "price-differs");
    const from = new Date(Date.now() + 3_600_000).toISOString();
    await wanted(201, price({ product: "tea", price: "1500", from }));
    await wanted(200, price({ product: "tea", price: "1500", from }));
    expectProblem(await price({ product: "tea", price: "1501", from }), 409, "price-differs");
    const answer = await wanted(201, post("/v1/sales", sale("s-3", [{ product: "tea" }])));
    expect(answer.receipts[0].amount).to.equal("1300");
    const { items } = await get(`/v1/shops/${shop.merchant}/goods/tea`);
    expect(items.map((each: Answer["body"]) => each.price)).to.deep.equal(["1500", "1300"]);
    const list = await get(`/v1/shops/${shop.merchant}/goods`);
    expect(list.items.map((each: Answer["body"]) => `${each.product} ${each.price}`)).to.deep.equal([
      ...["cup 250", "tea 1300"],
    ]);
  });

  it("prices a sale by what held at its moment, and sells no more what was taken off the list", async () => {
    const [long, later] = ["2025-02-01T00:00:00Z", new Date(Date.now() + 3_600_000).toISOString()];
    await wanted(201, price({ product: "bag", price: "800", from: long }));
    await wanted(201, price({ product: "bag", price: null, from: later }));
    const sold = (completedAt: string) =>
      post("/v1/sales", sale(`bag-${completedAt}`, [{ product: "bag" }], { completedAt }));
    expectProblem(await sold("2025-01-31T23:59:59Z"), 422, "unknown-product");
    expect((await wanted(201, sold(long))).receipts[0].amount).to.equal("800");
  });

  it("is priced by its own key and the operator's alone", async () => {
    const other = await openShop(service);
    expectProblem(await price({ product: "x", price: "1" }, other.merchantKey), 403, "wrong-subject");
    expectProblem(await price({ product: "x", price: "1" }, shop.charityKeys[0]), 403, "wrong-role");
    expectProblem(
      await post("/v1/sales", sale("s-9", [{ product: "tea" }]), other.merchantKey),
      403,
      "wrong-subject",
    );
    await wanted(201, price({ product: "operators", price: "1" }, service.operatorKey));
  });

  it("takes sales by the million: a bad line gets its problem, the others their receipts", async () => {
    const lines = [
      sale("b-1", [{ product: "cup" }]),
      sale("b-2", [{ product: "silk" }]),
      sale("b-3", [{ product: "cup" }]),
    ];
    const response = await fetch(`${service.url}/v1/sales/bulk`, {
      method: "POST",
      headers: { Authorization: `Bearer ${shop.merchantKey}`, "Content-Type": "application/x-ndjson" },
      body: lines.map((line) => JSON.stringify(line)).join("\n"),
    });
    const results = (await response.text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(results.map(({ status, order }) => [status, order])).to.deep.equal([
      [201, "b-1"],
      [422, "b-2"],
      [201, "b-3"],
    ]);
  });

  it("gives nothing of what is told as a purchase", async () => {
    const answer = await wanted(201, post("/v1/purchases", purchaseOf(shop.merchant, "p-1")));
    expect(answer.receipts).to.deep.equal([]);
  });

  it("has its sales refunded as purchases are", async () => {
    await wanted(201, post("/v1/sales", sale("r-1", [{ product: "cup", quantity: 4 }])));
    const refund = {
      merchant: shop.merchant,
      refund: "back-1",
      order: "r-1",
      refundedAt: "2025-12-01T00:00:00Z",
    };
    const part = { ...refund, items: [{ item: "cup", quantity: 1 }] };
    const answer = await wanted(201, post("/v1/refunds", part));
    expect(answer.receipts.map(({ kind, amount }: Answer["body"]) => [kind, amount])).to.deep.equal([
      [1, "250"],
    ]);
  });

  it("tells what all its gifts come to, less refunds: exactly what its receipts add up to", async () => {
    await seal();
    const { pledges, outcomes } = await shown();
    const [sums] = await service.sql<{ gifts: bigint; given: bigint; reversed: bigint }[]>`
      SELECT count(*) FILTER (WHERE kind = 0) AS gifts, coalesce(sum(amount) FILTER (WHERE kind = 0), 0)::bigint AS given,
        coalesce(sum(amount) FILTER (WHERE kind = 1), 0)::bigint AS reversed
      FROM receipts JOIN lines ON lines.id = line JOIN charities ON charities.id = charity
      WHERE registration = ${shop.charities[0]!}`;
    expect(pledges[0]).to.include({
      ...{ id: shop.pledge, gifts: `${sums!.gifts}` },
      ...{ given: `${sums!.given}`, reversed: `${sums!.reversed}` },
    });
    expect(sums!.reversed).to.equal(250n);
    const net = sums!.given - sums!.reversed;
    const { whole, numerator, denominator, served } = outcomes[0];
    expect((BigInt(whole) * BigInt(denominator) + BigInt(numerator)) * 400n).to.equal(
      net * BigInt(denominator),
    );
    expect(served).to.equal("0");
  });

  it("adds up exactly when a lunch costs more under a later pledge", async () => {
    const terms = { ...OWN, outcome: { ...OWN.outcome, costs: "300" } };
    const body = {
      merchant: shop.merchant,
      currency: "CNY",
      charities: [{ charity: shop.charities[0] }],
      startsAt: LONG_AGO,
      ...terms,
    };
    const { id } = await wanted(201, post("/v1/pledges", body));
    await wanted(200, post(`/v1/pledges/${id}/acceptance`, {}, shop.charityKeys[0]));
    const before = (await shown()).outcomes[0];
    await wanted(201, post("/v1/sales", sale("two", [{ product: "cup" }])));
    await seal();
    const { whole, numerator, denominator } = (await shown()).outcomes[0];
    const value = (each: { whole: string; numerator: string; denominator: string }) =>
      (BigInt(each.whole) * BigInt(each.denominator) + BigInt(each.numerator)) *
      (1200n / BigInt(each.denominator));
    // 250 at 400 and, under the second pledge, 250 at 300.
    expect(value({ whole, numerator, denominator }) - value(before)).to.equal(750n + 1000n);
  });

  it("is listed among shops, as other merchants are not", async () => {
    const other = await openShop(service);
    const { items } = await get("/v1/shops");
    expect(items.map(({ id }: Answer["body"]) => id))
      .to.include(shop.merchant)
      .and.not.include(other.merchant);
    expectProblem(await call(`${service.url}/v1/shops/${other.merchant}`), 404, "unknown-shop");
  });
});
