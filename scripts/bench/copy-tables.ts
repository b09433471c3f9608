// Copies of the tables that ingest writes, indexes and checks included, and PostgreSQL's own COPY into them: the same rows
// at the speed of the database alone.

import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { copyOut } from "../../server/store/copy.ts";
import { connect, type Database } from "../../server/store/database.ts";
import { timed } from "./figures.ts";

const TABLES = ["events", "receipts"] as const;
const PART_BYTES = 65_536;

/** What COPY … TO STDOUT (FORMAT binary) gave, table by table. */
type Rows = readonly { readonly table: string; readonly data: Buffer }[];

export class CopyTables {
  readonly #sql: Database;

  private constructor(sql: Database) {
    this.#sql = sql;
  }

  static async create(databaseUrl: string): Promise<CopyTables> {
    const sql = connect(databaseUrl, 2);
    for (const table of TABLES)
      await sql.unsafe(`CREATE TABLE copy_of_${table} (LIKE ${table} INCLUDING ALL)`);
    return new CopyTables(sql);
  }

  /** Copies what the service has written since the last time; in milliseconds, durable as the service's writes are. */
  async copyNewRows(): Promise<number> {
    const rows = await this.#newRows();
    return timed(() =>
      this.#sql.begin(async (tx) => {
        for (const { table, data } of rows) {
          const copy = await tx.unsafe(`COPY copy_of_${table} FROM STDIN (FORMAT binary)`).writable();
          await pipeline(Readable.from(partsOf(data)), copy as Writable);
        }
      }),
    );
  }

  /** How many purchases have been copied. */
  async events(): Promise<number> {
    const [row] = await this.#sql<{ count: bigint }[]>`SELECT count(*) FROM copy_of_events`;
    return Number(row?.count);
  }

  close(): Promise<void> {
    return this.#sql.end();
  }

  async #newRows(): Promise<Rows> {
    return Promise.all(
      TABLES.map(async (table) => {
        const fresh = `SELECT * FROM ${table} t WHERE NOT EXISTS (SELECT FROM copy_of_${table} c WHERE c.id = t.id)`;
        const copy = await copyOut(this.#sql.unsafe(`COPY (${fresh}) TO STDOUT (FORMAT binary)`));
        return { table, data: Buffer.concat(await copy.toArray()) };
      }),
    );
  }
}

function* partsOf(data: Buffer): Generator<Buffer> {
  for (let at = 0; at < data.length; at += PART_BYTES) yield data.subarray(at, at + PART_BYTES);
}
