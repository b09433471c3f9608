// One simulated chain for a run of the contract tests, a deployed ledger with one account per role, and short ways to
// call it. Nothing here knows the protocol's hashes: those are in reference.ts.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type BaseContract, type BaseContractMethod, id, randomBytes } from "ethers";
import hre from "hardhat";

export const { ethers, networkHelpers, provider } = await hre.network.create();

type Methods<Name extends string> = BaseContract & Record<Name, BaseContractMethod>;

export type LedgerContract = Methods<
  | "acceptDefaultAdminTransfer"
  | "acknowledge"
  | "admitPromiser"
  | "anchor"
  | "anchorMany"
  | "answer"
  | "applyChange"
  | "beginDefaultAdminTransfer"
  | "carryPromiser"
  | "challenge"
  | "challengeBond"
  | "challengeOf"
  | "changePayee"
  | "changeSigner"
  | "charityOf"
  | "defaultAdmin"
  | "disburse"
  | "eip712Domain"
  | "faultOf"
  | "grantRole"
  | "hasRole"
  | "lastBatch"
  | "ledger"
  | "line"
  | "multicall"
  | "nameSuccessor"
  | "open"
  | "opened"
  | "pause"
  | "paused"
  | "payBank"
  | "payoutEnd"
  | "payToken"
  | "pendingChanges"
  | "promiserUntil"
  | "prove"
  | "proveContradiction"
  | "proveFalseReceipt"
  | "proveFalseSum"
  | "proveMalformed"
  | "recordBreach"
  | "registerCharity"
  | "repay"
  | "retirePromiser"
  | "root"
  | "setToken"
  | "successor"
  | "tokenOf"
  | "unpause"
  | "verifyReceipt"
  | "veto"
>;

export type TokenContract = Methods<"approve" | "balanceOf" | "mint">;
export type ProberContract = Methods<"verdicts">;

export const ROLES = ["ANCHOR_ROLE", "PAYER_ROLE", "REGISTRAR_ROLE", "PAUSER_ROLE"] as const;
export type Role = (typeof ROLES)[number];

export const DAY_S = 86_400n;
export const CHANGE_DELAY_S = 7n * DAY_S;
export const VETO_PERIOD_S = 30n * DAY_S;
export const ADMIN_DELAY_S = 3n * DAY_S;
export const ANSWER_PERIOD_S = 7n * DAY_S;
/** How far a deadline may lie behind the retirement of the key that signed it. */
export const PROMISE_PERIOD_S = 7n * DAY_S;
/** What a challenge costs until it ends. */
export const BOND_WEI = 10n ** 16n;

export type Cast = Record<
  | "admin"
  | "anchorer"
  | "payer"
  | "registrar"
  | "pauser"
  | "payee"
  | "signer"
  | "stranger"
  | "other"
  | "promiser",
  HardhatEthersSigner
>;

export type Deployed = Cast & { contract: LedgerContract; ledger: string };

export function as(contract: LedgerContract, account: HardhatEthersSigner): LedgerContract {
  return contract.connect(account) as LedgerContract;
}

async function cast(): Promise<Cast> {
  const [admin, anchorer, payer, registrar, pauser, payee, signer, stranger, other, promiser] =
    await ethers.getSigners();
  return { admin, anchorer, payer, registrar, pauser, payee, signer, stranger, other, promiser } as Cast;
}

export async function deploy<T>(name: string, ...args: unknown[]): Promise<T> {
  return (await ethers.deployContract(name, args)) as unknown as T;
}

/** A ledger of its own id, roles given out, still being rebuilt: not opened, no charity, no batch. */
export async function deployLedger(): Promise<Deployed> {
  const people = await cast();
  const ledger = ethers.hexlify(randomBytes(32));
  const contract = await deploy<LedgerContract>(
    "DonationLedger",
    ledger,
    people.admin.address,
    ADMIN_DELAY_S,
    BOND_WEI,
  );
  const holders = [people.anchorer, people.payer, people.registrar, people.pauser];
  const grants = ROLES.map((role, i) =>
    contract.interface.encodeFunctionData("grantRole", [id(role), holders[i]!.address]),
  );
  const admits = contract.interface.encodeFunctionData("admitPromiser", [people.promiser.address]);
  await as(contract, people.admin).multicall([...grants, admits]);
  return { ...people, contract, ledger };
}

/** The same, opened. */
export async function deployOpened(): Promise<Deployed> {
  const deployed = await deployLedger();
  await as(deployed.contract, deployed.admin).open();
  return deployed;
}

/** Seconds of the newest block; the next one is at least a second later. */
export async function now(): Promise<bigint> {
  return BigInt(await networkHelpers.time.latest());
}
