// A contract that the ledger has left: what of it must be found again at its successor. That is not a fault which rests on a
// batch behind the last good one, nor a breach recorded when the successor was open already, and took nothing over any more.

import type { Address, Hex } from "viem";
import { accusationIn } from "../../../server/chain/accusation.ts";
import {
  type AuditedBlock,
  type Chain,
  decodeLogs,
  type EventOf,
  type LedgerEvent,
  readBlock,
  readContract,
  readRoots,
} from "./chain.ts";
import { type RawLog, readLogs } from "./logs.ts";
import type { Endpoint } from "./rpc.ts";

/** A contract on the chain of an endpoint. */
export type Place = { readonly endpoint: Endpoint; readonly contract: Address; readonly chainId: number };

export type Successor = {
  readonly chainId: bigint;
  readonly ledgerContract: Address;
  readonly lastGoodBatch: bigint;
};

/** An event, and the Unix second of its block. */
export type Breach = { readonly event: EventOf<"BreachRecorded">; readonly at: bigint };

/** As of a block, with what of it must be found again; times in Unix seconds. */
export type LeftContract = {
  readonly endpoint: Endpoint;
  readonly chainId: number;
  readonly contract: Address;
  readonly block: AuditedBlock;
  readonly logs: readonly RawLog[];
  readonly lastGoodBatch: bigint;
  /** 32 bytes for each batch up to the last good one. */
  readonly roots: Uint8Array;
  /** But for those that are shown to rest on a batch behind the last good one. */
  readonly faults: readonly EventOf<"FaultProven">[];
  readonly faultsBehind: number;
  readonly breaches: readonly Breach[];
  readonly openedAt: bigint | undefined;
  /** When the last good batch was anchored; undefined when its event was not read. */
  readonly anchoredAt: bigint | undefined;
};

export async function readLeft(
  place: Place,
  block: AuditedBlock,
  { lastGoodBatch }: Successor,
  fromBlock: bigint,
): Promise<LeftContract> {
  const { endpoint, chainId, contract } = place;
  const silent = () => {};
  const roots = await readRoots(endpoint, contract, block.number, lastGoodBatch, silent);
  const logs = await readLogs(endpoint, contract, fromBlock, block.number, silent);
  const events = decodeLogs(logs);
  const proven = eventsNamed(events, "FaultProven");
  const faults = await withoutThose(place, block, proven, lastGoodBatch);
  const breaches: Breach[] = [];
  for (const event of eventsNamed(events, "BreachRecorded"))
    breaches.push({ event, at: (await readBlock(endpoint, event.block)).at });
  return {
    ...{ endpoint, chainId, contract, block, logs, lastGoodBatch, roots, faults, breaches },
    faultsBehind: proven.length - faults.length,
    openedAt: await timeOf(endpoint, eventsNamed(events, "LedgerOpened")[0]),
    anchoredAt: await anchoringOf(endpoint, events, lastGoodBatch),
  };
}

const eventsNamed = <Name extends LedgerEvent["eventName"]>(events: readonly LedgerEvent[], name: Name) =>
  events.filter((event): event is EventOf<Name> => event.eventName === name);

async function timeOf(endpoint: Endpoint, event: LedgerEvent | undefined): Promise<bigint | undefined> {
  return event && (await readBlock(endpoint, event.block)).at;
}

/** Before the first batch nothing is anchored: that is so since ever. */
async function anchoringOf(endpoint: Endpoint, events: readonly LedgerEvent[], batch: bigint) {
  if (batch === 0n) return 0n;
  const anchored = eventsNamed(events, "BatchAnchored").find(({ args }) => args.batch === batch);
  return await timeOf(endpoint, anchored);
}

/** The faults but for those of a thief's batches, which are no matter of the ledger any more. */
async function withoutThose(
  { endpoint, contract }: Place,
  block: AuditedBlock,
  faults: readonly EventOf<"FaultProven">[],
  lastGoodBatch: bigint,
): Promise<EventOf<"FaultProven">[]> {
  const ledger = (await readContract(endpoint, contract, block.number, "ledger", [])) as Hex;
  const kept: EventOf<"FaultProven">[] = [];
  for (const fault of faults) {
    const sent = (await endpoint.one("eth_getTransactionByHash", [fault.transaction])) as {
      input?: Hex;
    } | null;
    // The leaves that the contract has recorded hold the numbers of their batches: nobody can claim others.
    const shown = accusationIn(sent?.input ?? "0x", ledger, fault.args);
    if (shown === undefined || shown.lastBatch <= lastGoodBatch) kept.push(fault);
  }
  return kept;
}

/** When the contract in which the ledger goes on was opened. */
export function openingOf({ logs, times }: Pick<Chain, "logs" | "times">): bigint | undefined {
  const [opened] = eventsNamed(decodeLogs(logs), "LedgerOpened");
  return opened && times.get(opened.block);
}

/** When the contract behind a left one was opened. */
export const openingBehind = (
  each: LeftContract,
  left: readonly LeftContract[],
  chain: Chain,
): bigint | undefined => {
  const next = left[left.indexOf(each) + 1];
  return next === undefined ? openingOf(chain) : next.openedAt;
};

/** The last batch when a contract was opened: 0 in the first one of a ledger; undefined of one that is not open. */
export const openedWith = ({ logs }: Pick<Chain, "logs">): bigint | undefined =>
  eventsNamed(decodeLogs(logs), "LedgerOpened")[0]?.args.lastBatch;

/**
 * Whether a breach was recorded when the successor, opened at `opening`, could take nothing over any more. Only of a contract
 * that had taken its last batch by then: else the ledger would have lived there, and the opening be a pretext.
 */
export const isTooLate = (
  { at }: Breach,
  { anchoredAt }: LeftContract,
  opening: bigint | undefined,
): boolean => opening !== undefined && anchoredAt !== undefined && anchoredAt <= opening && at >= opening;
