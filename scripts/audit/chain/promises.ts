// Challenges as the contract's events give them: what was asked for, what was answered, and what is overdue. A breach that is
// recorded is told where all events are gone through.

import type { Hex } from "viem";
import type { Observation } from "../findings.ts";
import { plainUnit } from "./accounts.ts";
import { type Chain, decodeLogs, type EventOf, type LedgerEvent, readContractMany } from "./chain.ts";
import type { Endpoint } from "./rpc.ts";

/** As the contract numbers the states of a challenge. */
const OPEN = 1;
const ANSWERED = 2;
export const BREACHED = 3;
export const ANSWERED_LATE = 4;

const STATE_AFTER: Partial<Record<LedgerEvent["eventName"], number>> = {
  Challenged: OPEN,
  Answered: ANSWERED,
  BreachRecorded: BREACHED,
  AnsweredLate: ANSWERED_LATE,
};
const SAY_STATE = ["none", "open", "answered", "breached", "answered late"];

type ChallengeEvent = EventOf<"Challenged" | "Answered" | "BreachRecorded" | "AnsweredLate">;

/** A challenge: its state by the events; the event that opened it is missing for a breach that was carried over. */
export type Challenge = { readonly opened: EventOf<"Challenged"> | undefined; readonly state: number };

/** By the promise's leaf. */
export function challengesOf({ logs }: Pick<Chain, "logs">): Map<Hex, Challenge> {
  const challenges = new Map<Hex, Challenge>();
  for (const event of decodeLogs(logs)) {
    const state = STATE_AFTER[event.eventName];
    if (state === undefined) continue;
    const { promiseId } = (event as ChallengeEvent).args;
    const opened = event.eventName === "Challenged" ? event : challenges.get(promiseId)?.opened;
    challenges.set(promiseId, { opened, state });
  }
  return challenges;
}

/** Those that can still be answered in time. */
export const openChallenges = (chain: Pick<Chain, "logs" | "block">): EventOf<"Challenged">[] =>
  [...challengesOf(chain).values()].flatMap(({ opened, state }) =>
    state === OPEN && opened !== undefined && BigInt(opened.args.dueAt) >= chain.block.at ? [opened] : [],
  );

/** The states that the contract gives for promises, by their leaves. */
export async function stateOf(
  endpoint: Endpoint,
  { contract, block }: Chain,
  ids: readonly Hex[],
): Promise<number[]> {
  const args = ids.map((id) => [id]);
  const said = await readContractMany(endpoint, contract, block.number, "challengeOf", args);
  return (said as { state: number }[]).map(({ state }) => state);
}

/** Challenges that nobody has answered in time, and those of which the contract says something else than its events. */
export async function checkChallenges(endpoint: Endpoint, chain: Chain): Promise<Observation[]> {
  const challenges = [...challengesOf(chain)];
  const said = await stateOf(
    endpoint,
    chain,
    challenges.map(([id]) => id),
  );
  return challenges.flatMap(([id, challenge], i) => [
    ...overdue(challenge, chain.block.at),
    ...compare(id, challenge, said[i] as number),
  ]);
}

function* overdue({ opened, state }: Challenge, now: bigint): Generator<Observation> {
  if (state !== OPEN || opened === undefined || BigInt(opened.args.dueAt) >= now) return;
  const { leaf, promised, promiser, deadline, dueAt } = opened.args;
  yield {
    code: "challenge-overdue",
    says: `the receipt ${leaf}, promised by ${promiser} for ${deadline}, was asked for and not shown by ${dueAt}; anybody may record the breach`,
    place: { charity: promised.charity, unit: plainUnit(promised.unit) },
    numbers: { leaf, amount: promised.amount, promiser, deadline, dueAt },
  };
}

function* compare(promiseId: Hex, { state, opened }: Challenge, said: number): Generator<Observation> {
  if (said === state) return;
  const [contract, events] = [SAY_STATE[said] ?? `state ${said}`, SAY_STATE[state] as string];
  const promised = opened?.args.promised;
  yield {
    code: "challenge-differs",
    says: `the contract says of the challenge ${promiseId}: ${contract}; its events give: ${events}`,
    place: promised === undefined ? {} : { charity: promised.charity, unit: plainUnit(promised.unit) },
    numbers: { promiseId, contract, events },
  };
}
