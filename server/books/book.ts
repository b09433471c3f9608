// The book of a batch, `amanah-book/1`: what it says in its header, and the columns of each of its statements.
// How it lies in a file is in layout.ts; what it proves is in recompute.ts.

import { InputError } from "../errors.ts";
import { compareBytes, tag, toHex, WORD_BYTES } from "../protocol/bytes.ts";
import { canonicalJson } from "../protocol/details.ts";
import * as read from "../protocol/fields.ts";
import { checkKind, REVERSAL } from "../protocol/receipt.ts";
import type { Notice, Statement } from "../protocol/statement.ts";

export const BOOK_FORMAT = "amanah-book/1";

/** A statement of the book's batch, with the public registration id of its charity where the publisher gives one. */
export type BookStatement = Statement & { readonly registration: string | null };

/** What a book says of its batch: everything that its root is made of but the receipts. */
export type BookHeader = {
  /** The ledger's id, 32 bytes. */
  readonly ledger: Uint8Array;
  readonly batch: bigint;
  /** Unix seconds. */
  readonly openedAt: bigint;
  readonly closedAt: bigint;
  /** Of all statements together. */
  readonly receipts: bigint;
  readonly root: Uint8Array;
  /** In the order of `compareStatements`. */
  readonly statements: readonly BookStatement[];
  /** In the order of `compareNotices`. */
  readonly notices: readonly Notice[];
};

/** The fields of n reversals, packed in the line's order: 16 bytes an id, 32 a hash. */
export type Reversals = {
  readonly ids: Uint8Array;
  /** Unix seconds. */
  readonly acceptedAt: BigUint64Array;
  /** The leaves of the gifts that they take back. */
  readonly terms: Uint8Array;
  readonly details: Uint8Array;
  readonly salts: Uint8Array;
};

/** n receipts of one statement in the line's order: n × 32 bytes of leaves, n amounts; reversals with their fields. */
export type Columns = {
  readonly leaves: Uint8Array;
  readonly amounts: BigUint64Array;
  /** All empty for gifts. */
  readonly reversals: Reversals;
};

/** How many reversals go with so many receipts of a statement: all of them, or none. */
export const reversalsAmong = (kind: number, receipts: number): number => (kind === REVERSAL ? receipts : 0);

/** The order of statements: by the bytes of charity, then of unit, then kind. */
export function compareStatements(a: BookStatement, b: BookStatement): number {
  return compareBytes(a.charity, b.charity) || compareBytes(tag(a.unit), tag(b.unit)) || a.kind - b.kind;
}

/** The order of notices: by the bytes of kind, then of subject, then of content. */
export function compareNotices(a: Notice, b: Notice): number {
  const byKind = compareBytes(tag(a.kind), tag(b.kind));
  return byKind || compareBytes(a.subject, b.subject) || compareBytes(a.content, b.content);
}

/** The header as the canonical JSON of a book's metadata: 64-bit integers are decimal strings, hashes 0x-hex. */
export function headerText(header: BookHeader): string {
  const { ledger, batch, openedAt, closedAt, receipts, root, statements, notices } = header;
  return canonicalJson({
    format: BOOK_FORMAT,
    ledger: toHex(ledger),
    batch: `${batch}`,
    openedAt: `${openedAt}`,
    closedAt: `${closedAt}`,
    receipts: `${receipts}`,
    root: toHex(root),
    statements: statements.map(statementJson),
    notices: notices.map(noticeJson),
  });
}

/** How every header's text begins: `batch` is the first of its members in canonical order. */
export const HEADER_BEGINS = '{"batch":"';

function statementJson({ batch: _, registration, ...statement }: BookStatement) {
  const { charity, unit, kind, from, to, previous, receipts, receiptsRoot } = statement;
  return {
    ...(registration === null ? {} : { registration }),
    charity: toHex(charity),
    unit,
    kind,
    from: `${from}`,
    to: `${to}`,
    previous: `${previous}`,
    receipts: `${receipts}`,
    receiptsRoot: toHex(receiptsRoot),
  };
}

const noticeJson = ({ kind, subject, content }: Notice) => ({
  kind,
  subject: toHex(subject),
  content: toHex(content),
});

/**
 * Reads the text of a header. Only its form is judged: statements may well contradict each other or their batch.
 * @throws InputError with the codes of `fields`, `not-json`, `not-canonical`, `wrong-format`, `wrong-kind`, `wrong-order`,
 *   `wrong-count`
 */
export function parseHeader(text: string): BookHeader {
  const fields = read.fieldsOf(parseJson(text), "");
  checkFormat(read.member(fields, "format"));
  const batch = read.wholeNumberAt(fields, "batch");
  const header = {
    ledger: read.hexAt(fields, "ledger", WORD_BYTES),
    batch,
    openedAt: read.wholeNumberAt(fields, "openedAt"),
    closedAt: read.wholeNumberAt(fields, "closedAt"),
    receipts: read.wholeNumberAt(fields, "receipts"),
    root: read.hexAt(fields, "root", WORD_BYTES),
    statements: read.listAt(fields, "statements", ANY_NUMBER, (value, path) =>
      parseStatement(read.fieldsOf(value, path), batch),
    ),
    notices: read.listAt(fields, "notices", ANY_NUMBER, (value, path) =>
      parseNotice(read.fieldsOf(value, path), batch),
    ),
  };
  checkHeader(header);
  if (headerText(header) !== text)
    throw new InputError(
      "not-canonical",
      "wanted the canonical form (RFC 8785) of the header, and nothing else in it",
    );
  return header;
}

/** The text that is parsed has been read whole already. */
const ANY_NUMBER = Number.POSITIVE_INFINITY;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError("not-json", "the header is not JSON");
  }
}

function checkFormat(format: unknown): void {
  if (format === BOOK_FORMAT) return;
  const came = typeof format === "string" ? JSON.stringify(format.slice(0, 40)) : `a ${typeof format}`;
  throw new InputError("wrong-format", `format: wanted "${BOOK_FORMAT}", got ${came}`);
}

function parseStatement(fields: read.Fields, batch: bigint): BookStatement {
  const kind = read.smallNumberAt(fields, "kind");
  checkKind(kind);
  return {
    batch,
    charity: read.hexAt(fields, "charity", WORD_BYTES),
    registration: read.isNone(fields, "registration") ? null : textAt(fields, "registration"),
    unit: read.tagAt(fields, "unit"),
    kind,
    from: read.wholeNumberAt(fields, "from"),
    to: read.wholeNumberAt(fields, "to"),
    previous: read.wholeNumberAt(fields, "previous"),
    receipts: read.wholeNumberAt(fields, "receipts"),
    receiptsRoot: read.hexAt(fields, "receiptsRoot", WORD_BYTES),
  };
}

function textAt(fields: read.Fields, name: string): string {
  const value = read.member(fields, name);
  if (typeof value === "string") return value;
  throw new InputError("not-a-text", `${fields.path}${name}: wanted a text, got a ${typeof value}`);
}

const parseNotice = (fields: read.Fields, batch: bigint): Notice => ({
  batch,
  kind: read.tagAt(fields, "kind"),
  subject: read.hexAt(fields, "subject", WORD_BYTES),
  content: read.hexAt(fields, "content", WORD_BYTES),
});

/**
 * Refuses a header that no book can have. That a line comes twice, or that positions contradict each other, is not a
 * matter of form: an operator may have anchored it, and the audit names it.
 * @throws InputError `wrong-order`, `wrong-count`
 */
export function checkHeader({ statements, notices, receipts }: BookHeader): void {
  checkOrder(statements, compareStatements, "statements");
  checkOrder(notices, compareNotices, "notices");
  const counts = statements.map((statement) => statement.receipts);
  if (counts.some((count) => count < 1n))
    throw new InputError("wrong-count", "statements: one of them has no receipts");
  const sum = counts.reduce((all, count) => all + count, 0n);
  if (sum !== receipts)
    throw new InputError("wrong-count", `receipts: the statements have ${sum}, the header says ${receipts}`);
}

function checkOrder<T>(list: readonly T[], compare: (a: T, b: T) => number, what: string): void {
  const wrong = list.findIndex((one, i) => i > 0 && compare(list[i - 1] as T, one) > 0);
  if (wrong >= 0)
    throw new InputError("wrong-order", `${what}: number ${wrong} comes before the one in front of it`);
}
