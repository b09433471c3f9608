// How the bank rail stands, in a few lines.

import type { ServiceClient } from "../import/service-client.ts";
import { say } from "../say.ts";

type Overview = {
  readonly filed: string;
  readonly confirmed: string;
  readonly toSendAgain: string;
  readonly openFlags: string;
  readonly accountChanges: string;
  readonly heldBackSince: string | null;
  readonly waiting: readonly {
    readonly payout: string;
    readonly registration: string;
    readonly reason: string;
  }[];
};

type Flag = {
  readonly id: string;
  readonly endToEndId: string;
  readonly outcome: string;
  readonly explanation: string;
};

const MOST_SHOWN = 20;

/** Tells how it stands; answers with how many things need a person. */
export async function tellStatus(client: ServiceClient): Promise<number> {
  const overview: Overview = JSON.parse(await client.readAsOurselves("/v1/bank"));
  const { filed, confirmed, toSendAgain, accountChanges, waiting, openFlags } = overview;
  say(`${filed} transfers with the bank, ${confirmed} confirmed, ${toSendAgain} to send again`);
  if (overview.heldBackSince !== null)
    say(`! nothing is filed: restored ${overview.heldBackSince}; compare with the account, then release`);
  if (accountChanges !== "0") say(`${accountChanges} changes of bank accounts have not taken effect yet`);
  for (const { payout, registration, reason } of waiting.slice(0, MOST_SHOWN))
    say(`  ! payout ${payout} to ${registration} waits: ${reason}`);
  if (waiting.length > MOST_SHOWN) say(`  … and ${waiting.length - MOST_SHOWN} more that wait`);
  if (openFlags !== "0") await tellFlags(client, openFlags);
  return waiting.length + Number(openFlags) + Number(overview.heldBackSince !== null);
}

async function tellFlags(client: ServiceClient, open: string): Promise<void> {
  say(`${open} movements to look at, and to resolve with POST /v1/bank/entries/{id}/resolution:`);
  const page = JSON.parse(await client.readAsOurselves(`/v1/bank/entries?flagged&limit=${MOST_SHOWN}`));
  for (const { id, endToEndId, outcome, explanation } of page.items as Flag[])
    say(`  ! entry ${id}, ${endToEndId || "no id"}: ${outcome}: ${explanation}`);
}
