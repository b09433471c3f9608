// The hash of the protocol, keccak-256, and the shape in which any implementation of it is handed in.
// Faster implementations (WebAssembly) do not live here: the caller who has one passes it as `hash`.

import { keccak_256 } from "@noble/hashes/sha3.js";

/**
 * keccak-256 (the padding before FIPS 202, as in Ethereum). Answers 32 fresh bytes that the caller may keep, and holds
 * on to no part of `data`: callers overwrite their buffers between two calls.
 */
export type Hash = (data: Uint8Array) => Uint8Array;

/** The default: pure JavaScript, the same in Node and in a browser. */
export const keccak: Hash = (data) => keccak_256(data);
