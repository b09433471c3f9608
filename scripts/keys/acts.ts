// The acts themselves: roles given and taken, the admin's role handed over, and the admin's other functions by name. Each
// knows who may do it and when it has come about; how it is done is in act.ts.

import { type Address, encodeFunctionData, type Hex, isAddress, isAddressEqual, zeroAddress } from "viem";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { InputError } from "../../server/errors.ts";
import type { Act } from "./act.ts";
import { FOR_EVER, hasRole, promisesUntil } from "./holders.ts";
import type { Place } from "./place.ts";
import { LEDGER_ROLES, PROMISE, type Role, roleNamed } from "./roles.ts";
import { timelockAt } from "./timelock.ts";

export const adminOf = async ({ contract }: Place): Promise<Address> =>
  (await contract.read("defaultAdmin")) as Address;

/** Whom the admin's role is being handed to, and from when on it can be taken over; undefined when it is not. */
export async function handoverOf({ contract }: Place) {
  const [to, from] = (await contract.read("pendingDefaultAdmin")) as [Address, number];
  return from === 0 ? undefined : { to, from: BigInt(from) };
}

/** An act of the ledger's admin. */
export async function adminAct(
  place: Place,
  functionName: string,
  args: readonly unknown[],
  isDone: () => Promise<boolean>,
): Promise<Act> {
  const authority = await adminOf(place);
  return { target: place.contract.address, data: calling(functionName, args), authority, isDone };
}

export const calling = (functionName: string, args: readonly unknown[]): Hex =>
  encodeFunctionData({ abi: LEDGER_ABI, functionName, args } as never);

/** @throws InputError */
export async function granting(place: Place, name: string, account: Address): Promise<Act> {
  const role = roleNamed(name);
  if (!("hash" in role)) return await admitting(place, account);
  return await roleAct(place, role, "grantRole", account);
}

/** By the account itself too, when its key is at hand. @throws InputError */
export async function revoking(place: Place, name: string, account: Address): Promise<Act> {
  const role = roleNamed(name);
  if (!("hash" in role)) return await retiring(place, account);
  const act = await roleAct(place, role, "revokeRole", account);
  const own = { by: account, target: act.target, data: calling("renounceRole", [role.hash, account]) };
  return { ...act, own };
}

/** A timelock governs its own roles: those are changed by operations of its own. */
async function roleAct(
  place: Place,
  role: Role,
  does: "grantRole" | "revokeRole",
  account: Address,
): Promise<Act> {
  const admin = await adminOf(place);
  if (role.of === "timelock" && (await timelockAt(place, admin)) === undefined)
    throw new InputError(
      "no-timelock",
      `the role ${role.name}: wanted a timelock as the admin, came ${admin}`,
    );
  const target = role.of === "timelock" ? admin : place.contract.address;
  const isDone = async () => (await hasRole(place, target, role.hash, account)) === (does === "grantRole");
  return { target, data: calling(does, [role.hash, account]), authority: admin, isDone };
}

async function admitting(place: Place, account: Address): Promise<Act> {
  for (const { name, hash } of LEDGER_ROLES)
    if (await hasRole(place, place.contract.address, hash, account))
      throw new InputError(
        "shared-key",
        `${PROMISE.setting}: wanted a key of its own, came the ${name}'s: the service refuses it`,
      );
  const isDone = async () => (await promisesUntil(place, account)) === FOR_EVER;
  return await adminAct(place, "admitPromiser", [account], isDone);
}

async function retiring(place: Place, account: Address): Promise<Act> {
  if ((await promisesUntil(place, account)) === 0n)
    throw new InputError("no-promiser", `${account}: wanted an account that promises receipts, it never did`);
  const isDone = async () => (await promisesUntil(place, account)) !== FOR_EVER;
  const act = await adminAct(place, "retirePromiser", [account], isDone);
  return { ...act, own: { by: account, target: act.target, data: act.data } };
}

export const handingTo = (place: Place, account: Address): Promise<Act> =>
  adminAct(place, "beginDefaultAdminTransfer", [account], async () => {
    const pending = await handoverOf(place);
    return isAddressEqual(pending?.to ?? (await adminOf(place)), account);
  });

export const breakingOff = (place: Place): Promise<Act> =>
  adminAct(place, "cancelDefaultAdminTransfer", [], async () => (await handoverOf(place)) === undefined);

/** Undefined when the role is handed to nobody. */
export async function accepting(place: Place): Promise<Act | undefined> {
  const pending = await handoverOf(place);
  if (pending === undefined || pending.to === zeroAddress) return undefined;
  return {
    target: place.contract.address,
    data: calling("acceptDefaultAdminTransfer", []),
    authority: pending.to,
    notBefore: pending.from,
    isDone: async () => isAddressEqual(await adminOf(place), pending.to),
  };
}

/** @throws InputError `no-address` */
export function accountOf(text: string): Address {
  if (isAddress(text, { strict: false }) && !/^0x0{40}$/.test(text)) return text.toLowerCase() as Address;
  throw new InputError(
    "no-address",
    `the account: wanted 0x and 40 hexadecimal digits, not all zero, came ${text}`,
  );
}
