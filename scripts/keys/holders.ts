// Who holds what, as the contracts' own events tell, each compared with what the contract says of it now: an endpoint that
// keeps events back is found out where it can be.

import { type AbiEvent, type Address, getAbiItem, type Hex, zeroAddress } from "viem";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { ask } from "../../server/chain/failures.ts";
import { inRanges } from "../../server/chain/logs.ts";
import { UnavailableError } from "../../server/errors.ts";
import type { Place } from "./place.ts";

const RETRY_AFTER_SECONDS = 30;

export type Holder = {
  readonly account: Address;
  /** The block in which it got the role. */
  readonly since: bigint;
};

/** The account by which a timelock says that anyone may. */
export const ANYONE = zeroAddress;

export type PlainEvent = {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: each reader knows the events that it asked for
  readonly args: any;
  readonly block: bigint;
};

/** Events of one contract since `--from-block`, in the order of the chain. */
export async function eventsOf(
  place: Place,
  address: Address,
  events: readonly AbiEvent[],
): Promise<PlainEvent[]> {
  const { chain } = place.contract;
  const all: PlainEvent[] = [];
  const within = (fromBlock: bigint, toBlock: bigint) =>
    chain.public.getLogs({ address, events, fromBlock, toBlock, strict: true }).catch(() => undefined);
  for await (const { found } of inRanges(place.options.fromBlock ?? 0n, await chain.head(), within))
    all.push(
      ...found.map(({ eventName, args, blockNumber }) => ({ name: eventName, args, block: blockNumber })),
    );
  return all;
}

const ROLE_EVENTS = ["RoleGranted", "RoleRevoked"].map(
  (name) => getAbiItem({ abi: LEDGER_ABI, name: name as "RoleGranted" }) as AbiEvent,
);

/** The holders of each role of the ledger's contract or of a timelock, by the role's hash. @throws UnavailableError */
export async function holdersOf(place: Place, address: Address): Promise<Map<Hex, Holder[]>> {
  const holders = new Map<Hex, Holder[]>();
  for (const { name, args, block } of await eventsOf(place, address, ROLE_EVENTS)) {
    const others = (holders.get(args.role) ?? []).filter(({ account }) => account !== args.account);
    holders.set(
      args.role,
      name === "RoleGranted" ? [...others, { account: args.account, since: block }] : others,
    );
  }
  for (const [role, held] of holders)
    for (const { account } of held) await requireHeld(place, address, role, account);
  return holders;
}

async function requireHeld(place: Place, address: Address, role: Hex, account: Address): Promise<void> {
  if (await hasRole(place, address, role, account)) return;
  const says = `the endpoint's events say that ${account} holds a role which the contract ${address} denies`;
  throw new UnavailableError("endpoint-contradicts", `${says}; ask another endpoint`, RETRY_AFTER_SECONDS);
}

/** Of the ledger or of a timelock: both keep roles in the same way. */
export const hasRole = (
  { contract }: Place,
  address: Address,
  role: Hex,
  account: Address,
): Promise<boolean> =>
  ask(() =>
    contract.chain.public.readContract({
      ...{ address, abi: LEDGER_ABI, functionName: "hasRole" as const, args: [role, account] as const },
    }),
  );

export type Promiser = {
  readonly account: Address;
  readonly since: bigint;
  /** Its promises count for deadlines before this, in Unix seconds. */
  readonly until: bigint;
};

/** `until` of an account that promises and was not retired. */
export const FOR_EVER = 2n ** 48n - 1n;

const PROMISER_SET = [getAbiItem({ abi: LEDGER_ABI, name: "PromiserSet" }) as AbiEvent];

export async function promisersOf(place: Place): Promise<Promiser[]> {
  const events = await eventsOf(place, place.contract.address, PROMISER_SET);
  const newest = new Map(events.map(({ args, block }) => [args.promiser as Address, block]));
  return await Promise.all(
    [...newest].map(async ([account, since]) => ({
      account,
      since,
      until: await promisesUntil(place, account),
    })),
  );
}

export const promisesUntil = async ({ contract }: Place, account: Address): Promise<bigint> =>
  BigInt((await contract.read("promiserUntil", account)) as number);
