// A book recomputed: what its receipts, reversals and notices lead to, and every place where it contradicts itself. The
// audit and the page of a batch ask the same of it. Whether it is the book of what was anchored, the contract tells.

import { AmanahError, InputError } from "../errors.ts";
import { equalBytes, toHex, WORD_BYTES, ZERO32 } from "../protocol/bytes.ts";
import type { Hash } from "../protocol/hash.ts";
import { REVERSAL, receiptHasher } from "../protocol/receipt.ts";
import { checkStatement, previousNotice } from "../protocol/statement.ts";
import type { Book, OpenStatement } from "./read.ts";
import { rootOfReceipts } from "./receipts-tree.ts";
import { partOf, reversalAt } from "./reversal-evidence.ts";

export type FlawCode =
  | "amount-zero"
  | "receipts-altered"
  | "amounts-false"
  | "reversal-altered"
  | "statement-malformed"
  | "previous-missing"
  | "previous-false"
  | "times-missing"
  | "times-reversed"
  | "book-header-false";

/** Where a book contradicts itself: a stable code, a sentence, and the figures in it. */
export type Flaw = {
  readonly code: FlawCode;
  readonly says: string;
  readonly numbers: Readonly<Record<string, bigint | number>>;
};

/** What every part of a statement leads to. `onHashed` is told of receipts as they are hashed, in parts. */
export function recomputeStatement(
  statement: OpenStatement,
  ledger: Uint8Array,
  hash: Hash,
  onHashed?: (receipts: number) => void,
): Flaw[] {
  const { from, to, receiptsRoot, leaves, amounts, previous } = statement;
  const flaws: Flaw[] = [];
  const tell = (code: FlawCode, says: string, numbers: Flaw["numbers"] = {}) =>
    void flaws.push({ code, says, numbers });
  const nothing = amounts.indexOf(0n);
  if (nothing >= 0) tell("amount-zero", `receipt ${nothing} is of nothing`, { index: nothing });
  const { hash: root, sum } = rootOfReceipts(leaves, amounts, hash, onHashed);
  if (!equalBytes(root, receiptsRoot))
    tell(
      "receipts-altered",
      `its receipts lead to ${toHex(root)}; the statement says ${toHex(receiptsRoot)}`,
    );
  if (sum !== to - from)
    tell("amounts-false", `its amounts add up to ${sum}; the statement claims ${to - from}`, { sum });
  for (const { index, amount } of alteredReversals(statement, ledger, hash))
    tell("reversal-altered", `the fields of reversal ${index} do not hash to its leaf`, { index, amount });
  const malformed = malformation(statement);
  if (malformed !== null) tell("statement-malformed", malformed, { previous });
  return flaws;
}

/** Every reversal's leaf out of its published fields. */
function* alteredReversals(statement: OpenStatement, ledger: Uint8Array, hash: Hash) {
  if (statement.kind !== REVERSAL) return;
  const leafOf = receiptHasher(ledger, hash);
  for (const [index, amount] of statement.amounts.entries())
    if (!isLeaf(() => leafOf(reversalAt(statement, index)), partOf(statement.leaves, index, WORD_BYTES)))
      yield { index, amount };
}

function isLeaf(hashed: () => Uint8Array, leaf: Uint8Array): boolean {
  try {
    return equalBytes(hashed(), leaf);
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

function malformation(statement: OpenStatement): string | null {
  try {
    checkStatement(statement);
    return null;
  } catch (error) {
    if (!(error instanceof AmanahError)) throw error;
    return error.message;
  }
}

export type Notices = Pick<Book, "batch" | "openedAt" | "closedAt" | "notices">;

/**
 * The two notices that every batch has, once each.
 * @param previousRoot what the contract keeps of the batch before; the ledger's id in batch 1
 */
export function recomputeNotices(book: Notices, previousRoot: Uint8Array): Flaw[] {
  return [...previousFlaws(book, previousRoot), ...timesFlaws(book)];
}

function* previousFlaws({ batch, notices }: Notices, root: Uint8Array): Generator<Flaw> {
  const wanted = previousNotice(batch, root);
  const found = notices.filter(({ kind }) => kind === wanted.kind);
  if (found.length === 0)
    yield { code: "previous-missing", says: "does not name the root before it", numbers: {} };
  for (const { content, subject } of found) {
    if (equalBytes(content, root) && equalBytes(subject, ZERO32) && found.length === 1) continue;
    const says = `names ${toHex(content)} as the root before it; the contract keeps ${toHex(root)}`;
    yield { code: "previous-false", says, numbers: {} };
  }
}

function* timesFlaws(book: Notices): Generator<Flaw> {
  const times = book.notices.filter(({ kind }) => kind === "times");
  if (times.length !== 1)
    yield {
      code: "times-missing",
      says: `has ${times.length} notices of its times, not one`,
      numbers: { notices: times.length },
    };
  const { openedAt, closedAt } = timesOf(book);
  const numbers = { openedAt, closedAt };
  if (openedAt > closedAt)
    yield {
      code: "times-reversed",
      says: `closes at ${closedAt}, before it opens at ${openedAt}`,
      numbers,
    };
  if (times.length > 0 && (book.openedAt !== openedAt || book.closedAt !== closedAt))
    yield { code: "book-header-false", says: "names other times in its book than in its notice", numbers };
}

const TIME_BITS = 128n;

/** Unix seconds, 16 bytes each, as the first notice of them says; zero without one. */
export function timesOf({ notices }: Pick<Notices, "notices">): { openedAt: bigint; closedAt: bigint } {
  const both = BigInt(toHex(notices.find(({ kind }) => kind === "times")?.content ?? ZERO32));
  return { openedAt: both >> TIME_BITS, closedAt: both & (2n ** TIME_BITS - 1n) };
}
