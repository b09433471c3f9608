// Grants in the sense of 360Giving (schema 1.4): what each merchant's buyers gave to one charity, in one currency, over one
// period. Merchants that do not show their totals are one funder together, under the name of the organisation that keeps
// the ledger, so that all grants add up to what the statements of the period come to.

import { decimalOf, isMoney } from "../programmes/currency.ts";
import type { LineSum, MerchantSum } from "../store/period-sums.ts";

export const GRANTS_VERSION = "1.4";

/** Currencies of ours that the standard's list of codes (1.4.3) does not know: grants in them cannot be told. */
const UNKNOWN_THERE: ReadonlySet<string> = new Set(["SLE", "UYW", "VED", "XCG", "ZWG"]);

export type Publisher = {
  readonly name: string;
  /** Its public registration id. */
  readonly id: string;
  /** The publisher's prefix at 360Giving, such as 360G-example. */
  readonly prefix: string;
  /** The address of its pages, without a slash at the end. */
  readonly url: string;
};

/** Days such as 2026-09-01, both of them in it. */
export type Period = { readonly from: string; readonly upTo: string };

export type Grant = {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly currency: string;
  /** Decimals, exact by the currency. */
  readonly amount: string;
  readonly given: string;
  readonly reversed: string;
  readonly period: Period;
  readonly funder: { readonly id: string; readonly name: string };
  readonly recipient: { readonly id: string; readonly name: string };
  readonly url: string;
  readonly dataSource: string;
};

/** Whether a grant can be told of what was given there: amounts of money, in a currency that the standard knows. */
export const isGrantable = (unit: string): boolean => isMoney(unit) && !UNKNOWN_THERE.has(unit);

/** A decimal that may be below nought. */
const signed = (minor: bigint, unit: string): string =>
  minor < 0n ? `-${decimalOf(-minor, unit)}` : decimalOf(minor, unit);

/** The organisation of a registration: a restricted fund is one of it. */
const organisationOf = (registration: string): string => registration.split("/")[0] as string;

/** Of one merchant; of `undefined`, of all that do not show their totals. */
export function grantOf(
  publisher: Publisher,
  period: Period,
  sum: LineSum,
  merchant?: Pick<MerchantSum, "merchant" | "donor">,
): Grant {
  const { registration, name, unit } = sum;
  const [given, reversed] = [BigInt(sum.given), BigInt(sum.reversed)];
  const days = `${period.from} to ${period.upTo}`;
  const whose = merchant === undefined ? "all" : `by:${encodeURIComponent(merchant.merchant)}`;
  return {
    id: `${publisher.prefix}-${whose}-${registration}-${unit}-${period.from}-${period.upTo}`,
    title: `Gifts to ${name}, ${days}`,
    description: `${signed(given, unit)} ${unit} given with purchases, less ${signed(reversed, unit)} ${unit} taken back for refunds, recorded in batches closed from ${days}.`,
    currency: unit,
    amount: signed(given - reversed, unit),
    given: signed(given, unit),
    reversed: signed(-reversed, unit),
    period,
    funder:
      merchant === undefined
        ? { id: publisher.id, name: publisher.name }
        : { id: `${publisher.prefix}-${merchant.merchant}`, name: merchant.donor },
    recipient: { id: organisationOf(registration), name },
    url: `${publisher.url}/charities/${encodeURIComponent(registration)}`,
    dataSource: publisher.url,
  };
}

/** What is left of each line's sum once the merchants' own grants are taken off. */
export class Remainders {
  readonly #shown = new Map<number, { given: bigint; reversed: bigint }>();

  take({ line, given, reversed }: LineSum): void {
    const before = this.#shown.get(line) ?? { given: 0n, reversed: 0n };
    this.#shown.set(line, {
      given: before.given + BigInt(given),
      reversed: before.reversed + BigInt(reversed),
    });
  }

  /** The rest of a line; undefined when nothing is. */
  of(sum: LineSum): LineSum | undefined {
    const { given = 0n, reversed = 0n } = this.#shown.get(sum.line) ?? {};
    const rest = { given: `${BigInt(sum.given) - given}`, reversed: `${BigInt(sum.reversed) - reversed}` };
    return rest.given === "0" && rest.reversed === "0" ? undefined : { ...sum, ...rest };
  }
}
