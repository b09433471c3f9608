// The terms in a receipt's file: anyone who holds it recomputes its amount, and sees that they came first.

import { expect } from "chai";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import { recompute } from "../../server/programmes/recompute.ts";
import { verifyReceipt } from "../../server/protocol/verify.ts";
import { call } from "../support/client.ts";
import { sealAndIndex } from "../support/publishing.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, purchaseOf, type Shop, wanted } from "../support/shop.ts";

type Written = { id: string; key: string };

describe("the terms in a receipt's file", () => {
  let service: TestService;
  let shop: Shop;
  let workers: TreeWorkers;

  before(async () => {
    workers = new TreeWorkers(1);
    service = await startTestService();
    shop = await openShop(service, { charities: 2 });
  });
  after(async () => {
    await service.stop();
    await workers.stop();
  });

  const fileOf = ({ id, key }: Written) =>
    wanted(200, call(`${service.url}/v1/receipts/${id}`, { headers: { Authorization: `Receipt ${key}` } }));
  const buy = async (order: string): Promise<Written[]> => {
    const body = purchaseOf(shop.merchant, order);
    return (await wanted(201, call(`${service.url}/v1/purchases`, { key: shop.merchantKey, body }))).receipts;
  };
  const seal = () => sealAndIndex(service.sql, service.services.ledger, workers);
  const stepsOf = (file: unknown) =>
    Object.fromEntries(verifyReceipt(file, { recompute }).steps.map(({ step, ok }) => [step, ok]));

  it("lead to the root of an earlier batch, and to the amount of each charity's part", async () => {
    const receipts = await buy("1");
    await seal();
    for (const receipt of receipts) {
      const file = await fileOf(receipt);
      expect(BigInt(file.terms.batch) < BigInt(file.batch)).to.equal(true);
      expect(stepsOf(file)).to.include({ terms: true, amount: true });
      const { root } = await wanted(200, call(`${service.url}/v1/batches/${file.terms.batch}`));
      const { termsRoot } = verifyReceipt(file, { recompute });
      expect(`0x${Buffer.from(termsRoot!).toString("hex")}`).to.equal(root);
    }
  });

  it("are not opened by the id alone, nor in the file of a reversal", async () => {
    const [receipt] = await buy("2");
    await seal();
    expect(await wanted(200, call(`${service.url}/v1/receipts/${receipt!.id}`))).not.to.have.property(
      "terms",
    );
    const refund = { merchant: shop.merchant, refund: "r-2", order: "2", refundedAt: "2025-12-01T00:00:00Z" };
    const answer = await wanted(
      201,
      call(`${service.url}/v1/refunds`, { key: shop.merchantKey, body: refund }),
    );
    await seal();
    const file = await fileOf(answer.receipts[0]);
    expect([file.terms, stepsOf(file).terms]).to.deep.equal([null, null]);
  });
});
