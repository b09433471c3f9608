// The two sides of the comparison, read from files: what the merchant was told, and its own export.

import { readFile } from "node:fs/promises";
import { InputError, messageOf } from "../../server/errors.ts";
import {
  type Completeness,
  completenessSchema,
  type ExportedOrder,
} from "../../server/programmes/completeness.ts";
import { rowsOf } from "../import/csv.ts";

const COLUMNS = ["order", "paid", "currency"] as const;
const MINOR = /^(0|[1-9][0-9]{0,18})$/;
const CURRENCY = /^[A-Z]{3}$/;

/** Throws `InputError` that names the file when it is none, or another. */
export async function readStatement(file: string): Promise<Completeness> {
  let read: unknown;
  try {
    read = JSON.parse(await readFile(file, "utf8"));
  } catch (thrown) {
    throw new InputError("unreadable-file", `${file}: ${messageOf(thrown)}`);
  }
  const parsed = completenessSchema.safeParse(read);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") || "the file";
  throw new InputError(
    "not-a-statement",
    `${file}: wanted a completeness statement as GET /v1/merchants/{id}/completeness gives it; ${where}: ${issue?.message}`,
  );
}

/** Throws `InputError` that names file, line, what was wanted and what came. */
export async function readExport(file: string): Promise<ExportedOrder[]> {
  const orders: ExportedOrder[] = [];
  for await (const { row, line } of rowsOf(file, COLUMNS)) {
    check(row.order !== "", file, line, "an order number", row.order);
    check(MINOR.test(row.paid), file, line, "whole minor units in paid, such as 1250 for 12.50", row.paid);
    check(CURRENCY.test(row.currency), file, line, "an ISO 4217 code in currency, such as CNY", row.currency);
    orders.push({ order: row.order, paid: BigInt(row.paid), currency: row.currency });
  }
  return orders;
}

function check(holds: boolean, file: string, line: number, wanted: string, came: string): void {
  if (!holds)
    throw new InputError(
      "wrong-row",
      `${file}, line ${line}: wanted ${wanted}, came ${JSON.stringify(came)}`,
    );
}
