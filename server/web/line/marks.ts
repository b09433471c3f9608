// The watermarks of a line as the picture shows them, for either side of it: gifts, or the reversals beside them. Pure.

import { GIFT, type Kind } from "../../protocol/receipt.ts";
import type { Line } from "../../protocol/verification.ts";
import { type View, xOf } from "./viewport.ts";

export type MarkName = "given" | "paid" | "acknowledged" | "spent" | "reversed" | "netted";

export type Mark = { readonly name: MarkName; readonly at: bigint };

/** From the first on the line to the last. */
export const marksOf = (line: Line, kind: Kind): readonly Mark[] =>
  (kind === GIFT
    ? (["spent", "acknowledged", "paid", "given"] as const)
    : (["netted", "reversed"] as const)
  ).map((name) => ({ name, at: line[name] }));

/** How far the picture goes: to the last mark, and at least to what is known to lie on the line. */
export const extentOf = (marks: readonly Mark[], atLeast: bigint): bigint =>
  marks.reduce((end, { at }) => (at > end ? at : end), atLeast);

/** A stretch of the line in the colour of the mark that ends it. */
export type Segment = { readonly name: MarkName; readonly start: bigint; readonly end: bigint };

export const segmentsOf = (marks: readonly Mark[]): readonly Segment[] =>
  marks
    .map(({ name, at }, i) => ({ name, start: marks[i - 1]?.at ?? 0n, end: at }))
    .filter(({ start, end }) => start < end);

/** Marks that stand at one position share a label. */
export type Label = {
  readonly names: readonly MarkName[];
  readonly at: bigint;
  readonly x: number;
  readonly row: number;
  /** On which side of its mark the text stands. */
  readonly side: "left" | "right";
  /** Where the mark is when it is not in view: then the label stands at the picture's edge. */
  readonly beyond: "left" | "right" | null;
};

/** The labels of all marks, one row each, so placed that no text stands in the way of another's pointer. */
export function labelsOf(marks: readonly Mark[], view: View, width: number): readonly Label[] {
  const together = [...Map.groupBy(marks, ({ at }) => at)];
  const placed = together.map(([at, those]) => ({
    at,
    names: those.map(({ name }) => name),
    x: Math.min(Math.max(xOf(at, view, width), 0), width),
    beyond: at < view.from ? ("left" as const) : at > view.to ? ("right" as const) : null,
  }));
  // To the left of its mark a text crosses none of the marks behind it; to the right none of those before.
  const rightward = placed.filter(({ x }) => x < width / 2).reverse();
  const leftward = placed.filter(({ x }) => x >= width / 2);
  return [
    ...rightward.map((label, row) => ({ ...label, row, side: "right" as const })),
    ...leftward.map((label, row) => ({ ...label, row, side: "left" as const })),
  ];
}
