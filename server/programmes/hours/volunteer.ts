// A volunteer's name in the store: a keyed hash of who named them and how. The same person under two organisers' own names is
// two volunteers; nobody without the ledger's secret can tell whose a name is.

import { sha256 } from "@noble/hashes/sha2.js";
import { concat, utf8 } from "../../protocol/bytes.ts";
import { hmacSha256 } from "../../protocol/ids.ts";

export const VOLUNTEER_BYTES = 16;
const TAG = utf8("amanah.volunteer.v1");

/** Who named a volunteer: the platform itself, one organiser (its registration id), or a page that anyone may use. */
export type Scope = "platform" | "page" | (string & {});

/** From the ledger's first secret, whatever secrets are added later: a name has to stay the same. */
export const volunteersKey = (secrets: readonly Uint8Array[]): Uint8Array =>
  hmacSha256(secrets.at(-1) as Uint8Array, TAG);

/** The first 16 bytes of SHA-256(key ‖ JSON of [scope, name]). */
export const volunteerId = (key: Uint8Array, scope: Scope, name: string): Uint8Array =>
  sha256(concat(key, utf8(JSON.stringify([scope, name])))).slice(0, VOLUNTEER_BYTES);
