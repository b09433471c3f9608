// Sends what was written down: the oldest calls of one sender as one transaction, signed and kept before anyone hears of
// it. One transaction is under way at a time, so that each call meets the contract as those before it have left it. Answers
// to challenges rest on nothing but a root that is there already: they have a turn of their own, and wait for their account
// alone.

import { type Address, bytesToHex, type Hex, hexToBytes, isAddressEqual, type LocalAccount } from "viem";
import { rolesAtHand } from "../chain/accounts.ts";
import { encodeCalls } from "../chain/encode.ts";
import { RefusedError, TooLargeError } from "../chain/failures.ts";
import { limitFees } from "../chain/fees.ts";
import { sign } from "../chain/sign.ts";
import { InvariantError } from "../errors.ts";
import { nameOf } from "../protocol/contract-calls.ts";
import { callsToSend, type Kinds, type StoredCall } from "../store/chain-calls.ts";
import { fillSlot, formsOf, nextNonce, type Slot, slotsInFlight } from "../store/chain-slots.ts";
import { leftToCarry, NEW } from "../store/deployment.ts";
import { AlarmError, type ChainContext, type Home, homeOf } from "./chain-context.ts";
import { offer } from "./follow.ts";
import { takeNoteOfFoundRoots } from "./found.ts";
import { type Refusal, refuse } from "./refuse.ts";

/** About half of what a block takes; measuring the gas of more takes long. */
const MOST_CALLS_AT_ONCE = 100;
const CALLS_LOOKED_AT = 3 * MOST_CALLS_AT_ONCE;
const MOST_ATTEMPTS = 3;

/**
 * Sends the next transaction if there is one to send and none under way; true when something was done.
 * @throws AlarmError when a call stands still that others rest on. A new root that the contract refuses holds up anchoring
 * alone: the alarm is raised when one transaction of the other calls has been sent.
 */
export async function sendNext(context: ChainContext): Promise<boolean> {
  if (await isUnderWay(context)) return false;
  try {
    return await sendFirst(context, await waitingCalls(context));
  } catch (thrown) {
    if (!isOfRefusedAnchor(thrown)) throw thrown;
    await sendFirst(context, await waitingCalls(context, { but: "anchor" }));
    throw thrown;
  }
}

/** The same for answers to challenges, whatever else stands still or is under way from other accounts. */
export async function sendAnswers(context: ChainContext): Promise<boolean> {
  const waiting = await waitingCalls(context, { only: "answer" });
  const [first] = waiting;
  if (first === undefined || (await isUnderWay(context, context.accounts[first.role]))) return false;
  // Before the opening nobody has asked there.
  if ((await leftToCarry(context.sql)) > 0n) return false;
  return await sendFirst(context, waiting);
}

/** Whether a transaction is under way: of any account, or of one. */
export async function isUnderWay({ sql }: ChainContext, account?: LocalAccount): Promise<boolean> {
  const sent = (await slotsInFlight(sql)).filter(({ state }) => state === "sent");
  return sent.some(
    ({ sender }) => account === undefined || isAddressEqual(bytesToHex(sender), account.address),
  );
}

const waitingCalls = ({ sql, accounts }: ChainContext, kinds: Kinds = {}) =>
  callsToSend(sql, rolesAtHand(accounts), CALLS_LOOKED_AT, kinds);

/**
 * What rests on a root is asked for once it is there; only a rebuilding goes by turns. Where another root is in its place,
 * though, this store may be an older backup, and what it would pay nobody knows.
 */
const isOfRefusedAnchor = (thrown: unknown): boolean =>
  thrown instanceof AlarmError &&
  thrown.kind === "call-refused" &&
  thrown.call?.kind === "anchor" &&
  thrown.call.turn >= NEW;

async function sendFirst(context: ChainContext, waiting: readonly StoredCall[]): Promise<boolean> {
  const group = togetherWithFirst(waiting);
  const [first] = group;
  if (first === undefined) return false;
  const home = first.kind === "deploy" ? undefined : await homeOf(context);
  if (home === undefined && first.kind !== "deploy") return false;
  if (first.attempts >= MOST_ATTEMPTS) return await refuse(context, home, first, revertedTooOften(first));
  if (home !== undefined && (await takeNoteOfFoundRoots(context, home, group))) return true;
  return await sendGroup(context, home, group);
}

const revertedTooOften = ({ attempts }: StoredCall) =>
  new RefusedError("reverted", `it reverted ${attempts} times, although it was expected to pass`);

/**
 * The calls that may share a transaction with the first: those of its sender and its turn, in order. They overtake calls
 * of other senders; what rests on one of these is refused as part of a group, and judged only when it is the first.
 * A deployment goes alone, and so does a call that reverted before.
 */
function togetherWithFirst(calls: readonly StoredCall[]): StoredCall[] {
  const [first] = calls;
  if (first === undefined || goesAlone(first)) return calls.slice(0, 1);
  const fits = (call: StoredCall) => call.role === first.role && call.turn === first.turn && !goesAlone(call);
  return calls.filter(fits).slice(0, MOST_CALLS_AT_ONCE);
}

const goesAlone = (call: StoredCall) => call.kind === "deploy" || call.attempts > 0;

/** Sends as many of the group as the contract takes together; if it refuses the first one alone, says so of that one. */
async function sendGroup(
  context: ChainContext,
  home: Home | undefined,
  group: readonly StoredCall[],
): Promise<boolean> {
  const [first] = group;
  if (first === undefined) throw new InvariantError("nothing to send");
  const account = context.accounts[first.role];
  if (account === undefined) throw new InvariantError(`no account for ${first.role}`);
  const chainId = await chainIdAt(context, home);
  const prepared = await prepare(context, account, home?.address ?? null, group);
  if (prepared instanceof Error) return await refuse(context, home, first, prepared);
  return await signAndSend(context, account, chainId, prepared);
}

/** The endpoint's chain, if it is the one that the ledger lives on: an endpoint may be exchanged behind our back. */
async function chainIdAt({ chain }: ChainContext, home: Home | undefined): Promise<number> {
  const chainId = await chain.chainId();
  const wanted = home?.deployment.chain_id ?? BigInt(chainId);
  if (BigInt(chainId) === wanted) return chainId;
  throw new AlarmError(
    "chain-differs",
    `the ledger lives on chain ${wanted}; the endpoint serves ${chainId}`,
  );
}

type Prepared = {
  readonly calls: readonly StoredCall[];
  readonly to: Address | null;
  readonly data: Hex;
  readonly gas: bigint;
};

/**
 * The beginning of the group that the contract takes within the gas of one transaction, halved until it does; or why the
 * first call alone cannot be sent.
 */
async function prepare(
  { chain, settings }: ChainContext,
  account: LocalAccount,
  to: Address | null,
  group: readonly StoredCall[],
): Promise<Prepared | Refusal> {
  for (let calls = group; ; calls = calls.slice(0, calls.length >> 1)) {
    const data = encodeCalls(calls);
    try {
      const gas = withMargin(await chain.gas({ from: account.address, to, data }));
      if (to !== null) checkGas(gas, BigInt(settings.TRANSACTION_GAS_LIMIT));
      return { calls, to, data, gas };
    } catch (thrown) {
      if (!(thrown instanceof RefusedError || thrown instanceof TooLargeError)) throw thrown;
      if (calls.length === 1) return thrown;
    }
  }
}

/** A deployment is exempt: it cannot be divided. */
function checkGas(gas: bigint, limit: bigint): void {
  if (gas <= limit) return;
  throw new TooLargeError(`it takes ${gas} gas; TRANSACTION_GAS_LIMIT allows ${limit}`);
}

async function signAndSend(
  context: ChainContext,
  account: LocalAccount,
  chainId: number,
  { calls, to, data, gas }: Prepared,
): Promise<boolean> {
  const { chain, sql, log, feeLimit } = context;
  const [nonce, asked] = await Promise.all([chain.nonce(account.address), chain.fees()]);
  const slot = { sender: hexToBytes(account.address), nonce };
  if (nonce < (await nextNonce(sql, chainId, slot.sender)))
    return await offerForgotten(context, chainId, slot);
  const fees = limitFees(asked, feeLimit);
  const signed = await sign(account, {
    chainId,
    nonce: Number(nonce),
    gas,
    to,
    data,
    ...fees,
  });
  const form = { ...slot, hash: hexToBytes(signed.hash), raw: hexToBytes(signed.raw) };
  const ids = calls.map(({ id }) => id);
  if (!(await fillSlot(sql, chainId, ids, form))) return false;
  log.debug({ transaction: signed.hash, calls: calls.map(nameOf) }, "transaction signed");
  await offer(context, signed);
  return true;
}

/**
 * The chain has taken fewer of our transactions than we know it had: a reorganisation took some back. Those whose calls
 * are under way are followed; one that had reverted, and that nobody follows, is sent again here, to free its nonce.
 */
async function offerForgotten(context: ChainContext, chainId: number, slot: Slot): Promise<false> {
  const [form] = await formsOf(context.sql, chainId, slot);
  if (form !== undefined) await offer(context, { hash: bytesToHex(form.hash), raw: bytesToHex(form.raw) });
  return false;
}

/** What was measured may be a little less than what it takes when it is mined. */
const withMargin = (gas: bigint) => gas + gas / 8n;
