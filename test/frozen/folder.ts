// Unpacks a frozen data folder, as an earlier version of the service has left it, so that today's can start on it.

import { createReadStream } from "node:fs";
import { lchown, readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { constants, createBrotliDecompress } from "node:zlib";
import { extract } from "tar";
import { freshDataDir } from "../../server/embedded/data-dir.ts";
import { serverUser } from "../../server/embedded/system-user.ts";

/** The four equal databases of a cluster are told once: for that the window is larger than the standard's. */
const LARGE_WINDOW = { params: { [constants.BROTLI_DECODER_PARAM_LARGE_WINDOW]: 1 } };

/** The folder in `frozen/<name>`, ready for PostgreSQL's user; the caller removes it. */
export async function unpackFolder(name: string): Promise<string> {
  const folder = await freshDataDir();
  const packed = createReadStream(join(import.meta.dirname, name, "folder.tar.br"));
  await pipeline(packed, createBrotliDecompress(LARGE_WINDOW), extract({ cwd: folder, strict: true }));
  await handOver(join(folder, "postgres"));
  return folder;
}

/** As root the database belongs to another user; elsewhere to us, as it does already. */
async function handOver(cluster: string): Promise<void> {
  const user = await serverUser();
  if (user === undefined) return;
  await lchown(cluster, user.uid, user.gid);
  for (const entry of await readdir(cluster, { recursive: true }))
    await lchown(join(cluster, entry), user.uid, user.gid);
}
