// A receipt's key: the unguessable token that opens the whole receipt. It is derived, so that a repeated event gets the
// same one, and it travels in the fragment of a link, which browsers do not send and servers do not log.

import { timingSafeEqual } from "node:crypto";
import { fastHmac } from "../hashing.ts";
import type { Settings } from "../settings.ts";

const KEY_BYTES = 16;
const TAG = Buffer.from("amanah.receipt-key.v1");

export const receiptKey = (secret: Uint8Array, id: Uint8Array): string =>
  Buffer.from(fastHmac(secret, Buffer.concat([TAG, id])))
    .subarray(0, KEY_BYTES)
    .toString("base64url");

export function isReceiptKey(secret: Uint8Array, id: Uint8Array, key: string): boolean {
  const [wanted, came] = [Buffer.from(receiptKey(secret, id)), Buffer.from(key)];
  return wanted.length === came.length && timingSafeEqual(wanted, came);
}

export const linkOf = (settings: Settings, id: string, key: string): string =>
  `${publicUrl(settings)}/r/${id}#${key}`;

export const publicUrl = (settings: Settings): string =>
  (settings.PUBLIC_URL ?? localUrl(settings)).replace(/\/+$/, "");

/** Where the service listens. An IPv6 address stands in brackets. */
export const localUrl = ({ HOST, PORT }: Settings): string =>
  `http://${HOST.includes(":") ? `[${HOST}]` : HOST}:${PORT}`;
