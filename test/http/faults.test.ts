// What the service says of a line of which a fault is proven: in the line, in its receipts, in /health and in /metrics. The
// contract's word is put into the store here; how it comes there is told by the jobs' tests.

import { expect } from "chai";
import { toHex } from "../../server/protocol/bytes.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { keepWatermarks } from "../../server/store/watermarks.ts";
import { call } from "../support/client.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, purchaseOf, type Shop, wanted } from "../support/shop.ts";

describe("a line at fault, as the service tells it", () => {
  let service: TestService;
  let shop: Shop;
  let receipt: { id: string };
  before(async () => {
    service = await startTestService({ settings: { ANCHOR_WITHIN_SECONDS: "90000" } });
    shop = await openShop(service, { charities: 1 });
    const body = purchaseOf(shop.merchant, "F-1");
    receipt = (await wanted(201, call(`${service.url}/v1/purchases`, { key: shop.merchantKey, body })))
      .receipts[0];
  });
  after(() => service.stop());

  const get = (path: string) => wanted(200, call(`${service.url}${path}`));
  const registration = () => shop.charities[0]!;
  const told = async () => [
    (await get(`/v1/lines/${encodeURIComponent(registration())}/CNY`)).fault,
    (await get("/v1/lines")).items[0].fault,
    (await get(`/v1/receipts/${receipt.id}`)).status.fault,
  ];
  const gauge = async () =>
    /^amanah_lines_at_fault (\d+)$/m.exec((await call(`${service.url}/metrics`)).body)?.[1];

  it("says nothing of one that is in order", async () => {
    expect(await told()).to.deep.equal([null, null, null]);
    expect((await call(`${service.url}/health`)).status).to.equal(200);
    expect(await gauge()).to.equal("0");
  });

  it("names the fault in the line and in its receipts, and is not healthy", async () => {
    const charity = charityId(registration());
    const marks = { given: 0n, reversed: 0n, paid: 0n, netted: 0n, acknowledged: 0n, spent: 0n };
    await keepWatermarks(service.sql, { charity, unit: "CNY" }, marks, "false-sum");
    expect(await told()).to.deep.equal(["false-sum", "false-sum", "false-sum"]);
    const { status, body } = await call(`${service.url}/health`);
    expect([status, body.problems]).to.deep.equal([
      503,
      [
        `a fault is proven of the line of charity ${toHex(charity)} in CNY: a node of a tree is not the sum of the two below it`,
      ],
    ]);
    expect(await gauge()).to.equal("1");
  });
});
