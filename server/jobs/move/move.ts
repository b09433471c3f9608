// Moves the ledger to another contract, on any chain: builds it there from what the earlier contract tells and the store
// knows, compares the two, opens the new one, and has the earlier one name it. No money moves. Each step is written down
// before it begins, so that a move that is cut off goes on where it was.

import { getAddress } from "viem";
import { ConflictError, InvariantError } from "../../errors.ts";
import { toHex } from "../../protocol/bytes.ts";
import { deploymentOf, lastFinalBatch, leftToCarry, leftToRebuild } from "../../store/deployment.ts";
import {
  allowOpening,
  beginMove,
  carryMore,
  isOpeningUnsent,
  lastMove,
  type Move,
  noteOpened,
  noteSucceeded,
} from "../../store/moves.ts";
import { carryOut } from "../deploy.ts";
import { foundingCalls } from "../founding.ts";
import { answerAtEarlier } from "./answer-there.ts";
import { carriedOf } from "./carried.ts";
import {
  chainServed,
  checkChains,
  checkEarlier,
  checkFunds,
  checkNothingInFlight,
  checkWallets,
} from "./checks.ts";
import { compare, compareWithStore, newHome, tell } from "./compare.ts";
import { avoidAddress } from "./free-address.ts";
import { earlierOf, hasEnded, homeToLeave } from "./homes.ts";
import { challengesLeft, leftBehind, promiseKeysLeft } from "./left-behind.ts";
import type { Earlier, MoveOptions, Mover } from "./mover.ts";
import { nameSuccessor, type ToBeSent } from "./name-successor.ts";
import { proofsOfOthers } from "./proofs.ts";
import { lastGoodBatchOf } from "./roots.ts";
import { type Testimony, testimonyOf } from "./testimony.ts";
import { keepTimes } from "./times.ts";

export type Moved = {
  readonly move: Move;
  /** What the earlier contract's admin has to send, where that is not one of our accounts. */
  readonly toBeSent: ToBeSent | undefined;
  /** Whether all was done before. */
  readonly before: boolean;
  /** What did not come along, in plain words. */
  readonly left: readonly string[];
};

const NOTHING: Testimony = { events: [], faults: [] };

/** @throws ConflictError, InputError and UnavailableError, each with what to do; AlarmError */
export async function moveLedger(mover: Mover, options: MoveOptions, signal: AbortSignal): Promise<Moved> {
  const last = await lastMove(mover.target.sql);
  if (last !== undefined && (await hasEnded(mover, last)))
    return await askedAgain(mover, last, options, signal);
  let move = last === undefined || last.state === "succeeded" ? await plan(mover, options, signal) : last;
  const earlier = await earlierOf(mover, move);
  if (earlier !== undefined) await answerAtEarlier(earlier, move, options, signal);
  if (move.state === "rebuilding") move = await rebuild(mover, earlier, move, options, signal);
  if (move.state === "compared") move = await openNew(mover, earlier, move, options, signal);
  const toBeSent = await finish(mover, earlier, move, options, signal);
  const testimony = earlier === undefined ? NOTHING : await testimonyOf(earlier);
  const left = await leftBehind(mover.target.sql, testimony, move.last_good_batch);
  const stillThere = earlier === undefined ? [] : await leftThere(mover, earlier, move, testimony);
  return { move, toBeSent, before: false, left: [...left, ...stillThere] };
}

/** What can be looked after still, whenever the same is run again. */
const leftThere = async ({ target }: Mover, earlier: Earlier, move: Move, testimony: Testimony) => [
  ...(await promiseKeysLeft(earlier, (await newHome(target)).reader, testimony)),
  ...(await challengesLeft(earlier, move.last_good_batch)),
];

/** What is challenged at the earlier contract may still want its answer there. */
async function askedAgain(
  mover: Mover,
  move: Move,
  options: MoveOptions,
  signal: AbortSignal,
): Promise<Moved> {
  const ended = { move, toBeSent: undefined, before: true };
  const earlier = await earlierOf(mover, move);
  if (earlier === undefined) return { ...ended, left: [] };
  await answerAtEarlier(earlier, move, options, signal);
  return { ...ended, left: await leftThere(mover, earlier, move, await testimonyOf(earlier)) };
}

async function plan(
  mover: Mover,
  { adminDelaySeconds, lastGoodBatch, sameChain }: MoveOptions,
  signal: AbortSignal,
): Promise<Move> {
  const { target } = mover;
  const to = await chainServed(target, "--to");
  const home = await homeToLeave(mover);
  const founding = foundingCalls(target, adminDelaySeconds);
  if (home !== undefined) {
    await checkChains(home, target, to, sameChain);
    await checkEarlier(home);
  }
  await checkNothingInFlight(mover);
  const testimony = home === undefined ? NOTHING : await testimonyOf(home);
  await checkWallets(home, target, testimony);
  await checkFunds(target);
  const good =
    home === undefined
      ? ((await lastFinalBatch(target.sql))?.number ?? 0n)
      : await lastGoodBatchOf(home, lastGoodBatch);
  if (home !== undefined) await avoidAddress(home, target, signal);
  stopIfCutOff(signal);
  return await beginMove(
    target.sql,
    await leaving(mover, home, good, to),
    founding,
    await carriedTo(home, testimony, good),
  );
}

async function leaving({ target }: Mover, home: Earlier | undefined, good: bigint, to: number) {
  const deployment = await deploymentOf(target.sql);
  if (deployment === undefined) throw new InvariantError("a ledger that lives nowhere cannot leave");
  return {
    from_chain: deployment.chain_id,
    from_contract: deployment.contract,
    from_block: home?.fromBlock ?? 0n,
    forgotten: home === undefined,
    last_good_batch: good,
    to_chain: BigInt(to),
  };
}

const carriedTo = async (home: Earlier | undefined, testimony: Testimony, good: bigint) =>
  home === undefined ? [] : [...carriedOf(testimony, good), ...(await proofsOfOthers(home))];

/** Builds until the new contract is as the earlier one; what that one has taken meanwhile is carried over too. */
async function rebuild(
  mover: Mover,
  earlier: Earlier | undefined,
  move: Move,
  { say, onProgress }: MoveOptions,
  signal: AbortSignal,
): Promise<Move> {
  const { target } = mover;
  const testimony = await carryWhatIsNew(mover, earlier, move);
  await carryOut(target, leftToCarry, onProgress, signal);
  stopIfCutOff(signal);
  tell(
    earlier === undefined
      ? await compareWithStore(mover, move)
      : await compare(mover, earlier, move, testimony),
    say,
  );
  await allowOpening(target.sql, move);
  return await sameMove(mover, move);
}

async function carryWhatIsNew(
  { target }: Mover,
  earlier: Earlier | undefined,
  move: Move,
): Promise<Testimony> {
  const testimony = earlier === undefined ? NOTHING : await testimonyOf(earlier);
  await carryMore(target.sql, await carriedTo(earlier, testimony, move.last_good_batch));
  return testimony;
}

/** A move may have been cut off for days before this: breaches can be carried over until the very opening, and never after. */
async function openNew(
  mover: Mover,
  earlier: Earlier | undefined,
  move: Move,
  { onProgress }: MoveOptions,
  signal: AbortSignal,
): Promise<Move> {
  if (await isOpeningUnsent(mover.target.sql)) await carryWhatIsNew(mover, earlier, move);
  await carryOut(mover.target, leftToRebuild, onProgress, signal);
  stopIfCutOff(signal);
  if (earlier !== undefined) await keepTimes(earlier, mover.target, move);
  await noteOpened(mover.target.sql, move);
  return await sameMove(mover, move);
}

/** Nothing can be challenged any more once the successor is named: what is answered then is the last of it. */
async function finish(
  { target: { sql } }: Mover,
  earlier: Earlier | undefined,
  move: Move,
  options: MoveOptions,
  signal: AbortSignal,
) {
  if (earlier !== undefined) {
    await answerAtEarlier(earlier, move, options, signal);
    const toBeSent = await nameSuccessor(earlier, move, signal);
    if (toBeSent !== undefined) return toBeSent;
    await answerAtEarlier(earlier, move, options, signal);
    stopIfCutOff(signal);
  }
  await noteSucceeded(sql, move);
  return undefined;
}

async function sameMove({ target }: Mover, { id }: Move): Promise<Move> {
  const move = await lastMove(target.sql);
  if (move?.id === id) return move;
  throw new InvariantError("another move has begun while this one was under way");
}

function stopIfCutOff(signal: AbortSignal): void {
  if (signal.aborted) throw new ConflictError("cut-off", "the move was cut off; run the same again to go on");
}

/** The new contract's address, as the operator is told it. */
export const newAddress = ({ to_contract }: Move) =>
  to_contract === null ? "?" : getAddress(toHex(to_contract));
