// The texts in the visitor's language. They lie in texts/<language>/<page>.json, and a page's are loaded with the page.

import i18next, { type ReadCallback } from "i18next";
import { initReactI18next } from "react-i18next";
import { isLanguage, LANGUAGES, type Language, languageFor } from "./languages.ts";

const KEPT_AS = "amanah.language";

const files = import.meta.glob<object>("../texts/*/*.json", { import: "default" });

const backend = {
  type: "backend" as const,
  init() {},
  read(language: string, page: string, done: ReadCallback) {
    const load = files[`../texts/${language}/${page}.json`];
    if (load === undefined) return done(new Error(`no texts of ${page} in ${language}`), null);
    load().then(
      (texts) => done(null, texts as never),
      (thrown: Error) => done(thrown, null),
    );
  },
};

/** With the texts of these pages, beside those of the frame. */
export async function startTexts(pages: readonly string[]): Promise<void> {
  i18next.on("languageChanged", (language) => {
    document.documentElement.lang = language;
  });
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: kept() ?? languageFor(navigator.languages),
      supportedLngs: Object.keys(LANGUAGES),
      // The texts are complete in each language: nobody loads a second one.
      fallbackLng: false,
      ns: ["shell", ...pages],
      defaultNS: "shell",
      // React escapes by itself.
      interpolation: { escapeValue: false },
    });
}

/** Without a connection a language stays that has no texts here yet. */
export async function chooseLanguage(language: Language): Promise<void> {
  await i18next.loadLanguages(language);
  if (!i18next.hasResourceBundle(language, "shell")) return;
  remember(language);
  await i18next.changeLanguage(language);
}

/** A browser may forbid keeping anything. */
function kept(): Language | undefined {
  try {
    const language = localStorage.getItem(KEPT_AS);
    return isLanguage(language) ? language : undefined;
  } catch {
    return undefined;
  }
}

function remember(language: Language): void {
  try {
    localStorage.setItem(KEPT_AS, language);
  } catch {
    // Then it holds until the page is closed.
  }
}
