// How donated steps become money: first come, first served, exactly. Pure: a donation and the pools as they stand in, what is
// paid for and the pools as they stand then out.

import { toHex } from "../protocol/bytes.ts";
import type { Gift } from "./gift.ts";
import { dayOf, type PoolTerms } from "./pool.ts";
import type { EventName } from "./record.ts";

/** A pool as it stands. Money in minor units. */
export type Pool = {
  readonly id: Uint8Array;
  readonly terms: PoolTerms;
  /** The batch whose notice names its terms: it pays for steps of later ones. */
  readonly noticedIn: bigint;
  readonly funded: bigint;
  readonly used: bigint;
  /** How many steps it has paid for in all. */
  readonly steps: bigint;
  /** The last day that it paid on, counted from 1970 by its own clock, and what it paid then. */
  readonly day: number;
  readonly dayUsed: bigint;
};

/** A day's steps of one person: a receipt at [from, upTo) of the charity's line of steps. */
export type Donation = {
  readonly receipt: Uint8Array;
  readonly batch: bigint;
  readonly from: bigint;
  readonly upTo: bigint;
  /** Unix seconds. */
  readonly acceptedAt: number;
};

/** That a pool pays `amount` for the steps [from, upTo). Nothing, where they do not come to the smallest coin. */
export type Conversion = {
  /** As it stood before. */
  readonly pool: Pool;
  readonly donation: Donation;
  readonly from: bigint;
  readonly upTo: bigint;
  readonly amount: bigint;
};

type Rate = { readonly steps: bigint; readonly amount: bigint };

export const rateOf = ({ rate }: Pick<PoolTerms, "rate">): Rate => ({
  steps: BigInt(rate.steps),
  amount: BigInt(rate.amount),
});

/**
 * What `steps` more are worth to a pool that has paid for `before`. Rounded down over all together, never one by one: so the
 * parts add up to what the whole is worth, to the smallest coin, however it is divided.
 */
export const worthOf = ({ steps: per, amount }: Rate, before: bigint, steps: bigint): bigint =>
  ((before + steps) * amount) / per - (before * amount) / per;

/** The least number of steps more that are worth `money`, to a pool that has paid for `before`. */
function stepsWorth({ steps: per, amount }: Rate, before: bigint, money: bigint): bigint {
  const paid = (before * amount) / per;
  return ceilDiv((paid + money) * per, amount) - before;
}

const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/**
 * What the pools pay for a donation, each after the other in the order given: where one has no more to give, the next pays
 * for the steps behind. Steps that none pays for stay donated.
 */
export function convert(
  donation: Donation,
  pools: readonly Pool[],
): { readonly conversions: readonly Conversion[]; readonly pools: readonly Pool[] } {
  const conversions: Conversion[] = [];
  let from = donation.from;
  const after = pools.map((pool) => {
    const paid = payFor(pool, donation, from);
    if (paid === undefined) return pool;
    conversions.push(paid);
    from = paid.upTo;
    return paying(pool, paid);
  });
  return { conversions, pools: after };
}

function payFor(pool: Pool, donation: Donation, from: bigint): Conversion | undefined {
  const left = leftOf(pool, donation);
  const steps = donation.upTo - from;
  if (steps === 0n || left <= 0n) return undefined;
  const paid = within(rateOf(pool.terms), pool.steps, steps, left);
  return paid && { pool, donation, from, upTo: from + paid.steps, amount: paid.amount };
}

/** How many of `steps` more the money pays for, and what they are worth: whole steps, and none that it pays nothing for. */
function within(rate: Rate, before: bigint, steps: bigint, money: bigint) {
  const worth = worthOf(rate, before, steps);
  if (worth <= money) return { steps, amount: worth };
  const amount = worthOf(rate, before, stepsWorth(rate, before, money + 1n) - 1n);
  return amount === 0n ? undefined : { steps: stepsWorth(rate, before, amount), amount };
}

/** What the pool may still give for this donation. */
function leftOf(pool: Pool, donation: Donation): bigint {
  const { batch, acceptedAt } = donation;
  const { startsAt, endsAt, dailyCap } = pool.terms;
  if (batch <= pool.noticedIn || acceptedAt < startsAt || acceptedAt >= endsAt) return 0n;
  const left = pool.funded - pool.used;
  return dailyCap === null ? left : least(left, BigInt(dailyCap) - usedOn(pool, payingDay(pool, donation)));
}

/**
 * The day whose cap a donation falls under. A line goes by receipts and not by time: around midnight one of the day before
 * may come behind one of the day after, and then falls under the latter, so that no day begins twice.
 */
const payingDay = ({ terms, day }: Pool, { acceptedAt }: Donation): number =>
  Math.max(day, dayOf(terms, acceptedAt));

const usedOn = ({ day, dayUsed }: Pool, on: number): bigint => (day === on ? dayUsed : 0n);

function paying(pool: Pool, { donation, from, upTo, amount }: Conversion): Pool {
  const day = payingDay(pool, donation);
  return {
    ...pool,
    used: pool.used + amount,
    steps: pool.steps + (upTo - from),
    day,
    dayUsed: usedOn(pool, day) + amount,
  };
}

/** The event of a conversion: the same again is the same gift. */
export const conversionName = ({ pool, donation }: Conversion): EventName => ({
  source: `pool/${toHex(pool.id)}`,
  key: `steps/${toHex(donation.receipt)}`,
});

/** The sponsor's gift: it names the steps that it paid for, and which part of the pool it is. */
export function conversionGift({ pool, donation, from, upTo, amount }: Conversion): Gift {
  const stepReceipt = toHex(donation.receipt);
  return giftOf(pool, stepReceipt, amount, {
    stepReceipt,
    stepsBatch: `${donation.batch}`,
    stepsFrom: `${from}`,
    stepsUpTo: `${upTo}`,
    paidBefore: `${pool.steps}`,
    donatedAt: donation.acceptedAt,
  });
}

export const remainderName = ({ id }: Pool): EventName => ({
  source: `pool/${toHex(id)}`,
  key: "remainder",
});

/** What is left when the pool has ended: it was committed for good, so the charity has it, for no steps. */
export const remainderGift = (pool: Pool): Gift => giftOf(pool, "remainder", pool.funded - pool.used, {});

function giftOf(pool: Pool, item: string, amount: bigint, more: Gift["details"]): Gift {
  const { charity, currency, sponsor } = pool.terms;
  const [poolFrom, poolUpTo] = [`${pool.used}`, `${pool.used + amount}`];
  const whose = { programme: "steps", charity, item, sponsor, legalDonor: sponsor, pool: toHex(pool.id) };
  const details = { ...whose, poolFrom, poolUpTo, ...more };
  return { item, charity, unit: currency, amount, terms: pool.id, details };
}
