// Amounts, counts and times in the language that the page is read in.

import { useTranslation } from "react-i18next";
import { amountText, countText } from "./amount.ts";
import { ageText, timeText } from "./time.ts";

export function useWords() {
  const { i18n } = useTranslation();
  const language = i18n.resolvedLanguage ?? i18n.language;
  return {
    language,
    amount: (minor: bigint | string, unit: string) => amountText(BigInt(minor), unit, language),
    count: (count: bigint | number | string) => countText(BigInt(count), language),
    /** A decimal number in a text, to its last digit: "2.5". */
    decimal: (number: string) =>
      new Intl.NumberFormat(language, { maximumFractionDigits: 20 }).format(
        number as Intl.StringNumericLiteral,
      ),
    /** The name of a country, by its two letters. */
    country: (code: string) => new Intl.DisplayNames(language, { type: "region" }).of(code) ?? code,
    time: (time: Date | string) => timeText(time, language),
    age: (seconds: number) => ageText(seconds, language),
  };
}
