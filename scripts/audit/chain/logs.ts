// All logs of one contract, in ranges of blocks that the endpoint is willing to answer. What the logs say is not known
// here.

import type { Address, Hex } from "viem";
import { inRanges } from "../../../server/chain/logs.ts";
import { type Endpoint, quantity, RefusedError } from "./rpc.ts";

/** A log as the endpoint gives it, less what nobody here uses. */
export type RawLog = {
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly block: bigint;
  readonly index: number;
  readonly transaction: Hex;
};

type AnsweredLog = {
  readonly address: Hex;
  readonly topics: Hex[];
  readonly data: Hex;
  readonly blockNumber: Hex;
  readonly logIndex: Hex;
  readonly transactionHash: Hex;
};

/**
 * In the order of the chain.
 * @throws UnavailableError `no-logs` when not even the logs of one block are given
 */
export async function readLogs(
  endpoint: Endpoint,
  contract: Address,
  fromBlock: bigint,
  toBlock: bigint,
  onBlocks: (read: bigint, of: bigint) => void,
): Promise<RawLog[]> {
  const logs: RawLog[] = [];
  const within = (from: bigint, to: bigint) => logsWithin(endpoint, contract, from, to);
  for await (const { found, to } of inRanges(fromBlock, toBlock, within)) {
    for (const log of found) logs.push(log);
    onBlocks(to - fromBlock + 1n, toBlock - fromBlock + 1n);
  }
  return logs.sort((a, b) => Number(a.block - b.block) || a.index - b.index);
}

/** Undefined when the endpoint refuses so large a range. */
async function logsWithin(
  endpoint: Endpoint,
  address: Address,
  from: bigint,
  to: bigint,
): Promise<RawLog[] | undefined> {
  try {
    const filter = { address, fromBlock: quantity(from), toBlock: quantity(to) };
    const logs = (await endpoint.one("eth_getLogs", [filter])) as AnsweredLog[];
    return logs.filter((log) => log.address.toLowerCase() === address).map(rawLog);
  } catch (error) {
    if (error instanceof RefusedError) return undefined;
    throw error;
  }
}

const rawLog = ({ topics, data, blockNumber, logIndex, transactionHash }: AnsweredLog): RawLog => ({
  topics,
  data,
  block: BigInt(blockNumber),
  index: Number(logIndex),
  transaction: transactionHash,
});
