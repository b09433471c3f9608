// What a page says in a language, by the names of its texts: for tests that look for it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../scripts/child.ts";

/** The texts of one page, their blanks filled. Throws when there is no text of a name. */
export function textsOf(language: string, page: string) {
  const all = JSON.parse(readFileSync(join(ROOT, "server/web/texts", language, `${page}.json`), "utf8"));
  return (name: string, blanks: Record<string, string> = {}): string => {
    const text = name.split(".").reduce((texts, key) => texts?.[key], all);
    if (typeof text !== "string") throw new Error(`no text ${name} in ${language}/${page}`);
    return text.replace(/\{\{(\w+)\}\}/g, (_, blank: string) => blanks[blank] ?? "");
  };
}
