// Verifies a receipt file step by step, first with the file alone and then against what a contract says.
// Reading that contract, and choosing which, is the caller's: nothing here talks to a network.

import { VerificationError } from "../errors.ts";
import { rootFromProof } from "./batch-proof.ts";
import { equalBytes, shown, toHex, utf8, ZERO32 } from "./bytes.ts";
import { type Details, detailsHash } from "./details.ts";
import { type Hash, keccak } from "./hash.ts";
import {
  checkKept,
  checkPromise,
  type PromiseReading,
  type SignedPromise,
  weighPromise,
} from "./promise-steps.ts";
import { GIFT, REVERSAL, type Receipt, receiptLeaf } from "./receipt.ts";
import { type OpenedReceipt, parseReceiptFile, type Seal } from "./receipt-file.ts";
import { checkStatement, statementLeaf } from "./statement.ts";
import {
  checkCarried,
  decidingRoot,
  followSuccessors,
  type Successor,
  type SuccessorReading,
} from "./successors.ts";
import { type Climb, climb } from "./sum-tree.ts";
import { checkNoticed, checkTerms, type Recompute } from "./terms-steps.ts";
import { checkByBook, NOT_SEALED, sealByBook, type Witness } from "./testimony.ts";
import { Trail } from "./trail.ts";
import {
  conclude,
  type Findings,
  type Line,
  NOTHING_FOUND,
  type Position,
  type Status,
  type Verification,
} from "./verification.ts";
import * as say from "./wording.ts";

export type { PromiseReading } from "./promise-steps.ts";
export type { Successor, SuccessorReading } from "./successors.ts";
export type { Recompute, Recomputed } from "./terms-steps.ts";
export { NOT_SEALED } from "./testimony.ts";
export type { Step, StepName } from "./trail.ts";
export type { Line, Position, Status, Verdict, Verification } from "./verification.ts";

/**
 * What the caller read from a contract of its own choice: `root` of the file's batch, `line` of its charity and unit. Of a
 * ledger that has moved `line` and `fault` are read from the last of the successors, in the order of the moves, and `promise`
 * from all contracts.
 */
export type LedgerReading = {
  ledger: Uint8Array;
  root: Uint8Array;
  /** Of the batch that notices the terms, where the file holds them. */
  termsRoot?: Uint8Array | undefined;
  line: Line;
  /** As the contract numbers faults; none by default, as in contracts that know of none. */
  fault?: number;
  /** Where the file holds a promise, and the contract knows of promises. */
  promise?: PromiseReading | null;
  successors?: readonly SuccessorReading[];
};

/** What was read for a receipt of which no batch is known. */
export type UnsealedReading = {
  ledger: Uint8Array;
  promise: PromiseReading;
  successors?: readonly Successor[];
};

/**
 * Without a witness a file that was saved before sealing proves nothing yet. Without the programmes' rules amounts are not
 * recomputed.
 */
export type VerifyOptions = { hash?: Hash; witness?: Witness | null; recompute?: Recompute | null };

/** Why a verification that reached a root is undecided until it is compared. */
export const NOT_COMPARED = "not-compared";

/**
 * Verifies the parsed JSON of a receipt file down to the root of its batch. Alone it never gives more than `unknown`,
 * `not-compared`: anyone can build a root, so `compareWithLedger` decides. Never throws for what a file holds.
 */
export function verifyReceipt(
  json: unknown,
  { hash = keccak, witness = null, recompute = null }: VerifyOptions = {},
): Verification {
  const trail = new Trail();
  const found: Findings = { ...NOTHING_FOUND };
  trail.walk(() => followFile(trail, json, found, { hash, witness, recompute }));
  return conclude(trail, found, NOT_COMPARED);
}

/**
 * Goes on from a verification that reached a root: does the contract keep that root, and how far has the money come?
 * A verification that stopped before is returned as it is.
 */
export function compareWithLedger(verification: Verification, reading: LedgerReading): Verification {
  const { file, batch, root, position, reason } = verification;
  if (reason !== NOT_COMPARED) return verification;
  if (file === null || batch === null || root === null || position === null) return verification;
  const trail = new Trail(verification.steps);
  const found: Findings = { ...verification };
  trail.walk(() => {
    const signed = signedPromiseOf(verification);
    checkAnchored(trail, { file, batch, root }, reading, signed);
    const { termsRoot } = verification;
    if (file.terms && termsRoot !== null) checkNoticed(trail, file.terms, termsRoot, reading.termsRoot);
    const status = () => statusOf(position, reading.line);
    found.status = trail.take("status", status, (reached) => say.sayStatus(reached, position, reading.line));
    if (signed !== null && reading.promise) checkKept(trail, signed, batch, reading.promise);
    // Its root is proven, and yet the same operator anchored what contradicts it: not a plain "valid" for any donor.
    if (reading.fault) trail.stop("fault", "line-at-fault", say.sayFault(reading.fault));
  });
  return conclude(trail, found, null);
}

/**
 * Goes on from a verification of a file that was saved before sealing: what is its promise worth, by the contract? It stays
 * undecided, since no batch is known. Without a promise it is returned as it is.
 */
export function comparePromise(verification: Verification, reading: UnsealedReading): Verification {
  const { file, reason } = verification;
  const signed = signedPromiseOf(verification);
  if (reason !== NOT_SEALED || file === null || signed === null) return verification;
  const trail = new Trail(verification.steps);
  trail.walk(() => {
    checkLedger(trail, file, reading);
    weighPromise(trail, signed, reading.promise);
  });
  return conclude(trail, verification, null);
}

function signedPromiseOf({ file, promiser }: Verification): SignedPromise | null {
  const promise = file?.promise ?? null;
  return promise === null || promiser === null ? null : { promise, promiser };
}

type Ledgers = { ledger: Uint8Array; successors?: readonly Successor[] };

function checkLedger(trail: Trail, file: OpenedReceipt, { ledger, successors = [] }: Ledgers): void {
  trail.take("ledger", () => demandLedger(file.ledger.id, ledger), say.sayLedger);
  followSuccessors(trail, ledger, successors);
}

type Rooted = { file: OpenedReceipt; batch: bigint; root: Uint8Array };

function checkAnchored(
  trail: Trail,
  { file, batch, root }: Rooted,
  reading: LedgerReading,
  signed: SignedPromise | null,
): void {
  checkLedger(trail, file, reading);
  const { successors = [], promise } = reading;
  const kept = decidingRoot(reading.root, successors, batch);
  if (equalBytes(kept, ZERO32)) {
    if (signed === null || !promise) trail.stop("anchored", "not-anchored", say.sayNotAnchored(batch));
    trail.skip("anchored", "not-anchored", say.sayNotAnchored(batch));
    weighPromise(trail, signed, promise);
  }
  trail.take(
    "anchored",
    () => demandRoot(batch, root, kept),
    () => say.sayAnchored(batch),
  );
  checkCarried(trail, kept, successors, batch);
}

const GIFT_STATUSES = ["given", "paid", "acknowledged", "spent"] as const;
const REVERSAL_STATUSES = ["reversed", "netted"] as const;

/** How far the money of a position has come: the last watermark at or behind its end. */
export function statusOf({ kind, end }: Position, line: Line): Status {
  const statuses = kind === GIFT ? GIFT_STATUSES : REVERSAL_STATUSES;
  return statuses.findLast((watermark) => line[watermark] >= end) ?? "anchored";
}

function followFile(
  trail: Trail,
  json: unknown,
  found: Findings,
  { hash, witness, recompute }: Required<VerifyOptions>,
): void {
  const file = trail.take("format", () => parseReceiptFile(json), say.sayFormat);
  found.file = file;
  if (file.details === null) trail.skip("details", "details-erased", say.sayErased());
  else trail.take("details", () => demandDetails(file, hash), say.sayDetails);
  const leaf = trail.take("leaf", () => leafOf(file, hash), say.sayLeaf);
  found.leaf = leaf;
  found.promiser = checkPromise(trail, file, leaf, hash);
  const seal = file.seal ?? sealByBook(trail, file, leaf, witness);
  found.batch = seal.batch;
  found.root = followSeal(trail, file, seal, leaf, found, hash);
  if (file.seal !== null && witness !== null)
    checkByBook(trail, file, leaf, found.root, { witness, proof: seal.proof, hash });
  found.termsRoot = checkTerms(trail, file, seal.batch, { hash, recompute });
}

/** The steps from a leaf up to the root of its batch; the position on the way is written down in `found`. */
export function followSeal(
  trail: Trail,
  file: OpenedReceipt,
  seal: Seal,
  leaf: Uint8Array,
  found: Findings,
  hash: Hash,
): Uint8Array {
  const { receipt, ledger } = file;
  trail.take(
    "statement",
    () => demandAgreement(receipt, seal),
    () => say.sayStatement(seal),
  );
  const top = trail.take(
    "path",
    () => climbToRoot(leaf, receipt, seal, hash),
    () => say.sayPath(seal.proof.path.length),
  );
  found.position = trail.take("sum", () => positionOf(receipt, seal, top), say.saySum);
  const leafAbove = statementLeaf(ledger.id, seal.statement, hash);
  const root = () => rootFromProof(leafAbove, seal.statementProof, hash);
  return trail.take("root", root, (hashed) => say.sayRoot(seal.batch, hashed));
}

/** Details may name the charity by its registration id, for people to read: then it must be the receipt's. */
function namesItsCharity(
  details: Details | null,
  { charity }: OpenedReceipt["receipt"],
  hash: Hash,
): boolean {
  return typeof details?.charity !== "string" || equalBytes(hash(utf8(details.charity)), charity);
}

function demandDetails({ details, receipt }: OpenedReceipt, hash: Hash): void {
  const made = detailsHash(details, hash);
  demand(equalBytes(made, receipt.details), "details-differ", () => {
    return `the private details were changed: they hash to ${toHex(made)}, the receipt names ${toHex(receipt.details)}`;
  });
  demand(namesItsCharity(details, receipt, hash), "details-charity-differs", () => {
    return `the details name another charity than the receipt: ${shown(details?.charity)}, whose id is not ${toHex(receipt.charity)}`;
  });
}

/** A reversal without the leaf of its gift takes back nothing. */
function leafOf({ ledger, receipt }: OpenedReceipt, hash: Hash): Uint8Array {
  const namesGift = receipt.kind !== REVERSAL || !equalBytes(receipt.terms, ZERO32);
  demand(namesGift, "reversal-of-nothing", () => "the reversal does not name the gift that it takes back");
  return receiptLeaf(ledger.id, receipt, hash);
}

/** Nothing here is hashed yet: a statement of another line or batch is named as such before any hash can differ. */
function demandAgreement(receipt: Receipt, { batch, proof, statement }: Seal): void {
  checkStatement(statement);
  demandSame("batch", batch, statement.batch);
  demandSame("charity", toHex(receipt.charity), toHex(statement.charity));
  demandSame("unit", receipt.unit, statement.unit);
  demandSame("kind", receipt.kind, statement.kind);
  demandSame("receipt count", proof.receipts, statement.receipts);
}

function demandSame<T extends string | number | bigint>(what: string, own: T, ofStatement: T): void {
  demand(own === ofStatement, `${what.replace(" ", "-")}-differs`, () => {
    return `the statement is another's: its ${what} is ${ofStatement}, the receipt's is ${own}`;
  });
}

function climbToRoot(leaf: Uint8Array, receipt: Receipt, { proof, statement }: Seal, hash: Hash): Climb {
  const top = climb(leaf, receipt.amount, proof, hash);
  demand(equalBytes(top.hash, statement.receiptsRoot), "receipts-root-differs", () => {
    return `receipt and path lead to ${toHex(top.hash)}, not to the statement's receipts ${toHex(statement.receiptsRoot)}`;
  });
  return top;
}

function positionOf({ charity, unit, kind, amount }: Receipt, { statement }: Seal, top: Climb): Position {
  const added = statement.to - statement.from;
  demand(
    top.sum === added,
    "sum-differs",
    () => `the receipts add up to ${top.sum}, the statement adds ${added}`,
  );
  const start = statement.from + top.before;
  return { charity, unit, kind, start, end: start + amount };
}

function demandLedger(ofFile: Uint8Array, ofContract: Uint8Array): void {
  demand(equalBytes(ofFile, ofContract), "ledger-differs", () => {
    return `the contract keeps the ledger ${toHex(ofContract)}, the receipt is of ${toHex(ofFile)}`;
  });
}

function demandRoot(batch: bigint, ofFile: Uint8Array, ofContract: Uint8Array): void {
  demand(equalBytes(ofFile, ofContract), "root-differs", () => {
    return `the contract keeps ${toHex(ofContract)} for batch ${batch}, the file leads to ${toHex(ofFile)}`;
  });
}

function demand(holds: boolean, reason: string, otherwise: () => string): void {
  if (!holds) throw new VerificationError(reason, otherwise());
}
