// Everything in the store as of one moment, read while the service goes on writing: what a backup is made of. What a
// backup file looks like is not known here.

import type { Readable } from "node:stream";
import { InputError } from "../errors.ts";
import { copyOut } from "./copy.ts";
import { connectAlone, type Database, type Queries } from "./database.ts";

export type TableShape = {
  readonly name: string;
  readonly columns: readonly string[];
  /** Of which table it is a part, and which rows fall into it, as PostgreSQL writes it; null for a table of its own. */
  readonly partition: { readonly of: string; readonly bounds: string } | null;
};

/** Where the numbering of an identity column stands. */
export type Numbering = { readonly name: string; readonly last: string; readonly called: boolean };

export type Snapshot = {
  /** The ledger's id, 32 bytes. */
  readonly ledger: Buffer;
  /** As the database's clock says. */
  readonly takenAt: Date;
  readonly postgres: string;
  /** The names of the migrations that made the schema. */
  readonly migrations: readonly string[];
  readonly tables: readonly TableShape[];
  readonly numberings: readonly Numbering[];
  /** About how many bytes all rows are: the size on disk, without indexes. */
  readonly bytesExpected: number;
  /** A table's rows in the binary COPY format. One table at a time, read to its end. */
  read(table: TableShape): Promise<Readable>;
};

/** Not at once: the driver fails on what it has not written yet when its socket is gone. */
export const CUT_OFF_SECONDS = 0.1;

/**
 * Has `work` look at the store as of this moment. Nobody waits for it; but as long as it lasts, PostgreSQL keeps what is
 * erased or replaced meanwhile.
 * @throws InputError `no-ledger`, `citus`
 */
export async function withSnapshot<Result>(
  sql: Database,
  work: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  const connection = connectAlone(sql, () => {});
  try {
    return await lookThrough(connection, work);
  } finally {
    await connection.end({ timeout: CUT_OFF_SECONDS });
  }
}

/**
 * When `work` fails, the transaction is left as it is, to end with its connection: its rollback would have to wait behind
 * a table that was read half. When the connection is lost, `work` learns of it by what it reads, and is waited for.
 */
function lookThrough<Result>(
  connection: Database,
  work: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    let looking: Promise<Result> | undefined;
    const transaction = connection.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY", async (tx) => {
      looking = describe(tx).then(work);
      return await looking.catch((thrown) => {
        reject(thrown);
        return new Promise<never>(() => {});
      });
    });
    transaction.then(
      () => resolve(looking as Promise<Result>),
      (lost) => Promise.resolve(looking).then(() => reject(lost), reject),
    );
  });
}

async function describe(tx: Queries): Promise<Snapshot> {
  // From its beginning on, also where another reads the same table: rows come in the order in which they lie.
  await tx`SET LOCAL synchronize_seqscans = off`;
  await requireLedger(tx);
  const [head] = await tx<{ id: Buffer; at: Date; postgres: string; bytes: bigint }[]>`
    SELECT id, now() AS at, current_setting('server_version') AS postgres, (
      SELECT coalesce(sum(pg_table_size(oid)), 0)::bigint FROM pg_class WHERE ${isOurs(tx)} AND relkind = 'r') AS bytes
    FROM ledger`;
  if (head === undefined) throw noLedger();
  const migrations = await tx<{ name: string }[]>`SELECT name FROM migrations ORDER BY name`;
  return {
    ledger: head.id,
    takenAt: head.at,
    postgres: head.postgres,
    migrations: migrations.map(({ name }) => name),
    tables: await tablesOf(tx),
    numberings: await numberingsOf(tx),
    bytesExpected: Number(head.bytes),
    read: (table) => copyOut(tx.unsafe(`COPY ${rowsOf(table)} TO STDOUT (FORMAT binary)`)),
  };
}

const noLedger = () =>
  new InputError("no-ledger", "this database holds no ledger: is it the one that the service uses?");

async function requireLedger(tx: Queries): Promise<void> {
  const [found] = await tx<{ ledger: boolean; citus: boolean }[]>`
    SELECT to_regclass('ledger') IS NOT NULL AND to_regclass('migrations') IS NOT NULL AS ledger,
      EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') AS citus`;
  if (found?.ledger !== true) throw noLedger();
  if (found.citus)
    throw new InputError(
      "citus",
      "this ledger is spread over the nodes of a Citus cluster, which have no moment in common to read as of; " +
        "back the nodes up with their own tools, from one restore point (citus_create_restore_point)",
    );
}

/** Tables of ours; not those that a crash empties, which hold nothing that could not be made again. */
const isOurs = (sql: Queries) => sql`relnamespace = current_schema()::regnamespace AND relpersistence = 'p'`;

/** Those that hold rows: a table that is divided holds none itself. */
const tablesOf = (sql: Queries) =>
  sql<TableShape[]>`
    SELECT relname AS name, columns.names AS columns, CASE WHEN relispartition THEN jsonb_build_object(
        'of', (SELECT whole.relname FROM pg_inherits JOIN pg_class AS whole ON whole.oid = inhparent WHERE inhrelid = pg_class.oid),
        'bounds', pg_get_expr(relpartbound, oid)) END AS partition
    FROM pg_class, LATERAL (
      SELECT coalesce(jsonb_agg(attname ORDER BY attnum), '[]') AS names FROM pg_attribute
      WHERE attrelid = oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns
    WHERE ${isOurs(sql)} AND relkind = 'r' ORDER BY relname`;

/**
 * Numberings do not take part in transactions: theirs is the present state, at or after that of the rows, so that no number
 * in them is given out again.
 */
async function numberingsOf(sql: Queries): Promise<Numbering[]> {
  const names = await sql<{ name: string }[]>`
    SELECT relname AS name FROM pg_class WHERE ${isOurs(sql)} AND relkind = 'S' ORDER BY relname`;
  const numberings: Numbering[] = [];
  for (const { name } of names) {
    const rows = await sql<{ last: string; called: boolean }[]>`
      SELECT last_value::text AS last, is_called AS called FROM ${sql(name)}`;
    for (const { last, called } of rows) numberings.push({ name, last, called });
  }
  return numberings;
}

/** A table with its columns, as COPY wants it. */
export const rowsOf = ({ name, columns }: Pick<TableShape, "name" | "columns">): string =>
  `${quoted(name)} (${columns.map(quoted).join()})`;

/** A name in SQL text, for statements that take no parameters. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
