// The fast hash functions of this process. The protocol takes its hash as an argument; here is the one that the service
// hands in: WebAssembly, about six times as fast as any JavaScript one for messages of the size of a node.

import { hash, randomFillSync } from "node:crypto";
import { createKeccak } from "hash-wasm";
import type { Hash } from "./protocol/hash.ts";
import type { Hmac } from "./protocol/ids.ts";

const hasher = await createKeccak(256);

/** keccak-256 of the data; a fresh 32 bytes. Synchronous, and so safe to share within a thread. */
export const fastKeccak: Hash = (data) => hasher.init().update(data).digest("binary");

/** SHA-256 of the data, 32 bytes. */
export const sha256 = (data: Uint8Array): Buffer => hash("sha256", data, "buffer");

const BLOCK_BYTES = 64;

/**
 * HMAC-SHA-256 (RFC 2104 §2) by two plain hashes, for keys of at most 64 bytes. `createHmac` first makes an object of the
 * key, which takes four times as long as all the rest (9.6 against 2.0 µs for 200 bytes).
 */
export const fastHmac: Hmac = (key, data) => {
  if (key.length > BLOCK_BYTES) throw new RangeError(`wanted a key of at most 64 bytes, came ${key.length}`);
  const inner = sha256(Buffer.concat([padded(key, 0x36), data]));
  return sha256(Buffer.concat([padded(key, 0x5c), inner]));
};

function padded(key: Uint8Array, pad: number): Uint8Array {
  const block = new Uint8Array(BLOCK_BYTES).fill(pad);
  for (let at = 0; at < key.length; at++) block[at] = (key[at] as number) ^ pad;
  return block;
}

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
