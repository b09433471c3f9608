// One import from its beginning to its end: who must be there, what is sold, what the service answers, and the receipts.

import { type FileHandle, mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { InputError, messageOf } from "../../server/errors.ts";
import { adaptorOf } from "./adaptors.ts";
import { ensureCharity, Parties, type Promised } from "./parties.ts";
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
  // First of all, since it shows whether there is a service and whether it knows the key.
  await ensureCharity(client, options.charity);
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
  const { out, receipts } = options;
  if (receipts !== undefined) await orExplained(mkdir(receipts, { recursive: true }));
  const answersFile = out ?? (receipts && join(receipts, "answers.ndjson"));
  const parties = new Parties(client, { ...options, currency: source.currency });
  const tally = await uploadTo(answersFile, source, uploadAll(client, parties, source));
  await parties.close();
  if (receipts && answersFile) await fetchReceipts(client, tally, answersFile, receipts);
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

const openPrivate = (file: string): Promise<FileHandle> => orExplained(open(file, "w", 0o600));

async function orExplained<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    throw new InputError("cannot-write", `cannot write what comes of it: ${messageOf(thrown)}`);
  }
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
