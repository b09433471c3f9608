// Brings a database to the newest schema: numbered files, each in one transaction, never changed once released.

import { readdir, readFile } from "node:fs/promises";
import type { Database } from "./database.ts";
import { holdExclusive } from "./locks.ts";

const FOLDER = new URL("./migrations/", import.meta.url);

/** Applies what is missing, in order. Any number of processes may start at once: one migrates, the others wait. */
export async function migrate(sql: Database): Promise<void> {
  await sql.begin(async (tx) => {
    await holdExclusive(tx, "migrate");
    await tx`CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())`;
    const done = new Set((await tx`SELECT name FROM migrations`).map((row) => row.name));
    for (const name of await migrationNames()) {
      if (done.has(name)) continue;
      await tx.unsafe(await readFile(new URL(name, FOLDER), "utf8"));
      await tx`INSERT INTO migrations (name) VALUES (${name})`;
    }
  });
}

const migrationNames = async () => (await readdir(FOLDER)).filter((name) => name.endsWith(".sql")).sort();
