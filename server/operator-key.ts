// The first operator's key: made on the first start, left where only the operator can read it.

import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Database } from "./store/database.ts";
import { addKey, hasOperatorKey, newKey } from "./store/keys.ts";

/** Makes the key when the ledger has none; answers with the file that it was written to. */
export async function ensureOperatorKey(sql: Database, dataDir: string): Promise<string | undefined> {
  if (await hasOperatorKey(sql)) return undefined;
  const key = newKey();
  const file = join(dataDir, "operator.key");
  await mkdir(dataDir, { recursive: true });
  // The file comes first: a key that works and that nobody has seen could not be made again.
  await writeFile(`${file}.new`, `${key}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  await addKey(sql, key, { role: "operator", subject: null, label: "made at the first start" });
  return file;
}
