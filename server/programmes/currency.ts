// Units of lines that are currencies, with their minor units: ISO 4217 as of 2026. A table of our own, since runtimes carry
// what is usual in shops instead (no decimals for IDR), and change it.

import { InputError } from "../errors.ts";

const WITH_TWO_DECIMALS =
  "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE " +
  "CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR " +
  "KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB " +
  "PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY " +
  "TTD TWD TZS UAH USD UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";
const WITHOUT_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
const WITH_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND";
const WITH_FOUR_DECIMALS = "CLF UYW";

const EXPONENTS: ReadonlyMap<string, number> = new Map([
  ...[...WITH_TWO_DECIMALS.split(" "), "UYU"].map((code) => [code, 2] as const),
  ...WITHOUT_DECIMALS.split(" ").map((code) => [code, 0] as const),
  ...WITH_THREE_DECIMALS.split(" ").map((code) => [code, 3] as const),
  ...WITH_FOUR_DECIMALS.split(" ").map((code) => [code, 4] as const),
]);

/** Throws `InputError` unless `unit` is a current ISO 4217 code. */
export function checkCurrency(unit: string, field = "currency"): string {
  if (EXPONENTS.has(unit)) return unit;
  throw new InputError("unknown-currency", `${field}: wanted an ISO 4217 code such as CNY, came ${unit}`, {
    field,
    wanted: "an ISO 4217 currency code",
    came: unit,
  });
}

/** Whether a unit is a currency: of anything else (steps, minutes, meals) nothing can be transferred. */
export const isMoney = (unit: string): boolean => EXPONENTS.has(unit);

/** The decimal places of a currency: 2 for CNY. Throws `InputError` unless `unit` is a current ISO 4217 code. */
export const exponentOf = (unit: string, field = "unit"): number =>
  EXPONENTS.get(checkCurrency(unit, field)) as number;

/** An amount in minor units as people write it: (1234n, "BRL") → "12.34 BRL". Units without a currency stay whole. */
export const formatAmount = (amountMinor: bigint, unit: string): string =>
  `${decimalOf(amountMinor, unit)} ${unit}`;

/** An amount in minor units as banks write it: (1234n, "BRL") → "12.34". */
export function decimalOf(amountMinor: bigint, unit: string): string {
  const exponent = EXPONENTS.get(unit) ?? 0;
  const digits = amountMinor.toString().padStart(exponent + 1, "0");
  const whole = digits.slice(0, digits.length - exponent);
  return exponent === 0 ? whole : `${whole}.${digits.slice(-exponent)}`;
}

/** As xs:decimal writes it: a digit somewhere, a point perhaps, zeros at either end. */
const DECIMAL = /^\+?(?=\.?[0-9])0*([0-9]{0,18})(?:\.([0-9]*?)0*)?$/;

/** The inverse of `decimalOf`, whatever zeros surround it; undefined unless it is whole minor units of a currency. */
export function minorOf(decimal: string, currency: string): bigint | undefined {
  const exponent = EXPONENTS.get(currency);
  const [, whole, fraction = ""] = DECIMAL.exec(decimal) ?? [];
  if (exponent === undefined || whole === undefined || fraction.length > exponent) return undefined;
  return BigInt(whole + fraction.padEnd(exponent, "0"));
}
