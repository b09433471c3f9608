// Figures that hold on any machine: what we reach over what something else reaches in the same run, each measured in turn,
// the median of several rounds.

export type Figure = {
  readonly name: string;
  /** What we reach, and what it is held against, in words. */
  readonly ours: string;
  readonly against: string;
  /** The one number that counts. */
  readonly reached: number;
  readonly unit: "×" | "ms";
  /** At least this for ratios, at most this for times. */
  readonly wanted: number;
  /** What of the machine it depends on. */
  readonly note: string;
};

export const isMet = ({ reached, unit, wanted }: Figure): boolean =>
  unit === "×" ? reached >= wanted : reached <= wanted;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] as number) + (sorted[sorted.length >> 1] as number)) / 2;
}

/** The value that `share` of all, in [0, 1], do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] as number;
}

type Measure = () => Promise<number>;

/**
 * Measures in turn, so that what the machine does besides falls on all alike; for each measurement its values, round by
 * round. A first round warms up and is left out.
 */
export async function inTurns(rounds: number, measures: readonly Measure[]): Promise<number[][]> {
  const values: number[][] = measures.map(() => []);
  for (let round = 0; round <= rounds; round++)
    for (const [index, measure] of measures.entries()) {
      const value = await measure();
      if (round > 0) values[index]?.push(value);
    }
  return values;
}

/** As `inTurns`, for two of which each goes first as often: what one leaves behind slows the other as much. */
export async function thereAndBack(rounds: number, one: Measure, other: Measure): Promise<number[][]> {
  const values = await inTurns(Math.ceil(rounds / 2), [one, other, other, one]);
  const [there = [], thereOther = [], backOther = [], back = []] = values;
  return [
    [...there, ...back],
    [...thereOther, ...backOther],
  ];
}

/** The median of the ratios, round by round. */
export const ratioOf = (ours: readonly number[], against: readonly number[]): number =>
  median(ours.map((value, round) => value / (against[round] as number)));

/** How many milliseconds it takes. */
export async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const COLUMNS = ["what", "Amanah", "against", "reached", "wanted", ""] as const;

/** The figures as a table, with what each depends on below. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = [COLUMNS, ...figures.map(rowOf)];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)));
  const lines = rows.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] as number)).join("  "),
  );
  return [
    ...lines.map((line) => line.trimEnd()),
    "",
    ...figures.map(({ name, note }) => `${name}: ${note}`),
  ].join("\n");
}

function rowOf(figure: Figure): readonly string[] {
  const { name, ours, against, reached, unit, wanted } = figure;
  const bound = unit === "×" ? "at least" : "at most";
  const shown = (value: number) => `${Number(value.toPrecision(3))} ${unit}`;
  return [name, ours, against, shown(reached), `${bound} ${shown(wanted)}`, isMet(figure) ? "met" : "missed"];
}

export const perSecond = (rate: number, what: string): string =>
  `${Math.round(rate).toLocaleString("en")} ${what}/s`;
