// The receipt and its leaf: EIP-712 typed data in the ledger's domain.
// Where a leaf goes in a tree, and how a receipt travels as JSON, are other files.

import { InputError } from "../errors.ts";
import { isUint63 } from "./amounts.ts";
import { checkLength, concat, tag, utf8, WORD_BYTES } from "./bytes.ts";
import { type Hash, keccak } from "./hash.ts";
import { ID_BYTES } from "./ids.ts";

export const GIFT = 0;
export const REVERSAL = 1;

/** 0 gift, 1 reversal: the two sides of a line. */
export type Kind = typeof GIFT | typeof REVERSAL;

/** The immutable record of one gift or reversal. Hashes are 32 bytes, the id 16. */
export type Receipt = {
  id: Uint8Array;
  charity: Uint8Array;
  /** The plain name: `CNY`, `STEP`. */
  unit: string;
  kind: Kind;
  /** Whole minor units, at least 1. */
  amount: bigint;
  /** Unix seconds. */
  acceptedAt: bigint;
  /** Of a gift the hash of the pledge's terms, zero if none; of a reversal the leaf of the gift that it takes back. */
  terms: Uint8Array;
  details: Uint8Array;
  salt: Uint8Array;
};

const RECEIPT_TYPE =
  "Receipt(bytes16 id,bytes32 charity,bytes32 unit,uint8 kind,uint64 amount,uint64 acceptedAt,bytes32 terms,bytes32 details,bytes32 salt)";
const DOMAIN_TYPE = "EIP712Domain(string name,string version,bytes32 salt)";
const STRUCT_WORDS = 10;
const DIGEST_BYTES = 66;

/** EIP-712 domain `{name: "Amanah", version: "1", salt: ledger}`: exactly these three, in this order. 32 bytes. */
export function domainSeparator(ledger: Uint8Array, hash: Hash = keccak): Uint8Array {
  checkLength(ledger, WORD_BYTES, "ledger");
  return hash(concat(hash(utf8(DOMAIN_TYPE)), hash(utf8("Amanah")), hash(utf8("1")), ledger));
}

/**
 * A function from receipt to leaf that has hashed the domain and the type once and reuses its buffers: three
 * permutations for the struct and one for the digest are left for each receipt.
 * @throws InputError from the returned function, as `checkReceipt`
 */
export function receiptHasher(ledger: Uint8Array, hash: Hash = keccak): (receipt: Receipt) => Uint8Array {
  const struct = new Uint8Array(STRUCT_WORDS * WORD_BYTES);
  const integers = new DataView(struct.buffer);
  struct.set(hash(utf8(RECEIPT_TYPE)));
  const digest = new Uint8Array(DIGEST_BYTES);
  digest.set([0x19, 0x01]);
  digest.set(domainSeparator(ledger, hash), 2);
  return (receipt) => {
    checkReceipt(receipt);
    writeStruct(struct, integers, receipt);
    digest.set(hash(struct), 34);
    return hash(digest);
  };
}

/** The leaf of one receipt: what `hashTypedData` of viem and `TypedDataEncoder.hash` of ethers return. 32 bytes. */
export function receiptLeaf(ledger: Uint8Array, receipt: Receipt, hash: Hash = keccak): Uint8Array {
  return receiptHasher(ledger, hash)(receipt);
}

/**
 * Refuses a receipt that the protocol cannot hold.
 * @throws InputError `wrong-length`, `wrong-kind`, `out-of-range`
 */
export function checkReceipt(receipt: Receipt): void {
  checkLength(receipt.id, ID_BYTES, "receipt id");
  checkLength(receipt.charity, WORD_BYTES, "charity");
  checkLength(receipt.terms, WORD_BYTES, "terms");
  checkLength(receipt.details, WORD_BYTES, "details");
  checkLength(receipt.salt, WORD_BYTES, "salt");
  checkKind(receipt.kind);
  if (receipt.amount < 1n)
    throw new InputError("out-of-range", `amount: wanted at least 1, got ${receipt.amount}`);
  if (!isUint63(receipt.amount))
    throw new InputError("out-of-range", `amount: ${receipt.amount} is not below 2^63`);
  if (!isUint63(receipt.acceptedAt)) {
    throw new InputError("out-of-range", `acceptedAt: wanted Unix seconds, got ${receipt.acceptedAt}`);
  }
}

/** @throws InputError `wrong-kind` */
export function checkKind(kind: number): asserts kind is Kind {
  if (kind === GIFT || kind === REVERSAL) return;
  throw new InputError("wrong-kind", `kind: wanted 0 (gift) or 1 (reversal), got ${kind}`);
}

/** Overwrites every field of the struct; word 0 is the type's hash. Integers end their word: the rest of it stays zero. */
function writeStruct(struct: Uint8Array, integers: DataView, receipt: Receipt): void {
  struct.set(receipt.id, 32);
  struct.set(receipt.charity, 64);
  struct.set(tag(receipt.unit), 96);
  struct[159] = receipt.kind;
  integers.setBigUint64(184, receipt.amount);
  integers.setBigUint64(216, receipt.acceptedAt);
  struct.set(receipt.terms, 224);
  struct.set(receipt.details, 256);
  struct.set(receipt.salt, 288);
}
