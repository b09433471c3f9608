// The receipt file, `amanah-receipt/1`: its JSON shape, reading it strictly, and writing it.
// Only the form is judged here; what the file proves is judged by `verify`.

import { InputError } from "../errors.ts";
import { MAX_BATCH_PROOF_LENGTH } from "./batch-proof.ts";
import { fromHex, type Hex, shown, toHex, WORD_BYTES } from "./bytes.ts";
import type { Details } from "./details.ts";
import * as read from "./fields.ts";
import { ID_BYTES } from "./ids.ts";
import type { ReceiptPromise } from "./promise.ts";
import { encodePromise, type PromiseFile, parsePromise } from "./promise-file.ts";
import { checkKind, checkReceipt, type Kind, type Receipt } from "./receipt.ts";
import type { Statement } from "./statement.ts";
import type { ReceiptProof, Sibling } from "./sum-tree.ts";
import { encodeTerms, type OpenedTerms, parseTerms, type TermsFile } from "./terms-steps.ts";

export const RECEIPT_FORMAT = "amanah-receipt/1";

/** A path in a tree of less than 2^63 leaves is no longer. */
const MAX_PATH_LENGTH = 63;
const ADDRESS_BYTES = 20;

/** The JSON. 64-bit integers are decimal strings; other members may be added, these stay. */
export type ReceiptFile = {
  format: typeof RECEIPT_FORMAT;
  ledger: { id: Hex; chainId: number; contract: Hex };
  receipt: {
    id: Hex;
    charity: Hex;
    unit: string;
    kind: Kind;
    amount: string;
    acceptedAt: string;
    terms: Hex;
    details: Hex;
    salt: Hex;
  };
  /** Null once erased. */
  details: Details | null;
  /** Null, like the three below it, while the receipt is not sealed. */
  batch: string | null;
  proof: { index: string; receipts: string; path: { hash: Hex; sum: string }[] } | null;
  statement: {
    batch: string;
    charity: Hex;
    unit: string;
    kind: Kind;
    from: string;
    to: string;
    previous: string;
    receipts: string;
    receiptsRoot: Hex;
  } | null;
  statementProof: Hex[] | null;
  /** Unix seconds by which a receipt that is not sealed will be. */
  expected?: string | null;
  /** Null, or not there, where none was given. */
  promise?: PromiseFile | null;
  /** Null, or not there, where the file holds none. */
  terms?: TermsFile | null;
};

/** What ties a receipt to its batch's root. */
export type Seal = { batch: bigint; proof: ReceiptProof; statement: Statement; statementProof: Uint8Array[] };

/** A receipt file in memory. Chain and contract are the file's own word: a hint, never a reason to trust. */
export type OpenedReceipt = {
  ledger: { id: Uint8Array; chainId: number; contract: Uint8Array };
  receipt: Receipt;
  details: Details | null;
  seal: Seal | null;
  expected: bigint | null;
  promise: ReceiptPromise | null;
  /** What the gift follows from, and where that was noticed; null, or not there, where the file does not hold it. */
  terms?: OpenedTerms | null;
};

/**
 * Reads parsed JSON as a receipt file.
 * @throws InputError that names the path, what was wanted and what came; `wrong-format`, `partly-sealed` and the codes of `fields`
 */
export function parseReceiptFile(json: unknown): OpenedReceipt {
  const file = read.fieldsOf(json, "");
  checkFormat(file, RECEIPT_FORMAT);
  return {
    ...parsePlace(file),
    receipt: parseReceipt(read.objectAt(file, "receipt")),
    details: parseDetails(file),
    promise: read.isNone(file, "promise") ? null : parsePromise(read.objectAt(file, "promise")),
    ...(read.isNone(file, "terms") ? {} : { terms: parseTerms(read.objectAt(file, "terms")) }),
  };
}

/** Where a receipt is: its ledger, and what ties it to a batch's root. Throws as `parseReceiptFile`. */
export function parsePlace(file: read.Fields): Pick<OpenedReceipt, "ledger" | "seal" | "expected"> {
  return {
    ledger: parseLedger(read.objectAt(file, "ledger")),
    seal: isSealed(file) ? parseSeal(file) : null,
    expected: read.isNone(file, "expected") ? null : read.wholeNumberAt(file, "expected"),
  };
}

/** The JSON of a receipt file, members in the order of the specification. */
export function encodeReceiptFile(opened: OpenedReceipt): ReceiptFile {
  const { ledger, seal, expected, promise, terms = null } = opened;
  const file: ReceiptFile = {
    format: RECEIPT_FORMAT,
    ledger: { id: toHex(ledger.id), chainId: ledger.chainId, contract: toHex(ledger.contract) },
    receipt: encodeReceipt(opened.receipt),
    details: opened.details,
    ...(seal === null ? NO_SEAL : encodeSeal(seal)),
  };
  return {
    ...file,
    ...(expected === null ? {} : { expected: `${expected}` }),
    ...(promise === null ? {} : { promise: encodePromise(promise) }),
    ...(terms === null ? {} : { terms: encodeTerms(terms) }),
  };
}

/** @throws InputError `wrong-format`, `field-missing` */
export function checkFormat(file: read.Fields, wanted: string): void {
  const format = read.member(file, "format");
  if (format === wanted) return;
  throw new InputError("wrong-format", `format: wanted "${wanted}", got ${shown(format)}`, {
    path: "format",
  });
}

function parseLedger(ledger: read.Fields): OpenedReceipt["ledger"] {
  return {
    id: read.hexAt(ledger, "id", WORD_BYTES),
    chainId: read.smallNumberAt(ledger, "chainId"),
    contract: read.hexAt(ledger, "contract", ADDRESS_BYTES),
  };
}

function parseReceipt(fields: read.Fields): Receipt {
  const receipt = {
    id: read.hexAt(fields, "id", ID_BYTES),
    charity: read.hexAt(fields, "charity", WORD_BYTES),
    unit: read.tagAt(fields, "unit"),
    kind: parseKind(fields),
    amount: read.wholeNumberAt(fields, "amount"),
    acceptedAt: read.wholeNumberAt(fields, "acceptedAt"),
    terms: read.hexAt(fields, "terms", WORD_BYTES),
    details: read.hexAt(fields, "details", WORD_BYTES),
    salt: read.hexAt(fields, "salt", WORD_BYTES),
  };
  checkReceipt(receipt);
  return receipt;
}

function parseKind(fields: read.Fields): Kind {
  const kind = read.smallNumberAt(fields, "kind");
  checkKind(kind);
  return kind;
}

function parseDetails(file: read.Fields): Details | null {
  if (read.member(file, "details") === null) return null;
  return read.objectAt(file, "details").members as Details;
}

const SEAL_MEMBERS = ["batch", "proof", "statement", "statementProof"];

/** All four or none: a file with half a proof is damaged, or made to look like one that is not sealed yet. */
function isSealed(file: read.Fields): boolean {
  const missing = SEAL_MEMBERS.filter((name) => read.member(file, name) === null);
  if (missing.length === 0 || missing.length === SEAL_MEMBERS.length) return missing.length === 0;
  const wanted = "wanted batch, proof, statement and statementProof, or null for all four";
  throw new InputError("partly-sealed", `${wanted}; ${missing.join(" and ")} alone is null`, {
    path: missing[0],
  });
}

function parseSeal(file: read.Fields): Seal {
  return {
    batch: read.wholeNumberAt(file, "batch"),
    proof: parseProof(read.objectAt(file, "proof")),
    statement: parseStatement(read.objectAt(file, "statement")),
    statementProof: read.listAt(file, "statementProof", MAX_BATCH_PROOF_LENGTH, parseHash),
  };
}

function parseProof(proof: read.Fields): ReceiptProof {
  return {
    index: read.wholeNumberAt(proof, "index"),
    receipts: read.wholeNumberAt(proof, "receipts"),
    path: read.listAt(proof, "path", MAX_PATH_LENGTH, parseSibling),
  };
}

function parseSibling(value: unknown, path: string): Sibling {
  const sibling = read.fieldsOf(value, path);
  return { hash: read.hexAt(sibling, "hash", WORD_BYTES), sum: read.wholeNumberAt(sibling, "sum") };
}

function parseHash(value: unknown, path: string): Uint8Array {
  return fromHex(value as string, WORD_BYTES, path);
}

function parseStatement(fields: read.Fields): Statement {
  return {
    batch: read.wholeNumberAt(fields, "batch"),
    charity: read.hexAt(fields, "charity", WORD_BYTES),
    unit: read.tagAt(fields, "unit"),
    kind: parseKind(fields),
    from: read.wholeNumberAt(fields, "from"),
    to: read.wholeNumberAt(fields, "to"),
    previous: read.wholeNumberAt(fields, "previous"),
    receipts: read.wholeNumberAt(fields, "receipts"),
    receiptsRoot: read.hexAt(fields, "receiptsRoot", WORD_BYTES),
  };
}

const NO_SEAL = { batch: null, proof: null, statement: null, statementProof: null };

function encodeSeal(seal: Seal): Pick<ReceiptFile, "batch" | "proof" | "statement" | "statementProof"> {
  return {
    batch: `${seal.batch}`,
    proof: encodeProof(seal.proof),
    statement: encodeStatement(seal.statement),
    statementProof: seal.statementProof.map(toHex),
  };
}

/** The JSON of a receipt alone. */
export function encodeReceipt(receipt: Receipt): ReceiptFile["receipt"] {
  return {
    id: toHex(receipt.id),
    charity: toHex(receipt.charity),
    unit: receipt.unit,
    kind: receipt.kind,
    amount: `${receipt.amount}`,
    acceptedAt: `${receipt.acceptedAt}`,
    terms: toHex(receipt.terms),
    details: toHex(receipt.details),
    salt: toHex(receipt.salt),
  };
}

function encodeProof({ index, receipts, path }: ReceiptProof): ReceiptFile["proof"] {
  const siblings = path.map(({ hash, sum }) => ({ hash: toHex(hash), sum: `${sum}` }));
  return { index: `${index}`, receipts: `${receipts}`, path: siblings };
}

function encodeStatement(statement: Statement): ReceiptFile["statement"] {
  return {
    batch: `${statement.batch}`,
    charity: toHex(statement.charity),
    unit: statement.unit,
    kind: statement.kind,
    from: `${statement.from}`,
    to: `${statement.to}`,
    previous: `${statement.previous}`,
    receipts: `${statement.receipts}`,
    receiptsRoot: toHex(statement.receiptsRoot),
  };
}
