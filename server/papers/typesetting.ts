// Text of any script, set in lines of a given width: which font has each character, where lines break. Measuring is done
// by the document's own fonts; nothing is drawn here but single lines.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** What is needed of a PDF document to measure and to draw. */
export type Canvas = PDFKit.PDFDocument;

const require = createRequire(import.meta.url);
const folderOf = (file: string) => dirname(require.resolve(file));

/** In the order in which they are tried: the last has what the others have not, or shows that it is missing. */
const FONTS = {
  plain: ["latin", "han"],
  bold: ["latin-bold", "han-bold"],
} as const;

export type Weight = keyof typeof FONTS;

/** Latin, Greek, Cyrillic, Arabic and more; then Chinese. They are read from disk when a page first needs them. */
export function registerFonts(canvas: Canvas): void {
  const dejavu = join(folderOf("dejavu-fonts-ttf/package.json"), "ttf");
  const noto = join(folderOf("@embedpdf/fonts-sc"), "..", "fonts");
  canvas.registerFont("latin", join(dejavu, "DejaVuSans.ttf"));
  canvas.registerFont("latin-bold", join(dejavu, "DejaVuSans-Bold.ttf"));
  canvas.registerFont("han", join(noto, "NotoSansHans-Regular.otf"));
  canvas.registerFont("han-bold", join(noto, "NotoSansHans-Bold.otf"));
}

type Run = { readonly font: string; readonly text: string };
export type TextLine = { readonly runs: readonly Run[]; readonly width: number };

/** What the font engine says of a character; the type declarations of pdfkit leave it out. */
type Embedded = { _font: { font: { hasGlyphForCodePoint(code: number): boolean } } };

const FIRST_OF_HAN = 0x2e80;

/** Chinese and its marks are set in one font, so that they are of one shape; others in the first that has them. */
function fontFor(canvas: Canvas, character: string, weight: Weight): string {
  const [first, second] = FONTS[weight];
  const code = character.codePointAt(0) as number;
  if (code < 0x300) return first;
  const has = (font: string) =>
    (canvas.font(font) as unknown as Embedded)._font.font.hasGlyphForCodePoint(code);
  if (code >= FIRST_OF_HAN) return has(second) ? second : first;
  return has(first) || !has(second) ? first : second;
}

/** Parts of one font each. */
function runsOf(canvas: Canvas, text: string, weight: Weight): Run[] {
  const runs: { font: string; text: string }[] = [];
  for (const character of text) {
    const font = fontFor(canvas, character, weight);
    const last = runs.at(-1);
    if (last?.font === font) last.text += character;
    else runs.push({ font, text: character });
  }
  return runs;
}

const widthOf = (canvas: Canvas, runs: readonly Run[], size: number): number =>
  runs.reduce((sum, { font, text }) => sum + canvas.font(font).fontSize(size).widthOfString(text), 0);

const breaks = new Intl.Segmenter("en", { granularity: "word" });
const characters = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Where a line may break: between words, between Chinese characters; a word that is too long, anywhere. */
function piecesOf(canvas: Canvas, text: string, width: number, size: number, weight: Weight): string[] {
  const words = [...breaks.segment(text)].map(({ segment }) => segment);
  return words.flatMap((word) =>
    widthOf(canvas, runsOf(canvas, word, weight), size) <= width
      ? [word]
      : [...characters.segment(word)].map(({ segment }) => segment),
  );
}

/** The text in lines of at most `width` points. Characters that only control are left out; a line feed begins a line. */
export function linesOf(
  canvas: Canvas,
  text: string,
  width: number,
  size: number,
  weight: Weight = "plain",
): TextLine[] {
  return text.split("\n").flatMap((paragraph) => {
    const plain = paragraph.replace(/[\p{Cc}\p{Cf}]/gu, "");
    const whole = lineOf(canvas, plain, size, weight);
    if (whole.width <= width) return [whole];
    return breakLines(canvas, piecesOf(canvas, plain, width, size, weight), width, size, weight);
  });
}

function breakLines(
  canvas: Canvas,
  pieces: readonly string[],
  width: number,
  size: number,
  weight: Weight,
): TextLine[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of pieces) {
    const longer = line + piece;
    if (line === "" || widthOf(canvas, runsOf(canvas, longer.trimEnd(), weight), size) <= width) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = piece.trimStart();
  }
  return [...lines, line].map((text) => lineOf(canvas, text, size, weight));
}

function lineOf(canvas: Canvas, text: string, size: number, weight: Weight): TextLine {
  const runs = runsOf(canvas, text.trimEnd(), weight);
  return { runs, width: widthOf(canvas, runs, size) };
}

/** Draws one line with its upper left corner at (x, y). */
export function drawLine(canvas: Canvas, { runs }: TextLine, x: number, y: number, size: number): void {
  let at = x;
  for (const { font, text } of runs) {
    canvas.font(font).fontSize(size);
    canvas.text(text, at, y + (size * ASCENT - ascentOf(canvas, size)), { lineBreak: false });
    at += canvas.widthOfString(text);
  }
}

/** All fonts stand on one base line, so far below the upper edge, in parts of the size. */
const ASCENT = 0.93;

const ascentOf = (canvas: Canvas, size: number): number =>
  ((canvas as unknown as { _font: { ascender: number } })._font.ascender / 1000) * size;
