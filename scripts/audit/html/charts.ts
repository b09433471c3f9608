// The charts of the report, as SVG without a script: money over time, receipts over time, and how long charities take to
// sign. Colours come from the page's style, so that they follow light and dark.

import type { AuditReport, PayoutReport } from "../report.ts";
import {
  at,
  brief,
  HEIGHT,
  INNER_HEIGHT,
  INNER_WIDTH,
  LEFT,
  niceAbove,
  RIGHT,
  TOP,
  WIDTH,
  yOf,
} from "./scale.ts";
import { html, type Markup, NOTHING, number } from "./text.ts";

/** A bar and what it stands for. */
export type Bar = { readonly name: string; readonly value: number; readonly says: string };

const MOST_BARS = 90;
const GRID_LINES = 4;
const LABELS = 5;

/** Bars over time. Of more than fit, neighbours become one. */
export function barChart(title: string, bars: readonly Bar[], colour: string): Markup {
  const grouped = grouping(bars);
  const top = niceAbove(Math.max(...grouped.map(({ value }) => value), 0));
  const step = INNER_WIDTH / Math.max(grouped.length, 1);
  const drawn = grouped.map(({ value, says }, i) => {
    const [x, y] = [LEFT + i * step + step * 0.12, yOf(value, top)];
    const height = Math.max(TOP + INNER_HEIGHT - y, value > 0 ? 1 : 0);
    return html`<rect class="${colour}" x="${at(x)}" y="${at(TOP + INNER_HEIGHT - height)}" width="${at(step * 0.76)}" height="${at(height)}" rx="1.5"><title>${says}</title></rect>`;
  });
  const labels = labelled(grouped.length).map(
    (i) =>
      html`<text x="${at(LEFT + (i + 0.5) * step)}" y="${HEIGHT - 10}" text-anchor="middle">${(grouped[i] as Bar).name}</text>`,
  );
  return frame(title, [...grid(top, brief), ...drawn, ...labels]);
}

function grouping(bars: readonly Bar[]): Bar[] {
  const size = Math.ceil(bars.length / MOST_BARS);
  if (size <= 1) return [...bars];
  return Array.from({ length: Math.ceil(bars.length / size) }, (_, group) => {
    const some = bars.slice(group * size, (group + 1) * size);
    const [first, last] = [some[0] as Bar, some.at(-1) as Bar];
    const value = some.reduce((sum, bar) => sum + bar.value, 0);
    return { name: first.name, value, says: `${first.name} to ${last.name}: ${number(Math.round(value))}` };
  });
}

/** Which of so many get a name below. */
function labelled(count: number): number[] {
  const every = Math.max(1, Math.ceil(count / LABELS));
  return Array.from({ length: count }, (_, i) => i).filter((i) => i % every === 0);
}

function grid(top: number, told: (value: number) => string): Markup[] {
  return Array.from({ length: GRID_LINES + 1 }, (_, i) => {
    const value = (top * i) / GRID_LINES;
    const y = at(yOf(value, top));
    return html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}"/><text x="${LEFT - 8}" y="${y}" dy="4" text-anchor="end">${told(value)}</text>`;
  });
}

const frame = (title: string, inside: readonly Markup[]): Markup =>
  html`<div class="chart"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">${inside}</svg></div>`;

const DAY_S = 86_400;

/** Each payout by its day, as high as the charity took to sign for it; hollow while it has not. */
export function payoutChart({ payouts, block }: Pick<AuditReport, "payouts" | "block">): Markup {
  const [first, last] = [
    Number(payouts[0]?.at ?? 0n),
    Math.max(Number(payouts.at(-1)?.at ?? 0n), Number(payouts[0]?.at ?? 0n) + DAY_S),
  ];
  const ages = payouts.map((payout) => ageOf(payout, block.at));
  const top = niceAbove(Math.max(...ages, 0.01));
  const dots = payouts.map((payout, i) => {
    const x = LEFT + 8 + ((Number(payout.at) - first) / (last - first)) * (INNER_WIDTH - 16);
    const state = payout.acknowledgedAt === null ? "open" : "signed";
    return html`<circle class="${payout.rail} ${state}" cx="${at(x)}" cy="${at(yOf(ages[i] as number, top))}" r="5"><title>${saysOf(payout, ages[i] as number)}</title></circle>`;
  });
  const dates = [first, last].map(
    (seconds, i) =>
      html`<text x="${i === 0 ? LEFT : WIDTH - RIGHT}" y="${HEIGHT - 10}" text-anchor="${i === 0 ? "start" : "end"}">${dayOf(seconds)}</text>`,
  );
  return frame("days until a payout was signed for", [
    ...grid(top, (days) => `${brief2(days)} d`),
    ...dots,
    ...dates,
  ]);
}

const ageOf = ({ at: paid, acknowledgedAt }: PayoutReport, now: bigint): number =>
  Math.max(0, Number((acknowledgedAt ?? now) - paid) / DAY_S);

const brief2 = (days: number) => Number(days.toPrecision(2)).toString();

const dayOf = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10);

const saysOf = ({ rail, unit, amount, acknowledgedAt }: PayoutReport, days: number) =>
  `${number(amount)} minor units of ${unit} by ${rail}, ${acknowledgedAt === null ? "not signed for after" : "signed for after"} ${days.toFixed(1)} days`;

const STEPS = ["given", "paid", "acknowledged", "spent"] as const;

/** How far the money of one line has come, of all that its books hold; what is further lies on top. */
export function watermarkBar(
  gifts: bigint,
  marks: Record<(typeof STEPS)[number], bigint>,
  told: (amount: bigint) => string,
): Markup {
  const all = gifts > marks.given ? gifts : marks.given;
  if (all === 0n) return NOTHING;
  const share = (amount: bigint) => Number((amount * 100_000n) / all) / 100;
  const bars = STEPS.map(
    (step) =>
      html`<rect class="${step}" x="0" y="0" width="${at(share(marks[step]))}" height="14"><title>${step} ${told(marks[step])}</title></rect>`,
  );
  return html`<svg class="watermarks" viewBox="0 0 1000 14" preserveAspectRatio="none" role="img" aria-label="how far the money has come"><rect class="rest" x="0" y="0" width="1000" height="14"/>${bars}</svg>`;
}
