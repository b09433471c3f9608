// The fast hash of the worker: WebAssembly, out of our own file and so allowed by the pages' policy. Where a browser has
// none, the protocol's own takes about six times as long.

import { createKeccak } from "hash-wasm";
import { type Hash, keccak } from "../../../protocol/hash.ts";

export async function fastHash(): Promise<Hash> {
  try {
    const hasher = await createKeccak(256);
    return (data) => hasher.init().update(data).digest("binary");
  } catch {
    return keccak;
  }
}
