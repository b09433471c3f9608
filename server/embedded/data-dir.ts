// The folder that holds the embedded database, its password and the operator's key: making it so that PostgreSQL's
// user can pass through, and a throw-away one for the demonstration and the tests. Folders that were there
// before are never opened further: who closed them had a reason.

import { chmod, mkdir, mkdtemp, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { InputError } from "../errors.ts";
import { canEnter, serverUser } from "./system-user.ts";

/** Others may pass through to what is theirs, but see no names. */
const PASSAGE_MODE = 0o711;

/**
 * Makes `dataDir` and its missing parents, and gives its absolute path, links resolved. As root on a machine where PostgreSQL's own
 * user cannot enter it: throws `InputError` that says which folder to choose instead.
 */
export async function ensureDataDir(dataDir: string): Promise<string> {
  const folder = resolve(dataDir);
  const user = await serverUser();
  const firstMade = await mkdir(folder, { recursive: true });
  if (user !== undefined && firstMade !== undefined) await openPassage(firstMade, folder);
  if (await canEnter(folder, user)) return await realpath(folder);
  throw new InputError(
    "data-dir-private",
    `PostgreSQL does not run as root, and its own user cannot enter ${folder}: that folder, or one above it, is private. ` +
      "Choose a folder that other users can pass through, such as DATA_DIR=/var/lib/amanah, " +
      "run as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.",
    { folder },
  );
}

/** Opens the folders from `last` up to `first`, all of which we have just made. */
async function openPassage(first: string, last: string): Promise<void> {
  await chmod(last, PASSAGE_MODE);
  if (last !== first && last.length > first.length) await openPassage(first, dirname(last));
}

/** Lets PostgreSQL's user pass through a folder that we have just made. */
export async function openToServer(folder: string): Promise<void> {
  if ((await serverUser()) !== undefined) await chmod(folder, PASSAGE_MODE);
}

/** Makes a folder of our own in the system's temporary one or in `within`, reachable for PostgreSQL's user. The caller removes it. */
export async function freshDataDir(within = tmpdir()): Promise<string> {
  const user = await serverUser();
  // Root's TMPDIR may be private; /tmp never is.
  const parent = (await canEnter(within, user)) ? within : "/tmp";
  const folder = await mkdtemp(join(parent, "amanah-"));
  await openToServer(folder);
  return await realpath(folder);
}
