// The proof that answers a challenge: held against the promise and the contract's root before it is sent.

import type { Hex } from "viem";
import { rootFromProof } from "../../server/protocol/batch-proof.ts";
import { equalBytes, fromHex, toHex } from "../../server/protocol/bytes.ts";
import type { PromisedReceipt } from "../../server/protocol/promise.ts";
import type { Seal } from "../../server/protocol/receipt-file.ts";
import { type Statement, statementLeaf } from "../../server/protocol/statement.ts";
import { climb } from "../../server/protocol/sum-tree.ts";
import type { Contract } from "../chain/contract.ts";
import { RefusedError } from "../charity/client.ts";

/** Whether the contract keeps the root that the statement leads to. */
export async function isAnchored(
  contract: Contract,
  { batch, statement, statementProof }: Seal,
): Promise<boolean> {
  const root = rootFromProof(statementLeaf(fromHex(contract.ledger), statement), statementProof);
  return ((await contract.read("root", batch)) as Hex) === toHex(root);
}

/** @throws RefusedError `another-line`, `another-root`, `another-sum` when it does not show what was promised */
export function checkShows(promised: PromisedReceipt, { proof, statement }: Seal): void {
  if (!isOfLine(promised, statement))
    throw refuse("another-line", "the receipt is in a statement of another line than was promised");
  const { hash, sum } = climb(promised.leaf, promised.amount, proof);
  if (!equalBytes(hash, statement.receiptsRoot))
    throw refuse(
      "another-root",
      "the proof does not lead from the receipt, with its amount, to its statement",
    );
  if (sum !== statement.to - statement.from)
    throw refuse("another-sum", "the proof's sums are not those of the statement");
}

const isOfLine = ({ charity, unit, kind }: PromisedReceipt, statement: Statement): boolean =>
  equalBytes(charity, statement.charity) && unit === statement.unit && kind === statement.kind;

const refuse = (code: string, says: string) => new RefusedError(code, `nothing to answer with: ${says}`);
