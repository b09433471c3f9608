// Promises for tests: of receipts, signed by an account of the test's own.

import { secp256k1 } from "@noble/curves/secp256k1.js";
import { rootFromProof } from "../../server/protocol/batch-proof.ts";
import { concat, toHex } from "../../server/protocol/bytes.ts";
import { keccak } from "../../server/protocol/hash.ts";
import { promiseLeaf, promisesDigest, type ReceiptPromise } from "../../server/protocol/promise.ts";
import { receiptLeaf } from "../../server/protocol/receipt.ts";
import type { OpenedReceipt } from "../../server/protocol/receipt-file.ts";

/** The account of a private key, in lower case. */
export const accountOf = (key: Uint8Array): string =>
  toHex(keccak(secp256k1.getPublicKey(key, false).slice(1)).slice(-20));

/** The file with a promise of its receipt; `path` as if others had been promised with it. */
export function promised(
  file: OpenedReceipt,
  key: Uint8Array,
  deadline: bigint,
  path: readonly Uint8Array[] = [],
): OpenedReceipt & { promise: ReceiptPromise } {
  const { ledger, receipt } = file;
  const { charity, unit, kind, amount } = receipt;
  const what = { leaf: receiptLeaf(ledger.id, receipt), charity, unit, kind, amount };
  const root = rootFromProof(promiseLeaf(ledger.id, what), path);
  const signature = sign(promisesDigest(ledger.id, { root, deadline }), key);
  return { ...file, promise: { ...what, deadline, path, signature } };
}

/** r, s and 27 or 28, as the contract takes it. */
function sign(digest: Uint8Array, key: Uint8Array): Uint8Array {
  const recovered = secp256k1.sign(digest, key, { prehash: false, format: "recovered" });
  return concat(recovered.slice(1), Uint8Array.of(27 + recovered[0]!));
}
