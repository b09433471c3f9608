// Reads a PDF as a reader would, as far as ours go: the text of its pages, and the code on the first.

import { inflateSync } from "node:zlib";
import jsQR from "jsqr";

type Objects = ReadonlyMap<string, string>;

/** Every object by its number, with its stream inflated; bytes are characters of Latin-1. */
function objectsOf(pdf: Buffer): Objects {
  const text = pdf.toString("latin1");
  const found = text.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g);
  return new Map([...found].map(([, number, body]) => [number as string, inflated(body as string)]));
}

function inflated(body: string): string {
  const [, dictionary, stream] = /^([\s\S]*?)\nstream\n([\s\S]*)\nendstream$/.exec(body) ?? [];
  if (dictionary === undefined || stream === undefined) return body;
  if (!dictionary.includes("/FlateDecode")) return `${dictionary}\n${stream}`;
  return `${dictionary}\n${inflateSync(Buffer.from(stream, "latin1")).toString("latin1")}`;
}

const referenced = (objects: Objects, text: string, name: string): string =>
  objects.get(new RegExp(`/${name} \\[?(\\d+) 0 R`).exec(text)?.[1] ?? "") ?? "";

/** The streams of all pages, in order, with the object of each page. */
const pagesOf = (objects: Objects) =>
  [...objects.values()]
    .filter((body) => /\/Type \/Page\b/.test(body))
    .map((page) => ({ page, stream: referenced(objects, page, "Contents") }));

/** The text of all pages, one line a piece that is drawn. Pieces of several fonts in one line follow each other. */
export function textOf(pdf: Buffer): string {
  const objects = objectsOf(pdf);
  return pagesOf(objects)
    .map(({ page, stream }) => textOfPage(objects, page, stream))
    .join("\n");
}

function textOfPage(objects: Objects, page: string, stream: string): string {
  const resources = page.includes("/Resources <<") ? page : referenced(objects, page, "Resources");
  const fonts = new Map<string, ReadonlyMap<number, string>>();
  for (const [, name, number] of resources.matchAll(/\/(F\d+) (\d+) 0 R/g))
    fonts.set(
      name as string,
      glyphsOf(referenced(objects, objects.get(number as string) ?? "", "ToUnicode")),
    );
  const lines: string[] = [];
  let font: ReadonlyMap<number, string> = new Map();
  for (const [, name, pieces] of stream.matchAll(/\/(F\d+) [\d.]+ Tf|\[(.*?)\] TJ/g)) {
    if (name !== undefined) font = fonts.get(name) ?? new Map();
    else lines.push(decoded(pieces as string, font));
  }
  return lines.join("\n");
}

const decoded = (pieces: string, font: ReadonlyMap<number, string>): string =>
  [...pieces.matchAll(/<([0-9a-f]*)>/g)]
    .flatMap(([, hex]) => (hex as string).match(/.{4}/g) ?? [])
    .map((code) => font.get(Number.parseInt(code, 16)) ?? "\ufffd")
    .join("");

/** What each glyph stands for, by the font's own table. */
function glyphsOf(table: string): ReadonlyMap<number, string> {
  const glyphs = new Map<number, string>();
  for (const [, first, list] of table.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/g)) {
    const texts = [...(list as string).matchAll(/<([0-9a-f ]*)>/g)].map(([, hex]) =>
      (hex as string).replaceAll(" ", ""),
    );
    for (const [index, hex] of texts.entries())
      glyphs.set(
        Number.parseInt(first as string, 16) + index,
        Buffer.from(hex, "hex").swap16().toString("utf16le"),
      );
  }
  return glyphs;
}

const SCALE = 4;

/** What the code on the first page says, drawn anew from its squares and read by a scanner's library. */
export function qrCodeOf(pdf: Buffer): string {
  const [first] = pagesOf(objectsOf(pdf));
  const squares = [...(first?.stream ?? "").matchAll(/([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re/g)]
    .map((found) => found.slice(1).map(Number) as [number, number, number, number])
    .filter(([, , width, height]) => width === height);
  const left = Math.min(...squares.map(([x]) => x)) - 20;
  const top = Math.min(...squares.map(([, y]) => y)) - 20;
  const size = Math.ceil((Math.max(...squares.map(([x, , width]) => x + width)) - left + 20) * SCALE);
  const image = new Uint8ClampedArray(size * size * 4).fill(255);
  for (const [x, y, width] of squares)
    for (let row = Math.round((y - top) * SCALE); row < Math.round((y - top + width) * SCALE); row++)
      for (
        let column = Math.round((x - left) * SCALE);
        column < Math.round((x - left + width) * SCALE);
        column++
      )
        image.fill(0, (row * size + column) * 4, (row * size + column) * 4 + 3);
  const read = (jsQR as unknown as typeof jsQR.default)(image, size, size);
  if (read === null) throw new Error("there is no code that can be read");
  return read.data;
}
