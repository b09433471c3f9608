// How a ledger comes to a chain: the calls that found it, and rebuilding it on the demonstration chain, which forgets
// everything when it stops. Both are ordinary calls, sent by the ordinary sender.

import type { Accounts } from "../chain/accounts.ts";
import { InputError, InvariantError } from "../errors.ts";
import { toHex } from "../protocol/bytes.ts";
import type { ContractCall, ContractRole, Role } from "../protocol/contract-calls.ts";
import { planRebuilding } from "../store/deployment.ts";
import type { ChainContext } from "./chain-context.ts";
import { restoreWallets } from "./wallet-codes.ts";

const ROLES: readonly (readonly [ContractRole, Role])[] = [
  ["ANCHOR_ROLE", "anchor"],
  ["PAYER_ROLE", "payer"],
  ["REGISTRAR_ROLE", "registrar"],
  ["PAUSER_ROLE", "admin"],
];

/** Deployment, roles, the promiser and the opening. `adminDelaySeconds`: how long handing the admin's role on takes. */
export function foundingCalls(
  { ledger, accounts, promiser, settings }: Founder,
  adminDelaySeconds: number,
): ContractCall[] {
  const admin = addressOf(accounts, "admin");
  const [adminDelay, challengeBond] = [`${adminDelaySeconds}`, settings.CHALLENGE_BOND_WEI];
  return [
    { kind: "deploy", args: { ledger: toHex(ledger), admin, adminDelay, challengeBond } },
    ...ROLES.map(
      ([role, of]): ContractCall => ({ kind: "grantRole", args: { role, account: addressOf(accounts, of) } }),
    ),
    ...(promiser === undefined ? [] : [{ kind: "admitPromiser" as const, args: { promiser } }]),
    { kind: "open", args: {} },
  ];
}

type Founder = Pick<ChainContext, "ledger" | "accounts" | "promiser" | "settings">;

function addressOf(accounts: Accounts, role: Role) {
  const account = accounts[role];
  if (account !== undefined) return account.address;
  throw new InputError("key-missing", `${role.toUpperCase()}_KEY: wanted, to give the ${role} its role`);
}

/**
 * Plans the rebuilding of the ledger when the demonstration chain knows nothing of it. The deployment is then the
 * admin's first transaction, so that the contract always has the same address.
 */
export async function rebuildIfForgotten(context: ChainContext): Promise<boolean> {
  const { sql, chain, accounts, log } = context;
  const { admin } = accounts;
  if (admin === undefined) throw new InvariantError("the demonstration chain's accounts are fixed");
  if ((await chain.nonce(admin.address)) > 0n) return false;
  log.info("the demonstration chain is empty; rebuilding the ledger on it");
  await restoreWallets(context);
  await planRebuilding(sql, await chain.chainId(), foundingCalls(context, 0));
  return true;
}
