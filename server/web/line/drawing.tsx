// The line as it is drawn: the whole of it as a strip, the part that is looked at as a bar below, and between the two the beam
// that shows which part that is. Only shapes; what is looked at, and how, is decided elsewhere.

import type { Label, Segment } from "./marks.ts";
import { drawn, type Interval, spanOf, type View, wholeOf, xOf } from "./viewport.ts";

export const STRIP = { y: 30, height: 14 } as const;
export const BAR = { y: 78, height: 60 } as const;
const BAR_END = BAR.y + BAR.height;
const ENDS_Y = BAR_END + 20;
const LABELS_Y = BAR_END + 48;
const ROW = 24;

/** A receipt of one cent on a line of trillions is to be seen, too. */
const LEAST_OWN = 3;
const LEAST_CELL = 7;
const PIN = 7;

export const heightFor = (rows: number): number => LABELS_Y + Math.max(rows - 1, 0) * ROW + 12;

type Stretch = { readonly view: View; readonly width: number; readonly y: number; readonly height: number };

const cut = (x: number, width: number) => Math.min(Math.max(x, 0), width);

/** The watermarks' segments over a stretch of the picture, and the ground for what none of them has reached. */
export function Segments({
  segments,
  view,
  width,
  y,
  height,
}: Stretch & { readonly segments: readonly Segment[] }) {
  return (
    <>
      <rect className="line-ground" x={0} y={y} width={width} height={height} />
      {segments.map(({ name, start, end }) => {
        const x = cut(xOf(start, view, width), width);
        const wide = cut(xOf(end, view, width), width) - x;
        return wide > 0 ? (
          <rect key={name} className={`line-fill-${name}`} x={x} y={y} width={wide} height={height} />
        ) : null;
      })}
    </>
  );
}

/** One line between any two cents, once they are wide enough to be told apart. */
export function Cells({ view, width, y, height }: Stretch) {
  const count = spanOf(view);
  if (count > BigInt(Math.floor(width / LEAST_CELL))) return null;
  return Array.from({ length: Number(count) - 1 }, (_, i) => {
    const x = (width * (i + 1)) / Number(count);
    const position = `${view.from + BigInt(i) + 1n}`;
    return <line key={position} className="line-cell" x1={x} x2={x} y1={y} y2={y + height} />;
  });
}

/** The visitor's own, with a pin above it; beyond the picture's edge a pin that points there. */
export function Own({
  own,
  view,
  width,
  y,
  height,
  pin,
}: Stretch & { readonly own: Interval; readonly pin: boolean }) {
  const { x, width: wide, beyond } = drawn(own, view, width, LEAST_OWN);
  const middle = cut(x + wide / 2, width - PIN);
  if (beyond !== null)
    return <Arrow side={beyond} x={beyond === "left" ? 2 : width - 2} y={y + height / 2} />;
  return (
    <>
      <rect className="line-own" x={x} y={y - 2} width={wide} height={height + 4} />
      {pin && <Pin x={Math.max(middle, PIN)} y={y - 4} />}
    </>
  );
}

const Pin = ({ x, y }: { x: number; y: number }) => (
  <path className="line-pin" d={`M${x} ${y}l${-PIN} ${-PIN * 1.5}a${PIN} ${PIN} 0 1 1 ${2 * PIN} 0z`} />
);

const Arrow = ({ side, x, y }: { side: "left" | "right"; x: number; y: number }) => {
  const way = side === "left" ? 1 : -1;
  return <path className="line-pin" d={`M${x} ${y}l${way * 14} -10v20z`} />;
};

/** From the part of the strip that is looked at down to the bar. */
export function Beam({ view, extent, width }: { view: View; extent: bigint; width: number }) {
  const whole = wholeOf(extent);
  const { x, width: wide } = drawn({ start: view.from, end: view.to }, whole, width, 2);
  const bottom = STRIP.y + STRIP.height;
  return (
    <>
      <path className="line-beam" d={`M${x} ${bottom}H${x + wide}L${width} ${BAR.y}H0z`} />
      <rect className="line-window" x={x} y={STRIP.y - 2} width={wide} height={STRIP.height + 4} />
    </>
  );
}

/** Each mark in view: a pointer from the bar down to its name and amount. */
export function Labels({
  labels,
  textOf,
}: {
  readonly labels: readonly Label[];
  readonly textOf: (label: Label) => string;
}) {
  return labels.map((label) => {
    const { x, row, side, names, at } = label;
    const y = LABELS_Y + row * ROW;
    const offset = side === "left" ? -8 : 8;
    return (
      <g key={`${at}`}>
        <line className="line-pointer" x1={x} x2={x} y1={BAR.y - 3} y2={y + 4} />
        <circle className={`line-fill-${names[0]} line-knob`} cx={x} cy={y - 4} r={5} />
        <text className="line-label" x={x + offset} y={y} textAnchor={side === "left" ? "end" : "start"}>
          {textOf(label)}
        </text>
      </g>
    );
  });
}

/** From where to where the bar goes. */
export const Ends = ({ from, to, width }: { from: string; to: string; width: number }) => (
  <>
    <text className="line-end" x={0} y={ENDS_Y}>
      {from}
    </text>
    <text className="line-end" x={width} y={ENDS_Y} textAnchor="end">
      {to}
    </text>
  </>
);

/** What the pin on the strip stands for. */
export function OwnLabel({
  own,
  extent,
  width,
  text,
}: {
  readonly own: Interval;
  readonly extent: bigint;
  readonly width: number;
  readonly text: string;
}) {
  const { x, width: wide } = drawn(own, wholeOf(extent), width, LEAST_OWN);
  const middle = x + wide / 2;
  const onLeft = middle < width / 2;
  return (
    <text
      className="line-own-label"
      x={onLeft ? middle + 12 : middle - 12}
      y={STRIP.y - 9}
      textAnchor={onLeft ? "start" : "end"}
    >
      {text}
    </text>
  );
}
