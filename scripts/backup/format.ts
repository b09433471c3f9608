// What is in a backup, version 1. It is a tar archive; in this order:
//   amanah-backup.json               what it is, of which ledger and moment, and the shape of every table
//   operator.key                     where the service has one
//   tables/NAME/00000001.copy.zst …  the table's rows, as COPY … TO STDOUT (FORMAT binary) gives them, in pieces, each a Zstandard frame
//   end.json                         how many rows and bytes each table has, and their SHA-256; without it, it is not whole

import { createHash, type Hash } from "node:crypto";
import { z } from "zod";
import { RowCounter } from "../../server/store/copy.ts";
import type { TableShape } from "../../server/store/snapshot.ts";

export const FORMAT = "amanah-backup/1";
export const HEAD = "amanah-backup.json";
export const OPERATOR_KEY = "operator.key";
export const END = "end.json";

/** Bytes of rows that are compressed together, at most. */
export const PIECE_BYTES = 4 * 1024 * 1024;

const NUMBER_DIGITS = 8;

export const pieceName = (table: string, number: number) =>
  `tables/${table}/${String(number).padStart(NUMBER_DIGITS, "0")}.copy.zst`;

/** Only this much is promised of other versions. */
export const anyHead = z.object({ format: z.string() });

export const headSchema = z.object({
  format: z.literal(FORMAT),
  ledger: z.string(),
  takenAt: z.iso.datetime(),
  postgres: z.string(),
  migrations: z.array(z.string()).min(1),
  tables: z
    .array(
      z.object({
        name: z.string(),
        columns: z.array(z.string()).min(1),
        partition: z.object({ of: z.string(), bounds: z.string() }).nullable(),
      }),
    )
    .min(1),
  numberings: z.array(z.object({ name: z.string(), last: z.string(), called: z.boolean() })),
});

export type Head = z.infer<typeof headSchema>;

const tableSum = z.object({ name: z.string(), rows: z.number(), bytes: z.number(), sha256: z.string() });

export type TableSum = z.infer<typeof tableSum>;

export const endSchema = z.object({
  /** SHA-256 of the entries before the tables. */
  head: z.string(),
  operatorKey: z.string().nullable(),
  tables: z.array(tableSum),
});

export type End = z.infer<typeof endSchema>;

export const toJson = (value: Head | End) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
export const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");

/** Sums a table up while its rows pass. */
export class RunningSum {
  readonly #name: string;
  readonly #rows: RowCounter;
  readonly #hash: Hash = createHash("sha256");
  #bytes = 0;

  constructor({ name, columns }: Pick<TableShape, "name" | "columns">) {
    this.#name = name;
    this.#rows = new RowCounter(columns.length);
  }

  add(piece: Buffer): void {
    this.#rows.add(piece);
    this.#hash.update(piece);
    this.#bytes += piece.length;
  }

  /** To be asked for once. */
  end(): TableSum {
    return {
      name: this.#name,
      rows: this.#rows.rows,
      bytes: this.#bytes,
      sha256: this.#hash.digest("hex"),
    };
  }
}
