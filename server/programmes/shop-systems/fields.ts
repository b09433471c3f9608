// The fields that both systems' bodies are made of. Their numbers come as text (see exact-json); what we do not read is
// left out, so that no name, address or note of a buyer goes any further.

import { z } from "zod";
import { InputError } from "../../errors.ts";
import { minorOf } from "../currency.ts";

/** A number of their own for a thing. */
export const id = z.string().regex(/^[0-9]{1,30}$/, "wanted a whole number");

export const pieces = z
  .string()
  .regex(/^[0-9]{1,7}$/, "wanted a whole number of pieces")
  .transform(Number);

/** A decimal number, whose places are judged by its currency. */
export const decimal = z.string().regex(/^-?[0-9]{1,15}(\.[0-9]{1,12})?$/, "wanted a decimal number");

const MOST_LINES = 1_000;
const MOST_REFUNDS = 200;
export const lines = <Line extends z.ZodType>(line: Line) => z.array(line).max(MOST_LINES);
export const refunds = <Refund extends z.ZodType>(refund: Refund) => z.array(refund).max(MOST_REFUNDS);

/** A title, cut where it is longer than we keep; left out where nothing of it can be kept. */
export function titleOf(text: string | null | undefined): string | undefined {
  const plain = [...(text ?? "").replaceAll("\0", "").toWellFormed().trim()].slice(0, 100).join("").trim();
  return plain === "" ? undefined : plain;
}

/** Minor units, of either sign. Throws `InputError` unless it is whole minor units. */
export function minorAt(decimal: string, currency: string, field: string): bigint {
  const minus = decimal.startsWith("-");
  const minor = minorOf(minus ? decimal.slice(1) : decimal, currency);
  if (minor !== undefined) return minus ? -minor : minor;
  const wanted = `a decimal number with whole minor units of ${currency}`;
  throw new InputError("wrong-amount", `${field}: wanted ${wanted}, came ${decimal}`, {
    field,
    wanted,
    came: decimal,
  });
}

/** Throws `InputError` when more was taken off than there was. */
export function notNegative(amount: bigint, field: string): bigint {
  if (amount >= 0n) return amount;
  const [wanted, came] = ["discounts of at most the price", `${amount} minor units`];
  throw new InputError("wrong-amount", `${field}: wanted ${wanted}, came ${came}`, { field, wanted, came });
}
