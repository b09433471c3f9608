// Reads the contract that the reader chose, from the endpoint that the reader chose; each thing once a run.
// What the readings mean is judged by server/protocol.

import {
  BaseError,
  createClient,
  custom,
  decodeFunctionResult,
  encodeFunctionData,
  type Hex,
  http,
  parseAbi,
  type Transport,
} from "viem";
import { InputError, messageOf, UnavailableError } from "../errors.ts";
import { fromHex, tag, toHex } from "../protocol/bytes.ts";
import { LEDGER_READ_ABI } from "../protocol/ledger-abi.ts";
import type { PromiseStanding } from "../protocol/promise-steps.ts";
import type { Line, Position } from "../protocol/verify.ts";

const ABI = parseAbi(LEDGER_READ_ABI);
const ANSWER_LIMIT_MS = 10_000;
const RETRIES = 2;
const RETRY_AFTER_SECONDS = 10;

type Answers = {
  ledger: Hex;
  root: Hex;
  line: readonly bigint[];
  faultOf: number;
  opened: boolean;
  promiserUntil: number;
  challengeOf: { state: number; dueAt: number };
  successor: NamedSuccessor;
  charityOf: readonly [payee: Hex, signer: Hex, changes: number];
  pendingChanges: readonly [payee: PendingChange, signer: PendingChange];
  payoutEnd: { netTo: bigint; rail: number };
};

/** As a contract keeps a change of an account that it has announced; `due` in Unix seconds, 0 while none is. */
type PendingChange = { readonly to: Hex; readonly due: number };

/** A charity's accounts as a contract has them, and the changes that it has announced; in lower case. */
export type CharityAccounts = {
  readonly payee: Hex;
  readonly signer: Hex;
  readonly pending: { readonly payee: PendingChange | null; readonly signer: PendingChange | null };
};

/** A line as those name it who read no receipt: `unit` by its plain name. */
export type LineName = Pick<Position, "charity" | "unit">;

/** As a contract names its successor; the address is zero while there is none. */
export type NamedSuccessor = { chainId: bigint; ledgerContract: Hex; lastGoodBatch: bigint };

/** One endpoint. All throw UnavailableError `no-answer` when it gives none, or none that such a contract would give. */
export type ContractReader = {
  readonly chainId: number;
  ledger(contract: Hex): Promise<Uint8Array>;
  root(contract: Hex, batch: bigint): Promise<Uint8Array>;
  line(contract: Hex, position: LineName): Promise<Line>;
  /** 0 for none, and of a contract that knows of no faults. */
  fault(contract: Hex, position: Position): Promise<number>;
  /** Null of a contract that knows of no promises. */
  promise(contract: Hex, id: Hex, promiser: Hex): Promise<PromiseStanding | null>;
  /** Null when none is named, and of a contract that can name none. */
  successor(contract: Hex): Promise<NamedSuccessor | null>;
  charity(contract: Hex, charity: Uint8Array): Promise<CharityAccounts>;
  /** Where the payout that ends at `upTo` ends on the reversal line; undefined when none ends there. */
  netTo(contract: Hex, line: LineName, upTo: bigint): Promise<bigint | undefined>;
};

/**
 * Connects to a JSON-RPC endpoint over HTTP, by the platform's own `fetch` or another.
 * @throws UnavailableError `no-answer`
 */
export const connect = (url: string, fetchFn?: typeof fetch): Promise<ContractReader> =>
  connectBy(http(url, { timeout: ANSWER_LIMIT_MS, retryCount: RETRIES, fetchFn }));

/**
 * Reads through whatever answers JSON-RPC (EIP-1193), such as a wallet.
 * @throws UnavailableError `no-answer`
 */
export const connectProvider = (provider: {
  request(asked: { method: string; params?: readonly unknown[] | object }): Promise<unknown>;
}): Promise<ContractReader> => connectBy(custom(provider, { retryCount: RETRIES }));

async function connectBy(transport: Transport): Promise<ContractReader> {
  // Without viem's actions: `readContract` alone brings along two contracts and a gateway protocol that nothing here uses.
  const client = createClient({ transport });
  const ask = remembering((address: Hex, functionName: keyof Answers, ...args: unknown[]) => {
    const named = { abi: ABI, functionName, args } as never;
    const call = client.request({
      method: "eth_call",
      params: [{ to: address, data: encodeFunctionData(named) }, "latest"],
    });
    return call.then((data) =>
      decodeFunctionResult({ ...(named as object), data } as never),
    ) as Promise<unknown>;
  }) as Ask;
  const chainId = await answered(client.request({ method: "eth_chainId" }));
  return { chainId: Number(chainId), ...questionsTo(ask) };
}

type Ask = <Name extends keyof Answers>(
  contract: Hex,
  name: Name,
  ...args: unknown[]
) => Promise<Answers[Name]>;

const lineArgs = ({ charity, unit }: LineName) => [toHex(charity), toHex(tag(unit))];

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
      const opened = await answered(ask(contract, "opened"));
      const { state, dueAt } = await answered(ask(contract, "challengeOf", id));
      return { opened, until: BigInt(until), challenge: { state, dueAt: BigInt(dueAt) } };
    },
    successor: async (contract) => {
      const named = await answeredIfKnown(ask(contract, "successor"));
      return named === null || BigInt(named.ledgerContract) === 0n ? null : named;
    },
    charity: async (contract, charity) => {
      const [accounts, changes] = await Promise.all([
        answered(ask(contract, "charityOf", toHex(charity))),
        answered(ask(contract, "pendingChanges", toHex(charity))),
      ]);
      return accountsOf(accounts, changes);
    },
    netTo: async (contract, line, upTo) => {
      const { rail, netTo } = await answered(ask(contract, "payoutEnd", ...lineArgs(line), upTo));
      if (upTo === 0n) return 0n;
      return rail === 0 ? undefined : netTo;
    },
  };
}

/** @throws InputError `not-an-endpoint` */
export function checkEndpoint(url: string): string {
  if (URL.canParse(url) && ["http:", "https:"].includes(new URL(url).protocol)) return url;
  throw new InputError("not-an-endpoint", `wanted an http or https address, got ${JSON.stringify(url)}`);
}

function accountsOf(
  [payee, signer]: Answers["charityOf"],
  [ofPayee, ofSigner]: Answers["pendingChanges"],
): CharityAccounts {
  const announced = ({ to, due }: PendingChange) => (due === 0 ? null : { to: lowerCase(to), due });
  const pending = { payee: announced(ofPayee), signer: announced(ofSigner) };
  return { payee: lowerCase(payee), signer: lowerCase(signer), pending };
}

const lowerCase = (account: Hex): Hex => account.toLowerCase() as Hex;

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
