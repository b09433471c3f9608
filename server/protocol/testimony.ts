// The step of a verification that asks the published book of a batch. Where books come from, and how they are read, is not
// known here: a witness is handed in.

import { VerificationError } from "../errors.ts";
import { rootFromProof } from "./batch-proof.ts";
import { equalBytes } from "./bytes.ts";
import type { Hash } from "./hash.ts";
import type { OpenedReceipt, Seal } from "./receipt-file.ts";
import { statementLeaf } from "./statement.ts";
import type { ReceiptProof } from "./sum-tree.ts";
import type { Trail } from "./trail.ts";
import * as say from "./wording.ts";

/** Why a verification of a file that was saved before sealing is undecided. */
export const NOT_SEALED = "not-sealed";

/** Why a book can tell nothing about a receipt: a stable code, and a plain sentence. */
export type Unfit = { reason: string; says: string };

/**
 * Finds a receipt in the book of its batch, by its leaf, and leads it from there to the root that the book comes to.
 * @throws VerificationError when the book contradicts the receipt
 */
export type Witness = (file: OpenedReceipt, leaf: Uint8Array) => Seal | Unfit;

/** What ties a receipt to a root whose file was saved before there was one. */
export function sealByBook(
  trail: Trail,
  file: OpenedReceipt,
  leaf: Uint8Array,
  witness: Witness | null,
): Seal {
  if (witness === null) trail.stop("sealed", NOT_SEALED, say.sayNotSealed(file));
  return trail.take("book", () => testify(trail, witness, file, leaf), say.sayBook);
}

/** Checks the numbers of the file's own proof, which no proof alone can show, by a book that comes to the same root. */
export function checkByBook(
  trail: Trail,
  file: OpenedReceipt,
  leaf: Uint8Array,
  root: Uint8Array,
  { witness, proof, hash }: { witness: Witness; proof: ReceiptProof; hash: Hash },
): void {
  const check = () => {
    const testified = testify(trail, witness, file, leaf);
    const ofBook = rootFromProof(
      statementLeaf(file.ledger.id, testified.statement, hash),
      testified.statementProof,
      hash,
    );
    if (!equalBytes(ofBook, root)) trail.stop("book", "book-root-differs", say.sayOtherRoot(ofBook));
    demandNumbers(proof, testified.proof);
    return testified;
  };
  trail.take("book", check, say.sayBook);
}

/** A book that is unfit tells nothing, and so what was asked for cannot be told. */
function testify(trail: Trail, witness: Witness, file: OpenedReceipt, leaf: Uint8Array): Seal {
  const testified = witness(file, leaf);
  if ("reason" in testified) trail.stop("book", testified.reason, testified.says);
  return testified;
}

function demandNumbers(ofFile: ReceiptProof, ofBook: ReceiptProof): void {
  for (const what of ["index", "receipts"] as const)
    if (ofFile[what] !== ofBook[what]) {
      const message = `the file says ${what} ${ofFile[what]}, the book ${ofBook[what]}`;
      throw new VerificationError(`book-${what}-differs`, message);
    }
}
