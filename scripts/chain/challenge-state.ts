// How a challenge stands, as the contract says, and who has answered it.

import type { Address, Hex } from "viem";
import { eventsWithin, inRanges } from "../../server/chain/logs.ts";
import { blockAt, type Contract } from "./contract.ts";

/** As the contract numbers the states of a challenge. */
const STATES = ["none", "open", "answered", "breached", "answeredLate"] as const;

/** `dueAt` in Unix seconds; zero, like the challenger, for a breach that was carried over. */
export type ChallengeState = {
  readonly state: (typeof STATES)[number];
  readonly challenger: Address;
  readonly dueAt: bigint;
};

export async function challengeState(contract: Contract, promiseId: Hex): Promise<ChallengeState> {
  const found = await contract.read("challengeOf", promiseId);
  const { challenger, dueAt, state } = found as { challenger: Address; dueAt: number; state: number };
  return { challenger, dueAt: BigInt(dueAt), state: STATES[state] ?? "none" };
}

export type GivenAnswer = { readonly batch: bigint; readonly by: Address };

/** The answer that a challenge was given; undefined when the endpoint shows none. */
export async function answerGiven(
  contract: Contract,
  promiseId: Hex,
  { dueAt }: ChallengeState,
): Promise<GivenAnswer | undefined> {
  const period = BigInt((await contract.read("ANSWER_PERIOD")) as number);
  const from = dueAt === 0n ? 0n : await blockAt(contract, dueAt - period);
  const names = ["Answered", "AnsweredLate"] as const;
  const within = (start: bigint, end: bigint) =>
    eventsWithin(contract.chain, contract.address, names, [start, end]);
  for await (const { found } of inRanges(from, await contract.chain.head(), within)) {
    const event = found.find(({ args }) => args.promiseId === promiseId);
    if (event !== undefined) return { batch: event.args.batch, by: event.args.answeredBy };
  }
  return undefined;
}
