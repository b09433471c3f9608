// The ledger's contract as a command sees it: the one that the caller chose, or has pinned for the ledger, and what it says.
// An endpoint that gives no usable answer is an `UnavailableError`, a contract that says no a `RefusedError`.

import { type Address, getAddress, type Hex } from "viem";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { type Chain, connectChain } from "../../server/chain/client.ts";
import { ask, RefusedError as ContractError } from "../../server/chain/failures.ts";
import { InputError, UnavailableError } from "../../server/errors.ts";
import { RefusedError } from "../charity/client.ts";
import { pinsFile, readPins } from "../verify/pins.ts";
import type { ChainOptions } from "./options.ts";

const RETRY_AFTER_SECONDS = 5;

export type Contract = {
  readonly chain: Chain;
  readonly chainId: number;
  readonly address: Address;
  /** What the contract says that it keeps; a contract of another ledger is never opened when one was named. */
  readonly ledger: Hex;
  readonly by: "command line" | "pin";
  read(functionName: string, ...args: unknown[]): Promise<unknown>;
};

/**
 * The contract that keeps the ledger; of whichever ledger it is, when none is named.
 * @throws InputError `no-contract`, `another-chain`, `another-ledger`; UnavailableError
 */
export async function openContract(options: ChainOptions, ledger: Hex | null): Promise<Contract> {
  const chain = connectChain(options.rpc);
  const chainId = await chain.chainId();
  const chosen = await choose(options, ledger, chainId);
  if (!(await chain.hasCode(chosen.address)))
    throw new InputError("no-contract", `there is no contract at ${chosen.address} on chain ${chainId}`);
  const read = (functionName: string, ...args: unknown[]) =>
    readContract(chain, chosen.address, functionName, args);
  const kept = (await read("ledger")) as Hex;
  if (ledger !== null && kept !== ledger)
    throw new InputError(
      "another-ledger",
      `the contract ${chosen.address} is of ledger ${kept}, wanted that of ledger ${ledger}`,
    );
  return { chain, chainId, ledger: kept, read, ...chosen };
}

async function choose(
  { contract }: ChainOptions,
  ledger: Hex | null,
  chainId: number,
): Promise<Pick<Contract, "address" | "by">> {
  if (contract !== undefined) return { address: getAddress(contract), by: "command line" };
  const pin = ledger === null ? undefined : (await readPins(pinsFile()))[ledger];
  if (pin === undefined)
    throw new InputError(
      "no-contract",
      "--contract: wanted the ledger's contract, since none is pinned for it; take it from a source that you trust",
    );
  if (pin.chainId !== chainId)
    throw new InputError(
      "another-chain",
      `the pinned contract is on chain ${pin.chainId}, the endpoint serves chain ${chainId}`,
    );
  return { address: getAddress(pin.contract), by: "pin" };
}

async function readContract(
  { public: client }: Chain,
  address: Address,
  functionName: string,
  args: readonly unknown[],
): Promise<unknown> {
  try {
    return await ask(() => client.readContract({ address, abi: LEDGER_ABI, functionName, args } as never));
  } catch (thrown) {
    if (!(thrown instanceof ContractError)) throw thrown;
    const says = `the contract ${address} does not answer to ${functionName}: ${thrown.message}`;
    throw new UnavailableError("no-answer", says, RETRY_AFTER_SECONDS);
  }
}

/** Turns what the contract refuses into a sentence. @throws RefusedError */
export async function orRefused<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (thrown) {
    if (!(thrown instanceof ContractError)) throw thrown;
    throw new RefusedError("contract-refuses", `the contract refuses: ${thrown.message}`);
  }
}

/** The newest block: its number, and its time in Unix seconds. */
export async function newestBlock({ chain }: Contract): Promise<{ number: bigint; time: bigint }> {
  const number = await chain.head();
  return { number, time: await chain.timeOf(number) };
}

/** The first block that is as young as that, or the newest one. `time` in Unix seconds. */
export async function blockAt(contract: Contract, time: bigint): Promise<bigint> {
  let [low, high] = [0n, await contract.chain.head()];
  while (low < high) {
    const middle = (low + high) / 2n;
    if ((await contract.chain.timeOf(middle)) < time) low = middle + 1n;
    else high = middle;
  }
  return low;
}
