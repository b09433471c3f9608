// Tables as Apache Parquet, one row group in memory at a time: 64-bit integers as such, times in UTC, hashes as 0x text.

import { ByteWriter, type ColumnSource, ParquetWriter, type SchemaElement } from "hyparquet-writer";
import { toHex } from "../protocol/bytes.ts";
import type { Column, ColumnType, ExportRow } from "../store/export-table.ts";

/** Encoding a group takes about 30 ms, in which the process answers nobody else. */
const ROWS_A_GROUP = 4_000;
const MILLISECONDS_A_DAY = 86_400_000;

/** Takes bytes; resolves when it can take more. */
export type Sink = (bytes: Uint8Array) => Promise<void>;

const TEXT = { type: "BYTE_ARRAY", converted_type: "UTF8" } as const;

const TYPES: Record<ColumnType, Pick<SchemaElement, "type" | "converted_type">> = {
  integer: { type: "INT64" },
  text: TEXT,
  decimal: TEXT,
  hash: TEXT,
  time: { type: "INT64", converted_type: "TIMESTAMP_MILLIS" },
  day: { type: "INT32", converted_type: "DATE" },
  boolean: { type: "BOOLEAN" },
};

const schemaOf = (columns: readonly Column[]): SchemaElement[] => [
  { name: "root", num_children: columns.length },
  ...columns.map(({ name, type, optional }) => ({
    name,
    ...TYPES[type],
    repetition_type: optional ? ("OPTIONAL" as const) : ("REQUIRED" as const),
  })),
];

/** A value as the writer takes it. */
function parquetValue(value: unknown, type: ColumnType): unknown {
  if (value === null || value === undefined) return null;
  if (type === "integer") return BigInt(value as bigint | number);
  if (type === "hash") return toHex(value as Uint8Array);
  if (type === "day") return new Date(Number(value) * MILLISECONDS_A_DAY);
  return value;
}

/** Hands what was written to a sink, group by group, and keeps none of it. */
class SinkWriter extends ByteWriter {
  readonly #sink: Sink;

  constructor(sink: Sink) {
    super();
    this.#sink = sink;
  }

  async flush(): Promise<void> {
    const bytes = this.getBytes().slice();
    this.index = 0;
    await this.#sink(bytes);
  }

  override finish(): Promise<void> {
    return this.flush();
  }
}

/** Writes a table. `facts` stand in the file's metadata. */
export async function writeParquet(
  columns: readonly Column[],
  rows: AsyncIterable<readonly ExportRow[]>,
  sink: Sink,
  facts: Readonly<Record<string, string>>,
): Promise<void> {
  const kvMetadata = Object.entries(facts).map(([key, value]) => ({ key, value }));
  const writer = new ParquetWriter({
    writer: new SinkWriter(sink),
    schema: schemaOf(columns),
    kvMetadata,
    createdBy: "amanah",
  });
  for await (const group of groupsOf(rows))
    await writer.write({ columnData: columnsOf(columns, group), rowGroupSize: group.length });
  await writer.finish();
}

const columnsOf = (columns: readonly Column[], rows: readonly ExportRow[]): ColumnSource[] =>
  columns.map(({ name, type }) => ({
    name,
    data: rows.map((row) => parquetValue(row[name], type)) as unknown[],
    offsetIndex: false,
  }));

async function* groupsOf(rows: AsyncIterable<readonly ExportRow[]>): AsyncGenerator<ExportRow[]> {
  let group: ExportRow[] = [];
  for await (const some of rows) {
    group.push(...some);
    if (group.length < ROWS_A_GROUP) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
