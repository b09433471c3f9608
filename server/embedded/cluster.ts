// Creates a PostgreSQL cluster: its files, the password of its one user and its one database.
// Afterwards it is either wholly there or not at all. Starting a server on it is not done here.

import { existsSync } from "node:fs";
import { chown } from "node:fs/promises";
import type { Binaries } from "./binaries.ts";
import type { Credentials } from "./credentials.ts";
import { runTool, type SystemUser } from "./run-tool.ts";
import { makeWhole } from "./whole-folder.ts";

/** The name of the database, and of its owner. */
export const DATABASE_NAME = "amanah";

/** Everything about one embedded PostgreSQL. */
export interface Installation {
  /** The folder of PostgreSQL's files. */
  readonly cluster: string;
  readonly binaries: Binaries;
  /** undefined: as ourselves. */
  readonly user: SystemUser | undefined;
}

/** Creates the cluster unless it exists. */
export async function ensureCluster(installation: Installation, credentials: Credentials): Promise<void> {
  if (existsSync(installation.cluster)) return;
  await makeWhole(installation.cluster, async (draft) => {
    const { user } = installation;
    if (user !== undefined) await chown(draft, user.uid, user.gid);
    await initialise(installation, draft);
    await createDatabase(installation, draft, credentials.password);
  });
}

async function initialise({ binaries, user }: Installation, folder: string): Promise<void> {
  // `reject`: no way in but TCP with a password, not even for a user of this machine.
  const access = [`--username=${DATABASE_NAME}`, "--auth-local=reject", "--auth-host=scram-sha-256"];
  const text = ["--encoding=UTF8", "--locale=C"];
  await runTool(binaries.initdb, ["-D", folder, ...access, ...text], { user, cwd: folder });
}

/** In PostgreSQL's single-user mode: no server, no port, and no password is needed to set the first one. */
async function createDatabase(
  { binaries, user }: Installation,
  folder: string,
  password: string,
): Promise<void> {
  const statements = [
    `ALTER USER ${DATABASE_NAME} PASSWORD '${password}';`,
    `CREATE DATABASE ${DATABASE_NAME};`,
  ];
  const args = ["--single", "-D", folder, "-c", "exit_on_error=on", "postgres"];
  await runTool(binaries.postgres, args, { user, cwd: folder, input: `${statements.join("\n")}\n` });
}
