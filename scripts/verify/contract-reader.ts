// Reads the contract that the reader chose, from the endpoint that the reader chose; each root and line once a run.
// What the readings mean is judged by server/protocol.

import { BaseError, createPublicClient, type Hex, http, parseAbi } from "viem";
import { InputError, messageOf, UnavailableError } from "../../server/errors.ts";
import { fromHex, tag, toHex } from "../../server/protocol/bytes.ts";
import { LEDGER_READ_ABI } from "../../server/protocol/ledger-abi.ts";
import type { LedgerReading, Line, Position } from "../../server/protocol/verify.ts";

const ABI = parseAbi(LEDGER_READ_ABI);
const ANSWER_LIMIT_MS = 10_000;
const RETRIES = 2;
const RETRY_AFTER_SECONDS = 10;

export type ContractReader = {
  chainId: number;
  /** @throws UnavailableError `no-answer` when the endpoint gives none, or none that such a contract would give */
  read(contract: Hex, batch: bigint, position: Position): Promise<LedgerReading>;
};

/**
 * Connects to a JSON-RPC endpoint over HTTP.
 * @throws UnavailableError `no-answer`
 */
export async function connect(url: string): Promise<ContractReader> {
  const transport = http(url, { timeout: ANSWER_LIMIT_MS, retryCount: RETRIES });
  const client = createPublicClient({ transport });
  const ask = remembering((address: Hex, functionName: "ledger" | "root" | "line", ...args: unknown[]) => {
    return answered(
      client.readContract({ address, abi: ABI, functionName, args } as never) as Promise<unknown>,
    );
  });
  const read = async (contract: Hex, batch: bigint, { charity, unit }: Position): Promise<LedgerReading> => {
    const ledger = (await ask(contract, "ledger")) as Hex;
    const root = (await ask(contract, "root", batch)) as Hex;
    const line = (await ask(contract, "line", toHex(charity), toHex(tag(unit)))) as readonly bigint[];
    return { ledger: fromHex(ledger), root: fromHex(root), line: lineOf(line) };
  };
  return { chainId: await answered(client.getChainId()), read };
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
