// The contract's watermarks as last read, and the lines of which a fault is proven, so that reads survive a dead endpoint.

import type { Fault } from "../protocol/faults.ts";
import type { Line } from "../protocol/verification.ts";
import { only, type Queries } from "./database.ts";
import type { LineName } from "./lines.ts";

/** Keeps what the contract says of a line. Writes only what has changed. */
export async function keepWatermarks(
  sql: Queries,
  { charity, unit }: LineName,
  line: Line,
  fault: Fault | null = null,
): Promise<void> {
  const { given, reversed, paid, netted, acknowledged, spent } = line;
  await sql`
    INSERT INTO watermarks (charity, unit, given, reversed, paid, netted, acknowledged, spent, fault)
    VALUES (${charity}, ${unit}, ${given}, ${reversed}, ${paid}, ${netted}, ${acknowledged}, ${spent}, ${fault})
    ON CONFLICT (charity, unit) DO UPDATE SET given = excluded.given, reversed = excluded.reversed,
      paid = excluded.paid, netted = excluded.netted, acknowledged = excluded.acknowledged, spent = excluded.spent,
      fault = excluded.fault, read_at = now()
    WHERE (watermarks.given, watermarks.reversed, watermarks.paid, watermarks.netted, watermarks.acknowledged,
        watermarks.spent, watermarks.fault) IS DISTINCT FROM
      (excluded.given, excluded.reversed, excluded.paid, excluded.netted, excluded.acknowledged, excluded.spent,
        excluded.fault)`;
}

export type LineAtFault = { readonly charity: Buffer; readonly unit: string; readonly fault: Fault };

/** Lines of which a fault is proven, at most so many. */
export const linesAtFault = (sql: Queries, limit: number) =>
  sql<LineAtFault[]>`
    SELECT charity, unit, fault FROM watermarks WHERE fault IS NOT NULL ORDER BY unit, charity LIMIT ${limit}`;

/** How many there are. */
export async function countAtFault(sql: Queries): Promise<number> {
  const rows = await sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM watermarks WHERE fault IS NOT NULL`;
  return only(rows).count;
}

/** The watermarks of a line as last read; undefined before the contract has heard of it. */
export async function watermarksOf(sql: Queries, { charity, unit }: LineName): Promise<Line | undefined> {
  const [row] = await sql<Line[]>`
    SELECT given, reversed, paid, netted, acknowledged, spent FROM watermarks
    WHERE charity = ${charity} AND unit = ${unit}`;
  return row;
}

/** Lines in the order of their numbers, behind `after`. */
export const linesAfter = (sql: Queries, after: number, limit: number) =>
  sql<(LineName & { readonly id: number })[]>`
    SELECT id, charity, unit FROM lines WHERE id > ${after} ORDER BY id LIMIT ${limit}`;

/** Every line was read. */
export async function allRead(sql: Queries): Promise<void> {
  await sql`UPDATE deployment SET read_at = now()`;
}
