// A promise as JSON, as it stands in answers and receipt files: hashes and signature in hex, 64-bit integers as decimals.
// What it is worth is judged elsewhere.

import { MAX_BATCH_PROOF_LENGTH } from "./batch-proof.ts";
import { fromHex, type Hex, toHex, WORD_BYTES } from "./bytes.ts";
import * as read from "./fields.ts";
import { PROMISE_SIGNATURE_BYTES, type ReceiptPromise } from "./promise.ts";
import { checkKind, type Kind } from "./receipt.ts";

export type PromiseFile = {
  leaf: Hex;
  charity: Hex;
  unit: string;
  kind: Kind;
  amount: string;
  /** Unix seconds. */
  deadline: string;
  path: Hex[];
  signature: Hex;
};

/** @throws InputError with the codes of `fields`, `wrong-kind` */
export function parsePromise(fields: read.Fields): ReceiptPromise {
  const kind = read.smallNumberAt(fields, "kind");
  checkKind(kind);
  return {
    leaf: read.hexAt(fields, "leaf", WORD_BYTES),
    charity: read.hexAt(fields, "charity", WORD_BYTES),
    unit: read.tagAt(fields, "unit"),
    kind,
    amount: read.wholeNumberAt(fields, "amount"),
    deadline: read.wholeNumberAt(fields, "deadline"),
    path: read.listAt(fields, "path", MAX_BATCH_PROOF_LENGTH, (value, path) =>
      fromHex(value as string, WORD_BYTES, path),
    ),
    signature: read.hexAt(fields, "signature", PROMISE_SIGNATURE_BYTES),
  };
}

/**
 * The JSON of a promise, as `JSON.stringify` writes it, in a fraction of the time: in hex and decimals, which are all of it
 * but the unit, nothing is to be escaped. `siblings` is the inside of the path's list.
 */
export const promiseJson = (
  { leaf, charity, unit, kind, amount, deadline, signature }: Omit<PromiseFile, "path">,
  siblings: string,
): string =>
  `{"leaf":"${leaf}","charity":"${charity}","unit":${JSON.stringify(unit)},"kind":${kind},"amount":"${amount}","deadline":"${deadline}","path":[${siblings}],"signature":"${signature}"}`;

export const encodePromise = (promise: ReceiptPromise): PromiseFile => ({
  leaf: toHex(promise.leaf),
  charity: toHex(promise.charity),
  unit: promise.unit,
  kind: promise.kind,
  amount: `${promise.amount}`,
  deadline: `${promise.deadline}`,
  path: promise.path.map(toHex),
  signature: toHex(promise.signature),
});
