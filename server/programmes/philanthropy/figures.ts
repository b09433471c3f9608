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

/** A hostile report may nest, or name things, as it likes: no honest one goes as deep, or calls anything by so much. */
const MOST_DEPTH = 8;
const MOST_NAME = 300;

type Figures = Map<string, string>;

/** Each figure, hash and name by its path. */
export function figuresOf(report: unknown): Figures {
  const figures: Figures = new Map();
  walk(report, "", figures, 0);
  return figures;
}

function walk(value: unknown, path: string, figures: Figures, depth: number): void {
  if (value === null || typeof value !== "object") figures.set(path, short(`${value}`));
  else if (depth === MOST_DEPTH) figures.set(path, "nested too deeply");
  else if (Array.isArray(value)) walkRows(value, path, figures, depth + 1);
  else
    for (const [name, inner] of Object.entries(value))
      walk(inner, path === "" ? memberOf(name) : `${path}.${memberOf(name)}`, figures, depth + 1);
}

/** A name with a point or a bracket in it is quoted: else its figure could stand in the place of another one. */
const memberOf = (name: string): string =>
  /^[A-Za-z0-9]+$/.test(name) ? short(name) : JSON.stringify(short(name));

const short = (text: string): string => (text.length > MOST_NAME ? `${text.slice(0, MOST_NAME)}…` : text);

function walkRows(rows: readonly unknown[], path: string, figures: Figures, depth: number): void {
  const seen = new Map<string, number>();
  for (const row of rows) {
    const name = nameOf(row);
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    // A row that stands twice is two rows: the second is nowhere in an honest report.
    walk(row, `${path}[${name}${times === 0 ? "" : ` again ${times}`}]`, figures, depth);
  }
}

function nameOf(row: unknown): string {
  if (row === null || typeof row !== "object") return short(`${row}`);
  const told = NAMES.filter((name) => name in row).map((name) => (row as Record<string, unknown>)[name]);
  return told.map((one) => (one === null ? "-" : short(`${one}`))).join(", ");
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
