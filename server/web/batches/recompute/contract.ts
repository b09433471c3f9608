// What the contract of the visitor's choice keeps of a batch, read at the endpoint of their choice; or why it was not read.

import { AmanahError, messageOf } from "../../../errors.ts";
import { type RootReading, readRoots } from "../../../verifier/follow.ts";
import type { LedgerChoice } from "../../ledger/choice.ts";
import { startAt } from "../../ledger/start.ts";

export type Unread =
  | "no-contract"
  | "no-endpoint"
  | "no-answer"
  | "another-chain"
  | "successor-elsewhere"
  | "successor-circle";

export type ContractAnswer =
  | { readonly kind: "read"; readonly reading: RootReading }
  | { readonly kind: "unread"; readonly reason: Unread; readonly says: string };

const REASONS: readonly string[] = [
  "no-contract",
  "no-endpoint",
  "another-chain",
  "successor-elsewhere",
  "successor-circle",
] satisfies Unread[];

/** Never fails: that nothing could be read is an answer. */
export async function readContract(choice: LedgerChoice | null, batch: bigint): Promise<ContractAnswer> {
  try {
    const { place, readers } = await startAt(choice);
    return { kind: "read", reading: await readRoots(place, readers, batch) };
  } catch (thrown) {
    const known = thrown instanceof AmanahError && REASONS.includes(thrown.code);
    return unread(known ? (thrown.code as Unread) : "no-answer", messageOf(thrown));
  }
}

const unread = (reason: Unread, says: string): ContractAnswer => ({ kind: "unread", reason, says });
