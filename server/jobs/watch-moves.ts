// Reads from the contract's events when batches were anchored and watermarks moved, on from the last block that was read:
// what reports tell of times and transactions. Only settled blocks are read; where the chain has another block than the one
// read last, everything is read anew.

import type { Address } from "viem";
import type { Chain } from "../chain/client.ts";
import { nameOfUnit } from "../chain/encode.ts";
import { eventsWithin, inRanges } from "../chain/logs.ts";
import { equalBytes, fromHex, type Hex } from "../protocol/bytes.ts";
import {
  type EventPlace,
  forgetMoves,
  keepMoves,
  type MovedEvent,
  movesReadUpTo,
  type NewMoves,
  type ReadUpTo,
} from "../store/moved-events.ts";
import { type ChainContext, type Home, homeOf, settledBlock } from "./chain-context.ts";

const EVENTS = ["BatchAnchored", "Paid", "Acknowledged", "Disbursed"] as const;

/** Reads what is new; true when something was read. Of two processes that read at once the slower one's work is dropped. */
export async function watchMoves(context: ChainContext): Promise<boolean> {
  const home = await homeOf(context);
  if (home === undefined) return false;
  const settled = await settledBlock(context);
  if (!(await isHere(context, home, settled))) return false;
  const read = await movesReadUpTo(context.sql);
  if (read?.block === settled && isOf(read, home)) return false;
  if (read !== undefined && !(await goesOn(context, home, read, settled))) {
    await forgetMoves(context.sql);
    return true;
  }
  if (read !== undefined && settled <= read.block) return false;
  return await readOn(context, home, read?.block ?? null, settled);
}

/** Another chain, or one on which the contract is not yet settled, says nothing of our batches. */
const isHere = async ({ chain }: ChainContext, { deployment, address }: Home, settled: bigint) =>
  BigInt(await chain.chainId()) === deployment.chain_id && (await chain.hasCode(address, settled));

const isOf = (read: ReadUpTo, { deployment }: Home) =>
  read.chain_id === deployment.chain_id && equalBytes(read.contract, deployment.contract);

/** Whether the chain is still the one that was read. One that is shorter is behind, unless it is one that forgets. */
async function goesOn({ chain, settings }: ChainContext, home: Home, read: ReadUpTo, settled: bigint) {
  if (!isOf(read, home)) return false;
  if (settled < read.block) return !settings.demonstration;
  return equalBytes(fromHex((await chain.block(read.block)).hash), read.hash);
}

async function readOn(
  context: ChainContext,
  { address, deployment }: Home,
  before: bigint | null,
  settled: bigint,
) {
  const { chain, sql } = context;
  let last = before;
  const blocks = [before === null ? 0n : before + 1n, settled] as const;
  for await (const { moves, to } of movesWithin(chain, address, blocks)) {
    const { hash, at } = await chain.block(to);
    const place = {
      chain_id: deployment.chain_id,
      contract: deployment.contract,
      block: to,
      hash: fromHex(hash),
      at,
    };
    if (!(await keepMoves(sql, last, place, moves))) return false;
    last = to;
  }
  return true;
}

/** What a contract was told within some blocks, some of them at a time. */
export async function* movesWithin(
  chain: Chain,
  address: Address,
  [first, last]: readonly [bigint, bigint],
): AsyncGenerator<{ readonly moves: NewMoves; readonly to: bigint }> {
  const within = (from: bigint, to: bigint) => eventsWithin(chain, address, EVENTS, [from, to]);
  for await (const { found, to } of inRanges(first, last, within))
    yield { moves: await movesIn(chain, found), to };
}

type Found = NonNullable<Awaited<ReturnType<typeof eventsWithin<(typeof EVENTS)[number]>>>>;

async function movesIn(chain: Chain, found: Found): Promise<NewMoves> {
  const times = new Map<bigint, bigint>();
  for (const { blockNumber } of found)
    if (!times.has(blockNumber)) times.set(blockNumber, await chain.timeOf(blockNumber));
  const placeOf = ({ blockNumber, logIndex, transactionHash }: Found[number]): EventPlace => ({
    block: blockNumber,
    log: logIndex,
    at: times.get(blockNumber) ?? 0n,
    transaction: fromHex(transactionHash),
  });
  return {
    anchored: found.flatMap((event) =>
      event.eventName === "BatchAnchored" ? [{ ...placeOf(event), batch: event.args.batch }] : [],
    ),
    moved: found.flatMap((event) => {
      const moved = movedBy(event);
      return moved === undefined ? [] : [{ ...placeOf(event), ...moved }];
    }),
  };
}

function movedBy(event: Found[number]): Omit<MovedEvent, keyof EventPlace> | undefined {
  const { eventName, args } = event;
  if (eventName === "BatchAnchored") return undefined;
  const line = lineOf(args);
  if (eventName === "Paid")
    return { ...line, step: "paid", from: args.from, upTo: args.upTo, evidence: null };
  if (eventName === "Acknowledged") {
    const { from, upTo } = args.acknowledgement;
    return { ...line, step: "acknowledged", from, upTo, evidence: null };
  }
  const { from, upTo, evidence } = args.disbursement;
  return { ...line, step: "spent", from, upTo, evidence: fromHex(evidence) };
}

const lineOf = ({ charity, unit }: { readonly charity: Hex; readonly unit: Hex }) => ({
  charity: fromHex(charity),
  unit: nameOfUnit(unit),
});
