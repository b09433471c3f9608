// A contract that its operator does not open: it takes no challenge, so that whoever is promised a receipt there is promised
// nothing. Whether the promises themselves were kept is not asked here.

import type { Observation } from "../findings.ts";
import { type Chain, decodeLogs, type EventOf, type LedgerEvent, readBlock } from "./chain.ts";
import type { Replay } from "./replay.ts";
import type { Endpoint } from "./rpc.ts";

const DEMONSTRATION_CHAIN = 31337;

/** A ledger that is moving is rebuilt before it is opened, which takes hours: nobody is accused for that long. */
const REBUILDING_S = 7n * 86_400n;

export const isDemonstration = ({ chainId }: Pick<Chain, "chainId">): boolean =>
  chainId === DEMONSTRATION_CHAIN;

export async function checkOpening(
  endpoint: Endpoint,
  chain: Chain,
  { charities }: Replay,
): Promise<Observation[]> {
  if (charities.opened || isDemonstration(chain)) return [];
  const events = decodeLogs(chain.logs);
  const promisers = promisersOf(events, chain.block.at);
  const first = events.find((event) => event.eventName === "BatchAnchored");
  if (promisers.length === 0 || first === undefined) return [];
  const since = (await readBlock(endpoint, first.block)).at;
  return chain.block.at - since <= REBUILDING_S ? [] : [notOpened(promisers, chain.lastBatch, since)];
}

/** The accounts that may promise as of a time, in Unix seconds. */
function promisersOf(events: readonly LedgerEvent[], now: bigint): string[] {
  const set = events.filter((event): event is EventOf<"PromiserSet"> => event.eventName === "PromiserSet");
  const latest = new Map(set.map(({ args }) => [args.promiser.toLowerCase(), BigInt(args.until)]));
  return [...latest].filter(([, until]) => until > now).map(([promiser]) => promiser);
}

function notOpened(promisers: readonly string[], batches: bigint, since: bigint): Observation {
  const named = promisers.join(", ");
  return {
    code: "contract-not-opened",
    says: `the contract admits promises of ${named} and keeps ${batches} batches, the first since ${since}, and is not opened: nothing that was promised can be asked for there`,
    place: {},
    numbers: { promisers: named, batches, since },
  };
}
