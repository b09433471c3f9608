// Converts donated steps into sponsors' gifts, batch by batch in the order of the line, once each batch is sealed. All that is
// decided follows from sealed batches alone: whoever dies in the middle, the next one decides the same, and records nothing
// twice.

import type { Logger } from "pino";
import { InvariantError } from "../errors.ts";
import {
  type Conversion,
  conversionGift,
  conversionName,
  convert,
  type Donation,
  type Pool,
  remainderGift,
  remainderName,
} from "../programmes/conversion.ts";
import type { Gift } from "../programmes/gift.ts";
import type { EventName } from "../programmes/record.ts";
import { toHex } from "../protocol/bytes.ts";
import {
  type ConversionPlace,
  conversionPlace,
  eachDonation,
  finishConversion,
  isSealedUntil,
  nextToConvert,
  type StepLine,
  saveConversions,
  saveRemainder,
  stepLines,
} from "../store/conversions.ts";
import type { Database } from "../store/database.ts";
import { endedPools, payingPools } from "../store/pools.ts";
import { pause } from "./leader.ts";

/** An event that gives, as ingest takes it. */
export type Told = {
  readonly name: EventName;
  readonly body: object;
  readonly happenedAt: number;
  readonly gifts: readonly Gift[];
};

/** Makes events durable, in order; a known one answers with the receipts that it has. */
export type RecordGifts = (
  told: readonly Told[],
) => Promise<readonly ({ readonly receipts: readonly { readonly id: Uint8Array }[] } | Error)[]>;

export type Converter = {
  readonly sql: Database;
  readonly record: RecordGifts;
  readonly log: Logger;
};

const LOOK_EVERY_MS = 500;
const REMAINDERS_AT_ONCE = 100;
/** A report that was on its way when the pool ended is recorded by then. */
const GRACE_SECONDS = 3_600;

/** Converts what is due until the signal aborts. To be run by one process at a time. */
export async function convertAlways(converter: Converter, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    while (!signal.aborted && (await convertNext(converter)));
    if (!signal.aborted) await giveRemainders(converter, unixNow());
    await pause(LOOK_EVERY_MS, signal);
  }
}

const unixNow = () => Math.floor(Date.now() / 1000);

/** Converts one sealed batch; false when there is none to convert. */
export async function convertNext(converter: Converter): Promise<boolean> {
  const { sql, log } = converter;
  let place = await conversionPlace(sql);
  const batch = await nextToConvert(sql, place.batch);
  if (batch === undefined) return false;
  for (const line of await stepLines(sql, batch, place.line))
    place = await convertLine(converter, place, batch, line);
  if (await finishConversion(sql, place, batch)) log.debug({ batch }, "steps converted");
  return true;
}

async function convertLine(
  converter: Converter,
  before: ConversionPlace,
  batch: bigint,
  line: StepLine,
): Promise<ConversionPlace> {
  let place = before;
  let pools: readonly Pool[] = await payingPools(converter.sql, line.charity);
  await eachDonation(converter.sql, batch, line, async (donations) => {
    const left = donations.filter(({ upTo }) => !isDone(place, line, upTo));
    if (left.length === 0) return;
    const paid = payFor(left, pools);
    const after = { ...place, line: line.line, position: (left.at(-1) as Donation).upTo };
    const converted = await recordAll(converter.record, paid.conversions);
    if (!(await saveConversions(converter.sql, place, after, paid.pools, converted)))
      throw new InvariantError("steps were converted by another process at the same time");
    [place, pools] = [after, paid.pools];
  });
  return place;
}

const isDone = ({ line, position }: ConversionPlace, { line: of }: StepLine, upTo: bigint): boolean =>
  of < line || (of === line && upTo <= position);

function payFor(donations: readonly Donation[], before: readonly Pool[]) {
  let pools = before;
  const conversions = donations.flatMap((donation) => {
    const paid = convert(donation, pools);
    pools = paid.pools;
    return paid.conversions;
  });
  return { conversions, pools };
}

async function recordAll(record: RecordGifts, conversions: readonly Conversion[]) {
  const giving = conversions.filter(({ amount }) => amount > 0n);
  const receipts = await recordGifts(record, giving.map(toldOf));
  const gifts = new Map(giving.map((conversion, index) => [conversion, receipts[index] as Uint8Array]));
  return conversions.map((conversion) => ({ ...conversion, gift: gifts.get(conversion) ?? null }));
}

function toldOf(conversion: Conversion): Told {
  const gift = conversionGift(conversion);
  return {
    name: conversionName(conversion),
    body: gift.details,
    happenedAt: conversion.donation.acceptedAt,
    gifts: [gift],
  };
}

/** The receipt of each event's one gift. */
async function recordGifts(record: RecordGifts, told: readonly Told[]): Promise<Uint8Array[]> {
  const outcomes = told.length === 0 ? [] : await record(told);
  return outcomes.map((outcome) => {
    if (outcome instanceof Error) throw outcome;
    const [receipt] = outcome.receipts;
    if (receipt === undefined) throw new InvariantError("a conversion gave no receipt");
    return receipt.id;
  });
}

const isBehind = async (sql: Database): Promise<boolean> =>
  (await nextToConvert(sql, (await conversionPlace(sql)).batch)) !== undefined;

/** Gives what ended pools still hold; `now` in Unix seconds. */
export async function giveRemainders({ sql, record, log }: Converter, now: number): Promise<void> {
  for (const pool of await endedPools(sql, now - GRACE_SECONDS, REMAINDERS_AT_ONCE)) {
    if (!(await isSealedUntil(sql, pool.terms.endsAt + GRACE_SECONDS))) return;
    // Sealed since we last looked, it may be steps that this pool has to pay for first.
    if (await isBehind(sql)) return;
    const gift = remainderGift(pool);
    const told = { name: remainderName(pool), body: gift.details, happenedAt: pool.terms.endsAt };
    await recordGifts(record, [{ ...told, gifts: [gift] }]);
    await saveRemainder(sql, pool);
    log.info({ pool: toHex(pool.id), amount: gift.amount }, "a pool has ended; what was left is given");
  }
}
