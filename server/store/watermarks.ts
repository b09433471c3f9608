// The contract's watermarks as last read, so that reads survive a dead endpoint.

import type { Line } from "../protocol/verification.ts";
import type { Queries } from "./database.ts";
import type { LineName } from "./lines.ts";

/** Keeps what the contract says of a line. Writes only what has changed. */
export async function keepWatermarks(sql: Queries, { charity, unit }: LineName, line: Line): Promise<void> {
  const { given, reversed, paid, netted, acknowledged, spent } = line;
  await sql`
    INSERT INTO watermarks (charity, unit, given, reversed, paid, netted, acknowledged, spent)
    VALUES (${charity}, ${unit}, ${given}, ${reversed}, ${paid}, ${netted}, ${acknowledged}, ${spent})
    ON CONFLICT (charity, unit) DO UPDATE SET given = excluded.given, reversed = excluded.reversed,
      paid = excluded.paid, netted = excluded.netted, acknowledged = excluded.acknowledged, spent = excluded.spent,
      read_at = now()
    WHERE (watermarks.given, watermarks.reversed, watermarks.paid, watermarks.netted, watermarks.acknowledged,
        watermarks.spent) IS DISTINCT FROM
      (excluded.given, excluded.reversed, excluded.paid, excluded.netted, excluded.acknowledged, excluded.spent)`;
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
