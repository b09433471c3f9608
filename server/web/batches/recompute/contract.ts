// What the contract of the visitor's choice keeps of a batch, read at the endpoint of their choice; or why it was not read.

import { AmanahError, messageOf } from "../../../errors.ts";
import { type ContractReader, connect } from "../../../verifier/contract-reader.ts";
import { type RootReading, readRoots } from "../../../verifier/follow.ts";
import type { LedgerChoice } from "../../ledger/choice.ts";

export type Unread = "no-contract" | "no-endpoint" | "no-answer" | "successor-elsewhere" | "successor-circle";

export type ContractAnswer =
  | { readonly kind: "read"; readonly reading: RootReading }
  | { readonly kind: "unread"; readonly reason: Unread; readonly says: string };

const REASONS: readonly string[] = ["successor-elsewhere", "successor-circle"] satisfies Unread[];

/** Never fails: that nothing could be read is an answer. */
export async function readContract(choice: LedgerChoice | null, batch: bigint): Promise<ContractAnswer> {
  if (choice === null) return unread("no-contract");
  if (choice.rpcUrls.length === 0) return unread("no-endpoint");
  try {
    const readers = await Promise.all(choice.rpcUrls.map(connect));
    const start = { reader: readers[0] as ContractReader, contract: choice.contract };
    return { kind: "read", reading: await readRoots(start, readers, batch) };
  } catch (thrown) {
    const known = thrown instanceof AmanahError && REASONS.includes(thrown.code);
    return unread(known ? (thrown.code as Unread) : "no-answer", messageOf(thrown));
  }
}

const unread = (reason: Unread, says = ""): ContractAnswer => ({ kind: "unread", reason, says });
