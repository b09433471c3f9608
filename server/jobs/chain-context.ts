// What the chain's jobs work with, put together once at their start.

import type { Logger } from "pino";
import { type Address, getAddress } from "viem";
import { type Accounts, accountsOf, promiserAccount, sharedKeys } from "../chain/accounts.ts";
import { type Chain, connectChain } from "../chain/client.ts";
import { type LedgerReader, ledgerReader } from "../chain/ledger-reader.ts";
import { toHex } from "../protocol/bytes.ts";
import type { Settings } from "../settings.ts";
import type { AlarmKind } from "../store/alarms.ts";
import type { StoredCall } from "../store/chain-calls.ts";
import type { Database } from "../store/database.ts";
import { type Deployment, deploymentOf } from "../store/deployment.ts";

export type ChainOptions = {
  readonly sql: Database;
  readonly settings: Settings;
  /** The ledger's id, 32 bytes. */
  readonly ledger: Uint8Array;
  /** The endpoint: CHAIN_RPC_URL, or that of the demonstration chain. */
  readonly rpcUrl: string;
  readonly log: Logger;
};

export type ChainContext = Omit<ChainOptions, "rpcUrl"> & {
  readonly chain: Chain;
  readonly accounts: Accounts;
  /** Who signs promises; undefined when nobody does. */
  readonly promiser: Address | undefined;
  /** How many blocks a transaction must lie under, its own included. */
  readonly confirmations: bigint;
  readonly pollMs: number;
  readonly proveEverySeconds: number;
  /** The most that a transaction may pay, in wei per gas. */
  readonly feeLimit: bigint;
};

const WEI_PER_GWEI = 1_000_000_000n;

/** The demonstration chain makes a block for each transaction and never takes one back. */
const DEMONSTRATION = { confirmations: 1n, pollMs: 50, proveEverySeconds: 0 } as const;

export function chainContext({ rpcUrl, ...options }: ChainOptions): ChainContext {
  const { settings } = options;
  const asSet = {
    confirmations: BigInt(settings.CONFIRMATIONS),
    pollMs: settings.CHAIN_POLL_MS,
    proveEverySeconds: settings.PROVE_EVERY_SECONDS,
  };
  const pace = settings.demonstration ? DEMONSTRATION : asSet;
  const feeLimit = BigInt(settings.MAX_FEE_GWEI) * WEI_PER_GWEI;
  for (const says of sharedKeys(settings)) options.log.warn(says);
  const signers = { accounts: accountsOf(settings), promiser: promiserAccount(settings)?.address };
  return { ...options, ...pace, feeLimit, chain: connectChain(rpcUrl), ...signers };
}

/** What is wrong enough to stop a job until it has been looked at again. */
export class AlarmError extends Error {
  override readonly name = "AlarmError";
  readonly kind: AlarmKind;
  /** The call that stands still, where it is one. */
  readonly call: StoredCall | undefined;

  constructor(kind: AlarmKind, message: string, call?: StoredCall) {
    super(message);
    this.kind = kind;
    this.call = call;
  }
}

/** The ledger's contract and a reader of it; undefined before it is deployed. */
export type Home = {
  readonly deployment: Deployment;
  readonly address: Address;
  readonly reader: LedgerReader;
};

export async function homeOf({ sql, chain }: ChainContext): Promise<Home | undefined> {
  const deployment = await deploymentOf(sql);
  if (deployment === undefined) return undefined;
  const address = getAddress(toHex(deployment.contract));
  return { deployment, address, reader: ledgerReader(chain, address) };
}

/** The newest block that a reorganisation is not expected to reach. */
export async function settledBlock(context: ChainContext): Promise<bigint> {
  return settledUnder(context, await context.chain.head());
}

/** The same, with the newest block's number known. */
export const settledUnder = ({ confirmations }: ChainContext, head: bigint): bigint =>
  head + 1n > confirmations ? head + 1n - confirmations : 0n;
