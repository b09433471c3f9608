// The state folder: what an audit keeps on disk while it runs, and how it goes on after a kill. Whoever can write there can
// make an audit say what they like, so it is the reader's own; what is damaged is noticed and begun anew.

import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConflictError } from "../../server/errors.ts";
import type { WalkState } from "./books/walk.ts";
import type { WalkLogMarks } from "./books/walk-log.ts";
import type { SavedFindings } from "./findings.ts";
import { type Segment, StateDamagedError } from "./receipts/scatter.ts";

/** A segment, and the last batch of which its records count. */
export type KeptSegment = Segment & { readonly limit: number };

/** Everything that was known when all books up to `walk.batch` were done. */
export type Checkpoint = {
  /** What is audited: an audit of anything else cannot go on from here. */
  readonly subject: string;
  /** Hash of the roots up to `walk.batch`. */
  readonly roots: string;
  readonly fingerprintKey: Uint8Array;
  readonly walk: WalkState;
  readonly findings: SavedFindings;
  readonly leaves: readonly KeptSegment[];
  readonly reversals: readonly KeptSegment[];
  readonly logs: WalkLogMarks;
};

const VERSION = "amanah-audit-state/2";
const CHECKPOINT = "checkpoint.json";
const LOCK = "lock";

/** The folder, held by one audit at a time. */
export class StateFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** @throws ConflictError `audit-under-way` */
  static async hold(path: string): Promise<StateFolder> {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const lock = join(path, LOCK);
    if (!(await wroteLock(lock))) {
      const holder = Number(await readFile(lock, "utf8").catch(() => ""));
      if (isAlive(holder))
        throw new ConflictError(
          "audit-under-way",
          `process ${holder} is auditing with ${path}; wait for it, or pass another folder with --state`,
        );
      await rm(lock, { force: true });
      if (!(await wroteLock(lock)))
        throw new ConflictError("audit-under-way", `another audit has just begun with ${path}`);
    }
    return new StateFolder(path);
  }

  /**
   * What an earlier run has left, undefined when there is nothing.
   * @throws StateDamagedError
   */
  async load(): Promise<Checkpoint | undefined> {
    const text = await readFile(join(this.path, CHECKPOINT), "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    return text === undefined ? undefined : parse(text);
  }

  /** Whole or not at all. */
  async save(checkpoint: Checkpoint): Promise<void> {
    const body = JSON.stringify(checkpoint, plainly);
    const fresh = join(this.path, `${CHECKPOINT}.new`);
    await writeFile(fresh, `${VERSION} ${digest(body)}\n${body}`, { mode: 0o600 });
    await rename(fresh, join(this.path, CHECKPOINT));
  }

  /** Removes everything but the files named. */
  async clear(but: ReadonlySet<string> = new Set()): Promise<void> {
    for (const name of await readdir(this.path))
      if (OURS.test(name) && !but.has(name)) await rm(join(this.path, name), { force: true });
  }

  async release(): Promise<void> {
    await rm(join(this.path, LOCK), { force: true });
  }
}

/** Nothing else is ever removed: the folder may be named by mistake. */
const OURS = /^(checkpoint\.json(\.new)?|statements|notices|closings|(leaves|reversals|matches)-[0-9a-z-]+)$/;

async function wroteLock(path: string): Promise<boolean> {
  try {
    const lock = await open(path, "wx", 0o600);
    await lock.writeFile(`${process.pid}`);
    await lock.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const digest = (body: string) => createHash("sha256").update(body).digest("hex");

function parse(text: string): Checkpoint {
  const end = text.indexOf("\n");
  const body = text.slice(end + 1);
  if (text.slice(0, end) !== `${VERSION} ${digest(body)}`)
    throw new StateDamagedError("the checkpoint is not as it was written");
  return JSON.parse(body, revived) as Checkpoint;
}

/** JSON has neither big integers nor maps nor bytes. */
function plainly(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return { $integer: `${value}` };
  if (value instanceof Map) return { $map: [...value] };
  return value instanceof Uint8Array ? { $bytes: Buffer.from(value).toString("hex") } : value;
}

function revived(
  _: string,
  value: { $integer?: string; $map?: [unknown, unknown][]; $bytes?: string } | null,
): unknown {
  if (value === null || typeof value !== "object") return value;
  if (typeof value.$integer === "string") return BigInt(value.$integer);
  if (typeof value.$bytes === "string") return Uint8Array.from(Buffer.from(value.$bytes, "hex"));
  return Array.isArray(value.$map) ? new Map(value.$map) : value;
}
