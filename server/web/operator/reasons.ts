// Reasons in the reader's language: those that have a name; others are told as the service has put them.

import { useTranslation } from "react-i18next";

const NAME = /^[a-z][a-z-]*$/;

export function useReason(): (reason: string) => string {
  const { t } = useTranslation("operator");
  return (reason) => (NAME.test(reason) ? t(`reasons.${reason}`, { defaultValue: reason }) : reason);
}
