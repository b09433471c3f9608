// What a settlement run would pay: the same as it then pays, with the same reasons, and nothing done.

import { expect } from "chai";
import { give, openCharity } from "../support/charity.ts";
import { type Answer, call } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { expectFieldProblem, expectProblem } from "../support/problems.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { keyFor, wanted } from "../support/shop.ts";

describe("the preview of a settlement run", function () {
  this.timeout(60_000);
  let service: TestService;
  const names: string[] = [];

  before(async () => {
    service = await startTestService({
      chain: true,
      settings: { SETTLE_EVERY_SECONDS: "0", SETTLE_MINIMUM_MINOR: "100", PROVE_EVERY_SECONDS: "0" },
    });
    for (const amounts of [[700, 50], [99], [100]]) {
      const charity = await openCharity(service);
      names.push(charity.registration);
      await give(service, charity, amounts);
    }
  });
  after(() => service.stop());

  const ask = (query = "", key = service.operatorKey) =>
    call(`${service.url}/v1/settlements/preview${query}`, { key });
  const told = (items: Answer["body"][]) =>
    items.map(({ registration, amount, unpaid }) => `${registration} ${amount ?? unpaid}`);

  it("tells on each line what would be paid, or why nothing, and does nothing", async () => {
    const { items, next, lines } = await wanted(200, ask());
    expect(told(items)).to.deep.equal([`${names[0]} 750`, `${names[1]} below-minimum`, `${names[2]} 100`]);
    expect([next, lines]).to.deep.equal([null, 3]);
    expect(items[0]).to.include({ unit: "CNY", rail: "bank", written: "7.50 CNY", unproven: "0" });
    const [row] =
      await service.sql`SELECT (SELECT count(*) FROM payouts) + (SELECT count(*) FROM settlement_runs) AS made`;
    expect(row?.made).to.equal(0n);
  });

  it("comes in pages, which a cursor connects", async () => {
    const first = await wanted(200, ask("?limit=2"));
    const second = await wanted(200, ask(`?limit=2&after=${first.next}`));
    expect(told([...first.items, ...second.items])).to.have.length(3);
    expect(second.next).to.equal(null);
    expect((await wanted(200, ask(`?after=${"9".repeat(10)}`))).items).to.deep.equal([]);
    expectFieldProblem(await ask("?after=x"), "after");
  });

  it("is the operator's alone", async () => {
    expectProblem(await ask("", await keyFor(service, "charity", names[0])), 403, "wrong-role");
    expectProblem(await call(`${service.url}/v1/settlements/preview`), 401, "unknown-key");
  });

  it("is what the run then pays", async () => {
    const { id } = await wanted(
      202,
      call(`${service.url}/v1/settlements`, { key: service.operatorKey, body: {} }),
    );
    const read = () => wanted(200, call(`${service.url}/v1/settlements/${id}`, { key: service.operatorKey }));
    await eventually("done", async () => (await read()).state === "done");
    const { payouts, unpaid } = await read();
    expect(payouts).to.deep.include({ ...payouts[0], payouts: 2, amount: "850" });
    expect(unpaid).to.deep.equal({ "below-minimum": 1 });
    expect(told((await wanted(200, ask())).items)).to.deep.equal([
      `${names[0]} payout-under-way`,
      `${names[1]} below-minimum`,
      `${names[2]} payout-under-way`,
    ]);
  });
});
