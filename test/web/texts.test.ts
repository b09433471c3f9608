// The texts of the pages: complete in every language, and about the same things.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { LANGUAGES, languageFor } from "../../server/web/i18n/languages.ts";

const TEXTS = join(import.meta.dirname, "../../server/web/texts");
const ORIGINAL = "en";

const pagesOf = (language: string) => readdirSync(join(TEXTS, language)).sort();
const textsOf = (language: string, page: string) =>
  new Map(flatten(JSON.parse(readFileSync(join(TEXTS, language, page), "utf8"))));

function flatten(texts: object, above = ""): [string, string][] {
  return Object.entries(texts).flatMap(([key, text]) =>
    typeof text === "string" ? [[above + key, text] as [string, string]] : flatten(text, `${above}${key}.`),
  );
}

/** Plural forms are the language's own business: "_one", "_other" … count as one text. */
const withoutPlural = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, "");
const keysOf = (texts: ReadonlyMap<string, string>) =>
  [...new Set([...texts.keys()].map(withoutPlural))].sort();
const blanksOf = (text: string) => [...text.matchAll(/\{\{\s*(\w+)/g)].map(([, name]) => name).sort();

describe("the texts of the pages", () => {
  it("are chosen by what the browser reads, whatever it calls it", () => {
    expect(languageFor(["zh-Hant-TW", "en"])).to.equal("zh-CN");
    expect(languageFor(["fr", "in-ID"])).to.equal("id");
    expect(languageFor(["fr", "de"])).to.equal("en");
    expect(languageFor([])).to.equal("en");
  });

  for (const language of Object.keys(LANGUAGES).filter((tag) => tag !== ORIGINAL)) {
    it(`are of the same pages in ${language}`, () => {
      expect(pagesOf(language)).to.deep.equal(pagesOf(ORIGINAL));
    });

    for (const page of pagesOf(ORIGINAL))
      it(`say the same in ${language} about ${page.replace(".json", "")}, with the same blanks to fill`, () => {
        const [ours, original] = [textsOf(language, page), textsOf(ORIGINAL, page)];
        expect(keysOf(ours)).to.deep.equal(keysOf(original));
        const differing = [...original].filter(
          ([key, text]) =>
            ours.has(key) && String(blanksOf(ours.get(key) as string)) !== String(blanksOf(text)),
        );
        expect(differing).to.deep.equal([]);
        expect([...ours].filter(([, text]) => text.trim() === "")).to.deep.equal([]);
      });
  }
});
