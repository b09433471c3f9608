// Times as people read them, in their language and time zone. Pure.

const DATE_TIME = { dateStyle: "medium", timeStyle: "short" } as const;

export const timeText = (time: Date | string, language: string): string =>
  new Intl.DateTimeFormat(language, DATE_TIME).format(new Date(time));

export const unixTime = (seconds: bigint | string): Date => new Date(Number(seconds) * 1000);

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
