// The operator's key, from the file that the first start has written.

import { readFile } from "node:fs/promises";
import { join } from "node:path";

export const readKey = async (dataDir: string): Promise<string> =>
  (await readFile(join(dataDir, "operator.key"), "utf8")).trim();
