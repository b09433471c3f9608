// A campaign: a named window over programmes, charities or merchants, with goals. Pure: what it covers, which of many
// campaigns a gift belongs to, and how far a sum has come towards a goal.

import { z } from "zod";
import { amountMinor, currency, instant, name, registration, text } from "./fields.ts";
import { isCommitted } from "./pool-unit.ts";

export const MOST_GOALS = 10;
const MOST_NAMED = 1_000;
const DAY_SECONDS = 86_400;
export const MOST_DAYS = 366;

const PROGRAMMES = ["goods-for-good", "charity-shop", "three-hours", "steps"] as const;

const some = amountMinor.refine((amount) => amount !== "0", "wanted at least 1");

/** What is aimed at, in a currency, in another unit, or in what the money becomes at a stated price. */
const goal = z.discriminatedUnion(
  "what",
  [
    z.strictObject({ what: z.literal("money"), unit: currency, amount: some }),
    z.strictObject({ what: z.literal("line"), unit: z.enum(["STEP", "MINUTE", "MEAL"]), amount: some }),
    z.strictObject({
      what: z.literal("outcome"),
      /** As people read it behind a number: "lunches". */
      name: text(60),
      unit: currency,
      /** What one of them costs, in minor units. */
      costs: some,
      count: z.int("wanted a whole number").min(1).max(1_000_000_000_000),
    }),
  ],
  'wanted {"what": "money" | "line" | "outcome", …}',
);

/** A list of what is covered, each once; null covers all. */
const only = <Item extends z.ZodType<string>>(item: Item) =>
  z
    .array(item)
    .min(1)
    .max(MOST_NAMED)
    .refine((list) => new Set(list).size === list.length, "wanted each once")
    .nullable()
    .default(null);

export const campaignSchema = z
  .strictObject({
    id: name,
    title: text(120),
    startsAt: instant,
    /** The first moment that is not in it any more. */
    endsAt: instant,
    programmes: only(z.enum(PROGRAMMES)),
    charities: only(registration),
    merchants: only(name),
    goals: z.array(goal).max(MOST_GOALS).default([]),
  })
  .refine(({ startsAt, endsAt }) => endsAt > startsAt, {
    path: ["endsAt"],
    error: "wanted a time after startsAt",
  })
  .refine(({ startsAt, endsAt }) => endsAt - startsAt <= MOST_DAYS * DAY_SECONDS, {
    path: ["endsAt"],
    error: `wanted a window no longer than ${MOST_DAYS} days`,
  });

export type Campaign = z.output<typeof campaignSchema>;
export type Goal = Campaign["goals"][number];

/** The public document; its hash is in a batch before the first receipt that counts. */
export const campaignDocument = (campaign: Campaign) => ({ format: "amanah-campaign/1", ...campaign });

/** The document of an early end. `campaign` is the hash of the campaign's own, `endedAt` in Unix seconds. */
export const campaignEndDocument = (campaign: string, endedAt: number) => ({
  ...{ format: "amanah-campaign-end/1", campaign, endedAt },
});

/** A campaign that counts, under its number in the store. */
export type Counting = {
  readonly number: number;
  readonly campaign: Campaign;
  /** Where its window was ended before its time, in Unix seconds. */
  readonly endedAt: number | null;
};

/** What of a receipt a campaign looks at. */
export type Told = {
  readonly programme: string;
  /** The charity's registration id. */
  readonly registration: string;
  /** Null where no shop is behind it. */
  readonly merchant: string | null;
};

/** Whether a campaign is about receipts of this programme, charity and merchant. */
export const covers = ({ programmes, charities, merchants }: Campaign, told: Told): boolean =>
  among(programmes, told.programme) &&
  among(charities, told.registration) &&
  (merchants === null || (told.merchant !== null && merchants.includes(told.merchant)));

const among = (list: readonly string[] | null, value: string): boolean =>
  list === null || list.includes(value);

/** Where the window ends: at its end, or where it was ended before. */
export const windowEnd = ({ campaign, endedAt }: Omit<Counting, "number">): number =>
  Math.min(campaign.endsAt, endedAt ?? Infinity);

const isWithin = (counting: Counting, happenedAt: number): boolean =>
  counting.campaign.startsAt <= happenedAt && happenedAt < windowEnd(counting);

/** All campaigns there are, found by the day on which something happened: gifts ask thousands of times a second. */
export class Campaigns {
  readonly #byNumber: ReadonlyMap<number, Counting>;
  readonly #byDay = new Map<number, Counting[]>();

  constructor(all: readonly Counting[] = []) {
    this.#byNumber = new Map(all.map((one) => [one.number, one]));
    for (const one of all)
      for (let day = dayOf(one.campaign.startsAt); day <= dayOf(windowEnd(one)); day++)
        this.#byDay.set(day, [...(this.#byDay.get(day) ?? []), one]);
  }

  /** Those whose window something falls into that happened then, in Unix seconds. */
  at(happenedAt: number): readonly Counting[] {
    return this.#byDay.get(dayOf(happenedAt))?.filter((one) => isWithin(one, happenedAt)) ?? [];
  }

  /** Those of these numbers. */
  of(numbers: readonly number[]): readonly Counting[] {
    return numbers.flatMap((number) => this.#byNumber.get(number) ?? []);
  }
}

const dayOf = (unixSeconds: number): number => Math.floor(unixSeconds / DAY_SECONDS);

/** What one event adds to one campaign in one unit, by gifts or by reversals. `sum` in the unit's smallest part. */
export type Count = {
  readonly number: number;
  readonly unit: string;
  readonly kind: number;
  readonly receipts: number;
  readonly sum: bigint;
};

type Counted = Told & { readonly unit: string; readonly kind: number; readonly amount: bigint };

/** What an event's receipts add to these campaigns, all of one campaign, unit and kind as one. */
export function countsOf(campaigns: readonly Counting[], receipts: readonly Counted[]): Count[] {
  const counts = new Map<string, Count>();
  for (const { number, campaign } of campaigns)
    for (const receipt of receipts) {
      // What is committed to a pool counts once it is given.
      if (isCommitted(receipt.unit) || !covers(campaign, receipt)) continue;
      const { unit, kind, amount } = receipt;
      const key = `${number} ${kind} ${unit}`;
      const before = counts.get(key) ?? { number, unit, kind, receipts: 0, sum: 0n };
      counts.set(key, { ...before, receipts: before.receipts + 1, sum: before.sum + amount });
    }
  return [...counts.values()];
}

/** What a campaign has come to in one unit. Sums in the unit's smallest part; neither ever falls. */
export type Total = {
  readonly unit: string;
  readonly gifts: bigint;
  readonly given: bigint;
  readonly reversals: bigint;
  readonly takenBack: bigint;
};

/** How far a goal is reached: whole ones of `of`, and of the next one `part` of `each`. Nothing is rounded. */
export type Progress = {
  readonly reached: bigint;
  readonly of: bigint;
  readonly part: bigint;
  readonly each: bigint;
};

/** By what stands: given, less what refunds have taken back. A lunch that was refunded is not on the table. */
export function progressOf(goal: Goal, totals: readonly Total[]): Progress {
  const total = totals.find(({ unit }) => unit === goal.unit);
  const standing = total === undefined ? 0n : total.given - total.takenBack;
  if (goal.what !== "outcome") return { reached: standing, of: BigInt(goal.amount), part: 0n, each: 1n };
  const each = BigInt(goal.costs);
  return { reached: standing / each, of: BigInt(goal.count), part: standing % each, each };
}
