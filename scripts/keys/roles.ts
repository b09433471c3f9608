// The roles by the names that people give them: what each is called in the contracts, which setting holds its key, and what
// stands still while nobody has it.

import { type Hex, keccak256, stringToHex, zeroHash } from "viem";
import { InputError } from "../../server/errors.ts";

export type Role = {
  readonly name: string;
  readonly hash: Hex;
  readonly of: "ledger" | "timelock";
  /** Where the service takes the key from. */
  readonly setting?: string;
  /** What nobody does while nobody has the role. */
  readonly without: string;
};

const hashOf = (name: string): Hex => keccak256(stringToHex(`${name.toUpperCase()}_ROLE`));

const ledgerRole = (name: string, without: string, setting?: string): Role => ({
  ...{ name, hash: hashOf(name), of: "ledger", without },
  ...(setting !== undefined && { setting }),
});

const timelockRole = (name: string, without: string): Role => ({
  ...{ name, hash: hashOf(name), of: "timelock", without },
});

export const LEDGER_ROLES: readonly Role[] = [
  ledgerRole("anchor", "nothing is anchored", "ANCHOR_KEY"),
  ledgerRole("payer", "no charity is paid", "PAYER_KEY"),
  ledgerRole("registrar", "no charity is registered or changed", "REGISTRAR_KEY"),
  ledgerRole("pauser", "nobody can stop payouts at once"),
];

export const PROPOSER = timelockRole("proposer", "the admin can do nothing more, for ever");
export const EXECUTOR = timelockRole("executor", "nothing that was scheduled is ever done");
export const CANCELLER = timelockRole("canceller", "what was scheduled cannot be stopped");

export const TIMELOCK_ROLES: readonly Role[] = [PROPOSER, EXECUTOR, CANCELLER];

/** Promises by its signature alone; the contract keeps it apart from the roles. */
export const PROMISE = {
  name: "promise",
  setting: "PROMISE_KEY",
  without: "answers carry no promise",
} as const;

export const ADMIN_ROLE = zeroHash;

export const ROLE_NAMES = [...LEDGER_ROLES, PROMISE, ...TIMELOCK_ROLES].map(({ name }) => name);

/** @throws InputError `no-role` */
export function roleNamed(name: string): Role | typeof PROMISE {
  const found = [...LEDGER_ROLES, PROMISE, ...TIMELOCK_ROLES].find((role) => role.name === name);
  if (found !== undefined) return found;
  const advice = name === "admin" ? "; the admin's role is handed over: see hand-over and accept" : "";
  throw new InputError("no-role", `the role: wanted one of ${ROLE_NAMES.join(", ")}, came ${name}${advice}`);
}

/** What people call a role, from its hash. */
export function nameOfRole(hash: Hex): string {
  if (hash === ADMIN_ROLE) return "admin";
  return [...LEDGER_ROLES, ...TIMELOCK_ROLES].find((role) => role.hash === hash)?.name ?? hash;
}
