// Goes on from a receipt file that was verified by itself to what the chosen contract says of it, wherever its ledger has
// moved since. Which contract that is, and from which endpoint it is read, the reader has chosen before.

import type { StepName } from "../protocol/trail.ts";
import { Trail } from "../protocol/trail.ts";
import { conclude } from "../protocol/verification.ts";
import {
  comparePromise,
  compareWithLedger,
  type Line,
  type Successor,
  type Verification,
} from "../protocol/verify.ts";
import type { ContractReader } from "./contract-reader.ts";
import { type Place, readForPromise, readLedger } from "./follow.ts";

/** A verification that has met the contract; `line` and `successors` as far as they were read. */
export type Compared = {
  readonly verification: Verification;
  readonly line?: Line;
  /** Where the chosen contract says that the ledger has moved, in the order of the moves. */
  readonly successors?: readonly Successor[];
};

/**
 * Reads what is needed and judges by it. A file without a batch is compared by its promise alone.
 * @throws UnavailableError when an endpoint does not answer, or is missing for a chain that the ledger has moved to
 */
export async function compareWith(
  place: Place,
  readers: readonly ContractReader[],
  alone: Verification,
): Promise<Compared> {
  const { batch, position } = alone;
  if (batch === null || position === null) {
    const reading = await readForPromise(place, readers, alone);
    if (reading === null) return { verification: alone };
    return { verification: comparePromise(alone, reading), successors: reading.successors ?? [] };
  }
  const reading = await readLedger(place, readers, batch, position, alone);
  const verification = compareWithLedger(alone, reading);
  return { verification, line: reading.line, successors: reading.successors ?? [] };
}

/** The verification with one step more, at which nothing could be told. */
export function undecided(
  verification: Verification,
  step: StepName,
  reason: string,
  says: string,
): Verification {
  const trail = new Trail(verification.steps);
  trail.walk(() => trail.stop(step, reason, says));
  return conclude(trail, verification, null);
}
