// Signatures of accounts that have a key: in the form that the contract takes, and whose they are. Whether a wallet contract
// has signed, only the chain can tell.

import { type Address, type Hex, recoverAddress, recoverMessageAddress } from "viem";

/** Half the order of secp256k1: of the two s that sign the same, the contract takes the one below (EIP-2). */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const KEY_SIGNATURE = /^0x([0-9a-f]{64})([0-9a-f]{64})(00|01|1b|1c)$/i;

/** A key's signature as the contract wants it: v 27 or 28, the lower s; undefined when it has another shape. */
export function keySignature(signature: Hex): Hex | undefined {
  const [, r, s = "", v = ""] = KEY_SIGNATURE.exec(signature) ?? [];
  if (r === undefined) return undefined;
  const isHigh = BigInt(`0x${s}`) > ORDER / 2n;
  const lower = isHigh ? (ORDER - BigInt(`0x${s}`)).toString(16).padStart(64, "0") : s;
  const parity = ["01", "1c"].includes(v.toLowerCase()) ? 1 : 0;
  const recovery = isHigh ? 1 - parity : parity;
  return `0x${r}${lower}${(27 + recovery).toString(16)}`.toLowerCase() as Hex;
}

/** Whose key has signed a digest; undefined when it is no key's signature at all. */
export const signerOfDigest = (digest: Hex, signature: Hex): Promise<Address | undefined> =>
  recovered(() => recoverAddress({ hash: digest, signature }));

/** Whose key has signed a text (EIP-191); undefined when it is no key's signature at all. */
export const signerOfText = (message: string, signature: Hex): Promise<Address | undefined> =>
  recovered(() => recoverMessageAddress({ message, signature }));

/** Not every 65 bytes are a point of the curve. */
async function recovered(recover: () => Promise<Address>): Promise<Address | undefined> {
  try {
    return await recover();
  } catch {
    return undefined;
  }
}
