// The campaign week, from what is bought, served and walked to the money spent and the report on it.

import type { Service } from "../../server/main.ts";
import type { Api } from "./api.ts";
import { beginCampaign, tellCampaign } from "./campaign.ts";
import { playPurchases, playRefunds, type Recorded } from "./goods.ts";
import { certificateOf, playHours } from "./hours.ts";
import { moveMoney, waitUntilAnchored, waitUntilPublished } from "./money.ts";
import { makeParties } from "./parties.ts";
import { reportOn } from "./report.ts";
import { openLunchShop, playSales } from "./shop.ts";
import { openPool, playSteps } from "./steps.ts";
import { step } from "./telling.ts";

const PURCHASES = 2_000;
const REFUNDS = 40;
const SALES = 200;
const VOLUNTEERS = 40;
const WALKERS = 40;

export type Week = {
  /** A donor's, somewhere in the middle of the week, of what was not brought back. */
  readonly receipt: Recorded;
  /** A sponsor's gift for one person's day of steps. */
  readonly stepGift: Recorded;
  /** A volunteer's, of the year. */
  readonly certificate: unknown;
  /** The hash of the report. */
  readonly report: string;
};

/** Plays it, and waits until all of it is public. */
export async function playWeek(service: Service, api: Api, seed: number): Promise<Week> {
  const begun = Math.floor(Date.now() / 1_000);
  const parties = await step("charities, shops, their pledges, and a campaign", async () => {
    const made = await makeParties(api);
    await openLunchShop(api, made.keys);
    await beginCampaign(api);
    return made;
  });
  const pool = await openPool(api, parties.keys);
  const recorded = await playPurchases(api, PURCHASES, seed);
  await playRefunds(api, recorded, REFUNDS);
  await playSales(api, SALES, seed);
  await playHours(api, VOLUNTEERS, seed);
  const stepGift = await playSteps(api, pool, WALKERS, seed);
  await tellCampaign(api);
  await waitUntilAnchored(service);
  await moveMoney(service, api, parties.charities);
  const { hash: report } = await reportOn(service, api, begun);
  const certificate = await certificateOf(api);
  await waitUntilPublished(service);
  return { receipt: donorsReceipt(recorded), stepGift, certificate, report };
}

const donorsReceipt = (recorded: readonly Recorded[]): Recorded =>
  recorded.filter(({ refunded }) => !refunded)[Math.floor(recorded.length / 2)] as Recorded;
