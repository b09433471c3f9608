// The steps of a verification as a visitor reads them: those that were made, and those that were not reached or are still to
// come; and for each whom one believes. Pure.

import { REVERSAL } from "../../protocol/receipt.ts";
import type { Step, StepName } from "../../protocol/trail.ts";
import type { Verification } from "../../protocol/verification.ts";

export type StepState = "passed" | "failed" | "open" | "unreached" | "asking";

/** Where the answer of a step comes from: this very browser, or the contract. */
export type Source = "here" | "contract";

export type ShownStep = {
  readonly step: StepName;
  readonly state: StepState;
  readonly source: Source;
  /** A stable code; null for a step that passed, or that was not made. */
  readonly reason: string | null;
  /** The protocol's own sentence; null for a step that was not made. */
  readonly says: string | null;
};

const READ: ReadonlySet<StepName> = new Set([
  "ledger",
  "successor",
  "anchored",
  "noticed",
  "status",
  "promiser",
  "kept",
  "fault",
]);

export const sourceOf = (step: StepName): Source => (READ.has(step) ? "contract" : "here");

const TO_ROOT: readonly StepName[] = ["statement", "path", "sum", "root"];
const WITH_CONTRACT: readonly StepName[] = ["ledger", "anchored", "status"];

/** All steps that a receipt like this one goes through when nothing stands in its way. */
function planOf({ file, promiser }: Verification, isProof: boolean): readonly StepName[] {
  const own: readonly StepName[] = isProof ? ["format", "leaf"] : ["format", "details", "leaf"];
  const toTerms: readonly StepName[] =
    isProof || file === null ? [] : file.terms ? ["terms", "amount"] : ["terms"];
  const isPromised = promiser !== null || file?.promise != null;
  return isPromised
    ? [...own, "promise", ...TO_ROOT, ...toTerms, ...WITH_CONTRACT, "kept"]
    : [...own, ...TO_ROOT, ...toTerms, ...WITH_CONTRACT];
}

export function shownSteps(verification: Verification, isProof: boolean, isAsking: boolean): ShownStep[] {
  const made = verification.steps.map(shownStep);
  const last = verification.steps.at(-1)?.step;
  const plan = planOf(verification, isProof);
  const isMade = (step: StepName) => verification.steps.some((each) => each.step === step);
  const rest = plan.slice(placeAfter(plan, last)).filter((step) => !isMade(step));
  return [...made, ...rest.map((step) => notMade(step, isAsking))];
}

/** Where the plan goes on behind a step; one that is in no plan stands before the statement's. */
function placeAfter(plan: readonly StepName[], step: StepName | undefined): number {
  if (step === undefined) return 0;
  const at = plan.indexOf(step);
  if (at >= 0) return at + 1;
  return sourceOf(step) === "contract" ? plan.length : plan.indexOf("statement");
}

const shownStep = ({ step, ok, says, reason }: Step): ShownStep => ({
  step,
  state: ok === true ? "passed" : ok === false ? "failed" : "open",
  source: sourceOf(step),
  reason,
  says,
});

const notMade = (step: StepName, isAsking: boolean): ShownStep => ({
  step,
  state: isAsking ? "asking" : "unreached",
  source: sourceOf(step),
  reason: null,
  says: null,
});

/** What stays open, however valid the receipt: the names of the texts that say so. */
export function notProven({
  file,
  steps,
}: Verification): readonly ("owner" | "refund" | "gift" | "number" | "outside")[] {
  if (file === null) return [];
  const isInBook = steps.some(({ step, ok }) => step === "book" && ok === true);
  return [
    ...(file.details === null ? (["owner"] as const) : []),
    file.receipt.kind === REVERSAL ? "gift" : "refund",
    ...(isInBook ? [] : (["number"] as const)),
    "outside",
  ];
}
