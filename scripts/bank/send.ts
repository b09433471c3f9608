// Hands in what the bank notified of, and tells what each movement came to.

import { readFile } from "node:fs/promises";
import { InputError, messageOf } from "../../server/errors.ts";
import { pathFrom } from "../charity/paths.ts";
import type { ServiceClient } from "../import/service-client.ts";
import { say } from "../say.ts";

type Entry = {
  readonly entry: string;
  readonly endToEndId: string | null;
  readonly amount: string;
  readonly currency: string;
  readonly outcome: string;
  readonly flagged: boolean;
  readonly explanation: string;
};

type Answer = {
  readonly message: string | null;
  readonly flagged: number;
  readonly entries: readonly Entry[];
};

/** Hands files in one after the other; answers with how many movements need a person. */
export async function sendNotifications(client: ServiceClient, files: readonly string[]): Promise<number> {
  let flagged = 0;
  for (const file of files) {
    const answer = await client.writeXml<Answer>("/v1/bank/notifications", await read(file));
    tell(file, answer);
    flagged += answer.flagged;
  }
  return flagged;
}

/** As bytes: whether they are text is for the service to judge. */
async function read(file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readFile(pathFrom(file));
  } catch (thrown) {
    throw new InputError("no-file", `${file}: cannot be read (${messageOf(thrown)})`);
  }
}

function tell(file: string, { entries }: Answer): void {
  const counts = Map.groupBy(entries, ({ outcome }) => outcome);
  const summary = [...counts].map(([outcome, those]) => `${those.length} ${outcome}`).join(", ");
  say(`${file}: ${summary === "" ? "tells of nothing" : summary}`);
  for (const { entry, endToEndId, amount, currency, outcome, explanation } of entries.filter(
    ({ flagged }) => flagged,
  ))
    say(`  ! entry ${entry}, ${endToEndId ?? "no id"}, ${amount} ${currency}: ${outcome}: ${explanation}`);
}
