// What a charity signs, as EIP-712 typed data in the ledger's domain: acknowledgements and disbursements. In the JSON form
// that `eth_signTypedData_v4` takes, and hashed. Receipts, which nobody signs, are hashed elsewhere; who signed is too.

import { InputError } from "../errors.ts";
import { parseAmount } from "./amounts.ts";
import { concat, fromHex, type Hex, tag, toHex, uintWord, utf8, WORD_BYTES } from "./bytes.ts";
import type { AcknowledgementArgs, DisbursementArgs } from "./contract-calls.ts";
import { type Hash, keccak } from "./hash.ts";
import { unitName } from "./ids.ts";
import { domainSeparator } from "./receipt.ts";

type FieldType = "bytes32" | "uint64" | "string";
export type TypedField = { readonly name: string; readonly type: FieldType };

/** What is signed, by its name in the contract, with its fields in plain form: the unit by name, integers as decimals. */
export type SignedArgs = { Acknowledgement: AcknowledgementArgs; Disbursement: DisbursementArgs };
export type SignedName = keyof SignedArgs;

/** The ledger's own domain: these three members, in this order. */
export type LedgerDomain = { readonly name: string; readonly version: string; readonly salt: Hex };

/** `message` holds hashes and the unit's 32 bytes in hex, integers as decimal strings. */
export type TypedData = {
  readonly domain: LedgerDomain;
  readonly types: Readonly<Record<string, readonly TypedField[]>>;
  readonly primaryType: SignedName;
  readonly message: Readonly<Record<string, string>>;
};

const fields = (signature: string): TypedField[] =>
  signature.split(",").map((field) => {
    const [type = "", name = ""] = field.split(" ");
    return { name, type: type as FieldType };
  });

const DOMAIN_FIELDS = fields("string name,string version,bytes32 salt");

const SIGNATURES: Record<SignedName, string> = {
  Acknowledgement:
    "bytes32 charity,bytes32 unit,uint64 from,uint64 upTo,uint64 netTo,uint64 received,uint64 batch,bytes32 root",
  Disbursement: "bytes32 charity,bytes32 unit,uint64 from,uint64 upTo,bytes32 evidence",
};

export const fieldsOfSigned = (name: SignedName): TypedField[] => fields(SIGNATURES[name]);

export const ledgerDomain = (ledger: Uint8Array): LedgerDomain => ({
  name: "Amanah",
  version: "1",
  salt: toHex(ledger),
});

/**
 * What a wallet is asked to sign. `EIP712Domain` is among the types because `eth_signTypedData_v4` wants it there; viem
 * takes it too, ethers wants it left out.
 */
export function typedDataOf<Name extends SignedName>(
  ledger: Uint8Array,
  name: Name,
  args: SignedArgs[Name],
): TypedData {
  const types = { EIP712Domain: DOMAIN_FIELDS, [name]: fieldsOfSigned(name) };
  const message = { ...args, unit: toHex(tag(args.unit)) } as unknown as Record<string, string>;
  return { domain: ledgerDomain(ledger), types, primaryType: name, message };
}

/**
 * The plain form of a message: the inverse of `typedDataOf`.
 * @throws InputError `not-a-unit`
 */
export function signedArgsOf<Name extends SignedName>(
  name: Name,
  message: Readonly<Record<string, string>>,
): SignedArgs[Name] {
  const members = fieldsOfSigned(name).map((field) => [field.name, message[field.name]] as const);
  const unit = unitName(fromHex(message.unit ?? "", WORD_BYTES, "unit"));
  return { ...Object.fromEntries(members), unit } as unknown as SignedArgs[Name];
}

/**
 * The EIP-712 digest that is signed: what `hashTypedData` of viem and `TypedDataEncoder.hash` of ethers return. 32 bytes.
 * @throws InputError when a field of the message is not of its type
 */
export function signedDigest<Name extends SignedName>(
  ledger: Uint8Array,
  name: Name,
  args: SignedArgs[Name],
  hash: Hash = keccak,
): Uint8Array {
  const { message } = typedDataOf(ledger, name, args);
  const words = fieldsOfSigned(name).map((field) => wordOf(field, message[field.name]));
  const struct = hash(concat(hash(utf8(`${name}(${SIGNATURES[name]})`)), ...words));
  return hash(concat(Uint8Array.of(0x19, 0x01), domainSeparator(ledger, hash), struct));
}

function wordOf({ name, type }: TypedField, value: string | undefined): Uint8Array {
  if (value === undefined) throw new InputError("field-missing", `${name}: is missing`, { path: name });
  return type === "uint64" ? uintWord(parseAmount(value, name)) : fromHex(value, WORD_BYTES, name);
}
