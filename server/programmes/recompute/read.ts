// Reads what rules need out of details and terms that others wrote. What is not there or not of its form leaves the amount
// untold: it is no sign of anything false, since only the hash of either was promised.

import { isUint63 } from "../../protocol/amounts.ts";
import type { Details, JsonValue } from "../../protocol/details.ts";

/** Why an amount cannot be told. Never leaves `orUntold`. */
class Untold extends Error {}

export const untold = (what: string): never => {
  throw new Untold(what);
};

/** The answer of `rules`; where they found something missing, that it cannot be told. */
export function orUntold<T>(rules: () => T): T | { reason: string; says: string } {
  try {
    return rules();
  } catch (error) {
    if (!(error instanceof Untold)) throw error;
    return { reason: "amount-not-told", says: `not recomputed: ${error.message}` };
  }
}

const at = (from: Details, name: string): JsonValue | undefined =>
  Object.hasOwn(from, name) ? from[name] : undefined;

export const has = (from: Details, name: string): boolean => at(from, name) !== undefined;

export function textAt(from: Details, name: string): string {
  const value = at(from, name);
  return typeof value === "string" ? value : untold(`${name} is no text`);
}

const DECIMAL = /^(0|[1-9][0-9]{0,18})$/;

/** A whole number of smallest units, as a decimal string. */
export function minorAt(from: Details, name: string): bigint {
  const text = textAt(from, name);
  const value = DECIMAL.test(text) ? BigInt(text) : -1n;
  return isUint63(value) ? value : untold(`${name} is no amount`);
}

/** A whole JSON number. */
export function numberAt(from: Details, name: string): number {
  const value = at(from, name);
  return Number.isSafeInteger(value) && (value as number) >= 0
    ? (value as number)
    : untold(`${name} is no number`);
}

export function objectAt(from: Details, name: string): Details {
  return objectOf(at(from, name), name);
}

export function objectOf(value: JsonValue | undefined, name: string): Details {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value
    : untold(`${name} is no object`);
}

export function listAt(from: Details, name: string): JsonValue[] {
  const value = at(from, name);
  return Array.isArray(value) ? value : untold(`${name} is no list`);
}

export function oneOf<Name extends string>(from: Details, name: string, names: readonly Name[]): Name {
  const value = textAt(from, name);
  return names.find((each) => each === value) ?? untold(`${name} is none of ${names.join(", ")}`);
}
