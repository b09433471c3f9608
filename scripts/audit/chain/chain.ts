// Everything that the audit reads of the contract, as of one block: its roots, its events, and what it says that these
// have come to. Whether the three agree is judged elsewhere: a false contract or endpoint is part of the threat.

import { type Address, decodeEventLog, decodeFunctionResult, encodeFunctionData, type Hex } from "viem";
import { LEDGER_ABI } from "../../../server/chain/abi.ts";
import { messageOf, UnavailableError } from "../../../server/errors.ts";
import { fromHex, WORD_BYTES } from "../../../server/protocol/bytes.ts";
import { type RawLog, readLogs } from "./logs.ts";
import { type Call, type Endpoint, quantity, RefusedError } from "./rpc.ts";

/** The block as of which everything is read. */
export type AuditedBlock = { readonly number: bigint; readonly hash: Hex; readonly at: bigint };

export type Chain = {
  readonly chainId: number;
  readonly contract: Address;
  readonly block: AuditedBlock;
  readonly ledger: Hex;
  readonly lastBatch: bigint;
  /** 32 bytes for each batch, from batch 1 on. */
  readonly roots: Uint8Array;
  readonly logs: readonly RawLog[];
  /** Unix seconds of the blocks in which events happened whose time matters. */
  readonly times: ReadonlyMap<bigint, bigint>;
};

type Decoded = ReturnType<typeof decodeEventLog<typeof LEDGER_ABI, undefined, Hex[], Hex, true>>;

/** An event of the contract, with where it stands. */
export type LedgerEvent = Decoded & Pick<RawLog, "block" | "index" | "transaction">;
export type EventOf<Name extends LedgerEvent["eventName"]> = Extract<LedgerEvent, { eventName: Name }>;

const SELECTOR_OF_ROOT = encodeFunctionData({ abi: LEDGER_ABI, functionName: "root", args: [0n] }).slice(
  0,
  10,
);
const ROOTS_AT_ONCE = 10_000n;

export type ReadOptions = {
  readonly contract: Address;
  readonly fromBlock: bigint;
  onRoots(read: bigint, of: bigint): void;
  onBlocks(read: bigint, of: bigint): void;
};

/**
 * Reads it all.
 * @throws UnavailableError `no-answer`, `no-ledger`
 */
export async function readChain(endpoint: Endpoint, options: ReadOptions): Promise<Chain> {
  const { contract, fromBlock } = options;
  const chainId = Number(await endpoint.one("eth_chainId", []));
  const block = await readBlock(endpoint, "latest");
  const ledger = (await readContract(endpoint, contract, block.number, "ledger", [])) as Hex;
  const lastBatch = (await readContract(endpoint, contract, block.number, "lastBatch", [])) as bigint;
  const roots = await readRoots(endpoint, contract, block.number, lastBatch, options.onRoots);
  const logs = await readLogs(endpoint, contract, fromBlock, block.number, options.onBlocks);
  const times = await readTimes(endpoint, logs);
  return { chainId, contract, block, ledger, lastBatch, roots, logs, times };
}

export async function readBlock(endpoint: Endpoint, which: bigint | "latest"): Promise<AuditedBlock> {
  const tag = which === "latest" ? which : quantity(which);
  const block = (await endpoint.one("eth_getBlockByNumber", [tag, false])) as Record<string, Hex> | null;
  if (!block?.number || !block.hash || !block.timestamp)
    throw new UnavailableError("no-answer", `the endpoint does not have block ${which}`, 30);
  return { number: BigInt(block.number), hash: block.hash, at: BigInt(block.timestamp) };
}

type Reading =
  | "ledger"
  | "lastBatch"
  | "line"
  | "faultOf"
  | "charityOf"
  | "opened"
  | "tokenOf"
  | "challengeOf"
  | "successor";

export const callOf = (contract: Address, data: Hex, block: bigint): Call => ({
  method: "eth_call",
  params: [{ to: contract, data }, quantity(block)],
});

/** What a function of the contract answers as of a block. */
export async function readContract(
  endpoint: Endpoint,
  contract: Address,
  block: bigint,
  functionName: Reading,
  args: readonly unknown[],
): Promise<unknown> {
  const [answer] = await readContractMany(endpoint, contract, block, functionName, [args]);
  return answer;
}

export async function readContractMany(
  endpoint: Endpoint,
  contract: Address,
  block: bigint,
  functionName: Reading,
  argsOfEach: readonly (readonly unknown[])[],
): Promise<unknown[]> {
  const calls = argsOfEach.map((args) =>
    callOf(contract, encodeFunctionData({ abi: LEDGER_ABI, functionName, args } as never), block),
  );
  return (await endpoint.many(calls)).map((data) =>
    understood(contract, () => decodeFunctionResult({ abi: LEDGER_ABI, functionName, data: data as Hex })),
  );
}

/** As `readContractMany`, or null from a contract that was deployed before there was such a function: its code refuses. */
export async function readManyIfKnown(
  ...question: Parameters<typeof readContractMany>
): Promise<unknown[] | null> {
  try {
    return await readContractMany(...question);
  } catch (error) {
    if (error instanceof RefusedError && /revert/i.test(error.message)) return null;
    throw error;
  }
}

function understood<T>(contract: Address, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    const why = messageOf(error).split("\n")[0];
    throw new UnavailableError(
      "no-ledger",
      `${contract} does not answer as a donation ledger does (${why})`,
      0,
    );
  }
}

/** 32 bytes for each batch, from batch 1 on. */
export async function readRoots(
  endpoint: Endpoint,
  contract: Address,
  block: bigint,
  lastBatch: bigint,
  onRoots: ReadOptions["onRoots"],
): Promise<Uint8Array> {
  const roots = new Uint8Array(Number(lastBatch) * WORD_BYTES);
  for (let first = 1n; first <= lastBatch; first += ROOTS_AT_ONCE) {
    const count = Math.min(Number(ROOTS_AT_ONCE), Number(lastBatch - first) + 1);
    const calls = Array.from({ length: count }, (_, i) =>
      callOf(
        contract,
        `${SELECTOR_OF_ROOT}${(first + BigInt(i)).toString(16).padStart(64, "0")}` as Hex,
        block,
      ),
    );
    for (const [i, root] of (await endpoint.many(calls)).entries())
      roots.set(
        understood(contract, () => fromHex(root as Hex, WORD_BYTES, "root")),
        (Number(first) - 1 + i) * WORD_BYTES,
      );
    onRoots(first + BigInt(count) - 1n, lastBatch);
  }
  return roots;
}

/** The root that the contract keeps for a batch; of one that is not anchored there is none. */
export const rootOf = ({ roots }: Pick<Chain, "roots">, batch: bigint): Uint8Array =>
  roots.subarray((Number(batch) - 1) * WORD_BYTES, Number(batch) * WORD_BYTES);

/** Events whose time tells something: delays of changes, the age of what was paid, and since when a successor is open. */
const TIMED = new Set(["Paid", "Acknowledged", "Disbursed", "PayeeChanged", "SignerChanged", "LedgerOpened"]);
const ANNOUNCING = new Set(["PayeeChangeAnnounced", "SignerChangeAnnounced"]);

async function readTimes(endpoint: Endpoint, logs: readonly RawLog[]): Promise<Map<bigint, bigint>> {
  const wanted = decodeLogs(logs).filter(
    ({ eventName }) => TIMED.has(eventName) || ANNOUNCING.has(eventName),
  );
  const blocks = [...new Set(wanted.map(({ block }) => block))];
  const calls = blocks.map((block) => ({
    method: "eth_getBlockByNumber",
    params: [quantity(block), false],
  }));
  const answers = (await endpoint.many(calls)) as ({ timestamp: Hex } | null)[];
  return new Map(blocks.map((block, i) => [block, BigInt(answers[i]?.timestamp ?? 0)]));
}

/** The events that the ledger's interface knows, in order; others are passed by. */
export function decodeLogs(logs: readonly RawLog[]): LedgerEvent[] {
  return logs.flatMap(({ topics, data, block, index, transaction }) => {
    try {
      const decoded = decodeEventLog({
        abi: LEDGER_ABI,
        topics: topics as [Hex, ...Hex[]],
        data,
      }) as Decoded;
      return [{ ...decoded, block, index, transaction } as LedgerEvent];
    } catch {
      return [];
    }
  });
}
