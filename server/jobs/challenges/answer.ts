// Answers challenged promises with the proof that the receipt is in an anchored batch: an ordinary call, written down and
// sent like any other; the bond that it earns goes to the account that anchors. What cannot be answered is told in an alarm.
// Nothing is read from the chain here: `watch` does that.

import { toHex } from "../../protocol/bytes.ts";
import type { CallArgs } from "../../protocol/contract-calls.ts";
import {
  answerChallenge,
  noteProblem,
  openProblems,
  type Unanswered,
  unansweredAfter,
} from "../../store/challenges.ts";
import type { Database } from "../../store/database.ts";
import { batchByNumber } from "../../store/overview.ts";
import type { Proofs } from "../../store/proofs.ts";
import { AlarmError, type ChainContext } from "../chain-context.ts";
import { sayNoProof, sayNotAnchored, sayNotRecorded, sayOtherwise, sayRefused, saySlow } from "./problems.ts";
import { answerFor, isAsPromised, receiptAsked, receiptBooked } from "./recorded.ts";

const CHALLENGES_AT_ONCE = 100;
const MOST_PROBLEMS_TOLD = 5;
/** What is not answered when only this is left, a person should look at. */
const URGENT_SECONDS = 3n * 86_400n;

export type Answerer = Pick<ChainContext, "sql" | "log"> & { readonly proofs: Proofs };

/**
 * Answers what can be answered; true when there was something.
 * @throws AlarmError `challenge-unanswered` as long as an open challenge cannot be answered
 */
export async function answerChallenges(answerer: Answerer): Promise<boolean> {
  let answered = false;
  let after = 0n;
  for (;;) {
    const challenges = await unansweredAfter(answerer.sql, after, CHALLENGES_AT_ONCE);
    for (const challenge of challenges) answered = (await attend(answerer, challenge)) || answered;
    if (challenges.length < CHALLENGES_AT_ONCE) break;
    after = challenges.at(-1)?.id ?? after;
  }
  await raiseProblems(answerer.sql);
  return answered;
}

async function raiseProblems(sql: Database): Promise<void> {
  const problems = await openProblems(sql, MOST_PROBLEMS_TOLD + 1);
  if (problems.length === 0) return;
  const told = problems.slice(0, MOST_PROBLEMS_TOLD).join("; ");
  const more = problems.length > MOST_PROBLEMS_TOLD ? "; more are at /v1/challenges" : "";
  throw new AlarmError("challenge-unanswered", `${told}${more}`);
}

/** Answers one challenge, or notes why not; true when an answer was written down. */
async function attend({ sql, log, proofs }: Answerer, challenge: Unanswered): Promise<boolean> {
  const answer = challenge.call === null || challenge.again ? await answerTo(sql, proofs, challenge) : null;
  if (answer !== null && typeof answer !== "string") {
    await answerChallenge(sql, challenge, answer);
    log.info(
      { promise: toHex(challenge.promise), batch: answer.statement.batch },
      "a challenge is to be answered",
    );
    return true;
  }
  // A breach that stands is no longer a problem that can be mended.
  const problem = challenge.state === "open" ? (answer ?? problemUnderWay(challenge)) : null;
  await noteProblem(sql, challenge.id, problem);
  return false;
}

const isUrgent = ({ seconds_left }: Unanswered) => seconds_left !== null && seconds_left < URGENT_SECONDS;

/** An answer that is written down is not heard of until it has been refused, or takes long. */
function problemUnderWay(challenge: Unanswered): string | null {
  const { call, call_state, failure } = challenge;
  if (call === null) return null;
  if (call_state === "failed") return sayRefused(challenge, failure ?? "for no reason that is known");
  return call_state !== "final" && isUrgent(challenge) ? saySlow(challenge, `${call_state}`) : null;
}

/** Once for each challenge: nobody knows a leaf that is not recorded yet. */
const lookedFor = async (sql: Database, challenge: Unanswered) =>
  challenge.call !== null || (challenge.state === "open" && challenge.problem !== sayNotRecorded(challenge))
    ? await receiptBooked(sql, challenge)
    : undefined;

/** What the contract is to receive; or why nothing can be proven to it, null as long as that may be waited for. */
async function answerTo(
  sql: Database,
  proofs: Proofs,
  challenge: Unanswered,
): Promise<CallArgs["answer"] | string | null> {
  const receipt = (await receiptAsked(sql, challenge)) ?? (await lookedFor(sql, challenge));
  if (receipt === undefined) return sayNotRecorded(challenge);
  if (!isAsPromised(receipt, challenge)) return sayOtherwise(challenge, receipt);
  const state = (await batchByNumber(sql, receipt.batch))?.state ?? "open";
  if (state !== "anchored" && state !== "final")
    return isUrgent(challenge) ? sayNotAnchored(challenge, receipt, state) : null;
  const answer = await answerFor(proofs, receipt);
  return typeof answer === "string" ? sayNoProof(challenge, answer) : answer;
}
