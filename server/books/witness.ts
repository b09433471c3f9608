// What a book testifies about one receipt: its place in the tree of its line's statement, and the way up to the batch's
// root. The steps of the verification that follows are the protocol's; that a contract keeps the root is judged there too.

import { InputError, VerificationError } from "../errors.ts";
import { type BatchPath, batchPath } from "../protocol/batch-path.ts";
import { equalBytes, toHex, WORD_BYTES } from "../protocol/bytes.ts";
import { type Hash, keccak } from "../protocol/hash.ts";
import type { Receipt } from "../protocol/receipt.ts";
import type { OpenedReceipt, Seal } from "../protocol/receipt-file.ts";
import { noticeLeaf, statementLeaf } from "../protocol/statement.ts";
import { type Level, proofPath, rootNode, sumTreeLevels } from "../protocol/sum-tree.ts";
import type { Unfit, Witness } from "../protocol/testimony.ts";
import type { Book, OpenStatement } from "./read.ts";

/**
 * A witness that looks into one book. Trees are built when they are first needed, and kept: one statement's, of a million
 * receipts, takes half a second with a fast hash, and 80 MB.
 */
export function bookWitness(book: Book, hash: Hash = keccak): Witness {
  const trees = new Trees(book, hash);
  return (file, leaf) => {
    const place = placeOf(book, file, leaf);
    if ("reason" in place) return place;
    const seal = trees.seal(place.statement, place.index);
    // A damaged book says nothing against a receipt; and where there is a seal already, the two roots tell.
    if (!("reason" in seal) && file.seal === null) checkAmount(place, file.receipt);
    return seal;
  };
}

/** Asks one witness after the other until one knows the receipt; else what the last one says against itself. */
export const anyWitness =
  (witnesses: readonly Witness[]): Witness =>
  (file, leaf) => {
    let answer: Seal | Unfit = { reason: "no-book", says: "no book was given" };
    for (const witness of witnesses) {
      answer = witness(file, leaf);
      if (!("reason" in answer)) break;
    }
    return answer;
  };

type Place = { readonly statement: OpenStatement; readonly index: number };

function placeOf(book: Book, { ledger, receipt, seal }: OpenedReceipt, leaf: Uint8Array): Place | Unfit {
  if (!equalBytes(book.ledger, ledger.id))
    return { reason: "book-of-another-ledger", says: `the book is of the ledger ${toHex(book.ledger)}` };
  if (seal !== null && seal.batch !== book.batch)
    return {
      reason: "book-of-another-batch",
      says: `the book is of batch ${book.batch}, the receipt of batch ${seal.batch}`,
    };
  const ofLine = book.statements.filter((statement) => isOfLine(statement, receipt));
  for (const statement of ofLine) {
    const index = indexOfLeaf(statement.leaves, leaf, seal?.proof.index ?? 0n);
    if (index >= 0) return { statement, index };
  }
  return { reason: "not-in-book", says: sayNotThere(book, receipt) };
}

const isOfLine = ({ charity, unit, kind }: OpenStatement, receipt: Receipt): boolean =>
  kind === receipt.kind && unit === receipt.unit && equalBytes(charity, receipt.charity);

/** Where a leaf is, −1 if nowhere: where it is said to be, else the first. One that is there twice is for an audit to find. */
function indexOfLeaf(leaves: Uint8Array, leaf: Uint8Array, said: bigint): number {
  const there = Number(said) * WORD_BYTES;
  if (equalBytes(leaves.subarray(there, there + WORD_BYTES), leaf)) return Number(said);
  const first = leaf[0] as number;
  for (let at = leaves.indexOf(first); at >= 0; at = leaves.indexOf(first, at + 1))
    if (at % WORD_BYTES === 0 && equalBytes(leaves.subarray(at, at + WORD_BYTES), leaf))
      return at / WORD_BYTES;
  return -1;
}

function checkAmount({ statement: { amounts }, index }: Place, { amount }: Receipt): void {
  if (amounts[index] === amount) return;
  const message = `the book counts this receipt with ${amounts[index]}, it is for ${amount}`;
  throw new VerificationError("book-amount-differs", message);
}

function sayNotThere({ batch, openedAt, closedAt }: Book, { acceptedAt }: Receipt): string {
  const within = acceptedAt >= openedAt && acceptedAt <= closedAt;
  const hint = within
    ? "it was accepted while this batch was open, so ask the operator why"
    : `it was accepted at Unix second ${acceptedAt}, outside of this batch's [${openedAt}, ${closedAt}]: try another book`;
  return `the book of batch ${batch} does not hold this receipt; ${hint}`;
}

/** The trees of one book, each made once. */
class Trees {
  readonly #book: Book;
  readonly #hash: Hash;
  readonly #levels = new Map<OpenStatement, Level[]>();
  readonly #ways = new Map<OpenStatement, BatchPath>();
  #top: Uint8Array[] | undefined;

  constructor(book: Book, hash: Hash) {
    this.#book = book;
    this.#hash = hash;
  }

  /** The receipt's seal, or why the book contradicts itself. */
  seal(statement: OpenStatement, index: number): Seal | Unfit {
    try {
      return this.#seal(statement, index);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return contradicts(error.message);
    }
  }

  #seal(statement: OpenStatement, index: number): Seal | Unfit {
    const levels = this.#levelsOf(statement);
    const { hash, sum } = rootNode(levels);
    const [wanted, from, to] = [statement.receiptsRoot, statement.from, statement.to];
    if (!equalBytes(hash, wanted))
      return contradicts(`the statement's receipts lead to ${toHex(hash)}, it says ${toHex(wanted)}`);
    if (sum !== to - from)
      return contradicts(`the statement's receipts add up to ${sum}, it adds ${to - from}`);
    const leaf = this.#leafOf(statement);
    const way = this.#ways.get(statement) ?? batchPath(this.#topLeaves(), leaf, this.#hash);
    this.#ways.set(statement, way);
    const { root, proof: statementProof } = way;
    if (!equalBytes(root, this.#book.root))
      return contradicts(`statements and notices lead to ${toHex(root)}, it says ${toHex(this.#book.root)}`);
    const proof = { index: BigInt(index), receipts: statement.receipts, path: proofPath(levels, index) };
    return { batch: this.#book.batch, proof, statement, statementProof: [...statementProof] };
  }

  #levelsOf(statement: OpenStatement): Level[] {
    const { leaves: hashes, amounts: sums } = statement;
    const levels = this.#levels.get(statement) ?? sumTreeLevels({ hashes, sums }, this.#hash);
    this.#levels.set(statement, levels);
    return levels;
  }

  #topLeaves(): Uint8Array[] {
    const { statements, notices, ledger } = this.#book;
    this.#top ??= [
      ...statements.map((statement) => this.#leafOf(statement)),
      ...notices.map((notice) => noticeLeaf(ledger, notice, this.#hash)),
    ];
    return this.#top;
  }

  #leafOf(statement: OpenStatement): Uint8Array {
    return statementLeaf(this.#book.ledger, statement, this.#hash);
  }
}

const contradicts = (how: string): Unfit => ({
  reason: "book-contradicts-itself",
  says: `the book contradicts itself: ${how}`,
});
