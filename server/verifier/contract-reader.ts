// Reads the contract that the reader chose, from the endpoint that the reader chose; each thing once a run.
// What the readings mean is judged by server/protocol.

import { BaseError, createClient, type Hex, http, parseAbi } from "viem";
import { getChainId, readContract } from "viem/actions";
import { InputError, messageOf, UnavailableError } from "../errors.ts";
import { fromHex, tag, toHex } from "../protocol/bytes.ts";
import { LEDGER_READ_ABI } from "../protocol/ledger-abi.ts";
import type { Line, Position, PromiseReading } from "../protocol/verify.ts";

const ABI = parseAbi(LEDGER_READ_ABI);
const ANSWER_LIMIT_MS = 10_000;
const RETRIES = 2;
const RETRY_AFTER_SECONDS = 10;

type Answers = {
  ledger: Hex;
  root: Hex;
  line: readonly bigint[];
  faultOf: number;
  promiserUntil: number;
  challengeOf: { state: number; dueAt: number };
  successor: NamedSuccessor;
};

/** As a contract names its successor; the address is zero while there is none. */
export type NamedSuccessor = { chainId: bigint; ledgerContract: Hex; lastGoodBatch: bigint };

/** One endpoint. All throw UnavailableError `no-answer` when it gives none, or none that such a contract would give. */
export type ContractReader = {
  readonly chainId: number;
  ledger(contract: Hex): Promise<Uint8Array>;
  root(contract: Hex, batch: bigint): Promise<Uint8Array>;
  line(contract: Hex, position: Position): Promise<Line>;
  /** 0 for none, and of a contract that knows of no faults. */
  fault(contract: Hex, position: Position): Promise<number>;
  /** Null of a contract that knows of no promises. */
  promise(contract: Hex, id: Hex, promiser: Hex): Promise<Omit<PromiseReading, "now"> | null>;
  /** Null when none is named, and of a contract that can name none. */
  successor(contract: Hex): Promise<NamedSuccessor | null>;
};

/**
 * Connects to a JSON-RPC endpoint over HTTP.
 * @throws UnavailableError `no-answer`
 */
export async function connect(url: string): Promise<ContractReader> {
  const transport = http(url, { timeout: ANSWER_LIMIT_MS, retryCount: RETRIES });
  // Without the many actions of viem's public client, which a browser would load for nothing.
  const client = createClient({ transport });
  const ask = remembering((address: Hex, functionName: keyof Answers, ...args: unknown[]) => {
    return readContract(client, { address, abi: ABI, functionName, args } as never) as Promise<unknown>;
  }) as Ask;
  return { chainId: await answered(getChainId(client)), ...questionsTo(ask) };
}

type Ask = <Name extends keyof Answers>(
  contract: Hex,
  name: Name,
  ...args: unknown[]
) => Promise<Answers[Name]>;

const lineArgs = ({ charity, unit }: Position) => [toHex(charity), toHex(tag(unit))];

function questionsTo(ask: Ask): Omit<ContractReader, "chainId"> {
  return {
    ledger: async (contract) => fromHex(await answered(ask(contract, "ledger"))),
    root: async (contract, batch) => fromHex(await answered(ask(contract, "root", batch))),
    line: async (contract, position) => lineOf(await answered(ask(contract, "line", ...lineArgs(position)))),
    fault: async (contract, position) =>
      (await answeredIfKnown(ask(contract, "faultOf", ...lineArgs(position)))) ?? 0,
    promise: async (contract, id, promiser) => {
      const until = await answeredIfKnown(ask(contract, "promiserUntil", promiser));
      if (until === null) return null;
      const { state, dueAt } = await answered(ask(contract, "challengeOf", id));
      return { until: BigInt(until), challenge: { state, dueAt: BigInt(dueAt) } };
    },
    successor: async (contract) => {
      const named = await answeredIfKnown(ask(contract, "successor"));
      return named === null || BigInt(named.ledgerContract) === 0n ? null : named;
    },
  };
}

/** @throws InputError `not-an-endpoint` */
export function checkEndpoint(url: string): string {
  if (URL.canParse(url) && ["http:", "https:"].includes(new URL(url).protocol)) return url;
  throw new InputError("not-an-endpoint", `wanted an http or https address, got ${JSON.stringify(url)}`);
}

function lineOf([given, reversed, paid, netted, acknowledged, spent]: readonly bigint[]): Line {
  return {
    given: given!,
    reversed: reversed!,
    paid: paid!,
    netted: netted!,
    acknowledged: acknowledged!,
    spent: spent!,
  };
}

/** One call for each set of arguments, however many files ask. */
function remembering<A extends unknown[], T>(call: (...args: A) => Promise<T>): (...args: A) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (...args) => {
    const key = args.join();
    const answer = answers.get(key) ?? call(...args);
    answers.set(key, answer);
    return answer;
  };
}

/** Null when the contract was deployed before there was such a function: its code refuses the call. */
async function answeredIfKnown<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    const isRefused = error instanceof BaseError && /revert/i.test(error.details);
    return isRefused ? null : answered(answer);
  }
}

async function answered<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const says = error instanceof BaseError ? error.shortMessage : messageOf(error);
    throw new UnavailableError(
      "no-answer",
      `the endpoint gave no usable answer: ${says}`,
      RETRY_AFTER_SECONDS,
    );
  }
}
