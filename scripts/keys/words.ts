// What is said of calls, keys and times. Pure.

import { type Address, decodeFunctionData, type Hex, hexToString, isAddressEqual, zeroAddress } from "viem";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { nameOfRole } from "./roles.ts";
import { TIMELOCK_ABI } from "./timelock-abi.ts";

const UNITS_SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** Seconds of `90s`, `30m`, `48h` or `2d`; undefined for anything else. */
export function secondsOf(text: string): number | undefined {
  const [, count, unit] = /^([1-9][0-9]{0,6})([smhd])$/.exec(text) ?? [];
  return count && unit ? Number(count) * UNITS_SECONDS[unit as keyof typeof UNITS_SECONDS] : undefined;
}

/** Seconds in the largest unit that tells them whole. */
export function duration(seconds: bigint): string {
  const names = { d: "days", h: "hours", m: "minutes", s: "seconds" } as const;
  const [unit] = (["d", "h", "m"] as const).filter((one) => seconds % BigInt(UNITS_SECONDS[one]) === 0n);
  const count = seconds / BigInt(UNITS_SECONDS[unit ?? "s"]);
  return `${count} ${names[unit ?? "s"].slice(0, count === 1n ? -1 : undefined)}`;
}

/** A call to the ledger's contract or to a timelock in plain words; its bytes where nobody knows what it means. */
export function sayCall(target: Address, data: Hex, ledger: Address): string {
  const abi = isAddressEqual(target, ledger) ? LEDGER_ABI : TIMELOCK_ABI;
  try {
    const { functionName, args = [] } = decodeFunctionData({ abi: abi as typeof LEDGER_ABI, data });
    return saying(functionName, args);
  } catch {
    return `calls ${target} with ${data}`;
  }
}

function saying(name: string, args: readonly unknown[]): string {
  const [first, second, third] = args.map(String) as [string, string, string];
  switch (name) {
    case "grantRole":
      return `gives the role ${nameOfRole(first as Hex)} to ${whom(second)}`;
    case "revokeRole":
      return `takes the role ${nameOfRole(first as Hex)} from ${whom(second)}`;
    case "renounceRole":
      return `gives up the role ${nameOfRole(first as Hex)} of ${second}`;
    case "admitPromiser":
      return `lets ${first} promise receipts`;
    case "retirePromiser":
      return `ends the promises of ${first}`;
    case "beginDefaultAdminTransfer":
      return `begins to hand the admin's role to ${first}`;
    case "acceptDefaultAdminTransfer":
      return "takes the admin's role over";
    case "cancelDefaultAdminTransfer":
      return "breaks off the handing over of the admin's role";
    case "setToken":
      return `names ${second} as the token of ${unitText(first)}, with ${third} decimal places, once for ever`;
    case "nameSuccessor":
      return `names ${second} on chain ${first} as where the ledger goes on after batch ${third}, once for ever`;
    case "updateDelay":
      return `has the timelock wait ${duration(BigInt(first))} from then on`;
    case "changeDefaultAdminDelay":
      return `has handing the admin's role over take ${duration(BigInt(first))}`;
    default:
      return `calls ${name}(${args.join(", ")})`;
  }
}

export const whom = (account: string): string => (account === zeroAddress ? "anyone" : account);

const unitText = (unit: string) => hexToString(unit as Hex, { size: 32 });
