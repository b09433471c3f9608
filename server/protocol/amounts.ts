// Whole numbers below 2^63: money in minor units, positions, counts, Unix seconds. Always bigint, never a float.
// What the units are worth, and rounding, are business rules and live elsewhere.

import { InputError } from "../errors.ts";

/** 2^63 − 1: the largest amount, and the largest of every other integer in hashed data: it fits a signed column of any store. */
export const MAX_AMOUNT = 2n ** 63n - 1n;

const CANONICAL = /^(?:0|[1-9][0-9]{0,18})$/;

/**
 * Reads a canonical decimal: no sign, no leading zero, no point, no exponent. Zero is read too; who needs at least one
 * says so itself.
 * @throws InputError `not-a-whole-number` or `out-of-range`, naming `what`
 */
export function parseAmount(text: unknown, what: string): bigint {
  if (typeof text !== "string" || !CANONICAL.test(text)) {
    const came = typeof text === "string" ? JSON.stringify(text.slice(0, 40)) : `a ${typeof text}`;
    const wanted = "a whole number in a string, without sign, point or leading zero";
    throw new InputError("not-a-whole-number", `${what}: wanted ${wanted}, got ${came}`, { what });
  }
  const amount = BigInt(text);
  if (amount > MAX_AMOUNT) {
    throw new InputError("out-of-range", `${what}: wanted at most ${MAX_AMOUNT}, got ${text}`, { what });
  }
  return amount;
}

/** True for what a hashed 64-bit field may hold: 0 ≤ value < 2^63. */
export function isUint63(value: bigint): boolean {
  return value >= 0n && value <= MAX_AMOUNT;
}
