// Makes a folder whole or not at all, however often and wherever the making is interrupted, and however many
// processes try it at once. What goes into the folder is the caller's.

import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const DRAFT_MODE = 0o700;

/** The drafts of this process, which are not abandoned although nobody else owns them. */
const ownDrafts = new Set<string>();

/**
 * Unless `folder` exists: lets `fill` fill a draft beside it, then renames the draft. A process that was
 * killed leaves a draft behind, which the next one removes; of several at once the first to finish wins.
 */
export async function makeWhole(folder: string, fill: (draft: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  await removeAbandoned(folder);
  const draft = `${folder}.draft-${process.pid}-${randomBytes(4).toString("hex")}`;
  ownDrafts.add(draft);
  try {
    await mkdir(draft, { mode: DRAFT_MODE });
    await fill(draft);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // A rename onto a folder with content fails: another process was quicker, and its folder is as good.
    if (!existsSync(folder)) throw error;
  } finally {
    ownDrafts.delete(draft);
  }
}

async function removeAbandoned(folder: string): Promise<void> {
  const parent = dirname(folder);
  const prefix = `${basename(folder)}.draft-`;
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue;
    const owner = Number.parseInt(name.slice(prefix.length), 10);
    const draft = join(parent, name);
    const inUse = owner === process.pid ? ownDrafts.has(draft) : isAlive(owner);
    if (!inUse) await rm(draft, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Whether a process with this id runs, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
