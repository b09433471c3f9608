// Opens the store that the settings name: the default PostgreSQL in the data folder, or any other.

import type { Logger } from "pino";
import { ConflictError } from "../errors.ts";
import type { Settings } from "../settings.ts";
import { connect, type Database } from "../store/database.ts";
import { type Hold, tryHold } from "../store/locks.ts";
import { ensureDataDir } from "./data-dir.ts";
import { startPostgres } from "./postgres.ts";

export type Store = { readonly sql: Database; readonly url: string; close(): Promise<void> };

export async function openStore(settings: Settings, log: Logger): Promise<Store> {
  return settings.DATABASE_URL === undefined
    ? openEmbedded(settings, log)
    : openOther(settings, settings.DATABASE_URL);
}

const CLOSE_SECONDS = 5;

async function openOther({ DATABASE_CONNECTIONS }: Settings, url: string): Promise<Store> {
  const sql = connect(url, DATABASE_CONNECTIONS);
  await sql`SELECT 1`;
  return { sql, url, close: () => sql.end({ timeout: CLOSE_SECONDS }) };
}

/** One service lives in a data folder; the lock for it is in the folder's own database. */
async function openEmbedded({ DATA_DIR, DATABASE_CONNECTIONS }: Settings, log: Logger): Promise<Store> {
  await ensureDataDir(DATA_DIR);
  const server = await startPostgres({ dataDir: DATA_DIR, onProgress: (step) => log.info(step) });
  const sql = connect(server.url, DATABASE_CONNECTIONS);
  const hold = await holdFolder(sql);
  if (hold === null) {
    await sql.end({ timeout: CLOSE_SECONDS });
    throw new ConflictError(
      "folder-in-use",
      `another service is running on ${DATA_DIR}; stop it, or choose another DATA_DIR`,
    );
  }
  const close = async () => {
    await hold.release();
    await sql.end({ timeout: CLOSE_SECONDS });
    await server.stop();
  };
  return { sql, url: server.url, close };
}

const PREDECESSOR_MS = 3_000;
const TRY_EVERY_MS = 100;

/** The session of a service that was killed may outlive it for a moment. */
async function holdFolder(sql: Database): Promise<Hold | null> {
  for (let waited = 0; waited < PREDECESSOR_MS; waited += TRY_EVERY_MS) {
    const hold = await tryHold(sql, "folder");
    if (hold !== null) return hold;
    await new Promise((resolve) => setTimeout(resolve, TRY_EVERY_MS));
  }
  return null;
}
