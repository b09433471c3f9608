// The code at the door of an activity: a new one every thirty seconds, shown by the organiser and read by a volunteer's phone.
// Pure: the activity's secret and the time come in.

import { utf8 } from "../../protocol/bytes.ts";
import { hmacSha256 } from "../../protocol/ids.ts";

export const SLOT_SECONDS = 30;
const CODE_BYTES = 12;
const HEX = 16;

/** The slot that a time (Unix seconds) lies in. */
export const slotAt = (unixSeconds: number): number => Math.floor(unixSeconds / SLOT_SECONDS);

/** 24 hexadecimal digits: the beginning of HMAC-SHA-256(secret, "amanah.door.v1/" and the slot's number). */
export const doorCode = (secret: Uint8Array, slot: number): string =>
  [...hmacSha256(secret, utf8(`amanah.door.v1/${slot}`)).slice(0, CODE_BYTES)]
    .map((byte) => byte.toString(HEX).padStart(2, "0"))
    .join("");

/** Valid in its own slot and in the one behind it: whoever reads it late in a slot must not be sent away. */
export const isDoorCode = (secret: Uint8Array, code: string, unixSeconds: number): boolean =>
  [0, 1].some((back) => isSame(doorCode(secret, slotAt(unixSeconds) - back), code));

/** Without an early end that would tell how much of a guess was right. */
function isSame(wanted: string, came: string): boolean {
  let differences = wanted.length ^ came.length;
  for (let at = 0; at < wanted.length; at++) differences |= wanted.charCodeAt(at) ^ came.charCodeAt(at);
  return differences === 0;
}
