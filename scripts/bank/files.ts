// Saves files for the bank, each whole or not at all. What is in the folder stays as it is: it may have gone to the bank.

import { mkdir, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatAmount } from "../../server/programmes/currency.ts";
import { pathFrom } from "../charity/paths.ts";
import type { ServiceClient } from "../import/service-client.ts";
import { say } from "../say.ts";

type BankFile = {
  readonly messageId: string;
  readonly currency: string;
  readonly transfers: number;
  readonly sum: string;
  readonly url: string;
};

const PAGE = 1_000;
/** Names and account numbers are in it. */
const FOR_THE_OWNER = 0o600;

/** Saves those that are missing, and tells of each. */
export async function saveFiles(client: ServiceClient, out: string): Promise<void> {
  const folder = pathFrom(out);
  await mkdir(folder, { recursive: true });
  const there = new Set(await readdir(folder));
  let saved = 0;
  for await (const file of filesOf(client)) {
    if (there.has(nameOf(file))) continue;
    await save(client, folder, file);
    saved += 1;
  }
  say(saved === 0 ? `No new files; those there are lie in ${folder}.` : `${saved} saved in ${folder}.`);
}

const nameOf = ({ messageId }: BankFile) => `${messageId}.xml`;

async function* filesOf(client: ServiceClient): AsyncGenerator<BankFile> {
  for (let after: string | null = ""; after !== null; ) {
    const cursor: string = after === "" ? "" : `&after=${after}`;
    const page = JSON.parse(await client.readAsOurselves(`/v1/bank/files?limit=${PAGE}${cursor}`));
    yield* page.items as BankFile[];
    after = page.next;
  }
}

async function save(client: ServiceClient, folder: string, file: BankFile): Promise<void> {
  const path = join(folder, nameOf(file));
  const half = `${path}.${process.pid}.part`;
  await writeFile(half, await client.readAsOurselves(file.url), { mode: FOR_THE_OWNER });
  await rename(half, path);
  const transfers = `${file.transfers} transfer${file.transfers === 1 ? "" : "s"}`;
  say(`${path}  ${transfers}, ${formatAmount(BigInt(file.sum), file.currency)}`);
}
