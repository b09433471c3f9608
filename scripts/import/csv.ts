// Files of comma-separated values as rows of named columns, one row in memory at a time.

import { createReadStream } from "node:fs";
import { CsvError, parse } from "csv-parse";
import { InputError, messageOf } from "../../server/errors.ts";

/** A row by its columns, and the line of the file that it ends on. */
export type Located<Column extends string> = {
  readonly row: Readonly<Record<Column, string>>;
  readonly line: number;
};

/**
 * The rows of a file with a header. Throws `InputError` that names the file when it is not there, has not all of the
 * columns, or is not CSV.
 */
export async function* rowsOf<Column extends string>(
  file: string,
  columns: readonly Column[],
): AsyncGenerator<Located<Column>> {
  const input = createReadStream(file);
  const parser = parse({
    bom: true,
    info: true,
    columns: (header: string[]) => checked(file, columns, header),
  });
  input.on("error", (error) => parser.destroy(error));
  try {
    for await (const { record, info } of input.pipe(parser)) yield { row: record, line: info.lines };
  } catch (thrown) {
    throw explained(file, thrown);
  } finally {
    input.destroy();
  }
}

function checked(file: string, columns: readonly string[], header: string[]): string[] {
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length === 0) return header;
  throw new InputError(
    "missing-column",
    `${file}: wanted the column ${missing.join(", ")} in its first line, came ${header.join(",")}`,
  );
}

function explained(file: string, thrown: unknown): unknown {
  if (thrown instanceof CsvError) return new InputError("not-csv", `${file}: ${messageOf(thrown)}`);
  const code = (thrown as NodeJS.ErrnoException).code;
  if (code === undefined || thrown instanceof InputError) return thrown;
  return new InputError(
    "unreadable-file",
    `${file}: ${code === "ENOENT" ? "this file is missing" : messageOf(thrown)}`,
  );
}
