// A donor's key: the unguessable token that opens the donor's own statement, and nothing else. It is derived, as receipts'
// keys are; it names the donor, and how often the donor was erased, so that an erasure ends it.

import { timingSafeEqual } from "node:crypto";
import { fastHmac } from "../hashing.ts";
import { DONOR_BYTES } from "../programmes/donor.ts";

const MAC_BYTES = 16;
const GENERATION_BYTES = 4;
const KEY_BYTES = DONOR_BYTES + GENERATION_BYTES + MAC_BYTES;
const TAG = Buffer.from("amanah.donor-key.v1");

/** `donor`: 16 bytes. `generation`: how often the donor has been erased. */
export type NamedDonor = { readonly donor: Uint8Array; readonly generation: number };

export function donorKey(secret: Uint8Array, { donor, generation }: NamedDonor): string {
  const name = Buffer.alloc(DONOR_BYTES + GENERATION_BYTES);
  name.set(donor);
  name.writeUInt32BE(generation, DONOR_BYTES);
  return Buffer.concat([name, macOf(secret, name)]).toString("base64url");
}

const macOf = (secret: Uint8Array, name: Uint8Array): Uint8Array =>
  fastHmac(secret, Buffer.concat([TAG, name])).subarray(0, MAC_BYTES);

/** Whom a key names; undefined when none of the ledger's secrets has made it. */
export function readDonorKey(secrets: readonly Uint8Array[], key: string): NamedDonor | undefined {
  const bytes = Buffer.from(key, "base64url");
  if (bytes.length !== KEY_BYTES) return undefined;
  const [name, mac] = [bytes.subarray(0, KEY_BYTES - MAC_BYTES), bytes.subarray(KEY_BYTES - MAC_BYTES)];
  if (!secrets.some((secret) => timingSafeEqual(macOf(secret, name), mac))) return undefined;
  return { donor: name.subarray(0, DONOR_BYTES), generation: name.readUInt32BE(DONOR_BYTES) };
}
