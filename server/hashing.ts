// The fast hash functions of this process. The protocol takes its hash as an argument; here is the one that the service
// hands in: WebAssembly, about six times as fast as any JavaScript one for messages of the size of a node.

import { createHash, createHmac, randomFillSync } from "node:crypto";
import { createKeccak } from "hash-wasm";
import type { Hash } from "./protocol/hash.ts";
import type { Hmac } from "./protocol/ids.ts";

const hasher = await createKeccak(256);

/** keccak-256 of the data; a fresh 32 bytes. Synchronous, and so safe to share within a thread. */
export const fastKeccak: Hash = (data) => hasher.init().update(data).digest("binary");

export const fastHmac: Hmac = (key, data) => createHmac("sha256", key).update(data).digest();

export const sha256 = (data: Uint8Array): Uint8Array => createHash("sha256").update(data).digest();

const POOL_BYTES = 16_384;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** Fresh random bytes, drawn from the system many at a time. At most 1 KiB a call. */
export function randomBytes(bytes: number): Uint8Array {
  if (bytes > 1024) throw new RangeError(`wanted at most 1024 bytes, came ${bytes}`);
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return Uint8Array.prototype.slice.call(pool, used - bytes, used);
}
