// Sizes of files as people read them, in their language. Pure.

const STEPS = [
  ["gigabyte", 1e9],
  ["megabyte", 1e6],
  ["kilobyte", 1e3],
] as const;

/** A size in its largest unit, to a tenth: (44_001_234, "en") → "44 MB". */
export function bytesText(bytes: number | bigint, language: string): string {
  const [unit, size] = STEPS.find(([, size]) => Number(bytes) >= size) ?? (["byte", 1] as const);
  const format = new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: 1 });
  return format.format(Number(bytes) / size);
}
