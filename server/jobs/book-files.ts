// Files that are published: written whole or not at all, whenever the process dies. What is in them is not known here.

import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A file that was written: the SHA-256 of its bytes, and their number. */
export type Written = { readonly sha256: Buffer; readonly bytes: bigint };

const NEW = /\.new$/;
/** No writing takes as long: what is older was left by a process that died. */
const LEFT_BEHIND_MS = 3_600_000;

/** Calls `write` once, with the bytes of the file. */
export type Fill = (write: (bytes: AsyncIterable<Uint8Array>) => Promise<void>) => Promise<void>;

/**
 * Writes a file under another name in the same folder, and gives it its own when its bytes are safe on the disk and
 * `accept` has not thrown. Readers see the file before, or this one, never a part.
 */
export async function writeWhole(
  path: string,
  fill: Fill,
  accept: (written: Written) => void = () => {},
): Promise<Written> {
  await mkdir(dirname(path), { recursive: true });
  const fresh = `${path}.${randomUUID()}.new`;
  try {
    const written = await writeNew(fresh, fill);
    accept(written);
    await rename(fresh, path);
    await syncFolder(dirname(path));
    return written;
  } catch (thrown) {
    await rm(fresh, { force: true });
    throw thrown;
  }
}

async function writeNew(path: string, fill: Fill): Promise<Written> {
  const file = await open(path, "wx");
  const hash = createHash("sha256");
  let bytes = 0n;
  try {
    await fill(async (pieces) => {
      for await (const piece of gathered(pieces)) {
        hash.update(piece);
        bytes += BigInt(piece.length);
        await file.appendFile(piece);
      }
    });
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest(), bytes };
}

const GATHERED_BYTES = 1 << 18;

/** The same bytes in pieces that are worth a write: a book of thousands of statements comes in crumbs. */
async function* gathered(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    parts.push(piece);
    bytes += piece.length;
    if (bytes < GATHERED_BYTES) continue;
    yield Buffer.concat(parts);
    parts = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(parts);
}

/** The new name of a file is safe when its folder is. Not every system can be asked for that. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r").catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}

/** Takes away what processes that died have left half written. */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => NEW.test(name));
  for (const path of names.map((name) => join(folder, name))) {
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (age > LEFT_BEHIND_MS) await rm(path, { force: true });
  }
}

/** How many bytes a file has; null when it is not there. */
export async function sizeOf(path: string): Promise<bigint | null> {
  try {
    return (await stat(path, { bigint: true })).size;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw thrown;
  }
}

/** Which file has a path just now: another, or one that was written to, has another mark; null when there is none. */
export async function markOf(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found && `${found.dev}/${found.ino}/${found.size}/${found.mtimeNs}/${found.ctimeNs}`;
}

/** Reads a file to its end: the SHA-256 of its bytes. */
export async function hashOf(path: string): Promise<Buffer> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest();
}
