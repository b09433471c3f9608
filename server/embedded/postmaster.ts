// Reads from a cluster's folder whether a PostgreSQL server runs on it, and on which port. PostgreSQL's own lock file,
// postmaster.pid, is the authority: it keeps two servers off one cluster. Nothing is started or stopped here.

import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UnavailableError } from "../errors.ts";
import { answers } from "./free-port.ts";
import { isAlive } from "./whole-folder.ts";

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** False while it starts, recovers or stops. */
  readonly ready: boolean;
}

const POLL_INTERVAL_MS = 50;
const RETRY_AFTER_SECONDS = 30;

/** The server that runs on `cluster` (an absolute path without links); undefined when there is none. */
export async function findPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const postmaster = await readLockFile(cluster);
  return postmaster !== undefined && (await runsOn(cluster, postmaster.pid)) ? postmaster : undefined;
}

/** Its lines, by PostgreSQL's src/include/utils/pidfile.h: 1 process, 4 port, 8 status. */
async function readLockFile(cluster: string): Promise<Postmaster | undefined> {
  try {
    const lines = (await readFile(lockFile(cluster), "utf8")).split("\n");
    const pid = Number(lines[0]);
    // Just created and still empty: whoever asks will ask again.
    if (!(pid > 0)) return undefined;
    return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === "ready" };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

const lockFile = (cluster: string) => join(cluster, "postmaster.pid");

/**
 * Whether process `pid` is the server of `cluster`. After a crash of the machine its number may belong to another
 * process; on Linux the command line tells them apart, and every user may read it.
 */
async function runsOn(cluster: string, pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform !== "linux") return true;
  try {
    return (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0").includes(cluster);
  } catch (error) {
    // Ended meanwhile; for any other reason believe the lock file.
    return (error as NodeJS.ErrnoException).code !== "ENOENT";
  }
}

/**
 * Waits until the server on `cluster`, if there is one, accepts connections, and gives it; undefined when there is
 * none or it has ended. Throws `UnavailableError` after `limitMs`.
 */
export async function settledPostmaster(cluster: string, limitMs: number): Promise<Postmaster | undefined> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const postmaster = await findPostmaster(cluster);
    if (postmaster === undefined) return undefined;
    if (postmaster.ready && (await answers(postmaster.port))) return postmaster;
    if (Date.now() > deadline) throw neverReady(cluster, postmaster.pid, limitMs);
    await sleep(POLL_INTERVAL_MS);
  }
}

function neverReady(cluster: string, pid: number, limitMs: number): UnavailableError {
  return new UnavailableError(
    "postgres-not-ready",
    `process ${pid} holds ${lockFile(cluster)}, but no PostgreSQL has answered for ${limitMs / 1_000} s. ` +
      "If that process is not PostgreSQL, remove the file and start again.",
    RETRY_AFTER_SECONDS,
  );
}

/**
 * Removes the lock file of a server that ended without removing it, when its process number is in use again. PostgreSQL
 * would believe that process to be the server; other files left over it removes itself.
 */
export async function clearLockFile(cluster: string): Promise<void> {
  const left = await readLockFile(cluster);
  if (left === undefined || !isAlive(left.pid) || (await runsOn(cluster, left.pid))) return;
  await rm(lockFile(cluster), { force: true });
}
