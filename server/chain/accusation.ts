// The accusation that a transaction made, found in its input: as a plain call, among the calls of a multicall, or inside
// what a wallet contract was told to send. Whether it convicts is for the contract to say.

import { decodeFunctionData, encodeFunctionData, getAbiItem, type Hex, toFunctionSelector } from "viem";
import { LEDGER_ABI } from "./abi.ts";
import type { Chain } from "./client.ts";
import { ask } from "./failures.ts";

export type Accusation = {
  /** The data of the call, and nothing else. */
  readonly evidence: Hex;
  /** The last batch that it rests on. */
  readonly lastBatch: bigint;
};

type Accused = { readonly batch: bigint; readonly charity: Hex; readonly unit: Hex };

const NAMES = ["proveContradiction", "proveMalformed", "proveFalseSum", "proveFalseReceipt"] as const;
const PREFIX_LENGTH = "0x".length;

/** The accusation of a line that a transaction made; undefined when its input does not hold one. */
export async function accusationBy({ public: client }: Chain, hash: Hex, charity: Hex, unit: Hex) {
  const { input } = await ask(() => client.getTransaction({ hash }));
  return accusationIn(input, charity, unit);
}

/** The first accusation of a line in an input; `unit` as the contract has it, 32 bytes. */
export function accusationIn(input: Hex, charity: Hex, unit: Hex): Accusation | undefined {
  for (const data of NAMES.flatMap((name) => callsIn(input, name))) {
    const found = accusationOf(data, charity, unit);
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

function accusationOf(data: Hex, charity: Hex, unit: Hex): Accusation | undefined {
  try {
    const { functionName, args } = decodeFunctionData({ abi: LEDGER_ABI, data });
    const accused = statementsOf(functionName, args as readonly unknown[]);
    if (!accused.every((statement) => statement.charity === charity && statement.unit === unit))
      return undefined;
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
