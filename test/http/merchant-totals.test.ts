// What is told of a merchant's totals: nothing until the merchant says yes, and then what the index has added up.

import { expect } from "chai";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import { call } from "../support/client.ts";
import { expectFieldProblem, expectProblem } from "../support/problems.ts";
import { recordTotalsOn, sealAndIndex } from "../support/publishing.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, purchaseOf, type Shop, wanted } from "../support/shop.ts";

const DAY = 86_400;

describe("a merchant's totals", () => {
  let service: TestService;
  let shop: Shop;
  let workers: TreeWorkers;

  before(async () => {
    service = await startTestService();
    shop = await openShop(service, { terms: { share: { basisPoints: 1_000 } }, charities: 2 });
    workers = new TreeWorkers(1);
  });
  after(async () => {
    await workers.stop();
    await service.stop();
  });

  const path = (id = shop.merchant) => `${service.url}/v1/merchants/${id}/totals`;
  const totals = async () => await wanted(200, call(path()));
  const disclose = (shown: unknown, key = shop.merchantKey, id = shop.merchant) =>
    call(`${path(id)}/disclosure`, { key, body: { shown } });
  const sell = (order: string) =>
    wanted(
      201,
      call(`${service.url}/v1/purchases`, {
        key: service.operatorKey,
        body: purchaseOf(shop.merchant, order),
      }),
    );

  it("are asked for by name, and shown or not by the merchant and the operator alone", async () => {
    expectProblem(await call(path("nobody")), 404, "unknown-merchant");
    const other = await openShop(service);
    expectProblem(await disclose(true, other.merchantKey), 403, "wrong-subject");
    expectProblem(await disclose(true, shop.charityKeys[0]), 403, "wrong-role");
    expectProblem(await disclose(true, service.operatorKey, "nobody"), 404, "unknown-merchant");
    expectFieldProblem(await disclose("yes"), "shown");
  });

  it("are nobody's business until the merchant says yes: neither sums nor days", async () => {
    await sell("A-1");
    await sealAndIndex(service.sql, service.services.ledger, workers);
    const body = await totals();
    expect(body).to.deep.equal({ shown: false, fromBatch: "1", toBatch: "2", lines: null, days: null });
  });

  it("are what was given and taken back, by charity, up to the last batch that is counted", async () => {
    await wanted(200, disclose(true));
    await sell("A-2");
    await sealAndIndex(service.sql, service.services.ledger, workers);
    const refund = {
      ...{ merchant: shop.merchant, refund: "R-1", order: "A-1" },
      refundedAt: "2025-12-01T00:00:00Z",
    };
    await wanted(201, call(`${service.url}/v1/refunds`, { key: service.operatorKey, body: refund }));
    await sealAndIndex(service.sql, service.services.ledger, workers);
    const { shown, toBatch, lines } = await totals();
    expect([shown, toBatch]).to.deep.equal([true, "4"]);
    type Line = { registration: string; given: string; reversed: string };
    expect(lines.map(({ registration }: Line) => registration)).to.have.members(shop.charities);
    const sum = (of: "given" | "reversed") =>
      lines.reduce((all: number, line: Line) => all + Number(line[of]), 0);
    // Ten percent of two sales of 13.50, and the first taken back.
    expect([sum("given"), sum("reversed")]).to.deep.equal([270, 135]);
    expect(lines[0]).to.include({ unit: "CNY", name: `Charity ${lines[0].registration}` });
  });

  it("come with the last days that are timestamped, and the batch of each", async () => {
    const tomorrow = (Math.floor(Date.now() / 1000 / DAY) + 1) * DAY;
    await recordTotalsOn(service.sql, service.services.ledger, workers, tomorrow);
    const { days } = await totals();
    expect(days).to.have.length(1);
    const { notices } = await wanted(200, call(`${service.url}/v1/batches/${days[0].batch}`));
    expect(notices.map(({ content }: { content: string }) => content)).to.include(days[0].hash);
  });

  it("are hidden again when the merchant says so", async () => {
    await wanted(200, disclose(false));
    expect((await totals()).lines).to.equal(null);
  });
});
