// Tables as comma-separated values: the same values as in Parquet, written out. Times are RFC 3339 in UTC.

import { csvLines } from "../papers/csv.ts";
import { dayOf } from "../programmes/statements/dates.ts";
import { toHex } from "../protocol/bytes.ts";
import type { Column, ColumnType, ExportRow } from "../store/export-table.ts";
import type { Sink } from "./parquet.ts";

/** A value as text; nothing for one that is missing. */
function textOf(value: unknown, type: ColumnType): string {
  if (value === null || value === undefined) return "";
  if (type === "hash") return toHex(value as Uint8Array);
  if (type === "time") return (value as Date).toISOString();
  if (type === "day") return dayOf(value as number);
  return `${value}`;
}

/** Writes a table, its heading first. */
export async function writeCsv(
  columns: readonly Column[],
  rows: AsyncIterable<readonly ExportRow[]>,
  sink: Sink,
): Promise<void> {
  const encode = (lines: readonly (readonly string[])[]) => sink(Buffer.from(csvLines(lines)));
  await encode([columns.map(({ name }) => name)]);
  for await (const some of rows)
    await encode(some.map((row) => columns.map(({ name, type }) => textOf(row[name], type))));
}
