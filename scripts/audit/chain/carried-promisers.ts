// Accounts whose promises count at a contract that the ledger has left: at the successor they must count as long. Else whoever
// holds a promise of theirs can ask for it nowhere, since the one that was left takes no challenge any more.

import type { Hex } from "viem";
import type { Observation } from "../findings.ts";
import { type Chain, decodeLogs, type EventOf, readBlock } from "./chain.ts";
import { type LeftContract, openingBehind } from "./left.ts";

type PromiserSet = EventOf<"PromiserSet">;

/**
 * What a contract is told while the opening of its successor is on its way is carried over by nobody, and two chains have two
 * clocks: for a week it is the operator's to tell the successor too.
 */
const CROSSING_S = 86_400n;
const TOLD_WITHIN_S = 7n * 86_400n;

/** What a contract was told when its successor was open already need not be there: its operator can still tell it there. */
export async function checkPromisers(chain: Chain, left: readonly LeftContract[]): Promise<Observation[]> {
  const observations: Observation[] = [];
  for (const [index, each] of left.entries()) {
    const opening = openingBehind(each, left, chain);
    if (opening === undefined) continue;
    const there = furthestOf(left[index + 1] ?? chain);
    const isYoung = chain.block.at - opening <= TOLD_WITHIN_S;
    const from = isYoung ? opening - CROSSING_S : opening;
    for (const { args, at } of await setBefore(each, opening))
      if (at < from && (there.get(args.promiser) ?? 0) < args.until)
        observations.push(notCarried(each, args, there));
  }
  return observations;
}

const setAt = ({ logs }: Pick<Chain, "logs">): PromiserSet[] =>
  decodeLogs(logs).filter((event): event is PromiserSet => event.eventName === "PromiserSet");

type Timed = Pick<PromiserSet, "args"> & { readonly at: bigint };

/** Of each account what was set last before a time, in Unix seconds, and when. */
async function setBefore(left: LeftContract, time: bigint): Promise<Iterable<Timed>> {
  const latest = new Map<Hex, Timed>();
  for (const { args, block } of setAt(left)) {
    const { at } = await readBlock(left.endpoint, block);
    if (at < time) latest.set(args.promiser, { args, at });
  }
  return latest.values();
}

/** Of each account how far its word ever reached: one that is retired later has been asked for long enough. */
function furthestOf(contract: Pick<Chain, "logs">): Map<Hex, number> {
  const furthest = new Map<Hex, number>();
  for (const { args } of setAt(contract))
    furthest.set(args.promiser, Math.max(furthest.get(args.promiser) ?? 0, args.until));
  return furthest;
}

function notCarried(
  { contract }: LeftContract,
  { promiser: account, until }: PromiserSet["args"],
  there: ReadonlyMap<Hex, number>,
): Observation {
  const promiser = account.toLowerCase();
  const numbers = { promiser, left: until, successor: there.get(account) ?? 0 };
  return {
    code: "promiser-not-carried",
    says: `${contract}, which the ledger has left, takes the word of ${promiser} for deadlines before ${until}; its successor for those before ${numbers.successor}`,
    place: {},
    numbers,
  };
}
