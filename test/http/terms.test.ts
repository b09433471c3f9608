// The terms in a receipt's file: anyone who holds it recomputes its amount, and sees that they came first.

import { expect } from "chai";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import { recompute } from "../../server/programmes/recompute.ts";
import { verifyReceipt } from "../../server/protocol/verify.ts";
import type { NoticeFirst } from "../../server/store/notice-first.ts";
import { call } from "../support/client.ts";
import { sealAndIndex } from "../support/publishing.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, purchaseOf, type Shop, wanted } from "../support/shop.ts";
import { bought, record } from "../support/store.ts";

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
  const buyFrom = async (
    { merchant, merchantKey: key }: Shop,
    order: string,
    status = 201,
  ): Promise<Written[]> =>
    (await wanted(status, call(`${service.url}/v1/purchases`, { key, body: purchaseOf(merchant, order) })))
      .receipts;
  const buy = (order: string) => buyFrom(shop, order);
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

  it("are left out of a receipt from when they could stand in its own batch: it stays as valid as it was", async () => {
    const young = await openShop(service);
    const { ingest } = service.services;
    // As purchases were written before.
    const unguarded = { ...ingest, notices: { before: async () => {} } as unknown as NoticeFirst };
    await record(unguarded, [bought(young.merchant, "old")]);
    const [written] = await buyFrom(young, "old", 200);
    await seal();
    const file = await fileOf(written as Written);
    expect([file.terms, stepsOf(file).terms]).to.deep.equal([null, null]);
    expect(verifyReceipt(file, { recompute }).reason).to.equal("not-compared");
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
