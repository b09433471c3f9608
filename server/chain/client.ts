// The chain as the service sees it: blocks, receipts, nonces, fees, and transactions sent. All JSON-RPC goes through
// here and `ledger-reader`; nothing is decided here.

import {
  type Address,
  createPublicClient,
  type Hex,
  http,
  type PublicClient,
  TransactionNotFoundError,
  TransactionReceiptNotFoundError,
} from "viem";
import { ask, sayingOf } from "./failures.ts";
import type { Fees } from "./fees.ts";

/** A transaction that is in a block. */
export type MinedTransaction = {
  readonly hash: Hex;
  readonly block: bigint;
  /** Of the block, in Unix seconds. */
  readonly at: bigint;
  /** False when it was included and reverted: it has used its nonce and brought nothing about. */
  readonly succeeded: boolean;
  /** The contract that it created. */
  readonly created: Address | null;
};

export type Request = { readonly from: Address; readonly to: Address | null; readonly data: Hex };

/** What the endpoint answers to signed bytes; a refusal does not say that the chain will never take them. */
export type SendAnswer = { readonly accepted: true } | { readonly accepted: false; readonly says: string };

/** One endpoint. Every request is bounded in time; every failure to answer is an `UnavailableError`. */
export type Chain = {
  chainId(): Promise<number>;
  /** The newest block's number. */
  head(): Promise<bigint>;
  /** The time of a block, in Unix seconds. */
  timeOf(block: bigint): Promise<bigint>;
  /** A block's hash and time. */
  block(block: bigint): Promise<{ readonly hash: Hex; readonly at: bigint }>;
  hasCode(address: Address, atBlock?: bigint): Promise<boolean>;
  /** How many transactions the account has in blocks up to `atBlock`, the newest by default. */
  nonce(address: Address, atBlock?: bigint): Promise<bigint>;
  /** What an account can pay for its transactions with, in wei. */
  balance(address: Address): Promise<bigint>;
  mined(hash: Hex): Promise<MinedTransaction | undefined>;
  /** Whether the endpoint has the transaction, in a block or waiting. */
  knows(hash: Hex): Promise<boolean>;
  /** What the market asks for now, in wei. */
  fees(): Promise<Fees>;
  /** The gas that a request would take; throws `RefusedError` when it would revert. */
  gas(request: Request): Promise<bigint>;
  send(raw: Hex): Promise<SendAnswer>;
  readonly public: PublicClient;
};

const TIMEOUT_MS = 10_000;

export function connectChain(url: string, timeout = TIMEOUT_MS): Chain {
  // No retries and no caches: the jobs look again themselves, and what they see must be of now.
  const transport = http(url, { timeout, retryCount: 0, batch: { batchSize: 50 } });
  const client = createPublicClient({ transport, cacheTime: 0 });
  return {
    public: client,
    chainId: () => ask(() => client.getChainId()),
    head: () => ask(() => client.getBlockNumber()),
    timeOf: async (blockNumber) => (await ask(() => client.getBlock({ blockNumber }))).timestamp,
    block: async (blockNumber) => {
      const { hash, timestamp } = await ask(() => client.getBlock({ blockNumber }));
      return { hash, at: timestamp };
    },
    hasCode: async (address, blockNumber) =>
      (await ask(() => client.getCode({ address, blockNumber }))) !== undefined,
    nonce: async (address, blockNumber) =>
      BigInt(await ask(() => client.getTransactionCount({ address, blockNumber }))),
    balance: (address) => ask(() => client.getBalance({ address })),
    mined: (hash) => ask(() => minedTransaction(client, hash)),
    knows: (hash) => ask(() => isKnown(client, hash)),
    fees: () => ask(() => currentFees(client)),
    gas: ({ from, to, data }) => ask(() => client.estimateGas({ account: from, to: to ?? undefined, data })),
    send: (raw) => sendRaw(client, raw),
  };
}

async function minedTransaction(client: PublicClient, hash: Hex): Promise<MinedTransaction | undefined> {
  const receipt = await unless(TransactionReceiptNotFoundError, () => client.getTransactionReceipt({ hash }));
  if (receipt === undefined) return undefined;
  const block = await client.getBlock({ blockNumber: receipt.blockNumber });
  // Between the two answers a reorganisation may have passed: then this is not known yet.
  if (block.hash !== receipt.blockHash) return undefined;
  const succeeded = receipt.status === "success";
  return {
    hash,
    block: block.number,
    at: block.timestamp,
    succeeded,
    created: receipt.contractAddress ?? null,
  };
}

async function isKnown(client: PublicClient, hash: Hex): Promise<boolean> {
  return (await unless(TransactionNotFoundError, () => client.getTransaction({ hash }))) !== undefined;
}

/** The answer, or undefined for the error that says that there is none. */
async function unless<T>(
  none: new (...args: never[]) => Error,
  request: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await request();
  } catch (thrown) {
    if (thrown instanceof none) return undefined;
    throw thrown;
  }
}

async function currentFees(client: PublicClient): Promise<Fees> {
  const { maxFeePerGas, maxPriorityFeePerGas } = await client.estimateFeesPerGas();
  return { maxFeePerGas, maxPriorityFeePerGas };
}

/** An endpoint that answers with an error has answered; one that does not answer may have taken the bytes all the same. */
async function sendRaw(client: PublicClient, raw: Hex): Promise<SendAnswer> {
  try {
    await client.sendRawTransaction({ serializedTransaction: raw });
    return { accepted: true };
  } catch (thrown) {
    if (!hasAnswered(thrown)) return ask(() => Promise.reject(thrown));
    return { accepted: false, says: sayingOf(thrown) };
  }
}

/** JSON-RPC errors carry a code; a dead line or a timeout has none. */
function hasAnswered(thrown: unknown): boolean {
  let code: unknown;
  (thrown as { walk?: (visit: (cause: unknown) => boolean) => void }).walk?.((cause) => {
    code ??= (cause as { code?: unknown } | null)?.code;
    return typeof code === "number";
  });
  return typeof code === "number";
}
