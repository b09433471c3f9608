// The overview against what was really given, paid, signed for and spent: its sums, its days, and its stream, which many
// watch at the cost of one.

import { expect } from "chai";
import { OverviewWatch } from "../../server/http/overview-watch.ts";
import { fileBankTransfers } from "../../server/jobs/settle/bank-files.ts";
import type { Database } from "../../server/store/database.ts";
import { camt054, IBAN } from "../bank/making.ts";
import { acknowledge, charityPath, give, openCharity } from "../support/charity.ts";
import { type Answer, call } from "../support/client.ts";
import { EventReader } from "../support/events.ts";
import { eventually } from "../support/eventually.ts";
import { type PlayedLedger, playLedger } from "../support/played-ledger.ts";
import { expectFieldProblem, expectProblem } from "../support/problems.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, purchaseOf, wanted } from "../support/shop.ts";

const TODAY = new Date().toISOString().slice(0, 10);
const SETTINGS = {
  ...{ BANK_ACCOUNT_NAME: "Amanah gGmbH", BANK_ACCOUNT_IBAN: IBAN },
  SETTLE_MINIMUM_MINOR: "1",
};
const PLAYED = {
  given: "27500",
  refunded: "0",
  paid: "20000",
  setOff: "0",
  acknowledged: "20000",
  spent: "14000",
};

describe("the overview of a played ledger", function () {
  this.timeout(120_000);
  let played: PlayedLedger;

  before(async () => {
    played = await playLedger(SETTINGS);
  });
  after(() => played.service.stop());

  const read = async (path = "") => await wanted(200, call(`${played.service.url}/v1/overview${path}`));
  const units = async () => (await readNow()).units;

  /** Not one of a second ago. */
  async function readNow(): Promise<Answer["body"]> {
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    return await read();
  }

  it("tells what was given, paid, signed for and spent, to the unit, and how many gifts it was", async () => {
    expect(await units()).to.deep.equal([{ unit: "CNY", gifts: "8", ...PLAYED }]);
  });

  it("shows the newest batches first, and what the open one holds", async () => {
    const { batches, open } = await read();
    expect(batches.map(({ number, receipts }: Answer["body"]) => [number, receipts])).to.deep.equal([
      ["4", "2"],
      ["3", "2"],
      ["2", "4"],
      ["1", "0"],
    ]);
    expect(open).to.deep.equal({ batch: "5", receipts: "0" });
  });

  it("counts the receipts of the last minute, over the batches that were sealed in it", async () => {
    const { sql } = played.service;
    await sql`DELETE FROM recent_receipts`;
    expect((await readNow()).receiptsLastMinute).to.equal("0");
    await give(played.service, played.charity, [10, 10, 10]);
    expect((await readNow()).receiptsLastMinute).to.equal("3");
    await sql`UPDATE recent_receipts SET second = second - 61`;
    expect((await readNow()).receiptsLastMinute).to.equal("0");
  });

  it("never falls: not when the contract is read anew from the beginning, and counts nothing twice then", async () => {
    const { sql } = played.service;
    const before = await units();
    // As after the start of a demonstration chain, which has forgotten everything and comes to the same again.
    await sql`UPDATE watermarks SET given = 0, paid = 0, acknowledged = 0, spent = 0`;
    expect(await units()).to.deep.equal(before);
    await eventually("read anew", async () => {
      const [row] = await sql`SELECT spent FROM watermarks`;
      return row?.spent === 14_000n;
    });
    expect(await units()).to.deep.equal(before);
  });

  it("has the days: today holds all of it, and before today there was nothing", async () => {
    const { before, days, ...period } = await read(`/days?unit=CNY&from=${TODAY}`);
    expect(period).to.deep.include({ unit: "CNY", from: TODAY });
    expect(before).to.deep.equal(Object.fromEntries(Object.keys(PLAYED).map((mark) => [mark, "0"])));
    const total = (mark: string) =>
      days.reduce((sum: bigint, day: Answer["body"]) => sum + BigInt(day[mark]), 0n);
    const [unit] = await units();
    for (const mark of Object.keys(PLAYED)) expect(`${total(mark)}`, mark).to.equal(unit[mark]);
  });

  it("has the sums before a day, and no days on which nothing happened", async () => {
    const { before, days } = await read("/days?unit=CNY&from=2100-01-01&to=2100-02-01");
    expect([before.given, before.spent, days]).to.deep.equal([(await units())[0].given, "14000", []]);
    expect((await read("/days?unit=XXX")).days).to.deep.equal([]);
  });

  it("refuses days that are none, too many, or the wrong way round", async () => {
    const ask = (query: string) => call(`${played.service.url}/v1/overview/days?${query}`);
    expectFieldProblem(await ask("unit=CNY&from=2025-02-30"), "from");
    expectFieldProblem(await ask("unit=CNY&from=2020-01-01&to=2025-01-01"), "from");
    expectFieldProblem(await ask("unit=CNY&from=2025-01-02&to=2025-01-01"), "from");
    expectFieldProblem(await ask("from=2025-01-02"), "unit");
  });

  it("names the oldest payout by bank that nobody has signed for, until the charity signs", async () => {
    const { service } = played;
    expect((await readNow()).oldestClaim).to.equal(null);
    const charity = await openCharity(service);
    await give(service, charity, [700]);
    const account = { name: "Lunch for All", iban: "GB29 NWBK 6016 1331 9268 19" };
    await wanted(
      201,
      call(charityPath(service, charity, "/bank-account"), { key: service.operatorKey, body: account }),
    );
    await payByBank(service, charity.registration);
    const { oldestClaim } = await readNow();
    expect(oldestClaim).to.deep.include({ registration: charity.registration, unit: "CNY", amount: "700" });
    expect(Date.parse(oldestClaim.since)).to.be.closeTo(Date.now(), 60_000);
    await wanted(201, acknowledge(service, charity));
    await eventually("signed", async () => (await readNow()).oldestClaim === null);
  });

  /** A settlement run, and the bank's word for the transfer of one charity. */
  async function payByBank(service: TestService, registration: string): Promise<void> {
    const key = service.operatorKey;
    const { id } = await wanted(202, call(`${service.url}/v1/settlements`, { key, body: {} }));
    await eventually(
      "settled",
      async () => (await call(`${service.url}/v1/settlements/${id}`, { key })).body.state === "done",
    );
    await fileBankTransfers(service.services);
    const { items } = await wanted(200, call(`${service.url}/v1/bank/transfers`, { key }));
    const transfer = items.find((one: Answer["body"]) => one.registration === registration);
    const told = camt054([
      { endToEndId: transfer.endToEndId, amount: "7.00", reference: "R-1", currency: "CNY" },
    ]);
    const path = `${service.url}/v1/bank/notifications`;
    await wanted(200, call(path, { key, body: told, type: "application/xml" }));
    await eventually("paid", async () => {
      const { body } = await call(`${service.url}/v1/payouts?state=paid`);
      return body.items.some((one: Answer["body"]) => one.registration === registration);
    });
  }
});

describe("the overview's stream", function () {
  this.timeout(60_000);
  let service: TestService;

  before(async () => {
    service = await startTestService();
  });
  after(() => service.stop());

  const watch = () => EventReader.open(`${service.url}/v1/overview/stream`);

  it("tells at once what there is, how to come back, and that nobody may keep it", async () => {
    const reader = await watch();
    expect(reader.headers.get("content-type")).to.equal("text/event-stream; charset=utf-8");
    expect(reader.headers.get("cache-control")).to.equal("no-store");
    const { name, data, retry } = await reader.next();
    expect([name, retry]).to.deep.equal(["overview", 3_000]);
    expect(data).to.deep.equal(await wanted(200, call(`${service.url}/v1/overview`)));
    await reader.close();
  });

  it("tells of a gift within seconds, to everybody who watches", async () => {
    const shop = await openShop(service, { terms: { share: { basisPoints: 10_000 } } });
    const readers = await Promise.all(Array.from({ length: 20 }, watch));
    for (const reader of readers) await reader.next();
    const body = purchaseOf(shop.merchant, "watched");
    await wanted(201, call(`${service.url}/v1/purchases`, { key: service.operatorKey, body }));
    for (const reader of readers) {
      const { data } = await reader.nextNamed("overview");
      expect([data.receiptsLastMinute, data.open.receipts]).to.deep.equal(["1", "1"]);
      await reader.close();
    }
  });

  it("looks at the store once a second, however many watch", async () => {
    let queries = 0;
    const counting = new Proxy(service.sql, {
      apply: (target, _, given) => {
        queries += 1;
        return (target as unknown as (...all: unknown[]) => unknown)(...given);
      },
    }) as Database;
    const watch = new OverviewWatch(counting);
    await watch.now();
    const once = queries;
    expect(once).to.be.above(0);
    await Promise.all(Array.from({ length: 500 }, () => watch.now()));
    expect(queries).to.equal(once);
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    await Promise.all(Array.from({ length: 500 }, () => watch.now()));
    expect(queries).to.equal(2 * once);
  });

  it("refuses one watcher more than it has room for, which can still ask", async () => {
    const full = await startTestService();
    Object.assign(full.services, { overview: new OverviewWatch(full.sql, 1) });
    const reader = await EventReader.open(`${full.url}/v1/overview/stream`);
    await reader.next();
    const refused = await call(`${full.url}/v1/overview/stream`);
    expectProblem(refused, 503, "too-many-watchers");
    expect(refused.headers.get("retry-after")).to.equal("30");
    await wanted(200, call(`${full.url}/v1/overview`));
    await reader.close();
    await full.stop();
  });

  it("forgets who has gone", async () => {
    const reader = await watch();
    await reader.next();
    expect(service.services.overview.watchers).to.equal(1);
    await reader.close();
    await eventually("gone", async () => service.services.overview.watchers === 0);
  });

  it("ends with the service, at once", async () => {
    const own = await startTestService();
    const reader = await EventReader.open(`${own.url}/v1/overview/stream`);
    await reader.next();
    const started = performance.now();
    const stopping = own.stop();
    await reader.end();
    await stopping;
    expect(performance.now() - started).to.be.below(8_000);
  });
});
