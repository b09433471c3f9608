// Units of lines: currencies with their minor units. ISO 4217 through the runtime's own tables.

import { InputError } from "../errors.ts";

const CURRENCIES = new Set(Intl.supportedValuesOf("currency"));

/** Throws `InputError` unless `unit` is a current ISO 4217 code. */
export function checkCurrency(unit: string, field = "currency"): string {
  if (CURRENCIES.has(unit)) return unit;
  throw new InputError("unknown-currency", `${field}: wanted an ISO 4217 code such as CNY, came ${unit}`, {
    field,
    wanted: "an ISO 4217 currency code",
    came: unit,
  });
}

/** How many decimals the unit's minor unit has: 2 for CNY, 0 for JPY. */
export function exponentOf(unit: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency: unit }).resolvedOptions()
    .maximumFractionDigits as number;
}

/** An amount in minor units as people write it: (1234n, "BRL") → "12.34 BRL". Units without a currency stay whole. */
export function formatAmount(amountMinor: bigint, unit: string): string {
  const exponent = CURRENCIES.has(unit) ? exponentOf(unit) : 0;
  const digits = amountMinor.toString().padStart(exponent + 1, "0");
  const whole = digits.slice(0, digits.length - exponent);
  return exponent === 0 ? `${whole} ${unit}` : `${whole}.${digits.slice(-exponent)} ${unit}`;
}
