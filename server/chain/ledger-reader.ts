// Reads the deployed contract. What it says at an older block needs no archive: nodes keep the last hundred.

import { type Address, decodeFunctionResult, encodeFunctionData, type Hex } from "viem";
import { fromHex, toHex } from "../protocol/bytes.ts";
import {
  type CallArgs,
  type ContractCall,
  openPromised,
  type PromisedArgs,
} from "../protocol/contract-calls.ts";
import { type Fault, faultNumbered } from "../protocol/faults.ts";
import { promiseLeaf } from "../protocol/promise.ts";
import type { Line } from "../protocol/verification.ts";
import { LEDGER_ABI } from "./abi.ts";
import type { Chain } from "./client.ts";
import { unitOf } from "./encode.ts";
import { ask, RefusedError } from "./failures.ts";

/** One contract, read as of a block, the newest by default. */
export type LedgerReader = {
  ledger(): Promise<Hex>;
  lastBatch(atBlock?: bigint): Promise<bigint>;
  /** Zero when it is not anchored. */
  root(batch: bigint, atBlock?: bigint): Promise<Hex>;
  line(charity: Hex, unit: string, atBlock?: bigint): Promise<Line>;
  /** Several lines, each with the fault that was proven of it, by one request, in their order: endpoints count requests. */
  lines(names: readonly LineName[], atBlock?: bigint): Promise<LineState[]>;
  /** The deadlines before which an account's promises count, in Unix seconds; 0 when it was never admitted. */
  promiserUntil(promiser: Hex): Promise<number>;
  /** Whether what a call asks for has come about, by whatever transaction. */
  isDone(call: ContractCall, atBlock?: bigint): Promise<boolean>;
};

type LineName = { readonly charity: Hex; readonly unit: string };
export type LineState = Line & { readonly fault: Fault | null };
type Read = ReturnType<typeof readerAt>;

export function ledgerReader(chain: Chain, address: Address): LedgerReader {
  const at = (atBlock?: bigint) => readerAt(chain, address, atBlock);
  return {
    ledger: () => at()("ledger", []) as Promise<Hex>,
    lastBatch: (block) => at(block)("lastBatch", []) as Promise<bigint>,
    root: (batch, block) => at(block)("root", [batch]) as Promise<Hex>,
    line: (charity, unit, block) => readLine(at(block), charity, unit),
    lines: (names, block) => readLines(at(block), names),
    promiserUntil: (promiser) => promisesUntil(at(), promiser),
    isDone: (call, block) => isDone(at(block), call),
  };
}

const readerAt =
  ({ public: client }: Chain, address: Address, blockNumber?: bigint) =>
  (
    functionName:
      | "ledger"
      | "lastBatch"
      | "root"
      | "line"
      | "multicall"
      | "charityOf"
      | "tokenOf"
      | "payoutEnd"
      | "opened"
      | "hasRole"
      | "promiserUntil"
      | "challengeOf"
      | "faultOf",
    args: readonly unknown[],
  ): Promise<unknown> =>
    ask(() => client.readContract({ address, abi: LEDGER_ABI, functionName, args, blockNumber } as never));

async function readLine(read: Read, charity: Hex, unit: string): Promise<Line> {
  return toLine((await read("line", [charity, unitOf(unit)])) as readonly bigint[]);
}

async function readLines(read: Read, names: readonly LineName[]): Promise<LineState[]> {
  const marks = names.map((name) => questionOf("line", name));
  const faults = names.map((name) => questionOf("faultOf", name));
  const answers = await askTogether(read, [...marks, ...faults]).catch(async (thrown) => {
    // A contract from before there were faults does not know the question.
    if (!(thrown instanceof RefusedError)) throw thrown;
    return await askTogether(read, marks);
  });
  return names.map((_, i) => ({
    ...toLine(answerOf("line", answers[i]) as readonly bigint[]),
    fault: faultNumbered((answerOf("faultOf", answers[names.length + i]) as number | undefined) ?? 0),
  }));
}

const askTogether = async (read: Read, questions: readonly Hex[]) =>
  (await read("multicall", [questions])) as readonly Hex[];

const answerOf = (functionName: "line" | "faultOf", data: Hex | undefined): unknown =>
  data && decodeFunctionResult({ abi: LEDGER_ABI, functionName, data });

const questionOf = (functionName: "line" | "faultOf", { charity, unit }: LineName): Hex =>
  encodeFunctionData({ abi: LEDGER_ABI, functionName, args: [charity, unitOf(unit)] });

function toLine(positions: readonly bigint[]): Line {
  const [given = 0n, reversed = 0n, paid = 0n, netted = 0n, acknowledged = 0n, spent = 0n] = positions;
  return { given, reversed, paid, netted, acknowledged, spent };
}

/** What the contract knows nothing of reads as zero. */
const isSet = (address: Hex) => BigInt(address) !== 0n;

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

async function isDone(read: Read, call: ContractCall): Promise<boolean> {
  switch (call.kind) {
    case "anchor":
      return same((await read("root", [BigInt(call.args.batch)])) as Hex, call.args.root);
    case "registerCharity": {
      const [payee, signer] = (await read("charityOf", [call.args.charity])) as readonly [Hex, Hex];
      return isSet(signer) && same(payee, call.args.payee) && same(signer, call.args.signer);
    }
    case "setToken": {
      const [token] = (await read("tokenOf", [unitOf(call.args.unit)])) as readonly [Hex];
      return isSet(token) && same(token, call.args.token);
    }
    case "payBank":
    case "payToken":
      return isPaid(read, call.args, call.kind === "payBank" ? BANK : TOKEN);
    case "acknowledge": {
      const { charity, unit, upTo } = call.args.acknowledgement;
      return (await readLine(read, charity, unit)).acknowledged >= BigInt(upTo);
    }
    case "disburse": {
      const { charity, unit, upTo } = call.args.disbursement;
      return (await readLine(read, charity, unit)).spent >= BigInt(upTo);
    }
    case "open":
      return (await read("opened", [])) as boolean;
    case "answer":
      return ANSWERED.includes(await stateOf(read, call.args.promised));
    case "recordBreach":
      return (await stateOf(read, call.args.promised)) === BREACHED;
    case "proveFault":
      return (await read("faultOf", [call.args.charity, unitOf(call.args.unit)])) !== 0;
    case "admitPromiser":
      return (await promisesUntil(read, call.args.promiser)) === FOR_EVER;
    case "retirePromiser":
      return ![0, FOR_EVER].includes(await promisesUntil(read, call.args.promiser));
    case "carryPromiser":
      return BigInt(await promisesUntil(read, call.args.promiser)) === BigInt(call.args.until);
    // Repeating these is harmless, or cannot be told apart from doing it twice.
    default:
      return false;
  }
}

/** `promiserUntil` of an account that promises. */
const FOR_EVER = 2 ** 48 - 1;

const promisesUntil = async (read: Read, promiser: Hex) =>
  (await read("promiserUntil", [promiser])) as number;

/** As the contract numbers the states of a challenge. */
const BREACHED = 3;
const ANSWERED: readonly number[] = [2, 4];

async function stateOf(read: Read, promised: PromisedArgs): Promise<number> {
  const ledger = fromHex((await read("ledger", [])) as Hex);
  const id = toHex(promiseLeaf(ledger, openPromised(promised)));
  return ((await read("challengeOf", [id])) as { state: number }).state;
}

/** As the contract numbers the rails of a payout. */
const TOKEN = 1;
const BANK = 2;

async function isPaid(read: Read, wanted: CallArgs["payToken"], rail: number): Promise<boolean> {
  const { charity, unit, from, upTo, netTo } = wanted;
  const payout = await read("payoutEnd", [charity, unitOf(unit), BigInt(upTo)]);
  const found = payout as { from: bigint; netTo: bigint; rail: number };
  return found.rail === rail && found.from === BigInt(from) && found.netTo === BigInt(netTo);
}
