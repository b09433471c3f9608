// Opens a book that came from anywhere: its form only. Nothing is copied and nothing is hashed; columns are views of the
// bytes given. What they prove is in recompute.ts.

import { InputError, VerificationError } from "../errors.ts";
import { type BookHeader, type BookStatement, type Columns, HEADER_BEGINS, parseHeader } from "./book.ts";
import { offsets } from "./encode.ts";
import { padded, type Region, SCHEMA_LENGTH_AT } from "./framing.ts";
import { type Layout, LEAST_BYTES_A_RECEIPT, layOut, type Section } from "./layout.ts";

/** A statement with its receipts. */
export type OpenStatement = BookStatement & Columns;

export type Book = Omit<BookHeader, "statements"> & { readonly statements: readonly OpenStatement[] };

/**
 * Opens the bytes of a whole book. Everything but the values of its columns is compared with what its header leads to: a
 * book has one form to the byte. Views are valid as long as the bytes stay.
 * @throws VerificationError `book-truncated`, `book-damaged`, `book-malformed`
 */
export function openBook(given: Uint8Array): Book {
  const bytes = aligned(given);
  const text = findHeader(bytes);
  const header = orMalformed(() => parseHeader(text));
  checkSize(bytes, header);
  const layout = orMalformed(() => layOut(header, text));
  compareFraming(bytes, layout);
  const statements = header.statements.map((statement, i) => ({
    ...statement,
    ...columnsOf(bytes, layout.sections[i] as Section),
  }));
  return { ...header, statements };
}

/** Numbers of 8 bytes can only be viewed where they are aligned: anything else is copied first. */
const aligned = (given: Uint8Array): Uint8Array =>
  given.byteOffset % 8 === 0
    ? new Uint8Array(given.buffer, given.byteOffset, given.length)
    : new Uint8Array(given);

const MARKS = [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31, 0, 0, 0xff, 0xff, 0xff, 0xff];
/** The header's text begins within the first bytes of the file. */
const SEARCHED_BYTES = 4096;

/** The text in the schema's metadata. That nothing else can be taken for it is seen when the book is laid out again. */
function findHeader(bytes: Uint8Array): string {
  const damaged = MARKS.findIndex((byte, at) => at < bytes.length && bytes[at] !== byte);
  if (damaged >= 0) throw notABook(damaged);
  if (bytes.length < SCHEMA_LENGTH_AT + 4) throw truncated(bytes.length, "its first message");
  const numbers = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const schemaEnd = SCHEMA_LENGTH_AT + 4 + numbers.getUint32(SCHEMA_LENGTH_AT, true);
  if (schemaEnd > bytes.length) throw truncated(bytes.length, "its first message");
  const at = indexOfText(bytes.subarray(0, Math.min(schemaEnd, SEARCHED_BYTES)), HEADER_BEGINS);
  const end = at < 4 ? 0 : at + numbers.getUint32(at - 4, true);
  if (end === 0 || end > schemaEnd) throw new VerificationError("book-damaged", "the book has no header");
  return orMalformed(() => decode(bytes.slice(at, end)));
}

const notABook = (at: number) =>
  new VerificationError(
    "book-damaged",
    `byte ${at} is not as in any Arrow file: this is no book, or a damaged one`,
  );

const truncated = (length: number, before: string) =>
  new VerificationError("book-truncated", `the book is cut off: ${length} bytes end before ${before} does`);

function indexOfText(bytes: Uint8Array, text: string): number {
  let from = -1;
  do from = bytes.indexOf(text.charCodeAt(0), from + 1);
  while (from >= 0 && ![...text].every((character, i) => bytes[from + i] === character.charCodeAt(0)));
  return from;
}

function decode(text: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(text);
  } catch {
    throw new InputError("not-utf8", "the header is not UTF-8");
  }
}

function orMalformed<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new VerificationError("book-malformed", `the book's header cannot be read: ${error.message}`);
  }
}

/** Before anything is allocated by what a header claims. */
function checkSize(bytes: Uint8Array, { receipts }: BookHeader): void {
  const least = receipts * BigInt(LEAST_BYTES_A_RECEIPT);
  if (least > BigInt(bytes.length)) throw truncated(bytes.length, `the last of ${receipts} receipts`);
}

function compareFraming(bytes: Uint8Array, { head, sections, tail, bytes: wanted }: Layout): void {
  if (bytes.length < wanted) throw truncated(bytes.length, `the ${wanted} bytes that its header leads to`);
  compare(bytes, 0, head, "the schema");
  for (const [i, section] of sections.entries()) {
    compare(bytes, section.at, section.message, `the message of statement ${i}`);
    compare(
      bytes,
      section.bodyAt + section.columns.offsets.offset,
      offsets(section),
      `the offsets of statement ${i}`,
    );
    for (const region of Object.values(section.columns)) comparePadding(bytes, section.bodyAt, region, i);
  }
  compare(bytes, wanted - tail.length, tail, "the footer");
  if (bytes.length > wanted)
    throw new VerificationError(
      "book-damaged",
      `${bytes.length - wanted} bytes follow behind the end of the book`,
    );
}

function comparePadding(
  bytes: Uint8Array,
  bodyAt: number,
  { offset, length }: Region,
  statement: number,
): void {
  const padding = new Uint8Array(padded(length) - length);
  compare(bytes, bodyAt + offset + length, padding, `the padding of statement ${statement}`);
}

function compare(bytes: Uint8Array, at: number, wanted: Uint8Array, what: string): void {
  for (let i = 0; i < wanted.length; i++)
    if (bytes[at + i] !== wanted[i])
      throw new VerificationError(
        "book-damaged",
        `byte ${at + i}, in ${what}, is not what the header leads to`,
      );
}

function columnsOf(bytes: Uint8Array, { bodyAt, columns }: Section): Columns {
  const part = ({ offset, length }: Region) => bytes.subarray(bodyAt + offset, bodyAt + offset + length);
  const numbers = ({ offset, length }: Region) =>
    new BigUint64Array(bytes.buffer, bytes.byteOffset + bodyAt + offset, length / 8);
  return {
    leaves: part(columns.leaves),
    amounts: numbers(columns.amounts),
    reversals: {
      ids: part(columns.ids),
      acceptedAt: numbers(columns.acceptedAt),
      terms: part(columns.terms),
      details: part(columns.details),
      salts: part(columns.salts),
    },
  };
}
