// The contract's watermarks as last read, and the lines of which a fault is proven, so that reads survive a dead endpoint.

import { toHex } from "../protocol/bytes.ts";
import type { Fault } from "../protocol/faults.ts";
import type { Line } from "../protocol/verification.ts";
import { only, type Queries } from "./database.ts";
import type { LineName } from "./lines.ts";

/** What the contract says of a line. */
export type LineRead = { readonly line: LineName; readonly marks: Line; readonly fault: Fault | null };

/** Keeps what the contract says of a line. Writes only what has changed. */
export const keepWatermarks = (
  sql: Queries,
  line: LineName,
  marks: Line,
  fault: Fault | null = null,
): Promise<void> => keepAllWatermarks(sql, [{ line, marks, fault }]);

/**
 * The same of many lines at once, all or none. By unit, since their totals rise with them (migration 0017): whoever else
 * raises those of several units does so in the same order.
 */
export async function keepAllWatermarks(sql: Queries, read: readonly LineRead[]): Promise<void> {
  const rows = read.map(({ line: { charity, unit }, marks, fault }) => ({
    ...{ charity: toHex(charity).slice(2), unit, fault },
    ...{ given: `${marks.given}`, reversed: `${marks.reversed}`, paid: `${marks.paid}` },
    ...{ netted: `${marks.netted}`, acknowledged: `${marks.acknowledged}`, spent: `${marks.spent}` },
  }));
  await sql`
    INSERT INTO watermarks (charity, unit, given, reversed, paid, netted, acknowledged, spent, fault)
    SELECT decode(charity, 'hex'), unit, given, reversed, paid, netted, acknowledged, spent, fault
    FROM jsonb_to_recordset(${sql.json(rows)}) AS read (charity text, unit text, given bigint, reversed bigint,
      paid bigint, netted bigint, acknowledged bigint, spent bigint, fault text)
    ORDER BY unit, charity
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
