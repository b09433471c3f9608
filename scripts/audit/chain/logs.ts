// All logs of one contract, in ranges of blocks that the endpoint is willing to answer: halved when it refuses, grown
// again when it answers. What the logs say is not known here.

import type { Address, Hex } from "viem";
import { UnavailableError } from "../../../server/errors.ts";
import { type Endpoint, quantity, RefusedError } from "./rpc.ts";

const FIRST_RANGE = 50_000n;
const LARGEST_RANGE = 1_000_000n;

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
  let range = FIRST_RANGE;
  for (let from = fromBlock; from <= toBlock; ) {
    const to = from + range - 1n < toBlock ? from + range - 1n : toBlock;
    const some = await logsWithin(endpoint, contract, from, to);
    if (some === undefined) {
      range = halved(range, from);
      continue;
    }
    for (const log of some) logs.push(log);
    onBlocks(to - fromBlock + 1n, toBlock - fromBlock + 1n);
    from = to + 1n;
    if (range < LARGEST_RANGE) range *= 2n;
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

function halved(range: bigint, block: bigint): bigint {
  if (range > 1n) return range / 2n;
  throw new UnavailableError(
    "no-logs",
    `the endpoint refuses the logs of block ${block}; pass another with --rpc`,
    0,
  );
}

const rawLog = ({ topics, data, blockNumber, logIndex, transactionHash }: AnsweredLog): RawLog => ({
  topics,
  data,
  block: BigInt(blockNumber),
  index: Number(logIndex),
  transaction: transactionHash,
});
