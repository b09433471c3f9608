// What shops' systems tell, through the real service: signatures, what is recorded, and what telling again does.

import { expect } from "chai";
import { type Answer, call } from "../support/client.ts";
import { expectProblem } from "../support/problems.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, type Shop, wanted } from "../support/shop.ts";
import { shopifyOrder, shopifyRefund, signatureOf, wooOrder } from "../support/shop-systems.ts";

const SECRET = "shpss_0123456789abcdef";
const NEWER = "shpss_fedcba9876543210";

describe("shop systems", () => {
  let service: TestService;
  let shop: Shop;

  before(async () => {
    service = await startTestService();
  });
  after(() => service.stop());
  beforeEach(async () => {
    shop = await openShop(service, { terms: { share: { basisPoints: 1000 } } });
    for (const system of ["shopify", "woocommerce"]) await wanted(201, setSecret(system, SECRET));
  });

  const path = (rest: string) => `${service.url}/v1/merchants/${shop.merchant}/${rest}`;
  const setSecret = (system: string, secret: string) =>
    call(path("shop-systems"), { key: shop.merchantKey, body: { system, secret } });
  const shopify = (topic: string, body: string, signature = signatureOf(SECRET, body)): Promise<Answer> =>
    call(path("shopify"), {
      body,
      headers: {
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": signature,
        "X-Shopify-Webhook-Id": "b54557e4",
      },
    });
  const woo = (body: string, topic = "order.updated"): Promise<Answer> =>
    call(path("woocommerce"), {
      body,
      headers: { "X-WC-Webhook-Topic": topic, "X-WC-Webhook-Signature": signatureOf(SECRET, body) },
    });
  const told = async () => {
    const rows = await service.sql<{ body: string }[]>`
      SELECT body FROM events WHERE body::jsonb->>'merchant' = ${shop.merchant} ORDER BY accepted_at, body::jsonb ? 'refund'`;
    return rows.map(({ body }) => JSON.parse(body));
  };
  const amounts = async () => {
    const rows = await service.sql<{ kind: number; amount: bigint }[]>`
      SELECT kind, amount FROM receipts WHERE private::jsonb->>'merchant' = ${shop.merchant} ORDER BY kind, amount`;
    return rows.map(({ kind, amount }) => [kind, `${amount}`]);
  };

  it("are not believed without the signature of a secret in force, whoever the merchant is", async () => {
    const body = shopifyOrder();
    expectProblem(await shopify("orders/fulfilled", body, ""), 401, "unknown-signature");
    expectProblem(
      await shopify("orders/fulfilled", body, signatureOf(NEWER, body)),
      401,
      "unknown-signature",
    );
    expectProblem(
      await shopify("orders/fulfilled", body, signatureOf(SECRET, `${body} `)),
      401,
      "unknown-signature",
    );
    const nobody = await call(`${service.url}/v1/merchants/nobody/shopify`, { body });
    expectProblem(nobody, 401, "unknown-signature");
    expect(await told()).to.deep.equal([]);
  });

  it("may change their secret: for a week the one before counts too, then any older one does not", async () => {
    const body = shopifyOrder();
    await wanted(200, setSecret("shopify", SECRET));
    await wanted(201, setSecret("shopify", NEWER));
    await wanted(200, shopify("orders/fulfilled", body, signatureOf(SECRET, body)));
    await wanted(200, shopify("orders/fulfilled", body, signatureOf(NEWER, body)));
    const { items } = await wanted(200, call(path("shop-systems"), { key: shop.merchantKey }));
    expect(JSON.stringify(items)).not.to.contain("shpss");
    expect(items[0].formerUntil).to.be.a("string");
    await service.sql`UPDATE shop_systems SET until = now() - interval '1 second' WHERE until IS NOT NULL`;
    expectProblem(await shopify("orders/fulfilled", body), 401, "unknown-signature");
  });

  it("Shopify's fulfilled order is a purchase: discounts off, tax in, shipping shared, no name of the buyer", async () => {
    expect(await wanted(200, shopify("orders/fulfilled", shopifyOrder()))).to.include({ taken: "recorded" });
    const [purchase] = await told();
    expect(purchase).to.deep.equal({
      merchant: shop.merchant,
      order: "shopify:9007199254740993001",
      orderName: "#1042",
      completedAt: Date.parse("2025-11-11T08:00:00+08:00") / 1000,
      currency: "CNY",
      buyer: "shopify:6400000000123",
      items: [
        { item: "14000000000001", title: "Tea pot", quantity: 2, price: "6050", shipping: "814" },
        { item: "14000000000002", title: "Tin of tea", quantity: 1, price: "1375", shipping: "186" },
      ],
    });
    expect(await amounts()).to.deep.equal([
      [0, "156"],
      [0, "686"],
    ]);
  });

  it("the merchant finds an order's receipts with their links, to hand to the buyer; nobody else does", async () => {
    await wanted(200, shopify("orders/fulfilled", shopifyOrder()));
    const order = path(`orders/${encodeURIComponent("shopify:9007199254740993001")}`);
    const answer = await wanted(200, call(order, { key: shop.merchantKey }));
    expect(answer.receipts.map(({ amount }: Answer["body"]) => amount)).to.deep.equal(["686", "156"]);
    const { id, key, link } = answer.receipts[0];
    expect(link).to.equal(`https://gifts.example/r/${id}#${key}`);
    const opened = await call(`${service.url}/v1/receipts/${id}`, {
      headers: { Authorization: `Receipt ${key}` },
    });
    expect(opened.body.details).to.include({ order: "shopify:9007199254740993001", orderName: "#1042" });
    const other = await openShop(service);
    expectProblem(await call(order, { key: other.merchantKey }), 403, "wrong-subject");
    expectProblem(await call(path("orders/none"), { key: shop.merchantKey }), 404, "unknown-order");
  });

  it("telling again records nothing twice; other content is a conflict for people, and the first telling stands", async () => {
    await wanted(200, shopify("orders/fulfilled", shopifyOrder()));
    expect(await wanted(200, shopify("orders/fulfilled", shopifyOrder()))).to.include({ taken: "known" });
    const edited = shopifyOrder().replace('"price": "12.50"', '"price": "13.50"');
    expect(await wanted(200, shopify("orders/fulfilled", edited))).to.include({ taken: "differs" });
    expect(await told()).to.have.length(1);
    const { items } = await wanted(200, call(path("shop-conflicts"), { key: shop.merchantKey }));
    expect(items).to.have.length(1);
    expect(items[0]).to.include({ name: "shopify:9007199254740993001" });
    expect(items[0].differs).to.contain("items.1.price");
  });

  it("Shopify's refund reverses the gifts of the pieces and the shipping, once however often it comes", async () => {
    await wanted(200, shopify("orders/fulfilled", shopifyOrder()));
    expect(await wanted(200, shopify("refunds/create", shopifyRefund()))).to.include({ taken: "recorded" });
    expect(await wanted(200, shopify("refunds/create", shopifyRefund()))).to.include({ taken: "known" });
    const [, refund] = await told();
    expect(refund.items).to.deep.equal([
      { item: "14000000000001", quantity: 1, price: "3025", shipping: "325" },
      { item: "14000000000002", price: "0", shipping: "75" },
    ]);
    expect(JSON.stringify(refund)).not.to.contain("Wei");
    expect((await amounts()).filter(([kind]) => kind === 1)).to.deep.equal([
      [1, "7"],
      [1, "335"],
    ]);
  });

  it("a refund that comes before its order is refused, so that it comes again; of goods never sent it is left alone", async () => {
    expectProblem(await shopify("refunds/create", shopifyRefund()), 404, "unknown-purchase");
    const unsent = shopifyRefund({ status: "null" });
    expect(await wanted(200, shopify("refunds/create", unsent))).to.include({ taken: "ignored" });
    await wanted(200, shopify("orders/fulfilled", shopifyOrder()));
    await wanted(200, shopify("refunds/create", shopifyRefund()));
    expect(await told()).to.have.length(2);
  });

  it("what was taken back before the order was fulfilled was never sold, and its refund is not counted again", async () => {
    const early = shopifyRefund({ at: "2025-11-10T12:00:00+08:00", status: "null" });
    await wanted(200, shopify("orders/fulfilled", shopifyOrder(undefined, early)));
    const [purchase] = await told();
    expect(purchase.items).to.deep.equal([
      { item: "14000000000001", title: "Tea pot", quantity: 1, price: "3025", shipping: "412" },
      { item: "14000000000002", title: "Tin of tea", quantity: 1, price: "1375", shipping: "188" },
    ]);
    expect(await wanted(200, shopify("refunds/create", early))).to.include({ taken: "ignored" });
    expect(await told()).to.have.length(1);
  });

  it("tests and topics that are not ours are taken and left alone; a body that is not an order is told what is wrong", async () => {
    const test = shopifyOrder().replace('"test": false', '"test": true');
    expect(await wanted(200, shopify("orders/fulfilled", test))).to.include({ taken: "ignored" });
    expect(await wanted(200, shopify("app/uninstalled", "{}"))).to.include({ taken: "ignored" });
    expectProblem(await shopify("orders/fulfilled", "{}"), 422, "invalid");
    expectProblem(await shopify("orders/fulfilled", "{"), 400, "malformed-json");
    const odd = shopifyOrder().replace('"12.50"', '"12.505"');
    expectProblem(await shopify("orders/fulfilled", odd), 422, "wrong-amount");
    expectProblem(await shopify("orders/fulfilled", " ".repeat(2_000_001)), 413, "body-too-large");
    expect(await told()).to.deep.equal([]);
  });

  it("WooCommerce's order counts once it is completed, and its refunds by their totals, each once", async () => {
    expect(await wanted(200, woo(wooOrder({ status: "processing" })))).to.include({ taken: "ignored" });
    expect(await wanted(200, woo(wooOrder()))).to.include({ taken: "recorded" });
    const refunded = wooOrder({ refunds: [{ id: 801, reason: "", total: "-5.00" }] });
    expect(await wanted(200, woo(refunded))).to.include({ taken: "recorded" });
    expect(await wanted(200, woo(refunded))).to.include({ taken: "known" });
    const whole = wooOrder({
      status: "refunded",
      date_modified_gmt: "2025-11-13T01:00:00",
      refunds: [
        { id: 802, total: "-20.00" },
        { id: 801, total: "-5.00" },
      ],
    });
    expect(await wanted(200, woo(whole))).to.include({ taken: "recorded" });
    const [purchase, first, last] = await told();
    expect(purchase.items).to.deep.equal([
      { item: "315", title: "Scarf", quantity: 1, price: "2200", shipping: "300" },
    ]);
    expect(purchase).to.include({ order: "woocommerce:727", orderName: "#727", buyer: "woocommerce:26" });
    expect(first.items).to.deep.equal([{ item: "315", price: "440", shipping: "60" }]);
    expect(last.items).to.deep.equal([{ item: "315", price: "1760", shipping: "240" }]);
    const sum = (await amounts()).reduce(
      (left, [kind, amount]) => left + (kind === 0 ? 1n : -1n) * BigInt(amount as string),
      0n,
    );
    expect(sum).to.equal(0n);
  });

  it("WooCommerce's question whether anybody is there is answered, unsigned as it is", async () => {
    const ping = { body: "webhook_id=3", type: "application/x-www-form-urlencoded" };
    expect(await wanted(200, call(path("woocommerce"), ping))).to.include({ taken: "ignored" });
  });

  it("may be set by the merchant itself and the operator alone, and taken away", async () => {
    const other = await openShop(service);
    const body = { system: "shopify", secret: NEWER };
    expectProblem(await call(path("shop-systems"), { key: other.merchantKey, body }), 403, "wrong-subject");
    await wanted(
      200,
      call(path("shop-systems/removal"), { key: service.operatorKey, body: { system: "shopify" } }),
    );
    expectProblem(await shopify("orders/fulfilled", shopifyOrder()), 401, "unknown-signature");
  });
});
