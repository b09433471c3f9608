// /v1/exports: everything public, as CSV and Apache Parquet. What each table holds is said in `export-tables`.

import { z } from "zod";
import { InputError } from "../errors.ts";
import { writeCsv } from "../exports/csv.ts";
import { type Sink, writeParquet } from "../exports/parquet.ts";
import { dayText, periodOf } from "../programmes/statements/dates.ts";
import { toHex } from "../protocol/bytes.ts";
import type { ExportPeriod, ExportRow, ExportTable } from "../store/export-table.ts";
import { EXPORT_TABLES } from "../store/export-tables.ts";
import { tableRows } from "../store/exports.ts";
import { type Download, sendExport } from "./export-stream.ts";
import { parse } from "./problems.ts";
import { type Route, route, type StreamRoute } from "./route.ts";
import type { Services } from "./services.ts";
import { noSuch } from "./words.ts";

const periodQuery = z.strictObject({
  from: dayText.optional().meta({ description: "the first day (UTC)" }),
  upTo: dayText.optional().meta({ description: "the last day (UTC)" }),
});

/** Days of four digits end there. */
const ALWAYS = { from: "1970-01-01", upTo: "9999-12-31" };

type Write = (
  table: ExportTable,
  rows: AsyncIterable<readonly ExportRow[]>,
  sink: Sink,
  services: Services,
) => Promise<void>;

const KINDS: Record<"csv" | "parquet", { readonly type: string; readonly write: Write }> = {
  csv: { type: "text/csv; charset=utf-8", write: ({ columns }, rows, sink) => writeCsv(columns, rows, sink) },
  parquet: {
    type: "application/vnd.apache.parquet",
    write: ({ name, columns }, rows, sink, { ledger }) =>
      writeParquet(columns, rows, sink, { "amanah.ledger": toHex(ledger.id), "amanah.table": name }),
  },
};

function tableCalled(name: string): ExportTable {
  const table = EXPORT_TABLES.find((one) => one.name === name);
  if (table === undefined) throw noSuch("table", name);
  return table;
}

/** The period that is asked for, of a table that can be divided by time. */
function periodFor(table: ExportTable, { from, upTo }: z.output<typeof periodQuery>): ExportPeriod {
  const isAsked = from !== undefined || upTo !== undefined;
  if (isAsked && table.period === undefined) {
    const [wanted, came] = [`none: ${table.name} is always told whole`, from ?? upTo];
    throw new InputError("no-period", `from: wanted ${wanted}, came ${came}`, {
      field: "from",
      wanted,
      came,
    });
  }
  return checkedPeriod(from ?? ALWAYS.from, upTo ?? ALWAYS.upTo);
}

/** Throws `InputError` `period-ends-before` unless the days are in order. */
export function checkedPeriod(from: string, upTo: string): ExportPeriod {
  if (from <= upTo) return periodOf(from, upTo);
  const facts = { field: "upTo", wanted: `a day from ${from} on`, came: upTo };
  throw new InputError("period-ends-before", `upTo: wanted ${facts.wanted}, came ${upTo}`, facts);
}

const columnSchema = z.object({
  name: z.string(),
  type: z.enum(["integer", "text", "decimal", "hash", "time", "day", "boolean"]),
  optional: z.boolean(),
  meaning: z.string(),
});

const tableSchema = z
  .object({
    name: z.string(),
    meaning: z.string(),
    period: z
      .string()
      .nullable()
      .meta({ description: "what `from` and `upTo` choose by; null when told whole" }),
    api: z.string().meta({ description: "where the same is told piece by piece" }),
    csv: z.string(),
    parquet: z.string(),
    columns: z.array(columnSchema),
  })
  .meta({ id: "ExportTable" });

const show = ({ name, meaning, period = undefined, api, columns }: ExportTable) => ({
  name,
  meaning,
  period: period ?? null,
  api,
  csv: `/v1/exports/${name}.csv`,
  parquet: `/v1/exports/${name}.parquet`,
  columns,
});

export const tag = "Exports";

const tableRoute = (kind: "csv" | "parquet"): StreamRoute => {
  const { type, write } = KINDS[kind];
  return {
    method: "get",
    path: `/v1/exports/{table}.${kind}`,
    tag,
    summary: `Read a whole table, as ${kind === "csv" ? "CSV" : "Apache Parquet"}`,
    description:
      "As of one moment. `GET /v1/exports` lists the tables and what their columns mean. A file that was cut off has no end: take it again.",
    consumes: "application/json",
    produces: type,
    query: periodQuery,
    answers: {
      200: { description: "The table" },
      404: { description: "There is no such table" },
      422: { description: "The period cannot be read, or the table is always told whole" },
      429: { description: "Too many exports at once; `Retry-After` says when to try" },
    },
    stream: async (request, response, _, services) => {
      const table = tableCalled(String(request.params.table));
      const period = periodFor(table, parse(periodQuery, request.query));
      const download: Download = { type, name: `${table.name}.${kind}` };
      await sendExport(request, response, services, download, (tx, sink, signal) =>
        write(table, tableRows(tx, table, period, signal), sink, services),
      );
    },
  };
};

export const exportRoutes: Route[] = [
  route({
    method: "get",
    path: "/v1/exports",
    tag,
    summary: "List what can be downloaded whole, and what it means",
    answers: { 200: { description: "The tables", schema: z.object({ items: z.array(tableSchema) }) } },
    handle: async () => ({ status: 200, body: { items: EXPORT_TABLES.map(show) } }),
  }),
  tableRoute("csv"),
  tableRoute("parquet"),
];
