// How much of what was given has come how far: four bars, each within the one before it.

import { Group } from "@visx/group";
import { scaleLinear } from "@visx/scale";
import { Bar } from "@visx/shape";
import { useRef } from "react";
import type { UnitRow } from "../../programmes/philanthropy/report.ts";
import { useWidth } from "../line/use-width.ts";

const HEIGHT = 28;

/** In ten-thousandths of the whole: pixels are no money. */
const PARTS = 10_000n;
const part = (of: string, whole: string) =>
  BigInt(whole) === 0n ? 0 : Number((BigInt(of) * PARTS) / BigInt(whole));

export function ShareBar({ row, label }: { row: UnitRow; label: string }) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const x = scaleLinear<number>({ domain: [0, Number(PARTS)], range: [0, width] });
  const bars = [
    ["given", row.given],
    ["paid", row.paid],
    ["acknowledged", row.acknowledged],
    ["spent", row.spent],
  ] as const;
  return (
    <div ref={frame} className="share-bar">
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} width={width} height={HEIGHT} role="img" aria-label={label}>
        <Group>
          {bars.map(([mark, amount]) => (
            <Bar key={mark} className={`share-${mark}`} height={HEIGHT} width={x(part(amount, row.given))} />
          ))}
        </Group>
      </svg>
    </div>
  );
}
