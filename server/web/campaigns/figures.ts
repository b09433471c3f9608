// A campaign as the service gives it, and what a page makes of it: its state, how full a goal's bar is, and which of two
// answers is the later one. Pure.

export type Total = {
  readonly unit: string;
  readonly gifts: string;
  readonly given: string;
  readonly reversals: string;
  readonly takenBack: string;
};

export type Goal = {
  readonly what: "money" | "line" | "outcome";
  readonly unit: string;
  readonly name?: string;
  readonly reached: string;
  readonly of: string;
  /** Of the next one: so much of `each`. */
  readonly part: string;
  readonly each: string;
};

export type Campaign = {
  readonly id: string;
  readonly title: string;
  readonly hash: string;
  readonly document: {
    readonly programmes: readonly string[] | null;
    readonly charities: readonly string[] | null;
    readonly merchants: readonly string[] | null;
  };
  readonly startsAt: string;
  readonly endsAt: string;
  readonly endedAt: string | null;
  readonly countsFrom: string;
  readonly totals: readonly Total[];
  readonly goals: readonly Goal[];
};

/** How many receipts it tells of: each change adds some, so the answer with more is the later one. */
const receiptsOf = ({ totals }: Campaign): bigint =>
  totals.reduce((sum, { gifts, reversals }) => sum + BigInt(gifts) + BigInt(reversals), 0n);

/** The later of two answers, which may overtake each other on their way: no figure that only rises ever falls. */
export const following = (known: Campaign | undefined, came: Campaign): Campaign =>
  known === undefined || receiptsOf(came) >= receiptsOf(known) ? came : known;

export type State = "toCome" | "running" | "over" | "ended";

/** `now` in Unix milliseconds. */
export function stateOf({ startsAt, endsAt, endedAt }: Campaign, now: number): State {
  if (endedAt !== null && Date.parse(endedAt) <= now) return "ended";
  if (now < Date.parse(startsAt)) return "toCome";
  return now < Date.parse(endsAt) ? "running" : "over";
}

/** Seconds until its next turn, to its start or its end; none when it is over. */
export function secondsLeft(campaign: Campaign, now: number): number {
  const turn = stateOf(campaign, now) === "toCome" ? campaign.startsAt : campaign.endsAt;
  return Math.max(0, Math.ceil((Date.parse(turn) - now) / 1000));
}

const TENTHS = 1000n;

/** How far a goal is reached, in tenths of a per cent, rounded down: full only when it is. May be more than 1000. */
export const tenthsOf = ({ reached, of, part, each }: Goal): number =>
  Number(((BigInt(reached) * BigInt(each) + BigInt(part)) * TENTHS) / (BigInt(of) * BigInt(each)));

export const isReached = ({ reached, of }: Goal): boolean => BigInt(reached) >= BigInt(of);
