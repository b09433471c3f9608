// A volunteer's year: what was served by kind, what of it counts under the caps, and how much is missing to three hours.

import type { Activity } from "./activity.ts";
import { GOAL_TENTHS, KINDS, RULES, type ServiceKind, YEARLY_CAPS_TENTHS } from "./service-kinds.ts";

export type OfKind = {
  readonly kind: ServiceKind;
  /** All that was served. */
  readonly tenths: number;
  /** What of it counts towards the goal. */
  readonly counted: number;
};

export type Year = {
  readonly kinds: readonly OfKind[];
  readonly counted: number;
  readonly goal: number;
  readonly missing: number;
  readonly reached: boolean;
};

/** Sums by kind, in the table's order; kinds of one group share its cap, the earlier kind first. */
export function yearOf(served: readonly { readonly kind: ServiceKind; readonly tenths: number }[]): Year {
  const left: Record<string, number> = { ...YEARLY_CAPS_TENTHS };
  const kinds = KINDS.flatMap((kind) => {
    const own = served.filter((each) => each.kind === kind);
    if (own.length === 0) return [];
    const tenths = own.reduce((sum, each) => sum + each.tenths, 0);
    return [{ kind, tenths, counted: takeUnderCap(left, RULES[kind].group, tenths) }];
  });
  const counted = kinds.reduce((sum, each) => sum + each.counted, 0);
  const missing = Math.max(0, GOAL_TENTHS - counted);
  return { kinds, counted, goal: GOAL_TENTHS, missing, reached: missing === 0 };
}

function takeUnderCap(left: Record<string, number>, group: string | null, tenths: number): number {
  if (group === null) return tenths;
  const counted = Math.min(tenths, left[group] as number);
  left[group] = (left[group] as number) - counted;
  return counted;
}

/** The calendar year of an instant (Unix seconds) by the clock of the place. */
export function yearAt(unixSeconds: number, utcOffset: Activity["utcOffset"]): number {
  const [hours, minutes] = utcOffset.slice(1).split(":").map(Number) as [number, number];
  const ahead = (utcOffset.startsWith("-") ? -1 : 1) * (hours * 3600 + minutes * 60);
  return new Date((unixSeconds + ahead) * 1000).getUTCFullYear();
}

/** Tenths as people write hours: 12 → "1.2". */
export const hoursText = (tenths: number | bigint): string =>
  `${BigInt(tenths) / 10n}.${BigInt(tenths) % 10n}`;
