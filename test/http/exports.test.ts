// Everything public as CSV and Parquet: read back by DuckDB, the same as the API tells, and nothing that is private.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect } from "chai";
import { batchTree } from "../../server/protocol/batch-root.ts";
import { fromHex, toHex } from "../../server/protocol/bytes.ts";
import { call } from "../support/client.ts";
import { type PlayedLedger, playedLedger } from "../support/played-ledger.ts";
import { expectFieldProblem, expectProblem } from "../support/problems.ts";
import { wanted } from "../support/shop.ts";

interface Listed {
  readonly name: string;
  readonly period: string | null;
  readonly columns: readonly { name: string; type: string; meaning: string }[];
}

describe("exports of everything public", function () {
  this.timeout(120_000);
  let played: PlayedLedger;
  let tables: readonly Listed[];
  let duck: Awaited<ReturnType<DuckDBInstance["connect"]>>;

  before(async () => {
    played = await playedLedger();
    tables = (await wanted(200, call(`${played.service.url}/v1/exports`))).items;
    duck = await (await DuckDBInstance.create(":memory:")).connect();
  });
  after(() => duck.closeSync());

  const path = (name: string, query = "") => `${played.service.url}/v1/exports/${name}${query}`;

  /** Downloads a file, for DuckDB to read. */
  async function download(name: string, query = ""): Promise<string> {
    const response = await fetch(path(name, query));
    expect(response.status, name).to.equal(200);
    const file = join(played.service.dataDir, name);
    await writeFile(file, Buffer.from(await response.arrayBuffer()));
    return file;
  }

  const rows = async (sql: string) => (await duck.runAndReadAll(sql)).getRowObjectsJson();

  it("are listed, each column with its type and what it means", () => {
    expect(tables.map(({ name }) => name)).to.include.members([
      "batches",
      "statements",
      "payouts",
      "outcomes",
    ]);
    for (const { name, columns } of tables)
      for (const { meaning } of columns) expect(meaning, name).to.have.length.above(2);
  });

  /** A table out of both of its files. */
  async function bothKinds({ name, columns }: Listed) {
    const [csv, parquet] = [await download(`${name}.csv`), await download(`${name}.parquet`)];
    const described = await rows(`DESCRIBE SELECT * FROM read_parquet('${parquet}')`);
    expect(described.map(({ column_name }) => column_name)).to.deep.equal(columns.map((one) => one.name));
    const types = `{${described.map(({ column_name, column_type }) => `'${column_name}': '${column_type}'`)}}`;
    const options = `header=true, columns=${types}, quote='"', escape='"', nullstr=''`;
    return {
      fromCsv: await rows(`SELECT * FROM read_csv('${csv}', ${options})`),
      fromParquet: await rows(`SELECT * FROM read_parquet('${parquet}')`),
    };
  }

  it("are the same as CSV and as Parquet, with the columns that are listed", async () => {
    for (const table of tables) {
      let both = await bothKinds(table);
      // The ledger is alive: between the two files a batch may become final, or the contract be read again.
      for (let again = 0; again < 20 && !isDeepStrictEqual(both.fromCsv, both.fromParquet); again++)
        both = await bothKinds(table);
      expect(both.fromCsv, table.name).to.deep.equal(both.fromParquet);
    }
  });

  it("tell of batches and statements what the API tells of each", async () => {
    const exported = await rows(`SELECT * FROM read_parquet('${await download("statements.parquet")}')`);
    const { items } = await wanted(200, call(`${played.service.url}/v1/batches?limit=1000`));
    const sealed = items.filter(({ root }: { root: string | null }) => root !== null);
    const batches = await rows(
      `SELECT number, root, receipts FROM read_parquet('${await download("batches.parquet")}') ORDER BY number DESC`,
    );
    type Batch = { number: string; root: string; receipts: string };
    expect(batches).to.deep.equal(
      sealed.map(({ number, root, receipts }: Batch) => ({ number, root, receipts })),
    );
    for (const { number } of sealed) {
      const { statements } = await wanted(200, call(`${played.service.url}/v1/batches/${number}`));
      const own = exported.filter((row) => row.batch === number);
      type Statement = { receiptsRoot: string; from: string; to: string; registration: string };
      expect(
        own.map(({ receipts_root, from, to, registration }) => ({ receipts_root, from, to, registration })),
      ).to.deep.equal(
        statements.map(({ receiptsRoot, from, to, registration }: Statement) => ({
          ...{ receipts_root: receiptsRoot, from, to, registration },
        })),
      );
    }
    expect(exported).to.have.length.above(1);
  });

  it("tell how far each line has come, and what the money became", async () => {
    const [line] = await rows(
      `SELECT paid, acknowledged, spent FROM read_parquet('${await download("lines.parquet")}')`,
    );
    expect(line).to.deep.equal({ paid: "20000", acknowledged: "20000", spent: "14000" });
    const outcomes = await rows(
      `SELECT what, "count", measure FROM read_csv('${await download("outcomes.csv")}')`,
    );
    expect(outcomes).to.have.length(1);
    expect(outcomes[0]).to.include({ what: "hot lunches", measure: "meals" });
    const [part] = await rows(`SELECT * FROM read_parquet('${await download("disbursements.parquet")}')`);
    expect(part).to.include({ from: "0", up_to: "14000", country: "CN", project: "Free lunches" });
  });

  it("can be checked against the chain: no line has a gap, and the leaves of a batch give its anchored root", async () => {
    const statements = await download("statements.parquet");
    const notices = await download("notices.parquet");
    const gaps = await rows(`
      SELECT * FROM (SELECT registration, unit, kind, batch, "from",
          lag("to", 1, 0) OVER (PARTITION BY registration, unit, kind ORDER BY batch) AS before
        FROM '${statements}') WHERE "from" <> before`);
    expect(gaps).to.deep.equal([]);
    const leaves = await rows(`
      SELECT batch, list(leaf) AS leaves FROM (
        SELECT batch, leaf FROM '${statements}' UNION ALL SELECT batch, leaf FROM '${notices}') GROUP BY batch`);
    const batches = await rows(`SELECT number, root FROM '${await download("batches.parquet")}'`);
    expect(leaves).to.have.length(batches.length);
    for (const { number, root } of batches) {
      const own = leaves.find(({ batch }) => batch === number)?.leaves as string[];
      expect(toHex(batchTree(own.map((leaf) => fromHex(leaf))).root)).to.equal(root);
    }
  });

  it("keep 64-bit integers exact", async () => {
    const [described] = await rows(
      `SELECT column_type FROM (DESCRIBE SELECT * FROM read_parquet('${await download("statements.parquet")}'))
       WHERE column_name = 'to'`,
    );
    expect(described).to.deep.equal({ column_type: "BIGINT" });
  });

  it("hold a period, when one is asked for, and only where there is one", async () => {
    const today = new Date().toISOString().slice(0, 10);
    const whole = await rows(`SELECT * FROM read_parquet('${await download("batches.parquet")}')`);
    const own = await rows(
      `SELECT * FROM read_parquet('${await download("batches.parquet", `?from=${today}`)}')`,
    );
    expect(own.length).to.be.at.most(whole.length);
    const past = await download("batches.parquet", "?upTo=2020-01-01");
    expect(await rows(`SELECT * FROM read_parquet('${past}')`)).to.deep.equal([]);
    expectFieldProblem(await call(path("batches.csv", "?from=yesterday")), "from");
    expectProblem(
      await call(path("batches.csv", "?from=2026-02-01&upTo=2026-01-01")),
      422,
      "period-ends-before",
    );
    expectProblem(await call(path("charities.csv", "?from=2026-02-01")), 422, "no-period");
    expectProblem(await call(path("receipts.csv")), 404, "unknown-table");
  });

  it("tell their type to whoever asks for the head alone", async () => {
    const head = await fetch(path("batches.parquet"), { method: "HEAD" });
    expect([head.status, head.headers.get("content-type"), await head.text()]).to.deep.equal([
      ...[200, "application/vnd.apache.parquet", ""],
    ]);
  });

  it("hold nothing that is private: no buyer, order, receipt, salt or key", async () => {
    const { rows: secrets } = await secretsOf(played);
    for (const { name, columns } of tables) {
      const text = await (await fetch(path(`${name}.csv`))).text();
      for (const { name: column } of columns)
        expect(column).to.not.match(/buyer|order|salt|details|private|iban|account|donor(?!$)|key/);
      for (const secret of secrets) expect(text, name).to.not.include(secret);
    }
    expect(secrets).to.have.length.above(10);
  });

  it("are refused when too many are read at once, and given back when a reader goes", async () => {
    const { exports } = played.service.services;
    const gone = Promise.withResolvers<void>();
    const response = () => ({ closed: false, once: () => {} }) as never;
    const running = [1, 2, 3, 4].map(() => exports.within(response(), () => gone.promise));
    const refused = await call(path("batches.csv"));
    expectProblem(refused, 429, "queue-full");
    expect(refused.headers.get("retry-after")).to.equal("10");
    gone.resolve();
    await Promise.all(running);
    await wanted(200, call(path("batches.csv")));
  });
});

/** What is nobody's business: of each purchase who bought it, and of each receipt its id, salt and details' hash. */
async function secretsOf({ service: { sql } }: PlayedLedger) {
  const events = await sql<{ body: string }[]>`SELECT body FROM events`;
  const receipts = await sql<
    { id: Buffer; salt: Buffer; details: Buffer }[]
  >`SELECT id, salt, details FROM receipts`;
  const told = events.flatMap(({ body }) => {
    const { order, buyer } = JSON.parse(body);
    return [order, buyer].filter((one) => typeof one === "string" && one.length > 3);
  });
  const bytes = receipts.flatMap(({ id, salt, details }) =>
    [id, salt, details].map((one) => one.toString("hex")),
  );
  return { rows: [...new Set([...told, ...bytes])] };
}
