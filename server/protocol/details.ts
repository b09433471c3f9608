// The private details of a receipt and their hash, over RFC 8785 (JSON Canonicalization Scheme).
// Which details a programme writes is its own business; only the names that a verifier prints first are fixed here.

import canonicalize from "canonicalize";
import { InputError, messageOf } from "../errors.ts";
import { utf8 } from "./bytes.ts";
import { type Hash, keccak } from "./hash.ts";

export type JsonValue = string | number | boolean | null | JsonValue[] | { [member: string]: JsonValue };

/**
 * The private details. `order` is the buyer's own order number: a verifier always shows it, since two buyers who were
 * handed the same receipt would otherwise both be satisfied. `nonce`, 16 random bytes in hex, keeps the rest from being guessed.
 */
export type Details = { [member: string]: JsonValue };

/** The member of the details that a verifier shows first. */
export const ORDER_NUMBER = "order";

/**
 * RFC 8785: members sorted by UTF-16 code units, shortest numbers, no white space. Members that are undefined are left
 * out, as in any JSON.
 * @throws InputError `not-json` for what JSON cannot say: NaN, infinity, a bigint, a cycle, a lone surrogate
 */
export function canonicalJson(value: unknown): string {
  const text = attempt(value);
  if (text === undefined) throw new InputError("not-json", `wanted a JSON value, got ${typeof value}`);
  return text;
}

function attempt(value: unknown): string | undefined {
  try {
    return canonicalize(value);
  } catch (error) {
    throw new InputError("not-json", `wanted a JSON value: ${messageOf(error)}`);
  }
}

/** keccak-256 of the canonical JSON in UTF-8: the `details` field of the receipt. */
export function detailsHash(details: unknown, hash: Hash = keccak): Uint8Array {
  return hash(utf8(canonicalJson(details)));
}
