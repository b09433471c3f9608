// How far the money of a line has come, as parts of a bar and as amounts. Pure.

import type { Line } from "./queries.ts";

/** The marks of a line from its end to its beginning; each lies over those before it. */
export const MARKS = ["given", "paid", "acknowledged", "spent"] as const;
export type Mark = (typeof MARKS)[number];

export type DrawnMark = {
  readonly mark: Mark;
  readonly amount: bigint;
  /** Of the whole line, in thousandths; what is there at all is seen. */
  readonly thousandths: number;
};

const WHOLE = 1_000n;
const LEAST = 4;

/** The marks in the order in which they are drawn; all nought for a line that nothing was given on. */
export function drawnMarks(watermarks: Pick<Line["watermarks"], Mark>): DrawnMark[] {
  const whole = BigInt(watermarks.given);
  return MARKS.map((mark) => {
    const amount = BigInt(watermarks[mark]);
    return { mark, amount, thousandths: shareOf(amount, whole) };
  });
}

function shareOf(amount: bigint, whole: bigint): number {
  if (amount === 0n || whole === 0n) return 0;
  return Math.max(LEAST, Number((amount * WHOLE) / whole));
}

type Moving = Pick<Line, "unit" | "watermarks">;

/** What all these lines come to, unit by unit, in the order of the units' names. */
export function totalsByUnit(lines: readonly Moving[]): Moving[] {
  const totals = new Map<string, Line["watermarks"]>();
  for (const { unit, watermarks } of lines) {
    const before = totals.get(unit);
    totals.set(unit, before === undefined ? watermarks : added(before, watermarks));
  }
  return [...totals]
    .map(([unit, watermarks]) => ({ unit, watermarks }))
    .sort((a, b) => (a.unit < b.unit ? -1 : 1));
}

const added = (a: Line["watermarks"], b: Line["watermarks"]): Line["watermarks"] =>
  Object.fromEntries(
    Object.entries(a).map(([name, amount]) => [
      name,
      `${BigInt(amount) + BigInt(b[name as keyof typeof b])}`,
    ]),
  ) as Line["watermarks"];
