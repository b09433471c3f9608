// What the earlier contract tells by its events, which is more than we have asked of it: others carry signatures, prove
// faults and record breaches too. What has to be done again of it is in `carried`.

import type { Hex } from "viem";
import { type Accusation, accusationBy } from "../../chain/accusation.ts";
import { eventsWithin, inRanges } from "../../chain/logs.ts";
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
  /** Undefined when the transaction's input does not hold it. */
  readonly accusation: Accusation | undefined;
};

export type Testimony = {
  /** In the order of the chain. */
  readonly events: readonly LedgerEvent[];
  readonly faults: readonly ProvenFault[];
};

/** Everything up to the newest block. */
export async function testimonyOf({ context, address, fromBlock }: Earlier): Promise<Testimony> {
  const { chain } = context;
  const within = (from: bigint, to: bigint) => eventsWithin(chain, address, EVENTS, [from, to]);
  const events: LedgerEvent[] = [];
  for await (const { found } of inRanges(fromBlock, await chain.head(), within)) events.push(...found);
  const faults: ProvenFault[] = [];
  for (const { args, transactionHash } of eventsNamed(events, "FaultProven")) {
    const { charity, unit } = args;
    faults.push({ charity, unit, accusation: await accusationBy(chain, transactionHash, charity, unit) });
  }
  return { events, faults };
}

export const eventsNamed = <Name extends EventName>(events: readonly LedgerEvent[], name: Name) =>
  events.filter((event): event is EventOf<Name> => event.eventName === name);
