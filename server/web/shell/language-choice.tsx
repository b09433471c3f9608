// The language, each named in itself.

import { useTranslation } from "react-i18next";
import { chooseLanguage } from "../i18n/i18n.ts";
import { LANGUAGES, type Language } from "../i18n/languages.ts";

export function LanguageChoice() {
  const { t, i18n } = useTranslation("shell");
  return (
    <select
      className="language"
      aria-label={t("language")}
      value={i18n.resolvedLanguage}
      onChange={({ target }) => void chooseLanguage(target.value as Language)}
    >
      {Object.entries(LANGUAGES).map(([tag, name]) => (
        <option key={tag} value={tag} lang={tag}>
          {name}
        </option>
      ))}
    </select>
  );
}
