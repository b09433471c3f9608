// Promises as they are told: with every receipt of an answer, the same again, and in the file that the receipt's key opens;
// by a service without a key to promise with, none. And the thread that makes them: how it is told from none, and how it dies.

import { expect } from "chai";
import { privateKeyToAccount } from "viem/accounts";
import { promiseSigner } from "../../server/chain/promiser.ts";
import { UnavailableError } from "../../server/errors.ts";
import { promiseMaker } from "../../server/ingest/promise-maker.ts";
import { PromiseOpener, promiserFor } from "../../server/ingest/promiser.ts";
import { fieldsOf } from "../../server/protocol/fields.ts";
import { PROMISE_PERIOD_SECONDS, promiserOf } from "../../server/protocol/promise.ts";
import { parsePromise } from "../../server/protocol/promise-file.ts";
import { parseReceiptFile } from "../../server/protocol/receipt-file.ts";
import type { Promiser } from "../../server/store/writer.ts";
import { type Answer, bulk, call } from "../support/client.ts";
import { expectProblem } from "../support/problems.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, purchaseOf, type Shop, wanted } from "../support/shop.ts";

type PromisedReceipts = Parameters<Promiser>[0];

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

describe("the thread that promises", () => {
  let service: TestService;
  let shop: Shop;

  before(async () => {
    service = await startTestService({ settings: { PROMISE_KEY, DATABASE_CONNECTIONS: `${CONNECTIONS}` } });
    shop = await openShop(service, { charities: 2, terms: { share: { basisPoints: 1000 } } });
  });
  after(() => service.stop());

  const post = (path: string, body: object) => call(`${service.url}${path}`, { key: shop.merchantKey, body });
  const buy = (order: string) => post("/v1/purchases", purchaseOf(shop.merchant, order));
  const takeBack = (order: string) => {
    const refund = { merchant: shop.merchant, refund: order, order, refundedAt: "2025-12-01T00:00:00Z" };
    return post("/v1/refunds", refund);
  };
  /** Has the thread die, again and again, of what no receipt can be of. */
  async function whileDying<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const done = work.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      const death = await service.services.ingest.promiser!(receiptsOf([1n << 63n])).catch(
        (thrown) => thrown,
      );
      expect(death).to.be.instanceOf(UnavailableError).and.include({ code: "promises-unavailable" });
    }
    return done;
  }

  it("makes byte by byte what is made without it", async () => {
    const receipts = receiptsOf([1n, 0n, (1n << 63n) - 1n, 7n, 7n], ["CNY", '"\\', "kg<&>", "CNY", "~"]);
    const make = promiseMaker(
      service.services.ledger.id,
      promiseSigner({ PROMISE_KEY, demonstration: false })!,
    );
    const here = await promiserFor({ make, withinSeconds: WITHIN_SECONDS, now: () => Date.now() / 1000 })(
      receipts,
    );
    const there = await service.services.ingest.promiser!(receipts);
    expect(there).to.deep.include({ deadline: ACCEPTED_AT + PROMISE_PERIOD_SECONDS });
    const opener = new PromiseOpener();
    const stored = { ...there };
    for (const receipt of receipts) {
      const text = opener.text(there, receipt);
      expect(text).to.equal(opener.text(here, receipt)).and.equal(opener.text(stored, receipt));
      expect(text, "as it is usually written").to.equal(JSON.stringify(JSON.parse(text!)));
      expect(opener.open(there, receipt)).to.include({ unit: receipt.unit, amount: `${receipt.amount}` });
    }
    for (const part of ["deadline", "signature", "leaves", "receipts"] as const)
      expect(there[part]).to.deep.equal(here[part]);
  });

  it("dies with a problem that says to come back, and with nothing written; the same again is recorded", async () => {
    const bought = Array.from({ length: 2 * CONNECTIONS }, (_, at) => `before-${at}`);
    for (const order of bought) await wanted(201, buy(order));
    const told = await whileDying(Promise.all([buy("meanwhile"), ...bought.map(takeBack)]));
    const refused = told.filter(({ status }) => status !== 201);
    expect(refused).not.to.have.length(0);
    for (const answer of refused) {
      expectProblem(answer, 503, "promises-unavailable");
      expect(answer.headers.get("retry-after")).to.equal("1");
    }
    const again = await Promise.all([buy("meanwhile"), ...bought.map(takeBack)]);
    expect(again.map(({ status }) => status)).to.deep.equal(
      told.map(({ status }) => (status === 201 ? 200 : 201)),
    );
    for (const { body } of again)
      for (const { promise } of body.receipts)
        expect(promiserOf(service.services.ledger.id, parsePromise(fieldsOf(promise, "")))).to.equal(
          address.toLowerCase(),
        );
  });

  it("dies under a bulk with a problem on the lines that it has not promised", async () => {
    const lines = Array.from({ length: 2_000 }, (_, at) => purchaseOf(shop.merchant, `line-${at}`));
    const told = await whileDying(bulk(service.url, shop.merchantKey, lines));
    const refused = told.filter(({ status }) => status !== 201);
    expect(refused).not.to.have.length(0);
    for (const { type } of refused) expect(type).to.equal("urn:amanah:problem:promises-unavailable");
    const last = await bulk(service.url, shop.merchantKey, lines);
    expect(last.every(({ status, receipts }) => status < 300 && receipts[0].promise !== null)).to.equal(true);
  });
});

const CONNECTIONS = 4;
/** Long ago: the deadline follows from it alone. */
const ACCEPTED_AT = 1_700_000_000n;

const receiptsOf = (amounts: readonly bigint[], units: readonly string[] = []) =>
  amounts.map((amount, at) => ({
    id: new Uint8Array(16).fill(at + 1),
    leaf: new Uint8Array(32).fill(200 - at),
    charity: new Uint8Array(32).fill(at),
    unit: units[at] ?? "CNY",
    kind: at % 2,
    amount,
    acceptedAt: ACCEPTED_AT,
  })) as unknown as PromisedReceipts;

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
