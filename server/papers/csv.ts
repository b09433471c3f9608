// Sheets as comma-separated values: RFC 4180, UTF-8 with the mark by which spreadsheets know it, and no cell that a
// spreadsheet would take for a formula.

import type { Sheet } from "../programmes/statements/paper.ts";

const BYTE_ORDER_MARK = "\ufeff";
/** The wide forms too, which spreadsheets for Chinese and Japanese read as the narrow ones. */
const FORMULA = /^[=+\-@＝＋－＠\t\r\n]/;
const NUMBER = /^-?[0-9]+(\.[0-9]+)?$/;

export const toCsv = ({ columns, rows }: Sheet): string => BYTE_ORDER_MARK + csvLines([columns, ...rows]);

/** Lines end in CR LF, the last one too (RFC 4180 §2). */
export const csvLines = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");

/** An apostrophe before what begins like a formula: spreadsheets show the text and compute nothing (CWE-1236). */
function cell(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
