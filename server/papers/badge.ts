// A shop's badge as an image: SVG, with its text as text, a title for those who hear it, and colours for light and dark.

import type { Badge } from "../programmes/badge.ts";
import type { Language } from "../programmes/languages.ts";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const FONT_SIZE = 13;
const HEIGHT = 48;
const TEXT_AT = 44;
const PADDING = 12;
const FONTS =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'PingFang SC', 'Noto Sans SC', sans-serif";

const LIGHT = ".g{fill:#fff;stroke:#c9d3d0}.i{fill:#16211e}.b{fill:#0b6b57}.o{fill:#fff}";
const DARK = ".g{fill:#12171a;stroke:#3a464b}.i{fill:#e6ecea}.b{fill:#5fd0b4}.o{fill:#08201a}";
const STYLES: Record<Theme, string> = {
  auto: `${LIGHT}@media (prefers-color-scheme:dark){${DARK}}`,
  light: LIGHT,
  dark: DARK,
};

/** @param address where the badge leads, told to those who hear the image */
export function badgeImage(badge: Badge, language: Language, theme: Theme, address: string): string {
  const [first, second] = badge.lines;
  const textWidth = Math.max(widthOf(first), widthOf(second));
  const verifyWidth = widthOf(badge.verify);
  const buttonAt = TEXT_AT + textWidth + PADDING;
  const buttonWidth = verifyWidth + 2 * PADDING;
  const width = buttonAt + buttonWidth + PADDING;
  const middle = HEIGHT / 2 + 4.5;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-labelledby="t d" xml:lang="${language}">`,
    `<title id="t">${escaped(badge.lines.join(" "))}</title>`,
    `<desc id="d">${escaped(`${badge.verify}: ${address}`)}</desc>`,
    `<style>text{font:${FONT_SIZE}px ${FONTS}}${STYLES[theme]}</style>`,
    `<rect class="g" x=".5" y=".5" width="${width - 1}" height="${HEIGHT - 1}" rx="8"/>`,
    MARK,
    line(first, TEXT_AT, 20, "i"),
    line(second, TEXT_AT, 37, "i"),
    `<rect class="b" x="${buttonAt}" y="10" width="${buttonWidth}" height="28" rx="6"/>`,
    line(badge.verify, buttonAt + PADDING, middle, "o"),
    "</svg>",
  ].join("");
}

/** The mark of the pages: what is given falls onto its place on the line. */
const MARK =
  '<g transform="translate(10 12) scale(.75)"><rect class="b" width="32" height="32" rx="7"/><path class="o" d="M5 18.5h22v3H5zM14.75 8h2.5v5l1.9-1.9 1.8 1.8L16 17.8l-4.95-4.9 1.8-1.8 1.9 1.9z"/></g>';

/** Drawn as wide as it was measured, whichever of the fonts a reader has. */
const line = (text: string, x: number, y: number, style: string): string =>
  `<text class="${style}" x="${x}" y="${y}" textLength="${widthOf(text)}" lengthAdjust="spacingAndGlyphs">${escaped(text)}</text>`;

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** XML has no room for control characters, escaped or not. */
const escaped = (text: string): string =>
  text
    .replace(/[\p{Cc}\ufffe\uffff]/gu, " ")
    .replace(/[&<>"']/g, (character) => ESCAPES[character] as string);

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff60]|\p{Extended_Pictographic}/u;
const NO_WIDTH = /[\p{M}\p{Cf}]/u;
const NARROW = /[ilIjtfr.,:;'’|!()[\] ]/;
const BROAD = /[mwMW%@…—]/;

/** About how wide a text is, in whole pixels: by the usual widths of letters in a plain face, in ems. */
export function widthOf(text: string): number {
  const ems = Array.from(text, emsOf).reduce((sum, ems) => sum + ems, 0);
  return Math.ceil(ems * FONT_SIZE);
}

function emsOf(character: string): number {
  if (NO_WIDTH.test(character)) return 0;
  if (WIDE.test(character)) return 1;
  if (NARROW.test(character)) return 0.34;
  if (BROAD.test(character)) return 0.9;
  return /\p{Lu}/u.test(character) ? 0.68 : 0.57;
}
