// A new file that is there whole or not at all: it is written beside its place, for its owner's eyes only, and then
// renamed. Nothing that exists is overwritten.

import { existsSync } from "node:fs";
import { open, readdir, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { isAlive } from "../../server/embedded/whole-folder.ts";
import { ConflictError, InputError } from "../../server/errors.ts";

/** It holds keys and private details. */
const PRIVATE_MODE = 0o600;
/** With the machine's name, since several may keep their backups in one shared folder. */
const MARK = `.unfinished-${hostname()}-`;

/** Throws `ConflictError` when the file exists, `InputError` when its folder does not. */
export function requireNew(file: string): void {
  if (existsSync(file))
    throw new ConflictError("file-exists", `${file} exists already; nothing is overwritten, so name another`);
  if (!existsSync(dirname(file)))
    throw new InputError("no-folder", `${dirname(file)}: there is no such folder`);
}

/** Writes the file to its last byte, on the disk too. What another process on this machine left unfinished is removed. */
export async function writeNew(
  file: string,
  bytes: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<void> {
  requireNew(file);
  await removeAbandoned(dirname(file));
  const draft = `${file}${MARK}${process.pid}`;
  try {
    const handle = await open(draft, "wx", PRIVATE_MODE);
    await pipeline(Readable.from(bytes), handle.createWriteStream({ flush: true }), { signal });
    requireNew(file);
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const at = name.indexOf(MARK);
    const owner = Number(name.slice(at + MARK.length));
    if (at > 0 && Number.isInteger(owner) && !isAlive(owner)) await rm(join(folder, name), { force: true });
  }
}
