// PostgreSQL's binary COPY, there and back through the real server, however the stream is cut into pieces.

import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import fc from "fast-check";
import { copyIn, copyOut, type Field, readCopy } from "../../server/store/copy.ts";
import { connect, type Database } from "../../server/store/database.ts";
import { emptyDatabase, type TestDatabase } from "../support/postgres.ts";

type Row = { big: bigint; middle: number; small: number; raw: Uint8Array | null; words: string };

const row: fc.Arbitrary<Row> = fc.record({
  big: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  middle: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  small: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
  raw: fc.option(fc.uint8Array({ maxLength: 300 })),
  words: fc.string({ unit: "grapheme", maxLength: 100 }).map((text) => text.replaceAll("\0", "")),
});

const fieldsOf = ({ big, middle, small, raw, words }: Row): Field[] => [
  { int8: big },
  { int4: middle },
  { int2: small },
  { bytes: raw },
  { bytes: words },
];

const SIZES = [100, 125, 150, 250, 500];
const SLOW_MS = 20;

describe("binary COPY", () => {
  let database: TestDatabase;
  let sql: Database;

  before(async () => {
    database = await emptyDatabase();
    sql = connect(database.url, 2);
    await sql`CREATE TABLE things (at serial, big bigint, middle integer, small smallint, raw bytea, words text)`;
  });
  after(async () => {
    await sql.end({ timeout: 1 });
    await database.drop();
  });

  const put = (rows: Row[]) =>
    copyIn(sql`COPY things (big, middle, small, raw, words) FROM STDIN (FORMAT binary)`, [
      rows.map(fieldsOf),
    ]);

  /** The bytes that the server sends for all rows, in one piece. */
  async function taken(): Promise<Buffer> {
    const stream = await copyOut(
      sql`COPY (SELECT big, middle, small, raw, words FROM things ORDER BY at) TO STDOUT (FORMAT binary)`,
    );
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part);
    return Buffer.concat(parts);
  }

  async function parse(pieces: Iterable<Buffer>): Promise<Row[]> {
    const rows: Row[] = [];
    await readCopy(Readable.from(pieces), 5, (data, at, length) => {
      const bytes = (field: number) => data.subarray(at[field]!, at[field]! + length[field]!);
      rows.push({
        big: data.readBigInt64BE(at[0]),
        middle: data.readInt32BE(at[1]),
        small: data.readInt16BE(at[2]),
        raw: length[3] === -1 ? null : Uint8Array.from(bytes(3)),
        words: bytes(4).toString(),
      });
    });
    return rows;
  }

  it("brings back every row as it was, cut anywhere", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 30 }),
        fc.integer({ min: 1, max: 200 }),
        async (rows, size) => {
          await sql`TRUNCATE things RESTART IDENTITY`;
          await put(rows);
          const whole = await taken();
          const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, at) =>
            whole.subarray(at * size, (at + 1) * size),
          );
          expect(await parse(pieces)).to.deep.equal(rows);
        },
      ),
      { numRuns: 30 },
    );
  });

  /** Has so much read by `work`, in a transaction; gives what the query behind that answers. */
  async function readMuch(kilobytes: number, work: (stream: Readable) => Promise<void>) {
    await sql`TRUNCATE things`;
    await sql`INSERT INTO things (raw) SELECT convert_to(repeat('x', 1000), 'UTF8') FROM generate_series(1, ${kilobytes})`;
    return await sql.begin(async (tx) => {
      await work(await copyOut(tx`COPY things TO STDOUT (FORMAT binary)`));
      return await tx`SELECT 1 AS one`;
    });
  }

  // Whether the end comes just as the stream is full depends on the size.
  for (const kilobytes of SIZES)
    it(`leaves the connection usable behind a slow reader of ${kilobytes} kilobytes`, async () => {
      let bytes = 0;
      const next = await readMuch(kilobytes, async (stream) => {
        for await (const part of stream) {
          bytes += part.length;
          await sleep(SLOW_MS);
        }
      });
      expect(bytes).to.be.above(kilobytes * 1000);
      expect(next).to.deep.equal([{ one: 1 }]);
    });

  it("fails with what a reader of rows throws, and leaves the connection usable", async () => {
    const thrown = new Error("not this row");
    const reading = readMuch(5_000, (stream) =>
      readCopy(stream, 6, () => {
        throw thrown;
      }),
    );
    expect(
      await reading.then(
        () => undefined,
        (error) => error,
      ),
    ).to.equal(thrown);
    expect(await sql`SELECT 1 AS one`).to.deep.equal([{ one: 1 }]);
  });

  it("fails when the server refuses a row, and leaves the connection usable", async () => {
    await sql`TRUNCATE things`;
    await sql`ALTER TABLE things ADD CONSTRAINT no_zero CHECK (big <> 0)`;
    const bad: Row = { big: 0n, middle: 0, small: 0, raw: null, words: "" };
    const failure = await put([bad]).then(
      () => undefined,
      (error) => error,
    );
    expect(failure).to.include({ code: "23514" });
    expect(await sql`SELECT count(*) FROM things`).to.deep.equal([{ count: 0n }]);
  });
});
