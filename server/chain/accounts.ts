// The accounts that send: one for each role, from the operator's keys. Keys stay in this room.

import { bytesToHex, type Hex, type LocalAccount } from "viem";
import { mnemonicToAccount, privateKeyToAccount } from "viem/accounts";
import type { Role } from "../protocol/contract-calls.ts";
import type { Settings } from "../settings.ts";

/** The accounts at hand. Calls of a role without one wait until a process has it. */
export type Accounts = Partial<Record<Role, LocalAccount>>;

const ROLES = ["admin", "anchor", "payer", "registrar"] as const satisfies readonly Role[];

/** The words that every development chain knows: whoever reads this may send as any of these accounts. */
const WELL_KNOWN_WORDS = "test test test test test test test test test test test junk";

type Keys = Pick<Settings, "ADMIN_KEY" | "ANCHOR_KEY" | "PAYER_KEY" | "REGISTRAR_KEY" | "demonstration">;

/** On the demonstration chain its first accounts, elsewhere those of the keys that the operator has set. */
export function accountsOf(keys: Keys): Accounts {
  if (keys.demonstration) return wellKnownAccounts();
  const given = [keys.ADMIN_KEY, keys.ANCHOR_KEY, keys.PAYER_KEY, keys.REGISTRAR_KEY];
  const accountOf = (key: string | undefined) =>
    key ? privateKeyToAccount(key as `0x${string}`) : undefined;
  return Object.fromEntries(ROLES.map((role, index) => [role, accountOf(given[index])]));
}

function wellKnownAccounts(): Accounts {
  return Object.fromEntries(
    ROLES.map((role, addressIndex) => [role, mnemonicToAccount(WELL_KNOWN_WORDS, { addressIndex })]),
  );
}

/** The roles whose account is at hand. */
export const rolesAtHand = (accounts: Accounts): Role[] =>
  ROLES.filter((role) => accounts[role] !== undefined);

/** Of the demonstration chain's accounts the first that sends nothing. */
const PROMISER_INDEX = ROLES.length;

type PromiseSettings = Pick<Settings, "PROMISE_KEY" | "demonstration">;

/** The key that signs promises; undefined when the operator has set none. */
export function promiseKey(keys: PromiseSettings): Hex | undefined {
  if (!keys.demonstration) return keys.PROMISE_KEY as Hex | undefined;
  const { privateKey } = mnemonicToAccount(WELL_KNOWN_WORDS, { addressIndex: PROMISER_INDEX }).getHdKey();
  return bytesToHex(privateKey as Uint8Array);
}

/** The account that signs promises; it sends nothing. Undefined when the operator has set no key for it. */
export function promiserAccount(keys: PromiseSettings): LocalAccount | undefined {
  const key = promiseKey(keys);
  return key && privateKeyToAccount(key);
}

const SETTINGS = ["ADMIN_KEY", "ANCHOR_KEY", "PAYER_KEY", "REGISTRAR_KEY", "PROMISE_KEY"] as const;

/** All accounts at hand, each with the setting that its key comes from; the admin's, if there is one, is the first. */
export function keysAtHand(keys: Keys & PromiseSettings): [setting: string, account: LocalAccount][] {
  const accounts = accountsOf(keys);
  const inOrder = [...ROLES.map((role) => accounts[role]), promiserAccount(keys)];
  return SETTINGS.flatMap((setting, index) => {
    const account = inOrder[index];
    return account === undefined ? [] : [[setting, account]];
  });
}

const KEYS = [...SETTINGS, "CERTIFICATE_KEY"] as const;

/** A sentence for each two settings that hold one key: its thief then has the powers of both. */
export function sharedKeys({ demonstration, ...settings }: Settings): string[] {
  // There only the certificates' key is the operator's.
  if (demonstration) return [];
  const held = KEYS.filter((name) => settings[name] !== undefined);
  return held.flatMap((name, index) =>
    held
      .slice(0, index)
      .filter((other) => settings[other]?.toLowerCase() === settings[name]?.toLowerCase())
      .map((other) => `${other} and ${name} are one key: who steals it has the powers of both`),
  );
}
