// Which part of a line is looked at, and where on the picture a position lies. Pure. Positions are whole minor units and stay
// bigint to the last step, so that one cent on a line of 2^62 is as exact as on a line of ten; pixels are plain numbers.

/** The positions [from, to) of the line, of which there is at least one. */
export type View = { readonly from: bigint; readonly to: bigint };
export type Interval = { readonly start: bigint; readonly end: bigint };

/** So many fractions of a picture's width are told apart. */
const FRACTIONS = 1n << 30n;

export const spanOf = ({ from, to }: View): bigint => to - from;

const least = (a: bigint, b: bigint) => (a < b ? a : b);
const most = (a: bigint, b: bigint) => (a > b ? a : b);

export const wholeOf = (extent: bigint): View => ({ from: 0n, to: most(extent, 1n) });

export const isWhole = (view: View, extent: bigint): boolean => spanOf(view) >= most(extent, 1n);

/** A view of so many positions from `from`, moved and cut until it lies on the line. */
export function onLine(from: bigint, span: bigint, extent: bigint): View {
  const whole = most(extent, 1n);
  const fitting = most(1n, least(span, whole));
  const begin = most(0n, least(from, whole - fitting));
  return { from: begin, to: begin + fitting };
}

/** How many parts of a view one step of the buttons and keys leaves, or adds: half as much, twice as much. */
const STEP = 2n;

/** Nearer or farther by a factor of numerator/denominator, with the position `around` where it was. */
export function zoomed(
  view: View,
  extent: bigint,
  around: bigint,
  [numerator, denominator]: readonly [bigint, bigint],
): View {
  const span = spanOf(view);
  const wanted = (span * numerator) / denominator;
  const isStuck = numerator > denominator && wanted === span;
  const fitting = most(1n, least(isStuck ? span + 1n : wanted, extent));
  const before = ((around - view.from) * fitting) / span;
  return onLine(around - before, fitting, extent);
}

const isIn = ({ start, end }: Interval, { from, to }: View): boolean => start < to && end > from;
const middleOf = ({ start, end }: Interval): bigint => (start + end) / 2n;

/** What a step zooms around: the visitor's own, where it is to be seen, else the middle of the view. */
const aroundOf = (view: View, own: Interval): bigint =>
  isIn(own, view)
    ? most(view.from, least(middleOf(own), view.to - 1n))
    : middleOf({ start: view.from, end: view.to });

/** One step nearer; never so near that the own interval does not fit. */
export function nearer(view: View, extent: bigint, own: Interval): View {
  const closer = zoomed(view, extent, aroundOf(view, own), [1n, STEP]);
  const shown = spanOf(closer) < own.end - own.start && isIn(own, view) ? closest(own, extent) : closer;
  return spanOf(shown) > spanOf(view) ? view : shown;
}

export const farther = (view: View, extent: bigint, own: Interval): View =>
  zoomed(view, extent, aroundOf(view, own), [STEP, 1n]);

const closest = ({ start, end }: Interval, extent: bigint): View => onLine(start, end - start, extent);

/** The own interval in the middle, filling a third of the view, or as nearly as the line's ends allow. */
export function focusedOn({ start, end }: Interval, extent: bigint): View {
  const length = most(end - start, 1n);
  return onLine(start - length, 3n * length, extent);
}

/** Moved with the hand, by a part of its width. */
export const dragged = (view: View, extent: bigint, part: number): View =>
  onLine(
    view.from + (spanOf(view) * BigInt(Math.round(part * Number(FRACTIONS)))) / FRACTIONS,
    spanOf(view),
    extent,
  );

/** Nearer or farther with the hand, by a factor of the view's span. */
export const stretched = (view: View, extent: bigint, around: bigint, factor: number): View =>
  zoomed(view, extent, around, [BigInt(Math.max(1, Math.round(factor * Number(FRACTIONS)))), FRACTIONS]);

/** Moved by a part of its width: by numerator/denominator of it, and by at least one position. */
export function moved(view: View, extent: bigint, [numerator, denominator]: readonly [bigint, bigint]): View {
  const span = spanOf(view);
  const part = (span * numerator) / denominator;
  const distance = part === 0n && numerator !== 0n ? (numerator < 0n ? -1n : 1n) : part;
  return onLine(view.from + distance, span, extent);
}

/** Where a position lies, in a picture so many pixels wide: below 0 or above the width when it is not in view. */
export function xOf(position: bigint, view: View, width: number): number {
  const part = ((position - view.from) * FRACTIONS) / spanOf(view);
  return (Number(part) / Number(FRACTIONS)) * width;
}

/** The position at a pixel, which always lies in the view. */
export function positionAt(x: number, view: View, width: number): bigint {
  const part = Math.min(Math.max(x / width, 0), 1);
  const distance = (spanOf(view) * BigInt(Math.round(part * Number(FRACTIONS)))) / FRACTIONS;
  return least(view.from + distance, view.to - 1n);
}

/** As drawn: [x, x + width) within the picture. `beyond` says on which side it lies when it is not in view. */
export type Drawn = {
  readonly x: number;
  readonly width: number;
  readonly beyond: "left" | "right" | null;
};

/** An interval as it is drawn: at least so many pixels wide, and at the picture's edge when it lies beyond. */
export function drawn({ start, end }: Interval, view: View, width: number, leastWidth: number): Drawn {
  if (end <= view.from) return { x: 0, width: leastWidth, beyond: "left" };
  if (start >= view.to) return { x: width - leastWidth, width: leastWidth, beyond: "right" };
  const from = Math.max(0, xOf(start, view, width));
  const to = Math.min(width, xOf(end, view, width));
  const wide = Math.max(to - from, leastWidth);
  return { x: Math.min(Math.max(0, (from + to - wide) / 2), width - wide), width: wide, beyond: null };
}

/**
 * The view at a moment t of [0, 1] on the way from one to another: it grows or shrinks evenly, and the one position that both
 * show at the same place stays there.
 */
export function between(a: View, b: View, t: number): View {
  if (t <= 0) return a;
  if (t >= 1) return b;
  const [first, last] = [spanOf(a), spanOf(b)];
  const part = BigInt(Math.round(t * Number(FRACTIONS)));
  if (first === last) {
    const from = a.from + ((b.from - a.from) * part) / FRACTIONS;
    return { from, to: from + first };
  }
  const span = spanBetween(first, last, t);
  const from = a.from + ((b.from - a.from) * (first - span)) / (first - last);
  return { from, to: from + span };
}

/** Evenly on the scale of doublings; rounding never leaves the two ends. */
function spanBetween(first: bigint, last: bigint, t: number): bigint {
  const doublings = Math.log2(Number(first)) * (1 - t) + Math.log2(Number(last)) * t;
  const span = BigInt(Math.round(2 ** doublings));
  return most(least(first, last), least(span, most(first, last)));
}
