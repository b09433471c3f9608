// One real PostgreSQL for a whole run of mocha, started when the first suite asks, and in it a database of its own for
// each suite; in memory where there is room. What the tables are is the store's business.

import { rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { freshDataDir } from "../../server/embedded/data-dir.ts";
import { type EmbeddedPostgres, startPostgres } from "../../server/embedded/postgres.ts";
import { connect } from "../../server/store/database.ts";
import { migrate } from "../../server/store/migrate.ts";

export interface TestDatabase {
  readonly url: string;
  /** Ends its sessions and removes it; safe to leave out, since all go with the server. */
  drop(): Promise<void>;
}

interface SharedPostgres extends EmbeddedPostgres {
  readonly dataDir: string;
}

const TEMPLATE_NAME = "migrated";
const MEMORY_FOLDER = "/dev/shm";
const MEMORY_WANTED_BYTES = 4e9;

let shared: Promise<SharedPostgres> | undefined;
let template: Promise<void> | undefined;
let databases = 0;

/** A database with the newest schema and nothing in it: copied from a template, migrated once in a run. */
export async function freshDatabase(): Promise<TestDatabase> {
  template ??= makeTemplate();
  await template;
  return await createDatabase(TEMPLATE_NAME);
}

/** A database without any table. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return await createDatabase("template1");
}

async function makeTemplate(): Promise<void> {
  await command(`CREATE DATABASE ${TEMPLATE_NAME}`);
  const sql = connect(urlOf(await sharedPostgres(), TEMPLATE_NAME), 1);
  await migrate(sql);
  await sql.end();
}

async function createDatabase(from: string): Promise<TestDatabase> {
  databases += 1;
  const name = `test_${databases}`;
  // By files: the way of the log would write every page twice.
  await command(`CREATE DATABASE ${name} TEMPLATE ${from} STRATEGY file_copy`);
  return {
    url: urlOf(await sharedPostgres(), name),
    drop: () => command(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** Names of databases cannot be parameters; ours are made of letters and digits here. */
async function command(statement: string): Promise<void> {
  const sql = connect((await sharedPostgres()).url, 1);
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}

function urlOf({ url }: EmbeddedPostgres, name: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

async function sharedPostgres(): Promise<SharedPostgres> {
  shared ??= startShared();
  return await shared;
}

async function startShared(): Promise<SharedPostgres> {
  const dataDir = await freshDataDir(await quickFolder());
  return { dataDir, ...(await startPostgres({ dataDir, forgettable: true })) };
}

/** Linux's folder in memory: the hundreds of files of each new database are there at once, however busy the disk is. */
async function quickFolder(): Promise<string> {
  const memory = await statfs(MEMORY_FOLDER).catch(() => undefined);
  const room = memory === undefined ? 0 : memory.bavail * memory.bsize;
  return room >= MEMORY_WANTED_BYTES ? MEMORY_FOLDER : tmpdir();
}

/** For the end of the run; does nothing when no suite has asked for a database. */
export async function stopSharedPostgres(): Promise<void> {
  if (shared === undefined) return;
  const { dataDir, stop } = await shared;
  shared = undefined;
  template = undefined;
  await stop();
  await rm(dataDir, { recursive: true, force: true });
}
