// What is decided of days of steps that are held. Accepting is written down first, then the day is recorded, then that it
// is: whoever repeats the decision completes what a crash has cut off.

import { ConflictError } from "../errors.ts";
import type { StepReport } from "../programmes/steps/report.ts";
import { eventsByIds } from "../store/events.ts";
import { decideHeld, type HeldSteps, heldByNumber, markRecorded } from "../store/held-steps.ts";
import { type Answer, answersOfKnown } from "./answers.ts";
import type { Ingest } from "./ingest.ts";
import { ingestReports } from "./steps.ts";

export type StepsDecision = { readonly accept: boolean; readonly reason: string };

/**
 * Decides on a day as it stands in `held`. The receipts, once accepted; null where there are none, or no more.
 * @throws ConflictError `already-decided`, `changed-meanwhile`, `day-recorded`
 */
export async function decideOnSteps(
  ingest: Ingest,
  held: HeldSteps,
  decision: StepsDecision,
): Promise<Answer | null> {
  if (isOpen(held)) await decide(ingest, held, decision);
  else checkSame(held, decision);
  if (!decision.accept) return null;
  return held.state === "recorded" ? answerOfRecorded(ingest, held) : recordAccepted(ingest, held);
}

const isOpen = ({ state }: HeldSteps): boolean => state === "held" || state === "appealed";

/** Also when somebody else has decided the same since `held` was read. */
async function decide({ sql }: Ingest, held: HeldSteps, decision: StepsDecision): Promise<void> {
  const { accept, reason } = decision;
  const isRecorded = accept && (await eventsByIds(sql, [held.event])).size > 0;
  const to = accept ? "accepted" : "rejected";
  if (!isRecorded && (await decideHeld(sql, held.number, held.state, to, reason))) return;
  const now = (await heldByNumber(sql, held.number)) ?? held;
  if (!isOpen(now)) return checkSame(now, decision);
  if (isRecorded) throw OTHERWISE_RECORDED;
  throw new ConflictError("changed-meanwhile", `state: ${held.state} no longer; look at it again`);
}

/** Two reports of a day came at once, and the other had nothing that flags it. */
const OTHERWISE_RECORDED = new ConflictError(
  "day-recorded",
  "day: another report of it is recorded, so this one can only be rejected",
);

function checkSame({ state, decision }: HeldSteps, { accept, reason }: StepsDecision): void {
  if (accept === (state !== "rejected") && reason === decision) return;
  const recorded = { accept: state !== "rejected", reason: decision };
  throw new ConflictError("already-decided", `state: this day is ${state} already`, { recorded });
}

async function recordAccepted(ingest: Ingest, { body, event }: HeldSteps): Promise<Answer> {
  const [outcome] = await ingestReports(ingest, [JSON.parse(body as string) as StepReport]);
  if (outcome === undefined || outcome instanceof Error) throw outcome;
  await markRecorded(ingest.sql, event);
  return outcome;
}

/** By the event's own body; of an erased one nothing is told any more. */
async function answerOfRecorded({ sql, opener }: Ingest, { event: id }: HeldSteps): Promise<Answer | null> {
  const event = (await eventsByIds(sql, [id])).get(id.toString("hex"));
  if (event === undefined || event.body === null) return null;
  const [answer] = await answersOfKnown(sql, [{ id, body: event.body }], opener);
  if (answer instanceof Error) throw answer;
  return answer as Answer;
}
