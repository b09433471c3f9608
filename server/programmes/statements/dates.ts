// Days as statements name them: UTC, from midnight to midnight.

import { z } from "zod";

const SECONDS_A_DAY = 86_400;

/** A day such as 2026-12-31, from 1970 on. */
export const dayText = z.iso
  .date("wanted a day, such as 2026-12-31")
  .refine((text) => text >= "1970-01-01", "wanted a day from 1970 on");

/** The days since 1970. */
export const dayNumber = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 1000 / SECONDS_A_DAY;

export const dayOf = (days: number): string =>
  new Date(days * SECONDS_A_DAY * 1000).toISOString().slice(0, 10);

/** The day that a moment is on, in Unix seconds. */
export const dayOfSecond = (seconds: bigint | number): string =>
  dayOf(Math.floor(Number(seconds) / SECONDS_A_DAY));

/** From the first second of one day to the last of another, in Unix seconds; `before` is left out. */
export const periodOf = (from: string, to: string) => ({
  from: BigInt(dayNumber(from) * SECONDS_A_DAY),
  before: BigInt((dayNumber(to) + 1) * SECONDS_A_DAY),
});
