// Two receipts in a batch, one with a promise, sealed and not, and what is read at a contract about them.

import type { ReceiptPromise } from "../../server/protocol/promise.ts";
import { encodeReceiptFile, type OpenedReceipt } from "../../server/protocol/receipt-file.ts";
import {
  comparePromise,
  compareWithLedger,
  type LedgerReading,
  type PromiseReading,
  type Verification,
  verifyReceipt,
} from "../../server/protocol/verify.ts";
import { bytesOf, makeReceipt, sealBatch } from "./making.ts";
import { promised } from "./promising.ts";

export const LEDGER = { id: bytesOf("ledger"), chainId: 31337, contract: bytesOf("contract", 20) };
export const KEY = bytesOf("the key that promises");
export const DEADLINE = 1_790_086_400n;
export const HOUR = 3_600n;
export const SEVEN_DAYS = 7n * 24n * HOUR;
export const FOR_EVER = 2n ** 48n - 1n;
export const NEVER = 0n;
export const UNASKED = { state: 0, dueAt: 0n };

const entries = [50n, 60n].map((amount, i) => {
  const details = { order: `order ${i}` };
  return { receipt: makeReceipt(`promised ${i}`, details, { amount }), details };
});
const charity = bytesOf("charity");
export const batch = sealBatch(
  LEDGER,
  1n,
  [{ charity, unit: "CNY", kind: 0, from: 0n, previous: 0n, entries }],
  LEDGER.id,
);
export const sealed = promised(batch.files[0]!, KEY, DEADLINE, [bytesOf("a sibling")]);
export const unsealed = { ...sealed, seal: null };

export const verify = (file: OpenedReceipt) =>
  verifyReceipt(JSON.parse(JSON.stringify(encodeReceiptFile(file))));
export const changed = (change: Partial<ReceiptPromise>, file = sealed) =>
  verify({ ...file, promise: { ...file.promise, ...change } });
export const lastOf = ({ steps }: Verification) => steps.at(-1)!;

export const before: PromiseReading = { opened: true, until: FOR_EVER, challenge: UNASKED, now: DEADLINE };
export const after = { ...before, now: DEADLINE + 1n };
export const ofUnsealed = (promise: PromiseReading) =>
  comparePromise(verify(unsealed), { ledger: LEDGER.id, promise });
const line = { given: 0n, reversed: 0n, paid: 0n, netted: 0n, acknowledged: 0n, spent: 0n };
export const compared = (reading: Partial<LedgerReading>) =>
  compareWithLedger(verify(sealed), { ledger: LEDGER.id, root: batch.root, line, ...reading });
