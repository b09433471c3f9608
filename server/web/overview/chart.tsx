// Four areas, each within the one before it: spent within acknowledged within paid within given.

import { AxisBottom, AxisLeft } from "@visx/axis";
import { Group } from "@visx/group";
import { scaleLinear, scaleUtc } from "@visx/scale";
import { AreaClosed } from "@visx/shape";
import { useEffect, useRef, useState } from "react";
import { exponentOf, isMoney } from "../../programmes/currency.ts";
import { useWords } from "../units/use-words.ts";
import { MARKS, type Mark, type Point } from "./figures.ts";

const HEIGHT = 280;
const MARGIN = { top: 12, right: 28, bottom: 32, left: 68 };
const NARROWEST = 240;
const TICK_EVERY_PX = 150;

type Props = { readonly points: readonly Point[]; readonly unit: string; readonly label: string };

export function Chart({ points, unit, label }: Props) {
  const [frame, width] = useWidth();
  return (
    <div ref={frame} className="chart">
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} width={width} height={HEIGHT} role="img" aria-label={label}>
        <Plot points={points} unit={unit} width={width} />
      </svg>
    </div>
  );
}

/** How wide the page lets it be. */
function useWidth() {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(NARROWEST);
  useEffect(() => {
    const element = frame.current as HTMLDivElement;
    const measure = () => setWidth(Math.max(NARROWEST, Math.floor(element.clientWidth)));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  return [frame, width] as const;
}

/** Pixels, not money: here alone amounts become floating-point numbers. */
const drawn = (minor: bigint, unit: string) => Number(minor) / 10 ** (isMoney(unit) ? exponentOf(unit) : 0);

function Plot({ points, unit, width }: { points: readonly Point[]; unit: string; width: number }) {
  const inner = { width: width - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
  const first = points[0]?.at ?? 0;
  const last = points.at(-1)?.at ?? 1;
  const most = drawn(points.at(-1)?.given ?? 0n, unit);
  const x = scaleUtc<number>({ domain: [first, last], range: [0, inner.width] });
  const y = scaleLinear<number>({ domain: [0, most === 0 ? 1 : most], range: [inner.height, 0], nice: true });
  const area = (mark: Mark) => (
    <AreaClosed<Point>
      key={mark}
      data={[...points]}
      x={({ at }) => x(at) ?? 0}
      y={(point) => y(drawn(point[mark], unit)) ?? 0}
      yScale={y}
      className={`area area-${mark}`}
    />
  );
  return (
    <Group left={MARGIN.left} top={MARGIN.top}>
      {MARKS.map(area)}
      <Axes x={x} y={y} unit={unit} inner={inner} />
    </Group>
  );
}

type AxesProps = {
  readonly x: ReturnType<typeof scaleUtc<number>>;
  readonly y: ReturnType<typeof scaleLinear<number>>;
  readonly unit: string;
  readonly inner: { readonly width: number; readonly height: number };
};

function Axes({ x, y, unit, inner }: AxesProps) {
  const { language } = useWords();
  const day = new Intl.DateTimeFormat(language, { month: "short", day: "numeric", timeZone: "UTC" });
  const money = isMoney(unit)
    ? ({ style: "currency", currency: unit, currencyDisplay: "narrowSymbol" } as const)
    : {};
  const short = new Intl.NumberFormat(language, {
    ...money,
    notation: "compact",
    maximumFractionDigits: 1,
    minimumFractionDigits: 0,
  });
  const ticks = x.ticks(Math.max(2, Math.floor(inner.width / TICK_EVERY_PX)));
  // Days are named where they begin: none does at the very end.
  const beginnings = ticks.filter((at) => (x(at) ?? 0) < inner.width);
  const common = { tickClassName: "tick", axisLineClassName: "axis", hideTicks: true };
  return (
    <>
      <AxisLeft {...common} scale={y} numTicks={4} tickFormat={(value) => short.format(Number(value))} />
      <AxisBottom
        {...common}
        scale={x}
        top={inner.height}
        tickValues={beginnings}
        tickFormat={(value) => day.format(new Date(Number(value)))}
      />
    </>
  );
}
