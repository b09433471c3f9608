// Puts a backup back: into a folder that the service can start on, or into an empty database elsewhere. Nothing that holds
// anything is overwritten, and what fails leaves nothing behind.

import { createReadStream } from "node:fs";
import { readdir, rename, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { ensureDataDir, openToServer } from "../../server/embedded/data-dir.ts";
import { startPostgres } from "../../server/embedded/postgres.ts";
import { makeWhole } from "../../server/embedded/whole-folder.ts";
import { ConflictError, InvariantError } from "../../server/errors.ts";
import { connect, type Database } from "../../server/store/database.ts";
import { requireKnown } from "../../server/store/migrate.ts";
import { refill } from "../../server/store/refill.ts";
import { CUT_OFF_SECONDS, type TableShape } from "../../server/store/snapshot.ts";
import { type Head, OPERATOR_KEY, RunningSum, type TableSum } from "./format.ts";
import { BackupReader, isSame } from "./read.ts";

export type PutBackOptions = {
  /** Hears how many bytes of the file have been read. */
  readonly onProgress?: (bytes: number) => void;
  readonly signal?: AbortSignal;
};

export type PutBack = { readonly head: Head; readonly tables: readonly TableSum[] };

/** Reads a backup to its end and checks it; nothing is kept. Throws `InputError` that says what is wrong with it. */
export async function checkBackup(file: string, options: PutBackOptions = {}): Promise<PutBack> {
  const reader = await openBackup(file, options);
  for (const table of reader.head.tables) for await (const _ of reader.rows(table));
  return { head: reader.head, tables: await reader.end() };
}

/**
 * Makes `folder`, which must be missing or empty, one that the service starts on with `DATA_DIR`. It gets a database
 * password of its own.
 * @throws InputError about the backup; ConflictError `folder-not-empty`
 */
export async function restoreFolder(
  file: string,
  folder: string,
  options: PutBackOptions = {},
): Promise<PutBack> {
  const reader = await openBackup(file, options);
  const target = await ensureDataDir(folder);
  await requireEmpty(target);
  const restored = join(target, RESTORED);
  let tables: readonly TableSum[] = [];
  await makeWhole(restored, async (draft) => {
    tables = await fillFolder(reader, draft, options.signal);
  });
  await moveUp(restored, target);
  return { head: reader.head, tables };
}

/** The same into an empty database elsewhere; there is no folder, so the operator's key comes with the answer. */
export async function restoreDatabase(
  file: string,
  sql: Database,
  options: PutBackOptions = {},
): Promise<PutBack & { readonly operatorKey: Buffer | undefined }> {
  const reader = await openBackup(file, options);
  const tables = await fillDatabase(reader, sql, options.signal);
  return { head: reader.head, tables, operatorKey: reader.operatorKey };
}

/** Opens a backup that this version can read and whose schema it knows. */
async function openBackup(file: string, { onProgress = () => {}, signal }: PutBackOptions) {
  const stream = createReadStream(file, signal === undefined ? {} : { signal });
  const reader = await BackupReader.open(passing(stream, onProgress));
  await requireKnown(reader.head.migrations);
  return reader;
}

async function* passing(stream: AsyncIterable<Buffer>, onProgress: (bytes: number) => void) {
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    onProgress(bytes);
    yield chunk;
  }
}

/** Inside the folder, so that it is on the same disk even where the folder is a disk of its own. */
const RESTORED = "restored";

/** What a restore that was killed has left is no content: it is removed by the next one. */
async function requireEmpty(folder: string): Promise<void> {
  const [found] = (await readdir(folder)).filter((name) => !name.startsWith(`${RESTORED}.draft-`));
  if (found === undefined) return;
  throw new ConflictError(
    "folder-not-empty",
    `${folder} is not empty: it holds "${found}"; nothing is overwritten, so name an empty folder or a new one`,
  );
}

const CONNECTIONS = 2;
const PRIVATE_MODE = 0o600;

async function fillFolder(reader: BackupReader, draft: string, signal?: AbortSignal) {
  await openToServer(draft);
  const server = await startPostgres({ dataDir: draft });
  try {
    const sql = connect(server.url, CONNECTIONS);
    const tables = await fillDatabase(reader, sql, signal).finally(() => sql.end({ timeout: 1 }));
    if (reader.operatorKey !== undefined)
      await writeFile(join(draft, OPERATOR_KEY), reader.operatorKey, { mode: PRIVATE_MODE, flush: true });
    return tables;
  } finally {
    await server.stop();
  }
}

/** An interruption ends the connections, and with them whatever is under way. */
async function fillDatabase(reader: BackupReader, sql: Database, signal?: AbortSignal) {
  const cutOff = () => void sql.end({ timeout: CUT_OFF_SECONDS });
  signal?.addEventListener("abort", cutOff, { once: true });
  try {
    return await fill(reader, sql);
  } finally {
    signal?.removeEventListener("abort", cutOff);
  }
}

async function fill(reader: BackupReader, sql: Database): Promise<readonly TableSum[]> {
  const { migrations, tables, numberings } = reader.head;
  let sums: readonly TableSum[] = [];
  const end = async () => {
    sums = await reader.end();
  };
  const rows = (table: TableShape) => reader.rows(table);
  await refill(sql, { migrations, tables, numberings, rows, end, check: checkAgain(reader) });
  return sums;
}

/** What the database gives back must be what it was given, to the byte. */
const checkAgain = (reader: BackupReader) => async (table: TableShape, rows: Readable) => {
  const sum = new RunningSum(table);
  for await (const piece of rows) sum.add(piece);
  const found = sum.end();
  const given = reader.sumOf(table.name);
  if (given === undefined || !isSame(found, given))
    throw new InvariantError(
      `table ${table.name}: ${given?.rows} rows were written, and ${found.rows}, or others, are read`,
    );
};

/** The database last: until it is there, no service takes the folder for one that it can start on. */
async function moveUp(restored: string, folder: string): Promise<void> {
  const names = await readdir(restored);
  for (const name of names.toSorted((a, b) => Number(a === "postgres") - Number(b === "postgres")))
    await rename(join(restored, name), join(folder, name));
  await rmdir(restored);
}
