// Books read by implementations of Arrow that share nothing with ours: Apache's in JavaScript, another in JavaScript, and
// the one in Rust; and by SQL, from what the one in Rust has made of a book.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import * as flechette from "@uwdata/flechette";
import { tableFromIPC } from "apache-arrow";
import { expect } from "chai";
import { Table, writeParquet } from "parquet-wasm";
import { headerText } from "../../server/books/book.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { bytesOfBook, makeBook, smallBook } from "./making.ts";

/** The magic and its padding, before what is a stream as well. */
const MAGIC_BYTES = 8;

type Reversal = Record<"id" | "terms" | "details" | "salt", Uint8Array> & { acceptedAt: bigint };

describe("a book in other hands", () => {
  const made = smallBook();
  const leaves = made.columns.flatMap(({ leaves }) =>
    Array.from({ length: leaves.length / 32 }, (_, i) => toHex(leaves.slice(32 * i, 32 * i + 32))),
  );
  const amounts = made.columns.flatMap((columns) => [...columns.amounts]);
  let bytes: Uint8Array;
  before(async () => {
    bytes = await bytesOfBook(made);
  });

  /** Any reader's table, by the names of its columns. */
  const expectBook = (column: (name: string) => Iterable<unknown>) => {
    expect([...column("leaf")].map((leaf) => toHex(leaf as Uint8Array))).to.deep.equal(leaves);
    expect([...column("amount")]).to.deep.equal(amounts);
    const reversals = [...column("reversal")].map((list) => [...(list as Iterable<Reversal>)]);
    expect(reversals.map(({ length }) => length)).to.deep.equal(
      made.receipts.flatMap((receipts) => receipts.map(({ kind }) => kind)),
    );
    const wanted = made.receipts.flat().filter(({ kind }) => kind === 1);
    expect(
      reversals.flat().map(({ id, salt, acceptedAt }) => [toHex(id), toHex(salt), acceptedAt]),
    ).to.deep.equal(wanted.map(({ id, salt, acceptedAt }) => [toHex(id), toHex(salt), acceptedAt]));
  };

  it("is read by Apache's reader: one record batch for each statement", () => {
    const table = tableFromIPC(bytes);
    expect(table.batches.map(({ numRows }) => numRows)).to.deep.equal(
      made.receipts.map(({ length }) => length),
    );
    expect(table.schema.metadata.get("amanah")).to.equal(headerText(made.header));
    expectBook((name) => table.getChild(name)!);
  });

  it("is read by flechette", () => {
    const table = flechette.tableFromIPC(bytes, { useBigInt: true });
    expect(table.schema.metadata?.get("amanah")).to.equal(headerText(made.header));
    expectBook((name) => table.getChild(name) as Iterable<unknown>);
  });

  it("is read by the reader in Rust, and written again for flechette", () => {
    const table = Table.fromIPCStream(bytes.subarray(MAGIC_BYTES));
    expect(table.numBatches).to.equal(made.receipts.length);
    const again = flechette.tableFromIPC(table.intoIPCStream(), { useBigInt: true });
    expectBook((name) => again.getChild(name) as Iterable<unknown>);
  });

  it("is added up by DuckDB", async () => {
    const folder = await mkdtemp(join(tmpdir(), "book-"));
    const parquet = join(folder, "book.parquet");
    await writeFile(parquet, writeParquet(Table.fromIPCStream(bytes.subarray(MAGIC_BYTES))));
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const rows = await connection.runAndReadAll(
      `SELECT count(*), sum(amount)::bigint, sum(len(reversal))::bigint, count(DISTINCT leaf) FROM '${parquet}'`,
    );
    expect(rows.getRows()).to.deep.equal([[6n, 29n, 2n, 6n]]);
    connection.closeSync();
    await rm(folder, { recursive: true });
  });

  it("is read where a batch has documents only", async () => {
    const empty = await bytesOfBook(makeBook([]));
    expect(tableFromIPC(empty).numRows).to.equal(0);
    expect(flechette.tableFromIPC(empty).numRows).to.equal(0);
    expect(Table.fromIPCStream(empty.subarray(MAGIC_BYTES)).numBatches).to.equal(0);
  });
});
