// The campaigns in this process's memory, and what is written counted by them. That they are the present ones is not hoped
// for: the write itself compares the version, and writes nothing when it is another.

import { UnavailableError } from "../errors.ts";
import { Campaigns, type Count, countsOf } from "../programmes/campaign.ts";
import type { EventRecord } from "../programmes/record.ts";
import { allCampaigns } from "./campaigns.ts";
import type { Queries } from "./database.ts";
import type { CampaignCounter } from "./write.ts";

/** What a record adds to campaigns. */
type CountsOf = (campaigns: Campaigns, record: EventRecord) => readonly Count[];

export class KnownCampaigns {
  /** None, under the version that a ledger begins with: what is out of date is noticed by the first write. */
  #known: { readonly version: bigint; readonly campaigns: Campaigns } = {
    version: 0n,
    campaigns: new Campaigns(),
  };

  counter(counts: CountsOf): CampaignCounter {
    const { version, campaigns } = this.#known;
    return { version, countsOf: (record) => counts(campaigns, record) };
  }

  async read(sql: Queries): Promise<void> {
    const { version, all } = await allCampaigns(sql);
    if (version > this.#known.version) this.#known = { version, campaigns: new Campaigns(all) };
  }
}

/** Gifts count for the campaigns within whose window they happened. */
export const giftCounts: CountsOf = (campaigns, { happenedAt, receipts }) => {
  const open = campaigns.at(happenedAt);
  return open.length === 0 ? NONE : countsOf(open, receipts);
};

const NONE: readonly Count[] = [];

/** Reversals count for the campaigns of the event whose gifts they take back, whenever they happen. */
export const reversalCounts =
  (numbers: readonly number[]): CountsOf =>
  (campaigns, { receipts }) =>
    countsOf(campaigns.of(numbers), receipts);

const MOST_TRIES = 10;

/**
 * Writes, counting by the present campaigns: when they have changed, they are read and the write is tried again. On the
 * connection of a transaction the second try succeeds, since its first has taken the lock under which they change.
 */
export async function writeCounted<Result>(
  sql: Queries,
  known: KnownCampaigns,
  counts: CountsOf,
  write: (counter: CampaignCounter) => Promise<Result | undefined>,
): Promise<Result> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const written = await write(known.counter(counts));
    if (written !== undefined) return written;
    await known.read(sql);
  }
  throw new UnavailableError("campaigns-changing", "campaigns are changing; send the same again", 1);
}
