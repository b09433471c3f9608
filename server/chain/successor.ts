// The contract in which a ledger goes on, as the one before names it: read, and the call that names it.

import { type Address, encodeFunctionData, type Hex, isAddressEqual, zeroAddress, zeroHash } from "viem";
import { LEDGER_ABI } from "./abi.ts";
import type { Chain } from "./client.ts";
import { ask } from "./failures.ts";

export type Successor = {
  readonly chainId: bigint;
  readonly ledgerContract: Address;
  /** What the earlier contract keeps stands up to this batch. */
  readonly lastGoodBatch: bigint;
};

/** Undefined when none is named. */
export async function successorOf(
  { public: client }: Chain,
  address: Address,
  blockNumber?: bigint,
): Promise<Successor | undefined> {
  const question = { address, abi: LEDGER_ABI, functionName: "successor", blockNumber } as const;
  const named = await ask(() => client.readContract(question));
  return isAddressEqual(named.ledgerContract, zeroAddress) ? undefined : named;
}

export const successorData = ({ chainId, ledgerContract, lastGoodBatch }: Successor): Hex =>
  encodeFunctionData({
    abi: LEDGER_ABI,
    functionName: "nameSuccessor",
    args: [chainId, ledgerContract, lastGoodBatch],
  });

/** Whether an account may name it: the default admin alone. */
export const isAdmin = ({ public: client }: Chain, address: Address, account: Address): Promise<boolean> =>
  ask(() =>
    client.readContract({ address, abi: LEDGER_ABI, functionName: "hasRole", args: [zeroHash, account] }),
  );

export const adminOf = ({ public: client }: Chain, address: Address): Promise<Address> =>
  ask(() => client.readContract({ address, abi: LEDGER_ABI, functionName: "defaultAdmin" }));
