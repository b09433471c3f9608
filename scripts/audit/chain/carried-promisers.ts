// Accounts whose promises count at a contract that the ledger has left: at the successor they must count as long. Else whoever
// holds a promise of theirs can ask for it nowhere, since the one that was left takes no challenge any more.

import type { Hex } from "viem";
import type { Observation } from "../findings.ts";
import { type Chain, decodeLogs, type EventOf, readBlock } from "./chain.ts";
import { type LeftContract, openingBehind } from "./left.ts";

type PromiserSet = EventOf<"PromiserSet">;

/** What a contract was told when its successor was open already need not be there: its operator can still tell it there. */
export async function checkPromisers(chain: Chain, left: readonly LeftContract[]): Promise<Observation[]> {
  const observations: Observation[] = [];
  for (const [index, each] of left.entries()) {
    const opening = openingBehind(each, left, chain);
    if (opening === undefined) continue;
    const there = furthestOf(left[index + 1] ?? chain);
    for (const { args } of await setBefore(each, opening))
      if ((there.get(args.promiser) ?? 0) < args.until) observations.push(notCarried(each, args, there));
  }
  return observations;
}

const setAt = ({ logs }: Pick<Chain, "logs">): PromiserSet[] =>
  decodeLogs(logs).filter((event): event is PromiserSet => event.eventName === "PromiserSet");

/** Of each account what was set last before a time, in Unix seconds. */
async function setBefore(left: LeftContract, time: bigint): Promise<Iterable<PromiserSet>> {
  const latest = new Map<Hex, PromiserSet>();
  for (const event of setAt(left))
    if ((await readBlock(left.endpoint, event.block)).at < time) latest.set(event.args.promiser, event);
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
