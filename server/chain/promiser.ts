// The key that promises: it signs digests, many a second and without waiting, and sends nothing. It stays in this room.

import { secp256k1 } from "@noble/curves/secp256k1.js";
import { hexToBytes } from "viem";
import type { Settings } from "../settings.ts";
import { promiseKey } from "./accounts.ts";

const RECOVERY_OFFSET = 27;

/** Multiples of the curve's base point that are kept: 8 bits of a number at a time make a signature a fifth cheaper than 6. */
const BASE_WINDOW_BITS = 8;

/** Signs 32 bytes: r, the lower s, 27 or 28. Undefined when the operator has set no key for it. */
export function promiseSigner(
  settings: Pick<Settings, "PROMISE_KEY" | "demonstration">,
): ((digest: Uint8Array) => Uint8Array) | undefined {
  const key = promiseKey(settings);
  if (key === undefined) return undefined;
  const secret = hexToBytes(key);
  secp256k1.Point.BASE.precompute(BASE_WINDOW_BITS, false);
  return (digest) => {
    // The library puts the recovery bit first, Ethereum last.
    const [recovery = 0, ...signature] = secp256k1.sign(digest, secret, {
      prehash: false,
      format: "recovered",
    });
    return Uint8Array.of(...signature, RECOVERY_OFFSET + recovery);
  };
}
