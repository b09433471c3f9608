// Campaigns as they are now, each with its own watchers: one look at the store a second for each that is watched.

import type { Response } from "express";
import { UnavailableError } from "../errors.ts";
import type { Total } from "../programmes/campaign.ts";
import { campaignTotals } from "../store/campaign-totals.ts";
import { campaignById, type StoredCampaign } from "../store/campaigns.ts";
import type { Database } from "../store/database.ts";
import { LiveWatch, MOST_WATCHERS } from "./live-watch.ts";
import { noSuch } from "./words.ts";

export type CampaignNow = { readonly campaign: StoredCampaign; readonly totals: readonly Total[] };

/** Each is a look a second at most: beyond so many, those that nobody watches are forgotten. */
const MOST_KEPT = 200;

export class CampaignWatch {
  readonly #sql: Database;
  readonly #mostWatchers: number;
  readonly #watches = new Map<string, LiveWatch<CampaignNow>>();
  #hasEnded = false;

  /** @param mostWatchers of all campaigns together */
  constructor(sql: Database, mostWatchers = MOST_WATCHERS) {
    this.#sql = sql;
    this.#mostWatchers = mostWatchers;
  }

  /** At most a second old. Throws `NotFoundError` when there is none of this id. */
  now(id: string): Promise<CampaignNow> {
    return this.#of(id).now();
  }

  /** Throws as `LiveWatch.watch`, and `NotFoundError` when there is none of this id. */
  async watch(id: string, response: Response, write: (now: CampaignNow) => string): Promise<void> {
    if (this.watchers >= this.#mostWatchers)
      throw new UnavailableError("too-many-watchers", "too many watch already; read it instead", 30);
    await this.#of(id).watch(response, write);
  }

  /** Of all campaigns together. */
  get watchers(): number {
    return [...this.#watches.values()].reduce((sum, { watchers }) => sum + watchers, 0);
  }

  /** Ends all streams; later ones are refused. */
  end(): void {
    this.#hasEnded = true;
    for (const watch of this.#watches.values()) watch.end();
  }

  #of(id: string): LiveWatch<CampaignNow> {
    const known = this.#watches.get(id);
    if (known !== undefined) return known;
    this.#makeRoom();
    const watch = new LiveWatch({
      event: "campaign",
      path: `/v1/campaigns/${id}`,
      look: () => lookAt(this.#sql, id),
    });
    if (this.#hasEnded) watch.end();
    this.#watches.set(id, watch);
    return watch;
  }

  #makeRoom(): void {
    if (this.#watches.size < MOST_KEPT) return;
    for (const [id, { watchers }] of this.#watches) if (watchers === 0) this.#watches.delete(id);
  }
}

/** As it is at this moment. Throws `NotFoundError` when there is none of this id. */
export async function lookAt(sql: Database, id: string): Promise<CampaignNow> {
  const campaign = await campaignById(sql, id);
  if (campaign === undefined) throw noSuch("campaign", id);
  const totals = await campaignTotals(sql, [campaign.number]);
  return { campaign, totals: totals.get(campaign.number) ?? [] };
}
