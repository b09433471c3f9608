// The line as it is drawn: the whole of it as a strip, the part that is looked at as a bar below, and between the two the beam
// that shows which part that is. Only shapes; what is looked at, and how, is decided elsewhere.

import type { Label, MarkName, Segment } from "./marks.ts";
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
const KNOB = 6;

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

/** Each mark: in view a pointer from the bar down to its name and amount, else an arrow to where it is. */
export function Labels({
  labels,
  textOf,
  width,
}: {
  readonly labels: readonly Label[];
  readonly textOf: (label: Label) => string;
  readonly width: number;
}) {
  return labels.map((label) => {
    const { row, side, names, at, beyond } = label;
    const x = Math.min(Math.max(label.x, KNOB), width - KNOB);
    const text = textOf(label);
    const y = LABELS_Y + row * ROW;
    const away = side === "left" ? -1 : 1;
    return (
      <g key={`${at}`} className={beyond === null ? "" : "line-beyond"}>
        {beyond === null ? (
          <Pointer x={x} y={y} name={names[0] as MarkName} />
        ) : (
          <Away x={x} y={y} away={away} />
        )}
        <text
          className="line-label"
          x={within(x + away * 14, text, side, width)}
          y={y}
          textAnchor={side === "left" ? "end" : "start"}
        >
          {text}
        </text>
      </g>
    );
  });
}

/** About how many pixels letters take: Chinese ones are as wide as they are high. */
const letters = (text: string): number =>
  [...text].reduce((sum, letter) => sum + (letter > "\u2e80" ? 13 : 7), 0);

/** Where a text begins or ends, moved so that it stays in the picture. */
const within = (x: number, text: string, side: Label["side"], width: number): number =>
  side === "left"
    ? Math.max(x, Math.min(letters(text), width))
    : Math.min(x, Math.max(width - letters(text), 0));

const Pointer = ({ x, y, name }: { x: number; y: number; name: MarkName }) => (
  <>
    <line className="line-pointer" x1={x} x2={x} y1={BAR.y - 3} y2={y + 4} />
    <circle className={`line-fill-${name} line-knob`} cx={x} cy={y - 4} r={KNOB - 1} />
  </>
);

const Away = ({ x, y, away }: { x: number; y: number; away: 1 | -1 }) => (
  <path
    className="line-away"
    d={`M${x + away * 9} ${y - 10}L${x + away * 2} ${y - 5}L${x + away * 9} ${y}`}
  />
);

const ROOM_FOR_TEXT = 130;
const ROOM_FOR_END = 84;

/** The visitor's own in the bar, once it is wide enough: what it is, and where it begins and ends. */
export function OwnTexts({
  own,
  view,
  width,
  text,
  from,
  to,
}: {
  readonly own: Interval;
  readonly view: View;
  readonly width: number;
  readonly text: string;
  readonly from: string;
  readonly to: string;
}) {
  const { x, width: wide, beyond } = drawn(own, view, width, LEAST_OWN);
  if (beyond !== null || wide < ROOM_FOR_TEXT) return null;
  const isClear = x > ROOM_FOR_END && x + wide < width - ROOM_FOR_END;
  return (
    <>
      <text className="line-own-text" x={x + wide / 2} y={BAR.y + BAR.height / 2 + 5} textAnchor="middle">
        {text}
      </text>
      {isClear && (
        <>
          <text className="line-end line-own-end" x={x} y={ENDS_Y} textAnchor="middle">
            {from}
          </text>
          <text className="line-end line-own-end" x={x + wide} y={ENDS_Y} textAnchor="middle">
            {to}
          </text>
        </>
      )}
    </>
  );
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
