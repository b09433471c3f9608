// Promises: what the operator's signature says will be in a batch by a deadline, and who signed. How many of them share one
// signature is in promise-tree.ts; who may promise, and what became of it, the contract tells.

import { secp256k1 } from "@noble/curves/secp256k1.js";
import { InputError, VerificationError } from "../errors.ts";
import { isUint63 } from "./amounts.ts";
import { rootFromProof } from "./batch-proof.ts";
import { checkLength, concat, type Hex, tag, toHex, uintWord, utf8, WORD_BYTES } from "./bytes.ts";
import { type Hash, keccak } from "./hash.ts";
import { checkKind, domainSeparator, type Kind } from "./receipt.ts";

/** One receipt as it is promised; leaf and charity are 32 bytes, the unit is its plain name. */
export type PromisedReceipt = {
  readonly leaf: Uint8Array;
  readonly charity: Uint8Array;
  readonly unit: string;
  readonly kind: Kind;
  readonly amount: bigint;
};

/** What one signature covers: the root of the tree over the leaves of what is promised. `deadline` in Unix seconds. */
export type SignedPromises = {
  readonly root: Uint8Array;
  readonly deadline: bigint;
  /** 65 bytes: r, s, and 27 or 28. */
  readonly signature: Uint8Array;
};

/** A promise as its holder has it: `path` leads from its leaf to the root that was signed, and is empty for a single one. */
export type ReceiptPromise = PromisedReceipt & {
  readonly deadline: bigint;
  readonly path: readonly Uint8Array[];
  readonly signature: Uint8Array;
};

/** As the contract's `PROMISE_PERIOD`: a key that is retired stays bound for deadlines so many seconds ahead, and no further. */
export const PROMISE_PERIOD_SECONDS = 604_800n;

const PROMISE_TAG = tag("amanah.promise.v1");
const PROMISES_TYPE = "Promises(bytes32 root,uint64 deadline)";
export const PROMISE_SIGNATURE_BYTES = 65;
const RECOVERY_AT = 64;
const RECOVERY_OFFSET = 27;

const LEAF_WORDS = 7;
const KIND_AT = 6 * WORD_BYTES - 1;
const AMOUNT_AT = 7 * WORD_BYTES - 8;

/**
 * A function from what is promised to the promise's leaf that reuses its buffer: for the many of every write.
 * @throws InputError from the returned function `wrong-length`, `not-a-tag`, `wrong-kind`, `out-of-range`
 */
export function promiseHasher(
  ledger: Uint8Array,
  hash: Hash = keccak,
): (promised: PromisedReceipt) => Uint8Array {
  const words = new Uint8Array(LEAF_WORDS * WORD_BYTES);
  const integers = new DataView(words.buffer);
  const inner = new Uint8Array(WORD_BYTES);
  words.set(PROMISE_TAG);
  words.set(ledger, WORD_BYTES);
  const units = new Map<string, Uint8Array>();
  return ({ leaf, charity, unit, kind, amount }) => {
    checkLength(leaf, WORD_BYTES, "leaf");
    checkLength(charity, WORD_BYTES, "charity");
    checkKind(kind);
    if (!isUint63(amount))
      throw new InputError("out-of-range", `amount: wanted an amount below 2^63, got ${amount}`);
    if (!units.has(unit)) units.set(unit, tag(unit));
    words.set(leaf, 2 * WORD_BYTES);
    words.set(charity, 3 * WORD_BYTES);
    words.set(units.get(unit) as Uint8Array, 4 * WORD_BYTES);
    words[KIND_AT] = kind;
    integers.setBigUint64(AMOUNT_AT, amount);
    inner.set(hash(words));
    return hash(inner);
  };
}

/**
 * The leaf of one promise, which is also its name on chain: the standard leaf of (tag, ledger, leaf, charity, unit, kind,
 * amount). 32 bytes.
 * @throws InputError `wrong-length`, `not-a-tag`, `wrong-kind`, `out-of-range`
 */
export function promiseLeaf(ledger: Uint8Array, promised: PromisedReceipt, hash: Hash = keccak): Uint8Array {
  checkLength(ledger, WORD_BYTES, "ledger");
  return promiseHasher(ledger, hash)(promised);
}

/** The EIP-712 digest of `Promises` in the ledger's domain: what the promiser signs. 32 bytes. */
export function promisesDigest(
  ledger: Uint8Array,
  { root, deadline }: Pick<SignedPromises, "root" | "deadline">,
  hash: Hash = keccak,
): Uint8Array {
  checkLength(root, WORD_BYTES, "root");
  const struct = hash(concat(hash(utf8(PROMISES_TYPE)), root, uintWord(deadline)));
  return hash(concat(Uint8Array.of(0x19, 0x01), domainSeparator(ledger, hash), struct));
}

/**
 * The account that signed a promise, in lower case. Anyone's signature leads to some account: whether it may promise is for
 * the contract to tell.
 * @throws VerificationError `promise-signature`, `batch-proof-malformed`
 */
export function promiserOf(ledger: Uint8Array, promise: ReceiptPromise, hash: Hash = keccak): Hex {
  const { deadline, path, signature } = promise;
  const root = rootFromProof(promiseLeaf(ledger, promise, hash), path, hash);
  return recoverAccount(promisesDigest(ledger, { root, deadline }, hash), signature, hash);
}

function recoverAccount(digest: Uint8Array, signature: Uint8Array, hash: Hash): Hex {
  const recovery = (signature[RECOVERY_AT] ?? 0) - RECOVERY_OFFSET;
  if (signature.length !== PROMISE_SIGNATURE_BYTES || (recovery !== 0 && recovery !== 1))
    throw new VerificationError(
      "promise-signature",
      "the promise's signature is not one of 65 bytes that ends in 27 or 28",
    );
  try {
    const parsed = secp256k1.Signature.fromBytes(signature.slice(0, RECOVERY_AT)).addRecoveryBit(recovery);
    // The contract takes the lower s only, so that nobody makes a second signature of one.
    if (parsed.hasHighS()) throw new Error("high s");
    return accountOf(parsed.recoverPublicKey(digest).toBytes(false), hash);
  } catch {
    throw new VerificationError(
      "promise-signature",
      "the promise's signature is no signature of any account",
    );
  }
}

/** keccak of the public key without its first byte, of which the last 20 bytes are the account. */
const accountOf = (publicKey: Uint8Array, hash: Hash): Hex => toHex(hash(publicKey.slice(1)).slice(-20));
