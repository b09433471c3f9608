// A timelock as the contract says: how long it waits, who may do what there, what is waiting, and the operation that an act
// becomes. Nothing is sent here.

import {
  type Address,
  encodeAbiParameters,
  getAbiItem,
  type Hex,
  keccak256,
  pad,
  parseAbiParameters,
  toHex,
  zeroHash,
} from "viem";
import { ask, RefusedError } from "../../server/chain/failures.ts";
import { InvariantError, UnavailableError } from "../../server/errors.ts";
import { eventsOf, type Holder, holdersOf } from "./holders.ts";
import type { Place } from "./place.ts";
import { TIMELOCK_ROLES } from "./roles.ts";
import { TIMELOCK_ABI } from "./timelock-abi.ts";

export type Timelock = { readonly address: Address; readonly delaySeconds: bigint };

/** The timelock at an address; undefined when there is none, but an account or another contract. */
export async function timelockAt({ contract }: Place, address: Address): Promise<Timelock | undefined> {
  if (!(await contract.chain.hasCode(address))) return undefined;
  const question = { address, abi: TIMELOCK_ABI, functionName: "getMinDelay" } as const;
  const delaySeconds = await ask(() => contract.chain.public.readContract(question)).catch(unlessNoTimelock);
  return delaySeconds === undefined ? undefined : { address, delaySeconds };
}

/** A contract that knows no such function reverts, or answers with nothing. */
function unlessNoTimelock(thrown: unknown): undefined {
  const isNone =
    thrown instanceof RefusedError ||
    (thrown instanceof UnavailableError && /returned no data/.test(thrown.message));
  if (!isNone) throw thrown;
}

/** Its proposers, executors and cancellers, in this order. */
export async function rolesIn(place: Place, { address }: Timelock): Promise<[string, readonly Holder[]][]> {
  const holders = await holdersOf(place, address);
  return TIMELOCK_ROLES.map(({ name, hash }) => [name, holders.get(hash) ?? []]);
}

/** One call that a timelock makes when its time has come. */
export type Operation = {
  readonly id: Hex;
  readonly target: Address;
  readonly data: Hex;
  readonly salt: Hex;
};

export type OperationState =
  | { readonly state: "unset" }
  | { readonly state: "done" }
  /** `readyAt` in Unix seconds. */
  | { readonly state: "waiting" | "ready"; readonly readyAt: bigint };

const DONE = 1n;

export async function stateOf(place: Place, { address }: Timelock, id: Hex): Promise<OperationState> {
  const question = { address, abi: TIMELOCK_ABI, functionName: "getTimestamp", args: [id] } as const;
  const readyAt = await ask(() => place.contract.chain.public.readContract(question));
  if (readyAt === 0n) return { state: "unset" };
  if (readyAt === DONE) return { state: "done" };
  return { state: readyAt > (await place.now()) ? "waiting" : "ready", readyAt };
}

const MOST_REPEATS = 1_000;

/**
 * The operation that an act becomes: the same each time one asks, until it is done; then, if the act is wanted once more,
 * the next one. A timelock does nothing twice under one id.
 */
export async function operationFor(place: Place, timelock: Timelock, target: Address, data: Hex) {
  for (let repeat = 0; repeat < MOST_REPEATS; repeat++) {
    const operation = operationOf(target, data, pad(toHex(repeat), { size: 32 }));
    const standing = await stateOf(place, timelock, operation.id);
    if (standing.state !== "done") return { operation, standing };
  }
  throw new InvariantError(`one act was scheduled ${MOST_REPEATS} times`);
}

const HASHED = parseAbiParameters("address, uint256, bytes, bytes32, bytes32");

export const operationOf = (target: Address, data: Hex, salt: Hex): Operation => ({
  ...{ target, data, salt },
  id: keccak256(encodeAbiParameters(HASHED, [target, 0n, data, zeroHash, salt])),
});

export type Scheduled = { readonly id: Hex; readonly target: Address; readonly data: Hex };

const CALL_SCHEDULED = [getAbiItem({ abi: TIMELOCK_ABI, name: "CallScheduled" })];

/** What anyone has scheduled there and is neither done nor cancelled. */
export async function scheduledIn(place: Place, timelock: Timelock) {
  const events = await eventsOf(place, timelock.address, CALL_SCHEDULED);
  const newest = new Map(events.map(({ args }) => [args.id as Hex, args as Scheduled]));
  const all = await Promise.all(
    [...newest.values()].map(async (call) => ({
      ...call,
      standing: await stateOf(place, timelock, call.id),
    })),
  );
  return all.flatMap(({ standing, ...call }) => ("readyAt" in standing ? [{ ...call, standing }] : []));
}
