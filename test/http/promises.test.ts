// Promises as they are told: with every receipt of an answer, the same again, and in the file that the receipt's key opens;
// by a service without a key to promise with, none.

import { expect } from "chai";
import { privateKeyToAccount } from "viem/accounts";
import { fieldsOf } from "../../server/protocol/fields.ts";
import { promiserOf } from "../../server/protocol/promise.ts";
import { parsePromise } from "../../server/protocol/promise-file.ts";
import { parseReceiptFile } from "../../server/protocol/receipt-file.ts";
import { type Answer, bulk, call } from "../support/client.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, purchaseOf, type Shop, wanted } from "../support/shop.ts";

const PROMISE_KEY = `0x${"42".repeat(32)}` as const;
const WITHIN_SECONDS = 7_200;
const { address } = privateKeyToAccount(PROMISE_KEY);

type Told = { id: string; key: string; amount: string; kind: number; promise: Answer["body"] };

describe("a promise", () => {
  let service: TestService;
  let shop: Shop;

  before(async () => {
    service = await startTestService({
      settings: { PROMISE_KEY, PROMISE_WITHIN_SECONDS: `${WITHIN_SECONDS}` },
    });
    shop = await openShop(service, { charities: 2, terms: { share: { basisPoints: 1000 } } });
  });
  after(() => service.stop());

  const post = (path: string, body: object) => call(`${service.url}${path}`, { key: shop.merchantKey, body });
  const buy = (order: string) => post("/v1/purchases", purchaseOf(shop.merchant, order));
  const takeBack = (order: string) =>
    post("/v1/refunds", {
      merchant: shop.merchant,
      refund: `r-${order}`,
      order,
      refundedAt: "2025-12-01T00:00:00Z",
    });
  const fileOf = async ({ id, key }: Told) =>
    wanted(200, call(`${service.url}/v1/receipts/${id}`, { headers: { Authorization: `Receipt ${key}` } }));

  function expectGood({ amount, kind, promise }: Told): void {
    expect(promise).to.include({ amount, kind, unit: "CNY" });
    const own = parsePromise(fieldsOf(promise, "promise"));
    expect(promiserOf(service.services.ledger.id, own)).to.equal(address.toLowerCase());
    const due = Date.now() / 1000 + WITHIN_SECONDS;
    expect(Number(own.deadline)).to.be.within(due - 60, due + 1);
  }

  it("comes with each receipt of a purchase, and the very same with the same purchase again", async () => {
    const { receipts } = await wanted(201, buy("one"));
    expect(receipts).to.have.length(2);
    for (const receipt of receipts) expectGood(receipt);
    expect((await wanted(200, buy("one"))).receipts).to.deep.equal(receipts);
  });

  it("comes with each line of a bulk, and the very same with the same bulk again", async () => {
    const lines = Array.from({ length: 30 }, (_, at) => purchaseOf(shop.merchant, `bulk-${at}`));
    const answers = await bulk(service.url, shop.merchantKey, lines);
    const receipts = answers.flatMap((answer) => answer.receipts);
    expect(receipts).to.have.length(60);
    for (const receipt of receipts) expectGood(receipt);
    const again = await bulk(service.url, shop.merchantKey, lines);
    expect(again.flatMap((answer) => answer.receipts)).to.deep.equal(receipts);
  });

  it("comes with each reversal of a refund, and the very same with the same refund again", async () => {
    await wanted(201, buy("back"));
    const { receipts } = await wanted(201, takeBack("back"));
    expect(receipts.map(({ kind }: Told) => kind)).to.deep.equal([1, 1]);
    for (const receipt of receipts) expectGood(receipt);
    expect((await wanted(200, takeBack("back"))).receipts).to.deep.equal(receipts);
  });

  it("does not come with what a purchase would give", async () => {
    const { body } = await post("/v1/purchases?dryRun", purchaseOf(shop.merchant, "dry"));
    expect(JSON.stringify(body)).not.to.contain("promise");
  });

  it("is in the file that the receipt's key opens, from the first moment on", async () => {
    for (const receipt of (await wanted(201, buy("file"))).receipts) {
      const file = await fileOf(receipt);
      expect(file.promise).to.deep.equal(receipt.promise);
      expect(parseReceiptFile(file).promise).to.deep.equal(parsePromise(fieldsOf(receipt.promise, "")));
    }
  });

  it("is not opened by the id alone, since it tells the second and the neighbours", async () => {
    const [receipt] = (await wanted(201, buy("id"))).receipts;
    const body = await wanted(200, call(`${service.url}/v1/receipts/${receipt.id}`));
    expect(body).not.to.have.property("promise");
    expect(JSON.stringify(body)).not.to.contain(receipt.promise.deadline);
  });
});

describe("a service without a key to promise with", () => {
  let service: TestService;

  before(async () => {
    service = await startTestService();
  });
  after(() => service.stop());

  it("answers with null where the promise would be, in the receipt's file too", async () => {
    const { merchant, merchantKey } = await openShop(service);
    const told = call(`${service.url}/v1/purchases`, { key: merchantKey, body: purchaseOf(merchant, "1") });
    const [{ id, key, promise }] = (await wanted(201, told)).receipts;
    expect(promise).to.equal(null);
    const headers = { Authorization: `Receipt ${key}` };
    const file = await wanted(200, call(`${service.url}/v1/receipts/${id}`, { headers }));
    expect(file.promise).to.equal(null);
    expect(parseReceiptFile(file).promise).to.equal(null);
  });
});
