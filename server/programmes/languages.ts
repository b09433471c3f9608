// The languages of the pages and of badges, and which of them a visitor reads. Pure.

export const LANGUAGES = { en: "English", id: "Bahasa Indonesia", "zh-CN": "简体中文" } as const;

export type Language = keyof typeof LANGUAGES;

export const FALLBACK: Language = "en";

export const isLanguage = (text: string | null): text is Language => text !== null && text in LANGUAGES;

/** The first of the visitor's languages that there is, by its main part: any Chinese is 简体中文, "in" is the old name of "id". */
export function languageFor(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const main = tag.toLowerCase().split("-")[0];
    if (main === "zh") return "zh-CN";
    if (main === "id" || main === "in") return "id";
    if (main === "en") return "en";
  }
  return FALLBACK;
}
