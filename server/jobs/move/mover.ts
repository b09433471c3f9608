// What a move works with: the chain that the ledger comes to, and the contract that it leaves, if that is still there.

import type { Address } from "viem";
import type { ChainContext } from "../chain-context.ts";

/** The contract that the ledger leaves. */
export type Earlier = {
  readonly context: ChainContext;
  readonly address: Address;
  readonly chainId: number;
  /** Its block, or one before it. */
  readonly fromBlock: bigint;
};

export type Mover = {
  /** Of the chain that the ledger comes to. */
  readonly target: ChainContext;
  /** Of the chain that it leaves; undefined for the demonstration chain, which has forgotten it. */
  readonly source: ChainContext | undefined;
};

export type MoveOptions = {
  /** How long handing the new contract's admin role on takes. */
  readonly adminDelaySeconds: number;
  /** The last batch that is right on the earlier contract, where a thief has anchored others behind it. */
  readonly lastGoodBatch: bigint | undefined;
  /** Whether another contract on the same chain is meant. */
  readonly sameChain: boolean;
  readonly say: (line: string) => void;
  readonly onProgress: (callsLeft: bigint) => void;
};

/** Many things in one sentence, and how many more there are. */
export function someOf(things: readonly string[], most = 5): string {
  const more = things.length > most ? `; and ${things.length - most} more` : "";
  return `${things.slice(0, most).join("; ")}${more}`;
}
