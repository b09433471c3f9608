// Names that everyone derives alike: charities, units, receipt ids and salts.
// The secret, donors' keys and native HMACs are handed in; nothing is kept.

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { InputError } from "../errors.ts";
import { checkLength, concat, shown, tag, toHex, utf8, WORD_BYTES } from "./bytes.ts";
import { canonicalJson } from "./details.ts";
import { type Hash, keccak } from "./hash.ts";

/** HMAC-SHA-256 (RFC 2104): 32 bytes. */
export type Hmac = (key: Uint8Array, data: Uint8Array) => Uint8Array;

export const hmacSha256: Hmac = (key, data) => hmac(sha256, key, data);

export const ID_BYTES = 16;
const SALT_TAG = utf8("amanah.salt.v1");
const MAX_REGISTRATION_CHARACTERS = 200;

/** What makes one receipt different from every other. `charity` and `terms` are 32 bytes each. */
export type ReceiptKey = {
  source: string;
  eventKey: string;
  item: string;
  charity: Uint8Array;
  unit: string;
  kind: number;
  terms: Uint8Array;
};

/**
 * The charity's id: keccak of its public registration id in UTF-8, in the form of org-id.guide (`GB-CHC-1164883`), with
 * `/project` behind it for a restricted fund. 32 bytes.
 * @throws InputError `not-a-registration`
 */
export function charityId(registration: string, hash: Hash = keccak): Uint8Array {
  const length = registration.length;
  if (length === 0 || length > MAX_REGISTRATION_CHARACTERS || registration.trim() !== registration) {
    const wanted = `1 to ${MAX_REGISTRATION_CHARACTERS} characters without spaces around`;
    throw new InputError("not-a-registration", `registration: wanted ${wanted}, got ${shown(registration)}`);
  }
  return hash(utf8(registration));
}

/**
 * The plain name of a unit from its 32 bytes: the inverse of `tag`.
 * @throws InputError `not-a-unit`
 */
export function unitName(unit: Uint8Array): string {
  checkLength(unit, WORD_BYTES, "unit");
  const end = unit.indexOf(0);
  const name = String.fromCharCode(...(end < 0 ? unit : unit.subarray(0, end)));
  const wellFormed = /^[\x21-\x7e]+$/.test(name) && tag(name).every((byte, i) => byte === unit[i]);
  if (!wellFormed) throw new InputError("not-a-unit", `unit: wanted ASCII, left-aligned, got ${toHex(unit)}`);
  return name;
}

/**
 * The receipt's id: the first 16 bytes of HMAC-SHA-256(secret, RFC 8785 JSON of
 * `[source, eventKey, item, charity, unit, kind, terms]`), where charity and terms are lower-case 0x-hex, kind is a number
 * and the rest are strings. The same event always gets the same ids; nobody without the secret can guess one.
 */
export function receiptId(secret: Uint8Array, key: ReceiptKey, hmac: Hmac = hmacSha256): Uint8Array {
  checkLength(key.charity, WORD_BYTES, "charity");
  checkLength(key.terms, WORD_BYTES, "terms");
  const { source, eventKey, item, charity, unit, kind, terms } = key;
  const text = canonicalJson([source, eventKey, item, toHex(charity), unit, kind, toHex(terms)]);
  return hmac(secret, utf8(text)).slice(0, ID_BYTES);
}

/** HMAC-SHA-256(donorKey, "amanah.salt.v1" ‖ id): without the donor's key the leaf can be tied to nothing. 32 bytes. */
export function receiptSalt(donorKey: Uint8Array, id: Uint8Array, hmac: Hmac = hmacSha256): Uint8Array {
  checkLength(id, ID_BYTES, "receipt id");
  return hmac(donorKey, concat(SALT_TAG, id));
}
