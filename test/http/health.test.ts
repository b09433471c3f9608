// Whether the service keeps its promises: sealing or anchoring that is late, alarms, a database that is gone; and the
// figures for Prometheus.

import { expect } from "chai";
import { raiseAlarm } from "../../server/store/alarms.ts";
import { call } from "../support/client.ts";
import { freshDatabase, type TestDatabase } from "../support/postgres.ts";
import { expectProblem } from "../support/problems.ts";
import { type Wire, wireTo } from "../support/proxy.ts";
import { startTestService, type TestService } from "../support/service.ts";

describe("/health", () => {
  let service: TestService;

  beforeEach(async () => {
    service = await startTestService();
  });
  afterEach(() => service.stop());

  const health = () => call(`${service.url}/health`);
  const ago = (seconds: number) => service.sql`now() - ${seconds} * interval '1 second'`;

  it("is 503 when a receipt has waited too long for its seal, and says how long", async () => {
    await service.sql`INSERT INTO commits (batch, receipts, sum, at) VALUES (1, 1, 1, ${ago(86_400 + 100)})`;
    const { status, body } = await health();
    expect(status).to.equal(503);
    expect(body.healthy).to.equal(false);
    expect(body.problems[0]).to.match(/^sealing is behind: a receipt has waited 86\d{3} s/);
  });

  it("is 503 when a sealed batch has waited too long for its anchor", async () => {
    await service.sql`
      INSERT INTO batches (number, state, opened_at, closed_at, sealed_at) VALUES (1, 'submitted', 1, 2, ${ago(601)})`;
    const { status, body } = await health();
    expect([status, body.problems.length]).to.deep.equal([503, 1]);
    expect(body.problems[0]).to.match(/^anchoring is behind/);
  });

  it("is 503 as long as an alarm stands, in the alarm's words", async () => {
    await raiseAlarm(service.sql, "ledger-differs", "the contract is of another ledger");
    const { status, body } = await health();
    expect([status, body.problems]).to.deep.equal([503, ["the contract is of another ledger"]]);
    expect((await call(`${service.url}/metrics`)).body).to.match(/^amanah_alarms 1$/m);
  });

  it("is 200 when all is well, and is never kept by caches", async () => {
    const { status, headers, body } = await health();
    expect([status, body.healthy, body.problems]).to.deep.equal([200, true, []]);
    expect(headers.get("cache-control")).to.equal("no-store");
  });

  it("counts what is late in /metrics too", async () => {
    const began = performance.now();
    await service.sql`INSERT INTO commits (batch, receipts, sum, at) VALUES (1, 1, 1, ${ago(50)})`;
    const { status, headers, body } = await call(`${service.url}/metrics`);
    expect([status, headers.get("content-type")?.startsWith("text/plain")]).to.deep.equal([200, true]);
    const most = 50 + Math.ceil((performance.now() - began) / 1_000);
    expect(Number(/^amanah_unsealed_seconds (\S+)$/m.exec(body)?.[1])).to.be.within(50, most);
    expect(body)
      .to.match(/^amanah_unanchored_seconds 0$/m)
      .and.match(/^amanah_events_waiting 0$/m)
      .and.match(/^process_cpu/m);
  });
});

describe("a service whose database goes away", () => {
  let service: TestService;
  let wire: Wire;

  let database: TestDatabase;

  before(async () => {
    database = await freshDatabase();
    wire = await wireTo(database.url);
    service = await startTestService({ settings: { DATABASE_URL: wire.url } });
  });
  after(async () => {
    wire.mend();
    await service.stop();
    await wire.close();
    await database.drop();
  });

  it("says 503 with the time to come back, everywhere, and is well again afterwards", async () => {
    expect((await call(`${service.url}/health`)).status).to.equal(200);
    wire.cut();
    for (const path of ["/health", "/v1/batches", "/metrics", "/v1/lines"]) {
      const answer = await call(`${service.url}${path}`);
      expectProblem(answer, 503, "database-unavailable");
      expect(Number(answer.headers.get("retry-after"))).to.be.above(0);
    }
    wire.mend();
    const end = performance.now() + 30_000;
    while ((await call(`${service.url}/health`)).status !== 200 && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await call(`${service.url}/health`)).status).to.equal(200);
  });
});
