// The key that promises: it signs digests, many a second and without waiting, and sends nothing. It stays in this room.

import { signRecoverable } from "tiny-secp256k1";
import { concat, hexToBytes } from "viem";
import type { Settings } from "../settings.ts";
import { promiseKey } from "./accounts.ts";

const RECOVERY_OFFSET = 27;

/**
 * Signs 32 bytes: r, the lower s, 27 or 28; the same bytes always alike (RFC 6979). Undefined when the operator has set no
 * key for it. By libsecp256k1 in WebAssembly, four times as fast as JavaScript: few receipts may have to share a signature.
 */
export function promiseSigner(
  settings: Pick<Settings, "PROMISE_KEY" | "demonstration">,
): ((digest: Uint8Array) => Uint8Array) | undefined {
  const key = promiseKey(settings);
  if (key === undefined) return undefined;
  const secret = hexToBytes(key);
  return (digest) => {
    const { signature, recoveryId } = signRecoverable(digest, secret);
    return concat([signature, Uint8Array.of(RECOVERY_OFFSET + recoveryId)]);
  };
}
