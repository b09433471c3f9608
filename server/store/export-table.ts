// What a table that is exported tells of itself: its columns, what they mean, and the query that tells its rows. The columns
// that many tables share are here; the tables are in the files beside.

import type { Queries } from "./database.ts";

/**
 * `integer` is whole and of 64 bits. `hash` are bytes, written 0x. `day` is counted from 1970. `decimal` is text: a number
 * that 64 bits may not hold.
 */
export type ColumnType = "integer" | "text" | "decimal" | "hash" | "time" | "day" | "boolean";

export type Column = {
  readonly name: string;
  readonly type: ColumnType;
  /** Whether it may be missing. */
  readonly optional: boolean;
  readonly meaning: string;
};

/** In Unix seconds; `before` is left out. */
export type ExportPeriod = { readonly from: bigint; readonly before: bigint };

/** A row, by the names of its columns. */
export type ExportRow = Readonly<Record<string, unknown>>;

export type ExportTable = {
  readonly name: string;
  readonly meaning: string;
  /** What a period chooses by; undefined when the table is always told whole. */
  readonly period?: string;
  readonly columns: readonly Column[];
  /** Where the same is told by the API. */
  readonly api: string;
  rows(sql: Queries, period: ExportPeriod): ReturnType<typeof rowsOf>;
};

// Only to name the driver's type of a query that was not sent yet.
const rowsOf = (sql: Queries) => sql<ExportRow[]>``;

export const column =
  (type: ColumnType, optional = false) =>
  (name: string, meaning: string): Column => ({ name, type, optional, meaning });

export const integer = column("integer");
export const text = column("text");
export const hash = column("hash");
export const time = column("time");
export const maybe = {
  integer: column("integer", true),
  text: column("text", true),
  hash: column("hash", true),
  time: column("time", true),
  decimal: column("decimal", true),
};

export const BY_BATCH = "when the batch was closed";
export const registration = text("registration", "the charity's public registration id (org-id.guide)");
export const charity = hash("charity", "keccak-256 of the registration id, as the contract knows it");
export const unit = text("unit", "ISO 4217 currency, or STEP, MINUTE, MEAL");
export const batch = integer("batch", "the batch's number");
export const minor = (name: string, meaning: string) => integer(name, `${meaning}; whole minor units`);
