// Why a step or a whole verification ended as it did, in a sentence; and how those sentences come ahead of their use.

import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { unixTime } from "../units/time.ts";
import { useWords } from "../units/use-words.ts";
import { REASONS } from "./needs.ts";
import type { Check } from "./use-check.ts";

type Props = { readonly check: Check; readonly reason: string; readonly says: string | null };

/** Waits for the sentences; where they cannot be loaded, the protocol's own stands for them. */
export function Reason({ check, reason, says }: Props) {
  const { t } = useTranslation(REASONS);
  const blanks = useBlanks(check);
  return <>{t(reason, { ...blanks, defaultValue: says ?? reason })}</>;
}

/** What the reasons' sentences are filled with. */
function useBlanks({ verification: { file } }: Check): { deadline: string; expected: string } {
  const { t } = useTranslation("verify");
  const { time } = useWords();
  const at = (seconds: bigint | null | undefined) => (seconds == null ? t("soon") : time(unixTime(seconds)));
  return { deadline: at(file?.promise?.deadline), expected: at(file?.expected) };
}

/** By then a page has shown what it has. */
const STILL_AFTER_MS = 1_000;

/** Loads the sentences when there is nothing better to do, once all that goes before them is told. */
export function useReasonsAhead(isTold: boolean): void {
  const { i18n } = useTranslation();
  const { language } = i18n;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each language has sentences of its own.
  useEffect(() => {
    if (!isTold) return;
    const waiting = setTimeout(() => void i18n.loadNamespaces(REASONS), STILL_AFTER_MS);
    return () => clearTimeout(waiting);
  }, [isTold, i18n, language]);
}
