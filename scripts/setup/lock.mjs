// One set-up at a time in one folder: others wait until it is done, and then find nothing left to do.
// A lock is a file with the owner's process id; one whose owner has died is taken over.

import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { announce, SetupError } from "./root.mjs";

const POLL_INTERVAL_MS = 200;
const WAIT_LIMIT_MS = 15 * 60_000;

/** Runs `work` while holding the lock `file`; gives what it gives. */
export async function withLock(file, work) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const deadline = Date.now() + WAIT_LIMIT_MS;
  for (let waited = false; !tryToTake(file); waited = true) {
    if (!waited) announce(`waiting for the set-up that process ${ownerOf(file)} does`);
    if (Date.now() > deadline)
      throw new SetupError(`another set-up takes too long; if none runs, remove ${file}`);
    await sleep(POLL_INTERVAL_MS);
  }
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

function tryToTake(file) {
  const owner = ownerOf(file);
  if (owner !== undefined) {
    if (isAlive(owner)) return false;
    removeStale(file, owner);
  }
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, String(process.pid));
  try {
    // A link appears whole and only once, unlike a file that is created and then written.
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/** Of several that find the same dead owner one moves the file away; who moved a living owner's puts it back. */
function removeStale(file, owner) {
  const aside = `${file}.stale-${process.pid}`;
  try {
    fs.renameSync(file, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  if (ownerOf(aside) === owner) fs.rmSync(aside);
  else fs.renameSync(aside, file);
}

function ownerOf(file) {
  try {
    return Number(fs.readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
