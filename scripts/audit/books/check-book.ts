// One book held against its root: every sum tree and every leaf that can be recomputed is. Pure; what several books say
// of one another is checked in walk.ts and behind it.

import { rootOfBatch } from "../../../server/books/batch-tree.ts";
import type { Book } from "../../../server/books/read.ts";
import { type OpenStatement, openBook } from "../../../server/books/read.ts";
import { recomputeNotices, recomputeStatement, timesOf } from "../../../server/books/recompute.ts";
import { VerificationError } from "../../../server/errors.ts";
import { fastKeccak } from "../../../server/hashing.ts";
import { equalBytes, toHex } from "../../../server/protocol/bytes.ts";
import { GIFT, type Kind } from "../../../server/protocol/receipt.ts";
import type { Notice } from "../../../server/protocol/statement.ts";
import type { FindingCode } from "../catalogue.ts";
import { Findings, type SavedFindings } from "../findings.ts";

/** What the contract keeps: what a book must lead to. */
export type Anchored = {
  readonly ledger: Uint8Array;
  readonly batch: bigint;
  readonly root: Uint8Array;
  /** The root of the batch before; the ledger's id in batch 1. */
  readonly previousRoot: Uint8Array;
};

/** What is left of a statement when its receipts are gone. */
export type StatementFigures = {
  readonly charity: `0x${string}`;
  readonly registration: string | null;
  readonly unit: string;
  readonly kind: Kind;
  readonly from: bigint;
  readonly to: bigint;
  readonly previous: bigint;
  readonly receipts: bigint;
};

/** `statements` is null of a book that could not be read. */
export type CheckedBook = {
  readonly batch: bigint;
  readonly openedAt: bigint;
  readonly closedAt: bigint;
  readonly receipts: number;
  readonly bytes: number;
  readonly statements: readonly StatementFigures[] | null;
  readonly notices: readonly Notice[];
  readonly findings: SavedFindings;
};

/** The open book too, for those who go on with its receipts; null when there is none that could be read. */
export function checkBook(
  bytes: Uint8Array | undefined,
  anchored: Anchored,
): { checked: CheckedBook; book: Book | null } {
  const findings = new Findings();
  const book = openOrTell(bytes, anchored, findings);
  if (book === null) return { checked: unread(anchored.batch, bytes?.length ?? 0, findings), book };
  for (const statement of book.statements) checkReceipts(statement, anchored.ledger, findings);
  checkRoot(book, anchored, findings);
  const [openedAt, closedAt] = checkNotices(book, anchored, findings);
  const receipts = Number(book.receipts);
  const statements = book.statements.map(figuresOf);
  const { batch } = anchored;
  const size = bytes?.length ?? 0;
  return {
    checked: {
      batch,
      openedAt,
      closedAt,
      receipts,
      bytes: size,
      statements,
      notices: book.notices,
      findings: findings.save(),
    },
    book,
  };
}

const unread = (batch: bigint, bytes: number, findings: Findings): CheckedBook => ({
  ...{ batch, bytes, findings: findings.save(), openedAt: 0n, closedAt: 0n, receipts: 0 },
  ...{ statements: null, notices: [] },
});

function openOrTell(
  bytes: Uint8Array | undefined,
  { batch, ledger }: Anchored,
  findings: Findings,
): Book | null {
  const refuse = (code: FindingCode, says: string): null => {
    findings.add({ code, says, place: { batch }, numbers: {} });
    return null;
  };
  if (bytes === undefined)
    return refuse("book-missing", `batch ${batch} is anchored, and its book is not published`);
  try {
    const book = openBook(bytes);
    if (!equalBytes(book.ledger, ledger))
      return refuse(
        "book-of-another-ledger",
        `the book of batch ${batch} is of the ledger ${toHex(book.ledger)}`,
      );
    if (book.batch !== batch)
      return refuse(
        "book-of-another-batch",
        `the book published for batch ${batch} is that of batch ${book.batch}`,
      );
    return book;
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    return refuse(
      "book-damaged",
      `the book of batch ${batch} cannot be read (${error.code}): ${error.message}`,
    );
  }
}

const figuresOf = ({
  charity,
  registration,
  unit,
  kind,
  from,
  to,
  previous,
  receipts,
}: OpenStatement): StatementFigures => ({
  ...{ charity: toHex(charity), registration, unit, kind, from, to, previous, receipts },
});

function checkReceipts(statement: OpenStatement, ledger: Uint8Array, findings: Findings): void {
  const { batch, charity, unit, kind, from, to, receipts } = statement;
  const side = kind === GIFT ? "gifts" : "reversals";
  const place = { batch, charity: toHex(charity), unit, side } as const;
  for (const { code, says, numbers } of recomputeStatement(statement, ledger, fastKeccak))
    findings.add({
      code,
      says: `${side} of batch ${batch}: ${says}`,
      place,
      numbers: { from, to, receipts, ...numbers },
    });
}

/** From the statements as they stand: whether their receipts bear them out has been told apart. */
function checkRoot(book: Book, { batch, root }: Anchored, findings: Findings): void {
  const computed = rootOfBatch(book, fastKeccak);
  const numbers = { computed: toHex(computed), anchored: toHex(root) };
  if (!equalBytes(computed, root)) {
    const says = `the book of batch ${batch} leads to the root ${numbers.computed}; the contract keeps ${numbers.anchored}`;
    findings.add({ code: "root-differs", says, place: { batch }, numbers });
  }
  if (equalBytes(book.root, computed)) return;
  const says = `the book of batch ${batch} names the root ${toHex(book.root)}, and leads to ${numbers.computed}`;
  findings.add({
    code: "book-header-false",
    says,
    place: { batch },
    numbers: { ...numbers, named: toHex(book.root) },
  });
}

/** Answers with the times of opening and closing. */
function checkNotices(book: Book, { batch, previousRoot }: Anchored, findings: Findings): [bigint, bigint] {
  for (const { code, says, numbers } of recomputeNotices(book, previousRoot))
    findings.add({ code, says: `batch ${batch} ${says}`, place: { batch }, numbers });
  const { openedAt, closedAt } = timesOf(book);
  return [openedAt, closedAt];
}
