// What no walk looks like: the patterns of a day that is held instead of recorded. Pure; whether a device was carried by
// several persons is known by the store alone.

import { RULES } from "./rules.ts";

export type Flag = keyof typeof RULES.patterns;

/** Why a day is held: the rule's name, and what was seen, in words. */
export type Reason = { readonly code: Flag; readonly says: string };

/** Hours on end of a day; `from` is the first. */
type Stretch = { readonly from: number; readonly hours: readonly number[] };

const { patterns } = RULES;
const clock = (hour: number) => `${`${hour}`.padStart(2, "0")}:00`;

/** The first stretch of so many hours on end, all with at least so many steps, of which `holds` is true. */
function firstStretch(
  day: readonly number[],
  { hours: length, atLeast }: { readonly hours: number; readonly atLeast: number },
  holds: (hours: readonly number[]) => boolean = () => true,
): Stretch | undefined {
  for (let from = 0; from + length <= day.length; from++) {
    const hours = day.slice(from, from + length);
    if (hours.every((steps) => steps >= atLeast) && holds(hours)) return { from, hours };
  }
  return undefined;
}

const isSame = (hours: readonly number[]) => hours.every((steps) => steps === hours[0]);

const isEven = (hours: readonly number[]) => {
  const [least, most] = [Math.min(...hours), Math.max(...hours)];
  return (most - least) * 100 <= least * patterns["too-even"].withinPercent;
};

const SEEN: readonly {
  readonly code: Flag;
  stretch(day: readonly number[]): Stretch | undefined;
  says(stretch: Stretch): string;
}[] = [
  {
    code: "same-count",
    stretch: (day) => firstStretch(day, patterns["same-count"], isSame),
    says: ({ from, hours }) =>
      `the same ${hours[0]} steps in ${hours.length} hours on end, from ${clock(from)}`,
  },
  {
    code: "too-even",
    stretch: (day) => firstStretch(day, patterns["too-even"], isEven),
    says: ({ from, hours }) =>
      `${hours.length} hours on end that differ by ${patterns["too-even"].withinPercent}% at most, from ${clock(from)}`,
  },
  {
    code: "never-rests",
    stretch: (day) => firstStretch(day, patterns["never-rests"]),
    says: ({ hours }) =>
      `at least ${patterns["never-rests"].atLeast} steps in each of the day's ${hours.length} hours`,
  },
  {
    code: "rocker",
    stretch: (day) => firstStretch(day, patterns.rocker),
    says: ({ from, hours }) =>
      `at least ${patterns.rocker.atLeast} steps an hour for ${hours.length} hours on end, from ${clock(from)}`,
  },
];

/** What a day of 24 hours shows that no walk does; nothing, as a rule. */
export const reasonsOf = (day: readonly number[]): Reason[] =>
  SEEN.flatMap(({ code, stretch, says }) => {
    const seen = stretch(day);
    return seen === undefined ? [] : [{ code, says: says(seen) }];
  });

export const SHARED_DEVICE: Reason = {
  code: "shared-device",
  says: "another person donated the steps of the same device on the same day",
};
