// What an export costs others: it is as of one moment, in bounded memory, and over when its reader goes.

import { expect } from "chai";
import { until } from "../support/charity.ts";
import { call } from "../support/client.ts";
import { startTestService, type TestService } from "../support/service.ts";

const ROWS = 300_000;
const MIB = 2 ** 20;

describe("the reader of an export", function () {
  this.timeout(120_000);
  let service: TestService;

  before(async () => {
    service = await startTestService();
    await service.sql`
      INSERT INTO batches (number, state, opened_at, closed_at) VALUES (1, 'sealed', 1790000000, 1790000060)`;
    await service.sql`
      INSERT INTO notices (batch, kind, subject, content, leaf)
      SELECT 1, 'merchant-total', sha256(n::text::bytea), sha256(n::text::bytea), sha256(n::text::bytea)
      FROM generate_series(1, ${ROWS}) AS n`;
  });
  after(() => service.stop());

  /** Transactions of exports that the database still has open. */
  const running = async () => {
    const [row] = await service.sql<{ count: bigint }[]>`
      SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND (state LIKE 'idle in transaction%' OR query LIKE '%ORDER BY batch, kind, subject, content%' AND state = 'active')`;
    return Number(row?.count);
  };

  for (const kind of ["csv", "parquet"]) {
    it(`of ${kind} who goes away ends the query, and leaves the place to the next`, async () => {
      const leaving = new AbortController();
      const response = await fetch(`${service.url}/v1/exports/notices.${kind}`, { signal: leaving.signal });
      await response.body?.getReader().read();
      await until("the query waits for its reader", async () => (await running()) === 1);
      leaving.abort();
      await until("the query is over", async () => (await running()) === 0);
      for (let again = 0; again < 6; again++)
        expect((await call(`${service.url}/v1/exports/batches.csv`)).status).to.equal(200);
    });

    it(`of ${kind} gets every row, while memory holds a part of them`, async () => {
      const heap = process.memoryUsage();
      let most = 0;
      let bytes = 0;
      const response = await fetch(`${service.url}/v1/exports/notices.${kind}`);
      for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
        bytes += chunk.length;
        most = Math.max(most, process.memoryUsage().arrayBuffers - heap.arrayBuffers);
      }
      expect(bytes).to.be.above(25 * MIB);
      expect(most).to.be.below(bytes);
    });
  }

  it("sees one moment, whatever is written meanwhile", async () => {
    const response = await fetch(`${service.url}/v1/exports/notices.csv`);
    const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    const parts = [(await reader.read()).value as Uint8Array];
    await service.sql`
      INSERT INTO notices (batch, kind, subject, content, leaf)
      SELECT 1, 'z', sha256(n::text::bytea), sha256(n::text::bytea), sha256(n::text::bytea) FROM generate_series(1, 10) AS n`;
    for (let read = await reader.read(); !read.done; read = await reader.read()) parts.push(read.value);
    expect(countLines(Buffer.concat(parts).toString())).to.equal(ROWS + 1);
  });
});

const countLines = (text: string) => text.split("\r\n").length - 1;
