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
    time: (time: Date | string) => timeText(time, language),
    age: (seconds: number) => ageText(seconds, language),
  };
}
