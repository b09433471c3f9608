// One import from its beginning to its end: who must be there, what is sold, what the service answers, and the receipts.

import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { adaptorOf } from "./adaptors.ts";
import { Parties, type Promised } from "./parties.ts";
import { showProgress } from "./progress.ts";
import { saveReceipts, untilAnchored } from "./receipts.ts";
import { readKeyFile, ServiceClient } from "./service-client.ts";
import type { Source } from "./source.ts";
import { summaryOf, Tally } from "./tally.ts";
import { type PurchaseAnswer, uploadAll } from "./upload.ts";

export type ImportOptions = Omit<Promised, "currency"> & {
  readonly url: string;
  readonly keyFile: string;
  /** Where the answers go, one a line. They hold the keys that open receipts. */
  readonly out?: string;
  /** The folder for receipt files; waits until everything is anchored. */
  readonly receipts?: string;
};

/** Prints what it came to; true when every purchase is recorded. Throws what kept it from going on. */
export async function importFolder(format: string, folder: string, options: ImportOptions): Promise<boolean> {
  const openSource = adaptorOf(format);
  const client = new ServiceClient(options.url, await readKeyFile(options.keyFile));
  console.error(`reading ${folder}`);
  const source = await openSource(folder);
  try {
    const tally = await importSource(client, source, options);
    for (const line of summaryOf(source, tally)) console.log(line);
    return tally.refused.size === 0;
  } finally {
    source.close();
  }
}

async function importSource(client: ServiceClient, source: Source, options: ImportOptions): Promise<Tally> {
  const answersFile = options.out ?? (options.receipts && join(options.receipts, "answers.ndjson"));
  const parties = new Parties(client, { ...options, currency: source.currency });
  await parties.ensureCharity();
  const tally = await uploadTo(answersFile, source, uploadAll(client, parties, source));
  await parties.close();
  if (options.receipts && answersFile) await fetchReceipts(client, tally, answersFile, options.receipts);
  return tally;
}

/** Follows the answers, and keeps them when there is a file for it. */
async function uploadTo(
  file: string | undefined,
  source: Source,
  answers: AsyncIterable<PurchaseAnswer[]>,
): Promise<Tally> {
  const out = file === undefined ? undefined : await openPrivate(file);
  const progress = showProgress("purchases", source.purchases);
  const tally = new Tally();
  let answered = 0;
  try {
    for await (const group of answers) {
      for (const answer of group) tally.add(answer);
      await out?.write(group.map((answer) => `${JSON.stringify(answer)}\n`).join(""));
      answered += group.length;
      progress.update(answered);
    }
  } finally {
    progress.stop();
    await out?.close();
  }
  return tally;
}

async function openPrivate(file: string): Promise<FileHandle> {
  await mkdir(dirname(file), { recursive: true });
  return open(file, "w", 0o600);
}

async function fetchReceipts(client: ServiceClient, tally: Tally, answersFile: string, folder: string) {
  if (tally.gifts === 0) return;
  console.error(`waiting for batch ${tally.lastBatch} to be anchored`);
  await untilAnchored(client, tally.lastBatch);
  const progress = showProgress("receipts", tally.gifts);
  try {
    await saveReceipts(client, answersFile, folder, progress);
  } finally {
    progress.stop();
  }
}
