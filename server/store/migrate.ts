// Brings a database to the newest schema: numbered files, each in one transaction, never changed once released.

import { readdir, readFile } from "node:fs/promises";
import { InputError } from "../errors.ts";
import type { Database } from "./database.ts";
import { holdExclusive } from "./locks.ts";

const FOLDER = new URL("./migrations/", import.meta.url);

/**
 * Applies what is missing, in order; of all migrations, or of those named alone, for the schema of an older backup. Any
 * number of processes may start at once: one migrates, the others wait.
 * @throws InputError `newer-schema` when one is named that this version does not have
 */
export async function migrate(sql: Database, chosen?: readonly string[]): Promise<void> {
  const wanted = chosen === undefined ? await migrationNames() : await requireKnown(chosen);
  await sql.begin(async (tx) => {
    await holdExclusive(tx, "migrate");
    await tx`CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())`;
    const done = new Set((await tx`SELECT name FROM migrations`).map((row) => row.name));
    for (const name of wanted) {
      if (done.has(name)) continue;
      await tx.unsafe(await readFile(new URL(name, FOLDER), "utf8"));
      await tx`INSERT INTO migrations (name) VALUES (${name})`;
    }
  });
}

/** The same names, in order. Throws `InputError` when this version does not have one of them. */
export async function requireKnown(names: readonly string[]): Promise<string[]> {
  const known = new Set(await migrationNames());
  const unknown = names.find((name) => !known.has(name));
  if (unknown === undefined) return names.toSorted();
  throw new InputError(
    "newer-schema",
    `the migration ${unknown} is not among those of this version of Amanah: it comes from a newer one, so take that`,
  );
}

/** Of this version, in order. */
export const migrationNames = async () =>
  (await readdir(FOLDER)).filter((name) => name.endsWith(".sql")).sort();
