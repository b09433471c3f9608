// The promise that a receipt file holds: of its own receipt, and signed by somebody. Whether that account may promise is for
// the contract to tell.

import { InputError } from "../../server/errors.ts";
import { equalBytes, type Hex, toHex } from "../../server/protocol/bytes.ts";
import { promiseLeaf, promiserOf, type ReceiptPromise } from "../../server/protocol/promise.ts";
import { receiptLeaf } from "../../server/protocol/receipt.ts";
import type { OpenedReceipt } from "../../server/protocol/receipt-file.ts";

export type HeldPromise = {
  readonly promise: ReceiptPromise;
  /** The promise's leaf, its name on chain. */
  readonly id: Hex;
  readonly ledger: Hex;
  readonly promiser: Hex;
};

/** @throws InputError `no-promise`, `promise-of-another`; VerificationError `promise-signature` */
export function promiseHeld({ ledger, receipt, promise }: OpenedReceipt): HeldPromise {
  if (promise === null)
    throw new InputError(
      "no-promise",
      "the file holds no promise: its receipt was recorded before promises were given, or by a service that gives none",
    );
  const isOfReceipt =
    equalBytes(promise.leaf, receiptLeaf(ledger.id, receipt)) &&
    equalBytes(promise.charity, receipt.charity) &&
    promise.unit === receipt.unit &&
    promise.kind === receipt.kind &&
    promise.amount === receipt.amount;
  if (!isOfReceipt)
    throw new InputError(
      "promise-of-another",
      "the file's promise is not that of its receipt: it was changed",
    );
  const id = toHex(promiseLeaf(ledger.id, promise));
  return { promise, id, ledger: toHex(ledger.id), promiser: promiserOf(ledger.id, promise) };
}
