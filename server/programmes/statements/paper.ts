// What a statement looks like to people, before it is drawn: a page of facts, tables and notes, or a sheet of rows. The
// wording is here and in its neighbours; how it is drawn is the business of whoever draws it.

import { formatAmount } from "../currency.ts";

export type Column = {
  readonly title: string /** Relative to the others. */;
  readonly width: number;
  readonly align?: "right";
};

export type Table = {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  /** Said instead of the rows when there are none. */
  readonly empty: string;
};

export type Paper = {
  readonly title: string;
  readonly subtitle: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly tables: readonly Table[];
  readonly notes: readonly string[];
};

/** Rows for a spreadsheet. Amounts are whole minor units, times ISO 8601. */
export type Sheet = { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };

export const written = (amountMinor: string | bigint, unit: string): string =>
  formatAmount(BigInt(amountMinor), unit);

export const periodText = ({ from, to }: { readonly from: string; readonly to: string }): string =>
  `${from} to ${to}, days in UTC`;

/** 2026-11-11T08:00:00.000Z as people read it: 2026-11-11 08:00. */
export const minuteOf = (isoTime: string): string => isoTime.slice(0, 16).replace("T", " ");
