// The overview's figures: as the service gives them, as the page keeps them so that none ever falls, and as points of a
// chart. Pure.

export const MARKS = ["given", "paid", "acknowledged", "spent"] as const;
export type Mark = (typeof MARKS)[number];

/** Whole minor units as decimal text. */
export type Sums = Readonly<Record<Mark | "refunded" | "setOff", string>>;
export type UnitTotals = Sums & { readonly unit: string; readonly gifts: string };

export type Batch = {
  readonly number: string;
  readonly state: "closed" | "sealed" | "submitted" | "anchored" | "final";
  readonly receipts: string | null;
  readonly closedAt: string | null;
};

export type Claim = {
  readonly payout: string;
  readonly registration: string;
  readonly name: string;
  readonly unit: string;
  readonly amount: string;
  readonly since: string;
};

export type Overview = {
  readonly units: readonly UnitTotals[];
  readonly receiptsLastMinute: string;
  readonly open: { readonly batch: string; readonly receipts: string };
  readonly batches: readonly Batch[];
  readonly oldestClaim: Claim | null;
};

const larger = (a: string, b: string) => (BigInt(a) > BigInt(b) ? a : b);

const SUMS = [...MARKS, "refunded", "setOff", "gifts"] as const;

function neverLess(known: UnitTotals | undefined, came: UnitTotals): UnitTotals {
  if (known === undefined) return came;
  const kept = SUMS.map((name) => [name, larger(known[name], came[name])]);
  return { unit: came.unit, ...Object.fromEntries(kept) } as UnitTotals;
}

/** What to show when `came` follows `known`: replicas may answer with an earlier state, and a total never falls. */
export function following(known: Overview | undefined, came: Overview): Overview {
  if (known === undefined) return came;
  const before = new Map(known.units.map((unit) => [unit.unit, unit]));
  const units = came.units.map((unit) => neverLess(before.get(unit.unit), unit));
  const names = new Set(units.map(({ unit }) => unit));
  const gone = known.units.filter(({ unit }) => !names.has(unit));
  const isEarlier = BigInt(came.open.batch) < BigInt(known.open.batch);
  const { open, batches } = isEarlier ? known : came;
  return { ...came, open, batches, units: [...units, ...gone] };
}

/** Which part of the whole something is, in percent with two decimals; 0 of nothing. */
export function percentOf(part: string, whole: string): number {
  const all = BigInt(whole);
  return all === 0n ? 0 : Number((BigInt(part) * 10_000n) / all) / 100;
}

export type Day = Sums & { readonly day: string; readonly gifts: string };

export type Days = {
  readonly unit: string;
  readonly from: string;
  readonly to: string;
  readonly before: Sums;
  readonly days: readonly Day[];
};

/** A moment, in Unix milliseconds, and the marks as they stood then. */
export type Point = { readonly at: number } & Readonly<Record<Mark, bigint>>;

const DAY_MS = 86_400_000;

const marksOf = (sums: Sums): Record<Mark, bigint> => ({
  given: BigInt(sums.given),
  paid: BigInt(sums.paid),
  acknowledged: BigInt(sums.acknowledged),
  spent: BigInt(sums.spent),
});

function plus(a: Record<Mark, bigint>, b: Sums | undefined): Record<Mark, bigint> {
  if (b === undefined) return a;
  const more = marksOf(b);
  return {
    given: a.given + more.given,
    paid: a.paid + more.paid,
    acknowledged: a.acknowledged + more.acknowledged,
    spent: a.spent + more.spent,
  };
}

const FEWEST_DAYS = 7;

/** Where the period begins to be worth looking at: a young ledger has no use for weeks of nothing. */
function beginning({ from, to, before, days }: Days): number {
  const first = days[0]?.day;
  if (before.given !== "0" || first === undefined) return Date.parse(from);
  const latest = Date.parse(to) - (FEWEST_DAYS - 1) * DAY_MS;
  return Math.max(Date.parse(from), Math.min(Date.parse(first), latest));
}

/** How the marks stood at the beginning of the period and at the end of each of its days; of today, so far. */
export function pointsOf(period: Days): Point[] {
  const { to, before, days } = period;
  const byDay = new Map(days.map((day) => [day.day, day]));
  let at = beginning(period);
  let marks = marksOf(before);
  const points: Point[] = [{ at, ...marks }];
  const end = Date.parse(to);
  for (; at <= end; at += DAY_MS) {
    marks = plus(marks, byDay.get(new Date(at).toISOString().slice(0, 10)));
    points.push({ at: at + DAY_MS, ...marks });
  }
  return points;
}

/** The first of so many days, the last of which is today: ISO dates in UTC. */
export const daysBack = (count: number, now: number): { from: string; to: string } => ({
  from: new Date(now - (count - 1) * DAY_MS).toISOString().slice(0, 10),
  to: new Date(now).toISOString().slice(0, 10),
});
