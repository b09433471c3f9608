// Amounts of any unit in plain words: money by its currency, steps and minutes by their names.

import { useTranslation } from "react-i18next";
import { useWords } from "../units/use-words.ts";

const NAMED = ["STEP", "MINUTE", "MEAL"];

/** How an amount in a unit's smallest part is written: "CN¥12.34", "5,000 steps". */
export function useMeasure(): (amount: string, unit: string) => string {
  const { t } = useTranslation("campaigns");
  const words = useWords();
  return (amount, unit) =>
    NAMED.includes(unit)
      ? t(`units.${unit}`, { count: Number(amount), amount: words.count(amount) })
      : words.amount(amount, unit);
}
