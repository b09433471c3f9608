// How many of a day's steps count: what is beyond the caps does not. Pure.

import { InputError } from "../../errors.ts";
import { RULES } from "./rules.ts";

/** Whole steps. */
export type Counted = { readonly reported: number; readonly counted: number };

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0);

/** A day of 24 hours: what was reported, and what of it counts under the caps of an hour and of the day. */
export function countSteps(hours: readonly number[]): Counted {
  const capped = hours.map((steps) => Math.min(steps, RULES.mostAnHour));
  return { reported: sumOf(hours), counted: Math.min(sumOf(capped), RULES.mostADay) };
}

/** Throws `InputError` unless the steps that count reach the daily goal. */
export function checkGoal({ reported, counted }: Counted): void {
  if (counted >= RULES.dailyGoal) return;
  const wanted = `at least ${RULES.dailyGoal} steps that count`;
  const came = `${counted}, of ${reported} reported`;
  throw new InputError("goal-not-reached", `hours: wanted ${wanted}, came ${came}`, {
    field: "hours",
    wanted,
    came,
  });
}
