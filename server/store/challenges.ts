// Challenged promises: those that wait for an answer, why one cannot be given, and all of them as they are shown. How they
// came here from the contract is in `challenge-watch`.

import type { CallArgs } from "../protocol/contract-calls.ts";
import { type CallState, intend } from "./chain-calls.ts";
import type { Database, Queries } from "./database.ts";

/**
 * `open`: nobody has answered. `answered`: in time. `breached`: not in time. `answeredLate`: the receipt was shown when the
 * breach stood already.
 */
export type ChallengeState = "open" | "answered" | "breached" | "answeredLate";

export type Challenge = {
  readonly id: bigint;
  /** The promise's leaf, its name on chain. */
  readonly promise: Buffer;
  readonly leaf: Buffer;
  readonly charity: Buffer;
  readonly unit: string;
  readonly kind: number;
  /** Any number of 64 bits, in decimal. */
  readonly amount: string;
  /** Unix seconds, as `due_at`; null, like all that only a challenge tells, for a breach that was carried over. */
  readonly deadline: bigint | null;
  readonly promiser: Buffer | null;
  /** Its word counts for deadlines before. */
  readonly promiser_until: bigint | null;
  readonly challenger: Buffer | null;
  readonly due_at: bigint | null;
  readonly state: ChallengeState;
  /** The batch that it was answered from, in decimal, and by which account. */
  readonly answer_batch: string | null;
  readonly answered_by: Buffer | null;
  readonly problem: string | null;
};

const columns = (sql: Queries) => sql`
  challenges.id, promise, leaf, charity, unit, challenges.kind, amount, deadline, promiser, promiser_until, challenger,
  due_at, challenges.state, answer_batch, answered_by, problem`;

/** Challenges below a number, newest first. */
export const challengesBefore = (sql: Queries, before: bigint, limit: number) =>
  sql<
    Challenge[]
  >`SELECT ${columns(sql)} FROM challenges WHERE id < ${before} ORDER BY id DESC LIMIT ${limit}`;

export type Unanswered = Challenge & {
  /** Seconds until the challenge ends, by our clock or the chain's, whichever is ahead; negative once it has. */
  readonly seconds_left: bigint | null;
  /** Our answer, if one is written down. */
  readonly call: bigint | null;
  readonly call_state: CallState | null;
  readonly failure: string | null;
  /** Whether an answer that came to nothing may be tried again. */
  readonly again: boolean;
};

/** An answer that was refused, or that the contract does not show although it is final, is given again after this. */
const AGAIN_AFTER_SECONDS = 600;

/** Challenges that nobody has answered, also those whose breach stands: a late answer is recorded beside it. */
export const unansweredAfter = (sql: Queries, after: bigint, most: number) =>
  sql<Unanswered[]>`
    SELECT ${columns(sql)}, call, chain_calls.state AS call_state, failure,
      due_at - greatest(extract(epoch FROM now())::bigint, (SELECT read_at FROM challenge_watch)) AS seconds_left,
      coalesce(chain_calls.state IN ('failed', 'final')
        AND coalesce(mined_at, created_at) < now() - ${AGAIN_AFTER_SECONDS} * interval '1 second', false) AS again
    FROM challenges LEFT JOIN chain_calls ON chain_calls.id = call
    WHERE answer_block IS NULL AND challenges.id > ${after} ORDER BY challenges.id LIMIT ${most}`;

/** Writes down that a challenge shall be answered, or that it shall be answered again. */
export async function answerChallenge(
  sql: Database,
  { id, call }: Pick<Unanswered, "id" | "call">,
  args: CallArgs["answer"],
): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`UPDATE chain_calls SET once = NULL WHERE id = ${call} AND state IN ('failed', 'final')`;
    const answer = await intend(tx, { kind: "answer", args });
    await tx`UPDATE challenges SET call = ${answer}, problem = NULL WHERE id = ${id}`;
  });
}

/** Writes down why a challenge cannot be answered; null when it can, or when it need not be any more. */
export async function noteProblem(sql: Queries, id: bigint, problem: string | null): Promise<void> {
  await sql`
    UPDATE challenges SET problem = ${problem}
    WHERE id = ${id} AND problem IS DISTINCT FROM ${problem} AND answer_block IS NULL`;
}

/** What keeps open challenges from being answered, the most urgent first. */
export async function openProblems(sql: Queries, most: number): Promise<string[]> {
  const rows = await sql<{ problem: string }[]>`
    SELECT problem FROM challenges WHERE state = 'open' AND problem IS NOT NULL ORDER BY due_at, id LIMIT ${most}`;
  return rows.map(({ problem }) => problem);
}
