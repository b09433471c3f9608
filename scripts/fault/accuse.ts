// Evidence before the contract: whether it takes it, asked without sending anything, and the call that brings it there.
// Which evidence there is, is found elsewhere.

import type { Hex } from "viem";
import { type Accusation, accusationOf, encodeAccusation, unitOf } from "../../server/chain/encode.ts";
import { ask, RefusedError as ContractError } from "../../server/chain/failures.ts";
import { type Evidence, lineOf } from "../../server/protocol/evidence.ts";
import { type Fault, faultNumbered } from "../../server/protocol/faults.ts";
import type { Contract } from "../chain/contract.ts";

/** Of one line so much evidence is tried: the contract takes one, and false files may hold any amount. */
const MOST_TRIED_OF_A_LINE = 50;

/** What the contract makes of evidence against one line. */
export type Outcome = {
  readonly evidence: Evidence;
  readonly function: Accusation;
  readonly data: Hex;
  /** `proven`: the line is at fault already, since before. */
  readonly state: "accepted" | "proven" | "refused";
  /** Of a line at fault. */
  readonly fault: Fault | null;
  /** Why it is refused. */
  readonly refusal: string | null;
};

/** For each line the evidence that the contract takes, or what it says to the first. */
export async function bringBefore(contract: Contract, evidence: readonly Evidence[]): Promise<Outcome[]> {
  const lines = Map.groupBy(evidence, (each) => JSON.stringify(lineOf(each)));
  const outcomes: Outcome[] = [];
  for (const ofLine of lines.values())
    outcomes.push(await firstTaken(contract, ofLine.slice(0, MOST_TRIED_OF_A_LINE)));
  return outcomes;
}

async function firstTaken(contract: Contract, evidence: readonly Evidence[]): Promise<Outcome> {
  let first: Outcome | undefined;
  for (const each of evidence) {
    const outcome = await tried(contract, each);
    if (outcome.state !== "refused") return outcome;
    first ??= outcome;
  }
  return first as Outcome;
}

async function tried(contract: Contract, evidence: Evidence): Promise<Outcome> {
  const call = { evidence, function: accusationOf(evidence), data: encodeAccusation(evidence) };
  try {
    await ask(() => contract.chain.public.call({ to: contract.address, data: call.data }));
    return { ...call, state: "accepted", fault: null, refusal: null };
  } catch (thrown) {
    if (!(thrown instanceof ContractError)) throw thrown;
    if (thrown.error !== "LineAtFault")
      return { ...call, state: "refused", fault: null, refusal: thrown.message };
    return { ...call, state: "proven", fault: await faultOf(contract, evidence), refusal: null };
  }
}

/** The fault that the contract keeps of a line. */
export async function faultOf(contract: Contract, evidence: Evidence): Promise<Fault | null> {
  const { charity, unit } = lineOf(evidence);
  return faultNumbered((await contract.read("faultOf", charity, unitOf(unit))) as number);
}
