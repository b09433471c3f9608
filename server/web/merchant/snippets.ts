// The lines of HTML with which a shop puts its badge on its own site. Pure.

import type { Language } from "../../programmes/languages.ts";
import { inPath } from "../api/client.ts";

export const FORMS = ["script", "image"] as const;
export type Form = (typeof FORMS)[number];

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const attribute = (text: string): string => text.replace(/[&<>"]/g, (found) => ESCAPES[found] as string);

/** `origin` is that of the site that serves the badge. */
export function snippetOf(
  form: Form,
  origin: string,
  merchant: string,
  language: Language,
  alt: string,
): string {
  const name = inPath(merchant);
  if (form === "script")
    return `<script src="${origin}/badge.js" data-merchant="${attribute(merchant)}" data-lang="${language}" async></script>`;
  const image = `<img src="${origin}/badges/${name}.svg?lang=${language}" alt="${attribute(alt)}" height="48">`;
  return `<a href="${origin}/merchants/${name}">${image}</a>`;
}
