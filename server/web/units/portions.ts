// How many things a gift comes to, as people write it: "3 1/4 lunches". Pure; the words are the page's own.

import type { TFunction } from "i18next";

/** Each a whole number in decimal text. */
export type PortionTexts = {
  readonly what: string;
  readonly whole: string;
  readonly numerator: string;
  readonly denominator: string;
};

const WHOLE = /^(0|[1-9][0-9]{0,38})$/;

/** What a receipt's details say of its outcome; null where they say nothing, or nothing that could be read. */
export function portionsIn(details: Readonly<Record<string, unknown>>): PortionTexts | null {
  const { outcome, outcomeWhole, outcomeNumerator, outcomeDenominator } = details;
  const figures = [outcomeWhole, outcomeNumerator, outcomeDenominator];
  const isTold = (figure: unknown): figure is string => typeof figure === "string" && WHOLE.test(figure);
  if (typeof outcome !== "string" || !figures.every(isTold)) return null;
  const [whole = "", numerator = "", denominator = ""] = figures;
  return { what: outcome, whole, numerator, denominator };
}

export const PORTION_DETAILS = ["outcome", "outcomeWhole", "outcomeNumerator", "outcomeDenominator"];

/** "3 1/4", "3", "1/4". */
export function portionNumber({ whole, numerator, denominator }: PortionTexts, language: string): string {
  const count = new Intl.NumberFormat(language).format(BigInt(whole));
  if (numerator === "0") return count;
  const fraction = `${numerator}/${denominator}`;
  return whole === "0" ? fraction : `${count} ${fraction}`;
}

const KNOWN = new Set(["lunch", "meal"]);

/** With the thing's name: in the reader's language where the page knows it, else as the terms name it. */
export function portionsText(portions: PortionTexts, language: string, t: TFunction<never>): string {
  const { what, whole, numerator } = portions;
  const isOne = numerator === "0" ? whole === "1" : whole === "0";
  return thingsText(what, portionNumber(portions, language), isOne, t);
}

/** So many of a thing, the number written already. */
export function thingsText(what: string, number: string, isOne: boolean, t: TFunction<never>): string {
  const say = t as unknown as (key: string, blanks: object) => string;
  return say(KNOWN.has(what) ? `things.${what}` : "things.other", { number, what, count: isOne ? 1 : 2 });
}
