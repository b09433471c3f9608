// Puts the rows of a snapshot into a database that has none: the other half of a backup. All rows or none: it is one
// transaction, and what was written is read again before it ends.

import type { Readable } from "node:stream";
import { InputError } from "../errors.ts";
import { copyOut, copyStream } from "./copy.ts";
import type { Database, Transaction } from "./database.ts";
import { migrate } from "./migrate.ts";
import { noteRestored } from "./restorations.ts";
import { type Numbering, quoted, rowsOf, type TableShape } from "./snapshot.ts";

export type Refill = {
  readonly migrations: readonly string[];
  readonly tables: readonly TableShape[];
  readonly numberings: readonly Numbering[];
  /** A table's rows in the binary COPY format, asked for in the order of `tables`. */
  rows(table: TableShape): AsyncIterable<Buffer>;
  /** Hears all rows of a table as they lie in the database afterwards; throws when they are not those that were given. */
  check(table: TableShape, rows: Readable): Promise<void>;
  /** Called before the rows are kept for good; throws when they were not all. */
  end(): Promise<void>;
};

/**
 * Brings an empty database to the schema that the rows are of, and them into it.
 * @throws InputError `not-empty`, `newer-schema`, `other-schema`, `no-superuser`
 */
export async function refill(sql: Database, refill: Refill): Promise<void> {
  await requireEmpty(sql);
  await migrate(sql, refill.migrations);
  await sql.begin(async (tx) => {
    await suspendTriggers(tx);
    await tx`SET LOCAL synchronize_seqscans = off`;
    await addPartitions(tx, refill.tables);
    await requireTables(tx, refill.tables);
    // What the migrations themselves have written comes back with the rest.
    await tx.unsafe(`TRUNCATE ${refill.tables.map(({ name }) => quoted(name)).join()}`);
    for (const table of refill.tables) await refillTable(tx, refill, table);
    for (const { name, last, called } of refill.numberings)
      await tx`SELECT setval(${quoted(name)}::regclass, ${last}::bigint, ${called})`;
    await refill.end();
    // A schema from before the bank rail has nothing to hold back.
    if (await exists(tx, "restorations")) await noteRestored(tx);
  });
  await sql`ANALYZE`;
}

async function requireEmpty(sql: Database): Promise<void> {
  const [found] = await sql`
    SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') LIMIT 1`;
  if (found === undefined) return;
  throw new InputError(
    "not-empty",
    `the database is not empty: it has a table "${found.relname}"; nothing is overwritten, so name an empty one`,
  );
}

/** References were held when the rows were written; holding each again would ask for an order of the tables. */
async function suspendTriggers(tx: Transaction): Promise<void> {
  try {
    await tx`SET LOCAL session_replication_role = replica`;
  } catch (thrown) {
    if ((thrown as { code?: unknown }).code !== "42501") throw thrown;
    throw new InputError(
      "no-superuser",
      "the database's user may not suspend triggers; restore as a superuser, " +
        "or GRANT SET ON PARAMETER session_replication_role to it",
    );
  }
}

/** As PostgreSQL writes the bounds of a partition, and nothing that could be more than that. */
const BOUNDS = /^(DEFAULT|FOR VALUES [A-Za-z0-9 (),'_-]+)$/;

/** Those that the service has made as it went along. */
async function addPartitions(tx: Transaction, tables: readonly TableShape[]): Promise<void> {
  for (const { name, partition } of tables) {
    if (partition === null || (await exists(tx, name))) continue;
    if (!BOUNDS.test(partition.bounds)) throw otherSchema(name);
    await tx.unsafe(`CREATE TABLE ${quoted(name)} PARTITION OF ${quoted(partition.of)} ${partition.bounds}`);
  }
}

async function requireTables(tx: Transaction, tables: readonly TableShape[]): Promise<void> {
  for (const { name } of tables) if (!(await exists(tx, name))) throw otherSchema(name);
}

async function exists(tx: Transaction, table: string): Promise<boolean> {
  const [found] = await tx`SELECT to_regclass(${quoted(table)}) IS NOT NULL AS there`;
  return found?.there === true;
}

const otherSchema = (table: string) =>
  new InputError("other-schema", `the migrations make no table "${table}": these rows are of another schema`);

async function refillTable(tx: Transaction, { rows, check }: Refill, table: TableShape): Promise<void> {
  // FREEZE: nobody sees the rows before this transaction ends, so nothing has to be noted on them later.
  await copyStream(tx.unsafe(`COPY ${rowsOf(table)} FROM STDIN (FORMAT binary, FREEZE)`), rows(table));
  await check(table, await copyOut(tx.unsafe(`COPY ${rowsOf(table)} TO STDOUT (FORMAT binary)`)));
}
