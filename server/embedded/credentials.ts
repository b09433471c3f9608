// The embedded database's password and last port, in a file that only its owner reads: `postgres.json` in the data
// folder. The file is made before the cluster and is as precious: without it nobody gets in.

import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../errors.ts";

export interface Credentials {
  /** Hexadecimal, so that it needs no quoting in SQL, URL or shell. */
  readonly password: string;
  /** Where the server was last seen to listen; for people with psql. The server's own lock file decides. */
  readonly port?: number;
}

const PRIVATE_MODE = 0o600;
const PASSWORD_BYTES = 24;

const fileIn = (dataDir: string) => join(dataDir, "postgres.json");

/** The credentials of `dataDir`, made at random when there are none; the same ones for all who ask at once. */
export async function ensureCredentials(dataDir: string): Promise<Credentials> {
  const file = fileIn(dataDir);
  if (existsSync(file)) return await readCredentials(file);
  const draft = await writeDraft(file, { password: randomBytes(PASSWORD_BYTES).toString("hex") });
  try {
    // A link appears whole, and never replaces what another process has put there meanwhile.
    await link(draft, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return await readCredentials(file);
}

/** Notes the port beside the password. */
export async function notePort(dataDir: string, credentials: Credentials, port: number): Promise<void> {
  if (credentials.port === port) return;
  const file = fileIn(dataDir);
  await rename(await writeDraft(file, { ...credentials, port }), file);
}

async function writeDraft(file: string, credentials: Credentials): Promise<string> {
  const draft = `${file}.${randomBytes(4).toString("hex")}`;
  await writeFile(draft, `${JSON.stringify(credentials)}\n`, { mode: PRIVATE_MODE, flush: true });
  return draft;
}

async function readCredentials(file: string): Promise<Credentials> {
  const content = await readFile(file, "utf8");
  try {
    const credentials = JSON.parse(content);
    if (typeof credentials.password === "string") return credentials;
  } catch {
    // Said below, with the same advice.
  }
  throw new InputError(
    "postgres-json",
    `${file} is damaged: wanted JSON with the "password" of the database`,
  );
}
