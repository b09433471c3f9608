// The database that a backup is taken of: the one in a data folder, whether its service runs or not, or any other.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { startPostgres } from "../../server/embedded/postgres.ts";
import { InputError } from "../../server/errors.ts";
import { connect, type Database } from "../../server/store/database.ts";
import { tryHold } from "../../server/store/locks.ts";
import { OPERATOR_KEY } from "./format.ts";

export type Source = {
  readonly sql: Database;
  /** The file's content; undefined where there is none. */
  readonly operatorKey: Buffer | undefined;
  close(): Promise<void>;
};

export type Where = { readonly dataDir: string; readonly databaseUrl?: string | undefined };

const CONNECTIONS = 2;
const CLOSE_SECONDS = 1;

/** Throws `InputError` `no-database` when there is none in the folder: none is made. */
export async function openSource({ dataDir, databaseUrl }: Where): Promise<Source> {
  const database = databaseUrl === undefined ? await openFolder(dataDir) : openOther(databaseUrl);
  const keyFile = join(dataDir, OPERATOR_KEY);
  try {
    return { ...database, operatorKey: existsSync(keyFile) ? await readFile(keyFile) : undefined };
  } catch (thrown) {
    await database.close();
    throw thrown;
  }
}

function openOther(url: string): Omit<Source, "operatorKey"> {
  const sql = connect(url, CONNECTIONS);
  return { sql, close: () => sql.end({ timeout: CLOSE_SECONDS }) };
}

async function openFolder(dataDir: string): Promise<Omit<Source, "operatorKey">> {
  if (!existsSync(join(dataDir, "postgres")))
    throw new InputError(
      "no-database",
      `there is no database in ${dataDir}; name the service's DATA_DIR with --data-dir, or set DATABASE_URL`,
    );
  const server = await startPostgres({ dataDir });
  const sql = connect(server.url, CONNECTIONS);
  const close = async () => {
    if (!server.adopted && (await isUnused(sql))) await server.stop();
    await sql.end({ timeout: CLOSE_SECONDS });
  };
  return { sql, close };
}

/** A service may have started meanwhile on the server that we started; then the server is its own to stop. */
async function isUnused(sql: Database): Promise<boolean> {
  const hold = await tryHold(sql, "folder").catch(() => null);
  await hold?.release();
  return hold !== null;
}
