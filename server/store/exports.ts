// Reads what is exported: in one transaction, hence as of one moment, and a bounded number of rows at a time. Whoever asked
// and has gone away is not read for any longer.

import type { Database, Queries, Transaction } from "./database.ts";
import type { ExportPeriod, ExportRow, ExportTable } from "./export-table.ts";

const ROWS_AT_ONCE = 1_000;

/** Does some reading as of now, whenever it comes to it: no writer disturbs it, and it disturbs none. */
export const asOfNow = <Result>(sql: Database, work: (tx: Transaction) => Promise<Result>): Promise<Result> =>
  sql.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY", async (tx) => {
    // The first statement fixes the moment.
    await tx`SELECT`;
    return await work(tx);
  }) as Promise<Result>;

/** A query that was not sent yet: what of the driver's is used here. */
export type Unsent<Row> = {
  cursor(rows: number): AsyncIterable<readonly Row[]>;
  cancel(): void;
};

/** The rows of a query, some at a time, while `signal` is not aborted: a query that is running then is stopped. */
export async function* rowsAtATime<Row>(
  query: Unsent<Row>,
  signal: AbortSignal,
): AsyncGenerator<readonly Row[]> {
  const stop = () => query.cancel();
  signal.addEventListener("abort", stop);
  try {
    for await (const rows of query.cursor(ROWS_AT_ONCE)) {
      signal.throwIfAborted();
      yield rows;
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** A table's rows within a period. */
export const tableRows = (sql: Queries, table: ExportTable, period: ExportPeriod, signal: AbortSignal) =>
  rowsAtATime<ExportRow>(table.rows(sql, period) as unknown as Unsent<ExportRow>, signal);
