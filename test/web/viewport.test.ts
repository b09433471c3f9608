// What is looked at of a line, for lines of any length up to 2^62 and receipts of any size on them.

import { expect } from "chai";
import fc from "fast-check";
import {
  between,
  drawn,
  farther,
  focusedOn,
  type Interval,
  isWhole,
  moved,
  nearer,
  onLine,
  positionAt,
  spanOf,
  type View,
  wholeOf,
  xOf,
  zoomed,
} from "../../server/web/line/viewport.ts";

const LONGEST = 2n ** 62n;
const WIDTH = 640;
const LEAST = 3;

/** A line, something of the visitor's on it, and a part of it that is looked at. Short lines are as likely as long ones. */
const scene = fc
  .tuple(fc.integer({ min: 0, max: 62 }), fc.bigInt({ min: 0n, max: LONGEST }))
  .map(([bits, seed]) => 1n + (seed % 2n ** BigInt(bits)))
  .chain((extent) =>
    fc.record({
      extent: fc.constant(extent),
      own: part(extent).map(({ from, to }): Interval => ({ start: from, end: to })),
      view: part(extent),
      other: part(extent),
    }),
  );

function part(extent: bigint): fc.Arbitrary<View> {
  return fc
    .tuple(fc.bigInt({ min: 0n, max: extent - 1n }), fc.bigInt({ min: 1n, max: extent }))
    .map(([from, span]) => ({ from, to: from + span > extent ? extent : from + span }));
}

const shows = ({ from, to }: View, { start, end }: Interval) => start < to && end > from;
const liesOn = ({ from, to }: View, extent: bigint) => from >= 0n && to <= extent && from < to;

const always = (holds: Parameters<typeof check>[0]) => () => check(holds);
function check(
  holds: (scene: { extent: bigint; own: Interval; view: View; other: View }, by: bigint, t: number) => void,
) {
  fc.assert(
    fc.property(
      scene,
      fc.bigInt({ min: 1n, max: 40n }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (made, by, t) => void holds(made, by, t),
    ),
    { numRuns: 500 },
  );
}

describe("the part of a line that is looked at", () => {
  it(
    "lies on the line, however it is zoomed, moved or cut",
    always(({ extent, own, view }, by) => {
      const around = positionAt(WIDTH / 3, view, WIDTH);
      for (const next of [
        onLine(view.from - 5n * by, spanOf(view) * by, extent),
        zoomed(view, extent, around, [by, 7n]),
        nearer(view, extent, own),
        farther(view, extent, own),
        moved(view, extent, [-by, 8n]),
        moved(view, extent, [by, 8n]),
        focusedOn(own, extent),
        wholeOf(extent),
      ])
        expect(liesOn(next, extent), `[${next.from}, ${next.to}) of ${extent}`).to.equal(true);
    }),
  );

  it(
    "never loses the visitor's own on the way from the whole line inwards and out again",
    always(({ extent, own }, by) => {
      let view = wholeOf(extent);
      for (let step = 0n; step < by + 30n; step++) view = nearer(view, extent, own);
      expect(shows(view, own)).to.equal(true);
      for (let step = 0n; step < by + 80n; step++) view = farther(view, extent, own);
      expect(isWhole(view, extent)).to.equal(true);
    }),
  );

  it(
    "comes as near as the visitor's own is long, and no nearer",
    always(({ extent, own }) => {
      let view = wholeOf(extent);
      for (let step = 0; step < 70; step++) view = nearer(view, extent, own);
      expect(spanOf(view) >= own.end - own.start).to.equal(true);
      expect(spanOf(view) < 2n * (own.end - own.start) || isWhole(view, extent)).to.equal(true);
    }),
  );

  it(
    "shows all of the visitor's own, with something beside it, when asked for",
    always(({ extent, own }) => {
      const { from, to } = focusedOn(own, extent);
      expect(from <= own.start && to >= own.end).to.equal(true);
      expect(to - from <= 3n * (own.end - own.start)).to.equal(true);
    }),
  );

  it(
    "keeps the position under the pointer where it is",
    always(({ extent, view }, by) => {
      const around = positionAt(WIDTH / 2, view, WIDTH);
      const next = zoomed(view, extent, around, [by, 20n]);
      const isFree = next.from > 0n && next.to < extent;
      const cell = WIDTH / Number(spanOf(next)) + WIDTH / Number(spanOf(view));
      if (isFree) expect(xOf(around, next, WIDTH)).to.be.closeTo(xOf(around, view, WIDTH), cell + 0.01);
    }),
  );

  it(
    "moves by one position at least",
    always(({ extent, view }) => {
      const next = moved(view, extent, [1n, 8n]);
      expect(next.from > view.from || next.to === extent).to.equal(true);
    }),
  );

  it(
    "goes evenly from one part to another, and arrives exactly",
    always(({ view, other }, _, t) => {
      expect([between(view, other, 0), between(view, other, 1)]).to.deep.equal([view, other]);
      const { from, to } = between(view, other, t);
      const [low, high] = view.from < other.from ? [view.from, other.from] : [other.from, view.from];
      expect(from >= low && from <= high && to > from, `${from}`).to.equal(true);
    }),
  );
});

describe("positions in the picture", () => {
  it(
    "come back from their pixel, as exactly as pixels can say",
    always(({ view }, by) => {
      const position = view.from + (spanOf(view) * (by - 1n)) / 41n;
      const back = positionAt(xOf(position, view, WIDTH), view, WIDTH);
      const error = back > position ? back - position : position - back;
      expect(error <= spanOf(view) / 2n ** 29n + 1n, `${error}`).to.equal(true);
    }),
  );

  it(
    "keep their order",
    always(({ extent, view, other }) => {
      const x = (position: bigint) => xOf(position, view, WIDTH);
      expect(x(other.from)).to.be.at.most(x(other.to));
      expect(x(0n)).to.be.at.most(x(extent));
      expect([x(view.from), x(view.to)]).to.deep.equal([0, WIDTH]);
    }),
  );

  it(
    "are always drawn: within the picture, and never too thin to see",
    always(({ own, view }) => {
      const { x, width, beyond } = drawn(own, view, WIDTH, LEAST);
      expect(x).to.be.at.least(0);
      expect(width).to.be.at.least(LEAST);
      expect(x + width).to.be.at.most(WIDTH + 1e-6);
      expect(beyond === null).to.equal(shows(view, own));
    }),
  );

  it("tell the last cent of a line of 2^62 from the one before", () => {
    const own = { start: LONGEST - 1n, end: LONGEST };
    const view = focusedOn(own, LONGEST);
    expect(view).to.deep.equal({ from: LONGEST - 3n, to: LONGEST });
    expect(drawn(own, view, 300, LEAST)).to.deep.include({ beyond: null });
    expect(drawn(own, view, 300, LEAST).width).to.be.closeTo(100, 0.001);
    expect(drawn(own, wholeOf(LONGEST), 300, LEAST)).to.deep.equal({ x: 297, width: 3, beyond: null });
  });
});
