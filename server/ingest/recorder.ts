// What recording needs, made for this process and this ledger: the fast hash functions, the clock, the randomness.

import { fastHmac, fastKeccak, randomBytes, sha256 } from "../hashing.ts";
import type { Recorder } from "../programmes/record.ts";
import { receiptHasher } from "../protocol/receipt.ts";
import type { Ledger } from "../store/ledger.ts";

export const unixNow = (): number => Math.floor(Date.now() / 1000);

export const recorderFor = (ledger: Ledger): Recorder => ({
  secret: ledger.secret,
  leafOf: receiptHasher(ledger.id, fastKeccak),
  hash: fastKeccak,
  hmac: fastHmac,
  sha256,
  random: randomBytes,
  now: unixNow,
});
