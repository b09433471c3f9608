// Periods, shares and lengths of time as people read them, in their language. Pure.

const SECONDS_A_DAY = 86_400;

/** Days are named without hours, and the last of them is in it; both in UTC, as the report reckons. Unix seconds. */
export function periodText(from: string | number, upTo: string | number, language: string): string {
  const [first, end] = [Number(from), Number(upTo)];
  const isOfDays = first % SECONDS_A_DAY === 0 && end % SECONDS_A_DAY === 0;
  const time = isOfDays ? {} : ({ timeStyle: "short" } as const);
  const format = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC", ...time });
  const last = isOfDays ? end - SECONDS_A_DAY : end;
  return `${format.formatRange(new Date(first * 1000), new Date(last * 1000))} (UTC)`;
}

/** To a tenth of a percent, rounded down: what is not all is never shown as all. Null of nothing. */
export function shareText(part: string, whole: string, language: string): string | null {
  if (BigInt(whole) === 0n) return null;
  const thousandths = (BigInt(part) * 1_000n) / BigInt(whole);
  const format = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  return format.format(Number(thousandths) / 1_000);
}

const STEPS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** The two largest units say enough: (93784, "en") → "1 day 2 hr". */
export function durationText(seconds: string, language: string): string {
  const whole = Number(seconds);
  const first = STEPS.findIndex(([, size]) => whole >= size);
  if (first < 0) return inUnit(0, "second", language);
  const [[unit, size], smaller] = [STEPS[first] as (typeof STEPS)[number], STEPS[first + 1]];
  const rest = smaller === undefined ? 0 : Math.floor((whole % size) / smaller[1]);
  const told = inUnit(Math.floor(whole / size), unit, language);
  return smaller === undefined || rest === 0 ? told : `${told} ${inUnit(rest, smaller[0], language)}`;
}

const inUnit = (value: number, unit: string, language: string): string =>
  new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(value);
