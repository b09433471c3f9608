// One act of an authority, done as it can be done: by the authority's own key, by the key that the act is about, or through a
// timelock, which takes a schedule, a wait and an execution. Run again, each goes on from where the contracts say it is.

import { type Address, encodeFunctionData, type Hex, zeroHash } from "viem";
import { InputError } from "../../server/errors.ts";
import { moment } from "../chain/say.ts";
import { sendAndWait } from "../chain/send.ts";
import { confirm } from "../charity/command.ts";
import { say } from "../say.ts";
import { ANYONE, hasRole } from "./holders.ts";
import { type Hand, handOf, type Place } from "./place.ts";
import { EXECUTOR, PROPOSER, type Role } from "./roles.ts";
import { type Operation, operationFor, type Timelock, timelockAt } from "./timelock.ts";
import { TIMELOCK_ABI } from "./timelock-abi.ts";
import { duration, sayCall } from "./words.ts";

export type Call = { readonly target: Address; readonly data: Hex };

export type Act = Call & {
  /** Who alone may make the call. */
  readonly authority: Address;
  /** The same by the very account that it is about, which needs nobody's leave. */
  readonly own?: Call & { readonly by: Address };
  /** Unix seconds that must be over; a timelock's own wait aside. */
  readonly notBefore?: bigint;
  /** Whether it has come about already. */
  isDone(): Promise<boolean>;
};

/** `waits`: run again later. `shown`: nothing was sent, as was asked for. */
export type Outcome = "done" | "waits" | "shown";

/** @throws InputError `no-key` when no key at hand may do it; RefusedError; UnavailableError */
export async function perform(place: Place, act: Act): Promise<Outcome> {
  const words = sayCall(act.target, act.data, place.contract.address);
  if (await act.isDone()) {
    say(`nothing to do, it has come about already: ${words}`);
    return "done";
  }
  const hand = handOf(place, act.authority);
  if (hand !== undefined) return await directly(place, hand, act);
  const own = act.own && handOf(place, act.own.by);
  if (act.own !== undefined && own !== undefined) return await send(place, own, act.own);
  const timelock = await timelockAt(place, act.authority);
  if (timelock !== undefined) return await throughTimelock(place, timelock, act);
  throw noKey(`${act.authority} alone may do this`, act, words);
}

async function directly(place: Place, hand: Hand, act: Act): Promise<Outcome> {
  if (await isTooEarly(place, act)) return "waits";
  return await send(place, hand, act);
}

async function isTooEarly(place: Place, { notBefore = 0n }: Act): Promise<boolean> {
  if ((await place.now()) > notBefore) return false;
  say(`it waits until ${moment(notBefore)}; run the same again then`);
  return true;
}

/** Says what would be sent, asks, and sends it. */
export async function send(
  place: Place,
  hand: Hand,
  call: Omit<Call, "target"> & { target: Address | null },
) {
  const { contract, options } = place;
  const words =
    call.target === null
      ? "deploys a timelock"
      : sayWhole({ ...call, target: call.target }, contract.address);
  say(`${hand.from}, ${hand.account.address}: ${words}`);
  if (options.dryRun) {
    say(`would send ${call.data} to ${call.target ?? "nobody: it creates a contract"}`);
    return "shown";
  }
  await confirm("send it?", options);
  await sendAndWait(contract, hand.account, { to: call.target, data: call.data, value: 0n });
  return "done";
}

function sayWhole({ target, data }: Call, ledger: Address): string {
  return `${sayCall(target, data, ledger)} (${target === ledger ? "the ledger's contract" : `timelock ${target}`})`;
}

async function throughTimelock(place: Place, timelock: Timelock, act: Act): Promise<Outcome> {
  const { operation, standing } = await operationFor(place, timelock, act.target, act.data);
  say(`by the timelock ${timelock.address}: ${sayCall(act.target, act.data, place.contract.address)}`);
  say(`operation ${operation.id}, call data ${operation.data}`);
  if (standing.state === "unset") return await schedule(place, timelock, operation);
  if (standing.state === "waiting") {
    say(`scheduled; it is ready at ${moment(standing.readyAt)}; run the same again then`);
    return "waits";
  }
  if (await isTooEarly(place, act)) return "waits";
  return await execute(place, timelock, operation);
}

async function schedule(
  place: Place,
  timelock: Timelock,
  { target, data, salt }: Operation,
): Promise<Outcome> {
  const args = [target, 0n, data, zeroHash, salt, timelock.delaySeconds] as const;
  const call = {
    target: timelock.address,
    data: encodeFunctionData({ abi: TIMELOCK_ABI, functionName: "schedule", args }),
  };
  const hand = await handWith(place, timelock, PROPOSER, call);
  if ((await send(place, hand, call)) === "shown") return "shown";
  say(`scheduled; run the same again in ${duration(timelock.delaySeconds)}, and it is executed`);
  return "waits";
}

async function execute(
  place: Place,
  timelock: Timelock,
  { target, data, salt }: Operation,
): Promise<Outcome> {
  const args = [target, 0n, data, zeroHash, salt] as const;
  const call = {
    target: timelock.address,
    data: encodeFunctionData({ abi: TIMELOCK_ABI, functionName: "execute", args }),
  };
  return await send(place, await handWith(place, timelock, EXECUTOR, call), call);
}

/** A key at hand that has a role of the timelock. @throws InputError `no-key` with the call, for a wallet to make */
export async function handWith(place: Place, timelock: Timelock, role: Role, call: Call): Promise<Hand> {
  const isOpen = await hasRole(place, timelock.address, role.hash, ANYONE);
  for (const hand of place.hands)
    if (isOpen || (await hasRole(place, timelock.address, role.hash, hand.account.address))) return hand;
  throw noKey(
    `no key at hand is of the timelock's ${role.name}s`,
    call,
    `asks the timelock ${timelock.address}`,
  );
}

const noKey = (reason: string, { target, data }: Call, words: string) =>
  new InputError(
    "no-key",
    `${reason}: name its key with --key-file, or have its wallet send this to ${target}, which ${words}: ${data}`,
  );
