// Papers as PDF, A4: facts, tables that go on over pages under their heads, notes, and a code by which anyone who holds the
// paper compares it with what was issued. What it says comes from the programmes.

import { buffer } from "node:stream/consumers";
import PDFDocument from "pdfkit";
import type { Paper, Table } from "../programmes/statements/paper.ts";
import { drawQrCode } from "./qr.ts";
import { type Canvas, drawLine, linesOf, registerFonts, type TextLine, type Weight } from "./typesetting.ts";

/** Where the issued statement is, and the hash of what it says. */
export type Verification = { readonly url: string; readonly hash: string };

const MARGIN = 48;
const FOOT = 40;
const QR_SIZE = 96;
const GAP = 8;
const LEADING = 1.35;
const SIZE = { title: 18, subtitle: 10, heading: 11, text: 8.5, cell: 7.5, foot: 7 } as const;
const COLOR = { text: "#1a1a1a", faint: "#666666", rule: "#c8c8c8", head: "#f0f0f0" } as const;

/** The PDF's bytes. */
export async function toPdf(paper: Paper, verification: Verification): Promise<Buffer> {
  const canvas = new PDFDocument({
    size: "A4",
    margins: { top: MARGIN, bottom: 0, left: MARGIN, right: MARGIN },
    bufferPages: true,
    info: { Title: paper.title, Creator: "Amanah" },
    lang: "en",
  });
  const bytes = buffer(canvas);
  registerFonts(canvas);
  await new Page(canvas).draw(paper, verification);
  canvas.end();
  return await bytes;
}

/** How many rows are drawn before others of the process get their turn. */
const ROWS_AT_ONCE = 25;
const othersTurn = () => new Promise((resolve) => setImmediate(resolve));

/** One document while it is drawn, from top to bottom. */
class Page {
  readonly #canvas: Canvas;
  readonly #left: number;
  readonly #width: number;
  readonly #bottom: number;
  #y = MARGIN;

  constructor(canvas: Canvas) {
    this.#canvas = canvas;
    this.#left = MARGIN;
    this.#width = canvas.page.width - 2 * MARGIN;
    this.#bottom = canvas.page.height - FOOT - 2 * GAP;
  }

  async draw(paper: Paper, verification: Verification): Promise<void> {
    this.#head(paper, verification);
    for (const table of paper.tables) await this.#table(table);
    this.#notes(paper.notes);
    this.#feet(paper.title);
  }

  #head({ title, subtitle, facts }: Paper, { url, hash }: Verification): void {
    const width = this.#width - QR_SIZE - 2 * GAP;
    drawQrCode(this.#canvas, url, this.#left + this.#width - QR_SIZE, MARGIN, QR_SIZE);
    this.#text(title, width, SIZE.title, "bold");
    this.#text(subtitle, width, SIZE.subtitle, "plain", COLOR.faint);
    this.#y = Math.max(this.#y + GAP, MARGIN + QR_SIZE + GAP);
    const checks = [
      ["Compare with", url],
      ["Hash of this statement", hash],
    ] as const;
    for (const [label, value] of [...facts, ...checks]) this.#fact(label, value);
    this.#y += GAP;
  }

  #fact(label: string, value: string): void {
    const [first, rest] = [this.#width * 0.26, this.#width * 0.74];
    const lines = linesOf(this.#canvas, value, rest, SIZE.text);
    this.#makeRoom(lines.length * SIZE.text * LEADING);
    const y = this.#y;
    this.#lines(linesOf(this.#canvas, label, first, SIZE.text), this.#left, y, SIZE.text, COLOR.faint);
    this.#lines(lines, this.#left + first, y, SIZE.text, COLOR.text);
    this.#y = y + lines.length * SIZE.text * LEADING;
  }

  async #table(table: Table): Promise<void> {
    this.#makeRoom(SIZE.heading * LEADING + 4 * SIZE.cell * LEADING);
    this.#y += GAP;
    this.#text(table.title, this.#width, SIZE.heading, "bold");
    this.#y += GAP / 2;
    if (table.rows.length === 0) return this.#text(table.empty, this.#width, SIZE.text, "plain", COLOR.faint);
    this.#tableHead(table);
    for (const [index, row] of table.rows.entries()) {
      this.#row(table, row);
      if (index % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await othersTurn();
    }
  }

  #widths({ columns }: Table): number[] {
    const whole = columns.reduce((sum, { width }) => sum + width, 0);
    return columns.map(({ width }) => (width / whole) * this.#width);
  }

  #cells(table: Table, texts: readonly string[], weight: Weight): TextLine[][] {
    const widths = this.#widths(table);
    return texts.map((text, column) =>
      linesOf(this.#canvas, text, (widths[column] as number) - GAP, SIZE.cell, weight),
    );
  }

  #tableHead(table: Table): void {
    if (table.columns.every(({ title }) => title === "")) return;
    const cells = this.#cells(
      table,
      table.columns.map(({ title }) => title),
      "bold",
    );
    const height = heightOf(cells);
    this.#canvas.rect(this.#left, this.#y, this.#width, height).fill(COLOR.head);
    this.#drawCells(table, cells);
    this.#y += height;
  }

  /** A row stays whole, unless it is longer than a page; a page that it begins repeats the table's head. */
  #row(table: Table, texts: readonly string[]): void {
    let cells = this.#cells(table, texts, "plain");
    if (this.#makeRoom(Math.min(heightOf(cells), MOST_KEPT_WHOLE))) this.#tableHead(table);
    for (;;) {
      const fitting = Math.floor((this.#bottom - this.#y - 2 * PADDING) / (SIZE.cell * LEADING));
      this.#rowPart(
        table,
        cells.map((lines) => lines.slice(0, fitting)),
      );
      cells = cells.map((lines) => lines.slice(fitting));
      if (cells.every(({ length }) => length === 0)) return;
      this.#newPage();
      this.#tableHead(table);
    }
  }

  #rowPart(table: Table, cells: readonly TextLine[][]): void {
    this.#drawCells(table, cells);
    this.#y += heightOf(cells);
    this.#canvas.moveTo(this.#left, this.#y).lineTo(this.#left + this.#width, this.#y);
    this.#canvas.lineWidth(0.5).stroke(COLOR.rule);
  }

  #drawCells(table: Table, cells: readonly TextLine[][]): void {
    const widths = this.#widths(table);
    let x = this.#left;
    for (const [column, lines] of cells.entries()) {
      const [width, right] = [widths[column] as number, table.columns[column]?.align === "right"];
      const at = (line: TextLine) => (right ? x + width - GAP / 2 - line.width : x + GAP / 2);
      this.#lines(lines, at, this.#y + PADDING, SIZE.cell, COLOR.text);
      x += width;
    }
  }

  #notes(notes: readonly string[]): void {
    this.#y += 2 * GAP;
    for (const note of notes) {
      this.#text(note, this.#width, SIZE.text, "plain", COLOR.faint);
      this.#y += GAP / 2;
    }
  }

  #feet(title: string): void {
    const { start, count } = this.#canvas.bufferedPageRange();
    for (let page = start; page < start + count; page++) {
      this.#canvas.switchToPage(page);
      const [line] = linesOf(this.#canvas, `${title} · page ${page + 1} of ${count}`, this.#width, SIZE.foot);
      const y = this.#canvas.page.height - FOOT;
      if (line !== undefined) this.#lines([line], this.#left, y, SIZE.foot, COLOR.faint);
    }
  }

  /** Text over a width from the present place down; long ones go on on the next page. */
  #text(text: string, width: number, size: number, weight: Weight, color: string = COLOR.text): void {
    for (const line of linesOf(this.#canvas, text, width, size, weight)) {
      this.#makeRoom(size * LEADING);
      this.#lines([line], this.#left, this.#y, size, color);
      this.#y += size * LEADING;
    }
  }

  #lines(
    lines: readonly TextLine[],
    x: number | ((line: TextLine) => number),
    y: number,
    size: number,
    color: string,
  ): void {
    this.#canvas.fillColor(color);
    for (const [index, line] of lines.entries())
      drawLine(this.#canvas, line, typeof x === "number" ? x : x(line), y + index * size * LEADING, size);
  }

  /** Begins a page when `height` does not fit on this one any more; whether it did. */
  #makeRoom(height: number): boolean {
    if (this.#y + height <= this.#bottom || this.#y === MARGIN) return false;
    this.#newPage();
    return true;
  }

  #newPage(): void {
    this.#canvas.addPage();
    this.#y = MARGIN;
  }
}

const PADDING = 3;
/** Points: a row that is no higher begins a page rather than to be divided. */
const MOST_KEPT_WHOLE = 300;

const heightOf = (cells: readonly TextLine[][]): number =>
  Math.max(...cells.map(({ length }) => length)) * SIZE.cell * LEADING + 2 * PADDING;
