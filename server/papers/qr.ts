// A QR code as filled squares, sharp at any size.

import { create } from "qrcode";
import type { Canvas } from "./typesetting.ts";

/** Readers want four modules of nothing around the code (ISO/IEC 18004). */
const QUIET_MODULES = 4;

/** Draws the code of a text into a square of `size` points with its upper left corner at (x, y). */
export function drawQrCode(canvas: Canvas, text: string, x: number, y: number, size: number): void {
  const { modules } = create(text, { errorCorrectionLevel: "M" });
  const side = size / (modules.size + 2 * QUIET_MODULES);
  for (let row = 0; row < modules.size; row++)
    for (let column = 0; column < modules.size; column++)
      if (modules.get(row, column))
        canvas.rect(x + (column + QUIET_MODULES) * side, y + (row + QUIET_MODULES) * side, side, side);
  canvas.fill("black");
}

/** The code of a text for a page to draw: a row of 0 and 1 each, with nothing around it. */
export function qrRows(text: string): string[] {
  const { modules } = create(text, { errorCorrectionLevel: "M" });
  const places = Array.from({ length: modules.size }, (_, place) => place);
  return places.map((row) => places.map((column) => (modules.get(row, column) ? "1" : "0")).join(""));
}
