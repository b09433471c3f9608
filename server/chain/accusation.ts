// The accusation that a transaction made, found in its input: as a plain call, among the calls of a multicall, or inside
// what a wallet contract was told to send. Whether it convicts is for the contract to say.

import {
  concat,
  decodeFunctionData,
  encodeAbiParameters,
  encodeFunctionData,
  getAbiItem,
  type Hex,
  keccak256,
  stringToHex,
  toFunctionSelector,
  zeroHash,
} from "viem";
import { LEDGER_ABI } from "./abi.ts";
import type { Chain } from "./client.ts";
import { ask } from "./failures.ts";

export type Accusation = {
  /** The data of the call, and nothing else. */
  readonly evidence: Hex;
  /** The last batch that it rests on. */
  readonly lastBatch: bigint;
};

/** What the contract has recorded: the leaves of the statements that it was shown, `second` zero where one was enough. */
export type Shown = { readonly first: Hex; readonly second: Hex };

type Accused = { readonly batch: bigint };

const NAMES = ["proveContradiction", "proveMalformed", "proveFalseSum", "proveFalseReceipt"] as const;
const PREFIX_LENGTH = "0x".length;

/** The accusation that a transaction made; undefined when its input does not hold it. */
export async function accusationBy({ public: client }: Chain, transaction: Hex, ledger: Hex, shown: Shown) {
  const { input } = await ask(() => client.getTransaction({ hash: transaction }));
  return accusationIn(input, ledger, shown);
}

/** The accusation in an input that rests on those very statements: anybody may put others beside it, to mislead. */
export function accusationIn(input: Hex, ledger: Hex, shown: Shown): Accusation | undefined {
  for (const data of NAMES.flatMap((name) => callsIn(input, name))) {
    const found = accusationOf(data, ledger, shown);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The input from each place on where a call of that name may begin. */
function callsIn(input: Hex, name: (typeof NAMES)[number]): Hex[] {
  const selector = toFunctionSelector(getAbiItem({ abi: LEDGER_ABI, name })).slice(PREFIX_LENGTH);
  const calls: Hex[] = [];
  for (let at = input.indexOf(selector); at >= 0; at = input.indexOf(selector, at + 1))
    if (at % 2 === 0) calls.push(`0x${input.slice(at)}`);
  return calls;
}

function accusationOf(data: Hex, ledger: Hex, { first, second }: Shown): Accusation | undefined {
  try {
    const { functionName, args } = decodeFunctionData({ abi: LEDGER_ABI, data });
    const accused = statementsOf(functionName, args as readonly unknown[]);
    const [one, other = zeroHash] = accused.map((statement) => leafOf(ledger, statement));
    if (one !== first || other !== second) return undefined;
    const evidence = encodeFunctionData({ abi: LEDGER_ABI, functionName, args } as never);
    const lastBatch = accused.reduce((last, { batch }) => (batch > last ? batch : last), 0n);
    return { evidence, lastBatch };
  } catch {
    // Bytes that look like the beginning of a call, and are none.
    return undefined;
  }
}

function statementsOf(name: string, [first, , second]: readonly unknown[]): Accused[] {
  return (name === "proveContradiction" ? [first, second] : [first]) as Accused[];
}

const STATEMENT_TAG = stringToHex("amanah.statement.v1", { size: 32 });
const [STATEMENT] = getAbiItem({ abi: LEDGER_ABI, name: "proveMalformed" }).inputs;

/** As the contract hashes it, whatever it says: an accused statement need not be one that we could write. */
function leafOf(ledger: Hex, statement: Accused): Hex {
  const encoded = encodeAbiParameters([STATEMENT], [statement as never]);
  return keccak256(keccak256(concat([STATEMENT_TAG, ledger, encoded])));
}
