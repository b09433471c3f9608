// A report as its single figures, each under a name that says where it stands, so that two reports are compared figure by
// figure. Rows of a table are named by what they are about, and not by their number: one row too many shifts no other.

/** What names a row, in this order. */
const NAMES = [
  "charity",
  "programme",
  "merchant",
  "country",
  "place",
  "what",
  "measure",
  "unit",
  "step",
  "hash",
] as const;

/** Each figure, hash and name by its path. */
export function figuresOf(report: unknown): Map<string, string> {
  const figures = new Map<string, string>();
  walk(report, "", figures);
  return figures;
}

function walk(value: unknown, path: string, figures: Map<string, string>): void {
  if (Array.isArray(value)) walkRows(value, path, figures);
  else if (value === null || typeof value !== "object") figures.set(path, `${value}`);
  else
    for (const [name, inner] of Object.entries(value))
      walk(inner, path === "" ? name : `${path}.${name}`, figures);
}

function walkRows(rows: readonly unknown[], path: string, figures: Map<string, string>): void {
  const seen = new Map<string, number>();
  for (const row of rows) {
    const name = nameOf(row);
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    // A row that stands twice is two rows: the second is nowhere in an honest report.
    walk(row, `${path}[${name}${times === 0 ? "" : ` again ${times}`}]`, figures);
  }
}

function nameOf(row: unknown): string {
  if (row === null || typeof row !== "object") return `${row}`;
  const told = NAMES.filter((name) => name in row).map((name) => (row as Record<string, unknown>)[name]);
  return told.map((one) => (one === null ? "-" : `${one}`)).join(", ");
}

/** A figure that is not what it should be; undefined where there is none. */
export type Difference = {
  readonly figure: string;
  readonly says: string | undefined;
  readonly found: string | undefined;
};

/** Where two reports differ, in the order of the second. */
export function differencesOf(says: unknown, found: unknown): { figures: number; differences: Difference[] } {
  const [told, wanted] = [figuresOf(says), figuresOf(found)];
  const names = new Set([...wanted.keys(), ...told.keys()]);
  const differences = [...names].flatMap((figure): Difference[] => {
    const [one, other] = [told.get(figure), wanted.get(figure)];
    return one === other ? [] : [{ figure, says: one, found: other }];
  });
  return { figures: wanted.size, differences };
}
