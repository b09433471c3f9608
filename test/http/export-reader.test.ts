// What an export costs others: it is as of one moment, in bounded memory, and over when its reader goes.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect } from "chai";
import { ExportPlaces } from "../../server/http/export-places.ts";
import { call } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { startTestService, type TestService } from "../support/service.ts";

const ROWS = 150_000;
/** Far behind those that the service itself looks at. */
const BATCH = 9_000_000;

describe("the reader of an export", function () {
  this.timeout(120_000);
  let service: TestService;

  before(async () => {
    service = await startTestService();
    await service.sql`
      INSERT INTO batches (number, state, opened_at, closed_at) VALUES (${BATCH}, 'final', 1790000000, 1790000060)`;
    await service.sql`
      INSERT INTO notices (batch, kind, subject, content, leaf)
      SELECT ${BATCH}, 'merchant-total', sha256(n::text::bytea), sha256(n::text::bytea), sha256(n::text::bytea)
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
      // It goes on no faster than the reader takes it.
      await eventually("the query waits for its reader", async () => (await running()) === 1);
      leaving.abort();
      await eventually("the query is over", async () => (await running()) === 0);
      for (let again = 0; again < 6; again++)
        expect((await call(`${service.url}/v1/exports/batches.csv`)).status).to.equal(200);
    });
  }

  it("who takes nothing in loses the place", async () => {
    const { services } = service;
    const patient = services.exports;
    Object.assign(services, { exports: new ExportPlaces(12, 300) });
    const response = await fetch(`${service.url}/v1/exports/notices.csv`);
    await eventually("the query is over", async () => (await running()) === 0);
    expect(await response.text().catch(() => "cut off")).to.equal("cut off");
    Object.assign(services, { exports: patient });
  });

  it("of Parquet gets every row, in as many row groups as it takes", async () => {
    const response = await fetch(`${service.url}/v1/exports/notices.parquet`);
    const file = join(service.dataDir, "notices.parquet");
    await writeFile(file, Buffer.from(await response.arrayBuffer()));
    const duck = await (await DuckDBInstance.create(":memory:")).connect();
    const rows = async (sql: string) => (await duck.runAndReadAll(sql)).getRowObjectsJson();
    expect(await rows(`SELECT count(DISTINCT subject) AS rows FROM read_parquet('${file}')`)).to.deep.equal([
      { rows: `${ROWS}` },
    ]);
    const [groups] = await rows(`SELECT count(DISTINCT row_group_id) AS n FROM parquet_metadata('${file}')`);
    expect(Number(groups?.n)).to.be.above(10);
    duck.closeSync();
  });

  it("is cut off when the database goes, so that nobody takes a part for the whole", async () => {
    const response = await fetch(`${service.url}/v1/exports/notices.csv`);
    const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    await reader.read();
    await eventually("the query waits for its reader", async () => (await running()) === 1);
    await service.sql`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
        AND pid <> pg_backend_pid() AND query LIKE '%ORDER BY batch, kind, subject, content%'`;
    const end = (async () => {
      for (let read = await reader.read(); !read.done; ) read = await reader.read();
      return "whole";
    })();
    expect(await end.catch(() => "cut off")).to.equal("cut off");
    expect((await call(`${service.url}/v1/exports/batches.csv`)).status).to.equal(200);
  });

  it("sees one moment, whatever is written meanwhile", async () => {
    const response = await fetch(`${service.url}/v1/exports/notices.csv`);
    const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    const parts = [(await reader.read()).value as Uint8Array];
    await service.sql`
      INSERT INTO notices (batch, kind, subject, content, leaf)
      SELECT ${BATCH}, 'z', sha256(n::text::bytea), sha256(n::text::bytea), sha256(n::text::bytea) FROM generate_series(1, 10) AS n`;
    for (let read = await reader.read(); !read.done; read = await reader.read()) parts.push(read.value);
    expect(countLines(Buffer.concat(parts).toString())).to.equal(ROWS + 1);
  });
});

const countLines = (text: string) => text.split("\r\n").length - 1;
