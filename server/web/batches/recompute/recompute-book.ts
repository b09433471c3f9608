// Recomputes a book from its bytes, and tells how far it has come. Pure but for the clock.

import { rootOfBatch } from "../../../books/batch-tree.ts";
import { type Book, openBook } from "../../../books/read.ts";
import { recomputeStatement } from "../../../books/recompute.ts";
import type { Hash } from "../../../protocol/hash.ts";
import type { Recomputed } from "./messages.ts";

const OF_EVERY_BATCH = ["previous", "times"];

/**
 * @param onHashed told how many receipts of how many are done
 * @throws VerificationError when the bytes are no whole book
 */
export function recomputeBook(
  bytes: Uint8Array,
  hash: Hash,
  onHashed: (done: number, total: number) => void,
): Recomputed {
  const book = openBook(bytes);
  const began = performance.now();
  const flaws = flawsOf(book, hash, onHashed);
  const root = rootOfBatch(book, hash);
  const { ledger, batch, openedAt, closedAt, receipts, notices } = book;
  return {
    ...{ ledger, batch, openedAt, closedAt, receipts, flaws, root },
    bytes: bytes.length,
    statements: book.statements.map(({ leaves: _, amounts: __, reversals: ___, ...statement }) => statement),
    notices: notices.filter(({ kind }) => OF_EVERY_BATCH.includes(kind)),
    namedRoot: book.root,
    hashedMs: performance.now() - began,
  };
}

function flawsOf(
  { ledger, receipts, statements }: Book,
  hash: Hash,
  onHashed: (d: number, t: number) => void,
) {
  let done = 0;
  const told = (more: number) => {
    done += more;
    onHashed(done, Number(receipts));
  };
  const all = statements.map((statement, i) => ({
    statement: i,
    flaws: recomputeStatement(statement, ledger, hash, told),
  }));
  return all.filter(({ flaws }) => flaws.length > 0);
}
