// The trail of a verification: one step after the other, each passed, failed or undecided, ending at the first failure.
// What the steps check is not known here.

import { InputError, VerificationError } from "../errors.ts";

export type StepName =
  | "format"
  | "details"
  | "leaf"
  | "promise"
  | "sealed"
  | "book"
  | "statement"
  | "path"
  | "sum"
  | "root"
  | "terms"
  | "amount"
  | "ledger"
  | "successor"
  | "anchored"
  | "noticed"
  | "promiser"
  | "kept"
  | "status"
  | "fault"
  | "gift";

/** `ok` is null where nothing can be told. `reason` is a stable code, null for a step that passed. */
export type Step = { step: StepName; ok: boolean | null; says: string; reason: string | null };

/** Leaves a trail whose last step says why. Never leaves `walk`. */
class TrailEnd extends Error {}

/** The steps of one verification, in order. */
export class Trail {
  readonly steps: Step[];
  /** The step at which the trail ended early; null when it was walked to its end. */
  ended: Step | null = null;

  /** @param before the steps of the trail that this one continues */
  constructor(before: readonly Step[] = []) {
    this.steps = [...before];
  }

  /** Runs the steps to their end or to the first that fails or stops. */
  walk(steps: () => void): void {
    try {
      steps();
    } catch (error) {
      if (!(error instanceof TrailEnd)) throw error;
    }
  }

  /** Does one step's work; a refusal is recorded under its code and ends the trail. */
  take<T>(step: StepName, work: () => T, says: (found: T) => string): T {
    const found = this.attempt(step, work);
    this.steps.push({ step, ok: true, says: says(found), reason: null });
    return found;
  }

  /** Records a step that can decide nothing; the trail goes on. */
  skip(step: StepName, reason: string, says: string): void {
    this.steps.push({ step, ok: null, says, reason });
  }

  /** Ends the trail at a step that cannot be decided. */
  stop(step: StepName, reason: string, says: string): never {
    return this.end({ step, ok: null, says, reason });
  }

  /** Does work of a step that is told later; a refusal is recorded under its code and ends the trail. */
  attempt<T>(step: StepName, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof VerificationError || error instanceof InputError)) throw error;
      return this.end({ step, ok: false, says: error.message, reason: error.code });
    }
  }

  private end(step: Step): never {
    this.steps.push(step);
    this.ended = step;
    throw new TrailEnd();
  }
}
