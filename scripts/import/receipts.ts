// Receipt files of what was imported: once their batches are anchored, each is fetched with its key and saved.

import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { UnavailableError } from "../../server/errors.ts";
import { inOrder } from "./in-order.ts";
import type { Progress } from "./progress.ts";
import type { ServiceClient } from "./service-client.ts";
import type { PurchaseAnswer } from "./upload.ts";

const REQUESTS_AT_ONCE = 16;
const LOOK_EVERY_MS = 500;
const WAIT_LIMIT_MS = 15 * 60_000;
const ANCHORED = ["anchored", "final"];

/** Waits for the batch, and so for all before it. Throws `UnavailableError` after a quarter of an hour. */
export async function untilAnchored(client: ServiceClient, batch: bigint): Promise<void> {
  const giveUpAt = performance.now() + WAIT_LIMIT_MS;
  while (!ANCHORED.includes(await stateOf(client, batch))) {
    if (performance.now() > giveUpAt)
      throw new UnavailableError(
        "not-anchored",
        `batch ${batch} is not anchored yet; /health may say why`,
        60,
      );
    await sleep(LOOK_EVERY_MS);
  }
}

const stateOf = async (client: ServiceClient, batch: bigint): Promise<string> =>
  JSON.parse(await client.read(`/v1/batches/${batch}`)).state;

/** Saves the receipts of the answers in a file, as `ID.json` in the folder, for nobody else to read. */
export async function saveReceipts(
  client: ServiceClient,
  answersFile: string,
  folder: string,
  progress: Progress,
): Promise<void> {
  let saved = 0;
  const save = async ({ id, key }: { id: string; key: string }) => {
    const file = await client.read(`/v1/receipts/${id}`, `Receipt ${key}`);
    await writeFile(join(folder, `${id}.json`), file, { mode: 0o600 });
  };
  for await (const _ of inOrder(receiptsIn(answersFile), REQUESTS_AT_ONCE, save)) progress.update(++saved);
}

async function* receiptsIn(answersFile: string) {
  const lines = createInterface({ input: createReadStream(answersFile), crlfDelay: Infinity });
  for await (const line of lines) yield* (JSON.parse(line) as PurchaseAnswer).receipts ?? [];
}
