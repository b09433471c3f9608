// A donor's name in the store: a keyed hash of the merchant and the buyer's pseudonym there. Nobody without the ledger's
// secret can tell whose it is, or whether two merchants mean the same person.

import { sha256 } from "@noble/hashes/sha2.js";
import { concat, utf8 } from "../protocol/bytes.ts";
import { hmacSha256 } from "../protocol/ids.ts";

export const DONOR_BYTES = 16;
const TAG = utf8("amanah.donor.v1");
const SEPARATOR = new Uint8Array(1);

/**
 * What keys donors' names, 32 bytes. It comes from the ledger's first secret, whatever secrets are added later: a name
 * has to stay the same.
 * @param secrets the ledger's, the newest first
 */
export const donorsKey = (secrets: readonly Uint8Array[]): Uint8Array =>
  hmacSha256(secrets.at(-1) as Uint8Array, TAG);

/** The first 16 bytes of SHA-256(key ‖ merchant ‖ 0 ‖ buyer). The store computes the same for a whole batch at once. */
export const donorName = (key: Uint8Array, merchant: string, buyer: string): Uint8Array =>
  sha256(concat(key, utf8(merchant), SEPARATOR, utf8(buyer))).slice(0, DONOR_BYTES);
