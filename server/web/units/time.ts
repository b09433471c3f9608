// Times as people read them, in their language and time zone; and as the browser's own inputs write them.

const DATE_TIME = { dateStyle: "medium", timeStyle: "short" } as const;

export const timeText = (time: Date | string, language: string): string =>
  new Intl.DateTimeFormat(language, DATE_TIME).format(new Date(time));

/** A day as such, in no time zone: ("2026-09-01", "en") → "Sep 1, 2026". */
export const dayText = (day: string, language: string): string =>
  new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" }).format(
    new Date(`${day}T00:00:00Z`),
  );

/** The browser's own form of a time, in the visitor's time zone: "2026-09-05T09:00". */
export function localTime(iso: string): string {
  const time = new Date(iso);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/**
 * What such an input holds, as a time; where nobody has changed what it began with, that time itself, since an input shows no
 * seconds.
 */
export const timeTold = (local: string, first: string): string =>
  local === localTime(first) ? first : new Date(local).toISOString();

/** The last time that an input may take: with a longer year it is no time. */
export const LAST_LOCAL_TIME = "9999-12-31T23:59";

/** No date lies further ahead (ECMA-262, 21.4.1.1); a hostile file may name a later second all the same. */
const LAST_DATE_MS = 8.64e15;

export const unixTime = (seconds: bigint | string): Date =>
  new Date(Math.min(Number(seconds) * 1000, LAST_DATE_MS));

const STEPS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** An age in its largest whole unit: (7200, "en") → "2 hours". */
export function ageText(seconds: number, language: string): string {
  const [unit, size] = STEPS.find(([, size]) => seconds >= size) ?? (["second", 1] as const);
  const format = new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" });
  return format.format(Math.floor(seconds / size));
}
