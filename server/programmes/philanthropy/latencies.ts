// How long money took from the closing of its batch to each step, as percentiles over the money that has reached the step.
// Exact: every minor unit counts once, with the whole seconds that it took.

import { isMoney } from "../currency.ts";
import type { Moved, StatementFact, Step } from "./facts.ts";

export const LATENCY_STEPS = ["anchored", "paid", "acknowledged", "spent"] as const;
export type LatencyStep = (typeof LATENCY_STEPS)[number];

/**
 * Whether a unit goes that step at all: steps and minutes are given and anchored; no payout moves them, and that none has come
 * there says nothing.
 */
export const isCourse = ({ unit, step }: { readonly unit: string; readonly step: LatencyStep }): boolean =>
  step === "anchored" || isMoney(unit);

export const PERCENTILES = { p50: 50n, p90: 90n, p99: 99n } as const;

/** Money by the seconds that it took; a chain whose clock is behind that of the service took none. */
export type Spread = Map<bigint, bigint>;

const add = (spread: Spread, seconds: bigint, amount: bigint) => {
  const took = seconds < 0n ? 0n : seconds;
  spread.set(took, (spread.get(took) ?? 0n) + amount);
};

/** How much money is in it. */
export const massOf = (spread: Spread): bigint => [...spread.values()].reduce((sum, one) => sum + one, 0n);

/**
 * The least number of seconds within which at least `percent` of the money came: the nearest rank, never between two
 * values. Null when there is none.
 */
export function percentile(spread: Spread, percent: bigint): bigint | null {
  const mass = massOf(spread);
  if (mass === 0n) return null;
  let reached = 0n;
  for (const [seconds, amount] of [...spread].sort(([a], [b]) => (a < b ? -1 : 1))) {
    reached += amount;
    if (reached * 100n >= percent * mass) return seconds;
  }
  return null;
}

/** The events of one step of one line, passed once: statements of a line come in the order of their positions. */
class Passing {
  readonly #moves: readonly Moved[];
  #next = 0;

  constructor(moves: readonly Moved[]) {
    this.#moves = moves;
  }

  /** The parts of [from, to) by when the step reached them; what it has not reached is left out. */
  *over(from: bigint, to: bigint): Generator<{ readonly at: bigint; readonly amount: bigint }> {
    for (let start = from; ; this.#next++) {
      const move = this.#moves[this.#next];
      if (move === undefined) return;
      const end = move.upTo < to ? move.upTo : to;
      if (end > start) yield { at: move.at, amount: end - start };
      if (end > start) start = end;
      if (move.upTo >= to) return;
    }
  }
}

/** The latencies of one unit's gifts. */
export class Latencies {
  readonly spreads: Readonly<Record<LatencyStep, Spread>> = {
    anchored: new Map(),
    paid: new Map(),
    acknowledged: new Map(),
    spent: new Map(),
  };
  readonly #passing = new Map<string, Passing>();
  readonly #movesOf: (charity: string, step: Step) => readonly Moved[];

  /** @param movesOf of this unit, in the order of their positions */
  constructor(movesOf: (charity: string, step: Step) => readonly Moved[]) {
    this.#movesOf = movesOf;
  }

  /** The next statement of gifts. */
  take({ charity, from, to, closedAt, anchoredAt }: StatementFact): void {
    if (anchoredAt !== null) add(this.spreads.anchored, anchoredAt - closedAt, to - from);
    for (const step of ["paid", "acknowledged", "spent"] as const)
      for (const { at, amount } of this.#of(charity, step).over(from, to))
        add(this.spreads[step], at - closedAt, amount);
  }

  #of(charity: string, step: Step): Passing {
    const key = `${charity} ${step}`;
    const passing = this.#passing.get(key) ?? new Passing(this.#movesOf(charity, step));
    this.#passing.set(key, passing);
    return passing;
  }
}
