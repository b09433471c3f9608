// One book held against its root: every sum tree and every leaf that can be recomputed is. Pure; what several books say
// of one another is checked in walk.ts and behind it.

import type { Book } from "../../../server/books/read.ts";
import { type OpenStatement, openBook } from "../../../server/books/read.ts";
import { AmanahError, InputError, VerificationError } from "../../../server/errors.ts";
import { fastKeccak } from "../../../server/hashing.ts";
import { equalBytes, toHex, ZERO32 } from "../../../server/protocol/bytes.ts";
import { GIFT, type Kind, REVERSAL, receiptHasher } from "../../../server/protocol/receipt.ts";
import {
  checkStatement,
  type Notice,
  noticeLeaf,
  previousNotice,
  statementLeaf,
} from "../../../server/protocol/statement.ts";
import type { FindingCode } from "../catalogue.ts";
import { Findings, type Observation, type SavedFindings } from "../findings.ts";
import { rootOfLeaves } from "./batch-tree.ts";
import { rootOfReceipts } from "./receipts-tree.ts";

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

const TIME_BYTES = 16;

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
  const { batch, charity, unit, kind, from, to, receipts, receiptsRoot, leaves, amounts } = statement;
  const side = kind === GIFT ? "gifts" : "reversals";
  const place = { batch, charity: toHex(charity), unit, side } as const;
  const tell = (code: FindingCode, says: string, numbers: Observation["numbers"] = {}) =>
    findings.add({
      code,
      says: `${side} of batch ${batch}: ${says}`,
      place,
      numbers: { from, to, receipts, ...numbers },
    });
  const nothing = amounts.indexOf(0n);
  if (nothing >= 0) tell("amount-zero", `receipt ${nothing} is of nothing`, { index: nothing });
  const { hash, sum } = rootOfReceipts(leaves, amounts);
  if (!equalBytes(hash, receiptsRoot))
    tell(
      "receipts-altered",
      `its receipts lead to ${toHex(hash)}; the statement says ${toHex(receiptsRoot)}`,
    );
  if (sum !== to - from)
    tell("amounts-false", `its amounts add up to ${sum}; the statement claims ${to - from}`, { sum });
  if (kind === REVERSAL) checkReversals(statement, ledger, tell);
  checkForm(statement, tell);
}

type Tell = (code: FindingCode, says: string, numbers?: Observation["numbers"]) => unknown;

function checkForm(statement: OpenStatement, tell: Tell): void {
  try {
    checkStatement(statement);
  } catch (error) {
    if (!(error instanceof AmanahError)) throw error;
    tell("statement-malformed", error.message, { previous: statement.previous });
  }
}

/** Every reversal's leaf out of its published fields. */
function checkReversals(statement: OpenStatement, ledger: Uint8Array, tell: Tell): void {
  const { charity, unit, kind, leaves, amounts, reversals } = statement;
  const leafOf = receiptHasher(ledger, fastKeccak);
  const part = (column: Uint8Array, i: number, width: number) => column.subarray(i * width, (i + 1) * width);
  for (const [i, amount] of amounts.entries()) {
    const [terms, details, salt] = [reversals.terms, reversals.details, reversals.salts].map((column) =>
      part(column, i, 32),
    );
    const receipt = {
      ...{
        charity,
        unit,
        kind,
        amount,
        id: part(reversals.ids, i, 16),
        acceptedAt: reversals.acceptedAt[i] ?? 0n,
      },
      ...{ terms: terms ?? ZERO32, details: details ?? ZERO32, salt: salt ?? ZERO32 },
    };
    if (!isLeaf(leafOf, receipt, part(leaves, i, 32)))
      tell("reversal-altered", `the fields of reversal ${i} do not hash to its leaf`, { index: i, amount });
  }
}

function isLeaf(
  leafOf: ReturnType<typeof receiptHasher>,
  receipt: Parameters<typeof leafOf>[0],
  leaf: Uint8Array,
): boolean {
  try {
    return equalBytes(leafOf(receipt), leaf);
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** From the statements as they stand: whether their receipts bear them out has been told apart. */
function checkRoot(book: Book, { ledger, batch, root }: Anchored, findings: Findings): void {
  const leaves = [
    ...book.statements.map((statement) => statementLeaf(ledger, statement, fastKeccak)),
    ...book.notices.map((notice) => noticeLeaf(ledger, notice, fastKeccak)),
  ];
  const computed = rootOfLeaves(leaves);
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

/** The two notices that every batch has, once each. Answers with the times of opening and closing. */
function checkNotices(book: Book, { batch, previousRoot }: Anchored, findings: Findings): [bigint, bigint] {
  const tell = (code: FindingCode, says: string, numbers: Observation["numbers"] = {}) =>
    findings.add({ code, says: `batch ${batch} ${says}`, place: { batch }, numbers });
  const wanted = previousNotice(batch, previousRoot);
  const previous = book.notices.filter(({ kind }) => kind === wanted.kind);
  if (previous.length === 0) tell("previous-missing", "does not name the root before it");
  for (const { content, subject } of previous)
    if (!equalBytes(content, previousRoot) || !equalBytes(subject, ZERO32) || previous.length > 1)
      tell(
        "previous-false",
        `names ${toHex(content)} as the root before it; the contract keeps ${toHex(previousRoot)}`,
      );
  const times = book.notices.filter(({ kind }) => kind === "times");
  if (times.length !== 1) tell("times-missing", `has ${times.length} notices of its times, not one`);
  const [openedAt, closedAt] = timesOf(times[0]?.content);
  if (openedAt > closedAt)
    tell("times-reversed", `closes at ${closedAt}, before it opens at ${openedAt}`, { openedAt, closedAt });
  if (times[0] !== undefined && (book.openedAt !== openedAt || book.closedAt !== closedAt))
    tell("book-header-false", `names other times in its book than in its notice`, { openedAt, closedAt });
  return [openedAt, closedAt];
}

/** Unix seconds, 16 bytes each. */
function timesOf(content: Uint8Array | undefined): [bigint, bigint] {
  const both = BigInt(toHex(content ?? ZERO32));
  return [both >> BigInt(8 * TIME_BYTES), both & (2n ** BigInt(8 * TIME_BYTES) - 1n)];
}
