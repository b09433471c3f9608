// What each of the key commands stands on: the ledger's contract, the keys at hand, and what the caller wants to be asked.
// Who holds what is read in holders.ts.

import { type Address, getContractAddress, isAddressEqual, type LocalAccount } from "viem";
import { keysAtHand, sharedKeys } from "../../server/chain/accounts.ts";
import { InputError } from "../../server/errors.ts";
import { readSettings, type Settings } from "../../server/settings.ts";
import { type Contract, newestBlock, openContract } from "../chain/contract.ts";
import { readSigner } from "../charity/key-file.ts";
import { warn } from "../say.ts";

export type Options = {
  readonly rpc?: string;
  readonly contract?: Address;
  readonly keyFile: readonly string[];
  readonly fromBlock?: bigint;
  readonly dryRun?: true;
  readonly yes?: true;
};

/** A key that this command may sign with, and where it comes from. */
export type Hand = { readonly from: string; readonly account: LocalAccount };

export type Place = {
  readonly contract: Contract;
  readonly hands: readonly Hand[];
  /** A sentence for each two settings that hold one key. */
  readonly shared: readonly string[];
  readonly options: Options;
  /** The newest block's time, in Unix seconds: the clock that the contracts go by. */
  now(): Promise<bigint>;
};

/** @throws InputError, UnavailableError */
export async function openPlace(options: Options): Promise<Place> {
  // Another endpoint than the demonstration chain's has the operator's own keys, whichever way it was named.
  const settings = readSettings({ ...process.env, ...(options.rpc && { CHAIN_RPC_URL: options.rpc }) });
  const files = await Promise.all(options.keyFile.map(fromFile));
  const environment = keysAtHand(settings).map(([from, account]) => ({ from, account }));
  const chosen = { rpc: endpointOf(settings), contract: options.contract ?? homeOf(settings) };
  const contract = await openContract(chosen, null);
  const now = async () => (await newestBlock(contract)).time;
  return { contract, hands: [...files, ...environment], shared: sharedKeys(settings), options, now };
}

const fromFile = async (file: string): Promise<Hand> => ({
  from: file,
  account: await readSigner(file, warn),
});

const endpointOf = ({ CHAIN_RPC_URL, CHAIN_PORT }: Settings) =>
  CHAIN_RPC_URL ?? `http://127.0.0.1:${CHAIN_PORT}`;

/** On the demonstration chain the contract is what its admin's first transaction has made. */
function homeOf(settings: Settings): Address {
  if (settings.CONTRACT_ADDRESS !== undefined) return settings.CONTRACT_ADDRESS as Address;
  const [admin] = keysAtHand(settings);
  if (settings.demonstration && admin !== undefined)
    return getContractAddress({ from: admin[1].address, nonce: 0n });
  throw new InputError(
    "no-contract",
    "--contract, or CONTRACT_ADDRESS: wanted the ledger's contract, came nothing",
  );
}

/** The first key at hand whose account this is. */
export const handOf = ({ hands }: Place, address: Address): Hand | undefined =>
  hands.find(({ account }) => isAddressEqual(account.address, address));
