// Amounts as people read them, in their language, exact to the minor unit. Pure.

import { exponentOf, isMoney } from "../../programmes/currency.ts";
import { isCommitted, moneyOf } from "../../programmes/pool-unit.ts";

/**
 * An amount of whole minor units: (1234n, "CNY", "en") → "CN¥12.34". What is no currency keeps its name: "5,000 STEP"; what is committed to
 * a pool says so: "CN¥12.34 POOL".
 */
export function amountText(amountMinor: bigint, unit: string, language: string): string {
  if (isCommitted(unit)) return `${amountText(amountMinor, moneyOf(unit), language)} POOL`;
  if (!isMoney(unit)) return `${countText(amountMinor, language)} ${unit}`;
  const exponent = exponentOf(unit);
  const digits = { minimumFractionDigits: exponent, maximumFractionDigits: exponent };
  const format = new Intl.NumberFormat(language, { style: "currency", currency: unit, ...digits });
  return format.format(decimalText(amountMinor, exponent) as Intl.StringNumericLiteral);
}

/** A plain count: receipts, positions. */
export const countText = (count: bigint | number, language: string): string =>
  new Intl.NumberFormat(language).format(count);

/** As a decimal literal, since no floating-point number comes near money. */
function decimalText(amountMinor: bigint, exponent: number): string {
  const sign = amountMinor < 0n ? "-" : "";
  const digits = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(exponent + 1, "0");
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
