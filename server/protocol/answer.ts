// The answer to a challenged promise, as the contract is to receive it: the receipt's place in a statement, and the
// statement's in an anchored batch. Whether the proof holds has been judged by whoever made it.

import { toHex } from "./bytes.ts";
import type { CallArgs, PromisedArgs } from "./contract-calls.ts";
import type { PromisedReceipt } from "./promise.ts";
import type { Seal } from "./receipt-file.ts";

/** What was promised, as plain JSON. */
export const promisedArgs = ({ leaf, charity, unit, kind, amount }: PromisedReceipt): PromisedArgs => ({
  leaf: toHex(leaf),
  charity: toHex(charity),
  unit,
  kind,
  amount: `${amount}`,
});

export const answerArgs = (promised: PromisedReceipt, seal: Seal): CallArgs["answer"] => ({
  promised: promisedArgs(promised),
  proof: proofArgs(seal),
  statement: statementArgs(seal),
  statementProof: seal.statementProof.map(toHex),
});

export const proofArgs = ({ proof: { index, receipts, path } }: Pick<Seal, "proof">) => ({
  index: `${index}`,
  receipts: `${receipts}`,
  path: path.map(({ hash, sum }) => ({ hash: toHex(hash), sum: `${sum}` })),
});

export const statementArgs = ({ statement }: Pick<Seal, "statement">) => ({
  batch: `${statement.batch}`,
  charity: toHex(statement.charity),
  unit: statement.unit,
  kind: statement.kind,
  from: `${statement.from}`,
  to: `${statement.to}`,
  previous: `${statement.previous}`,
  receipts: `${statement.receipts}`,
  receiptsRoot: toHex(statement.receiptsRoot),
});
