// Goes on from a receipt that was verified by itself to the contract that the visitor believes, at the endpoint that they read
// it at. Whatever does not answer leaves the receipt undecided, and says why.

import { UnavailableError } from "../../errors.ts";
import type { Verification } from "../../protocol/verification.ts";
import { NOT_COMPARED, NOT_SEALED } from "../../protocol/verify.ts";
import { type Compared, compareWith, undecided } from "../../verifier/compare.ts";
import type { LedgerChoice } from "../ledger/choice.ts";
import { startAt } from "../ledger/start.ts";

/**
 * `host`: where the contract was read; null when nothing was. `at`: when that was. `isLast`: of a contract that was read before
 * and does not answer any more.
 */
export type Reading = Compared & {
  readonly host: string | null;
  readonly at: Date;
  readonly isLast: boolean;
};

const SILENT: readonly (string | null)[] = ["no-answer", "no-connection"];

/** What was read stays when nothing answers; any answer, also one that decides nothing, goes before it. */
export function lastOf(before: Reading | undefined, now: Reading): Reading {
  const wasRead = before !== undefined && before.host !== null;
  return wasRead && now.host === null && SILENT.includes(now.verification.reason)
    ? { ...before, isLast: true }
    : now;
}

/** Whether the contract has anything to say of it: a root to compare, or a promise to weigh. */
export const isComparable = ({ reason, promiser }: Verification): boolean =>
  reason === NOT_COMPARED || (reason === NOT_SEALED && promiser !== null);

export async function compareWithChoice(alone: Verification, choice: LedgerChoice | null): Promise<Reading> {
  const told = { at: new Date(), isLast: false };
  try {
    return { ...(await readAndCompare(alone, choice)), ...told };
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    const reason = error.code === "no-answer" && !navigator.onLine ? "no-connection" : error.code;
    return { verification: undecided(alone, "ledger", reason, error.message), host: null, ...told };
  }
}

async function readAndCompare(alone: Verification, choice: LedgerChoice | null) {
  const { place, readers, host } = await startAt(choice);
  return { ...(await compareWith(place, readers, alone)), host };
}
