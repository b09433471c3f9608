// What the earlier contract tells by its events, which is more than we have asked of it: others carry signatures, prove
// faults and record breaches too. What has to be done again of it is in `carried`.

import type { Hex } from "viem";
import { accusationBy } from "../../chain/accusation.ts";
import { eventsWithin, inRanges } from "../../chain/logs.ts";
import { fromHex, toHex } from "../../protocol/bytes.ts";
import { lastBatchOf } from "../../store/moves.ts";
import type { Earlier } from "./mover.ts";

const EVENTS = [
  "CharityRegistered",
  "PayeeChangeAnnounced",
  "SignerChangeAnnounced",
  "PayeeChanged",
  "SignerChanged",
  "ChangeVetoed",
  "PromiserSet",
  "Paid",
  "Repaid",
  "Acknowledged",
  "Disbursed",
  "FaultProven",
  "BreachRecorded",
  "Challenged",
] as const;

type EventName = (typeof EVENTS)[number];
export type LedgerEvent = NonNullable<Awaited<ReturnType<typeof eventsWithin<EventName>>>>[number];
export type EventOf<Name extends EventName> = Extract<LedgerEvent, { eventName: Name }>;

export type ProvenFault = {
  readonly charity: Hex;
  readonly unit: Hex;
  /** The call that shows it again; undefined when the transaction's input does not hold it. */
  readonly evidence: Hex | undefined;
  /** The last batch that it rests on; undefined when that is none of ours. */
  readonly lastBatch: bigint | undefined;
};

export type Testimony = {
  /** In the order of the chain. */
  readonly events: readonly LedgerEvent[];
  readonly faults: readonly ProvenFault[];
};

/** Everything up to the newest block. */
export async function testimonyOf(earlier: Earlier): Promise<Testimony> {
  const { address, fromBlock } = earlier;
  const { chain } = earlier.context;
  const within = (from: bigint, to: bigint) => eventsWithin(chain, address, EVENTS, [from, to]);
  const events: LedgerEvent[] = [];
  for await (const { found } of inRanges(fromBlock, await chain.head(), within)) events.push(...found);
  const faults: ProvenFault[] = [];
  for (const event of eventsNamed(events, "FaultProven")) faults.push(await faultOf(earlier, event));
  return { events, faults };
}

/** Where the input does not tell what a fault rests on, our own statements do: whoever hides it must not hold us here. */
async function faultOf(
  { context: { chain, ledger, sql } }: Earlier,
  { args, transactionHash }: EventOf<"FaultProven">,
): Promise<ProvenFault> {
  const { charity, unit, first, second } = args;
  const found = await accusationBy(chain, transactionHash, toHex(ledger), { first, second });
  if (found !== undefined) return { charity, unit, ...found };
  const leaves = [first, second].filter((leaf) => BigInt(leaf) !== 0n).map((leaf) => fromHex(leaf));
  return { charity, unit, evidence: undefined, lastBatch: await lastBatchOf(sql, fromHex(charity), leaves) };
}

/** Whether a fault rests on batches up to the last good one alone: one that does not is a thief's doing. */
export const isOfGoodBatches = ({ lastBatch }: ProvenFault, lastGoodBatch: bigint): boolean =>
  lastBatch !== undefined && lastBatch <= lastGoodBatch;

export const eventsNamed = <Name extends EventName>(events: readonly LedgerEvent[], name: Name) =>
  events.filter((event): event is EventOf<Name> => event.eventName === name);
