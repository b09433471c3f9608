// All that published books show, by themselves and against files, as evidence. Nothing is believed of either: what is found
// goes before the contract next.

import { BookEvidence } from "../../server/books/evidence.ts";
import { type OpenStatement, openBook } from "../../server/books/read.ts";
import { InputError, messageOf, VerificationError } from "../../server/errors.ts";
import { fastKeccak } from "../../server/hashing.ts";
import { equalBytes, fromHex, type Hex, toHex } from "../../server/protocol/bytes.ts";
import { type Evidence, evidenceOfPair, type ShownStatement } from "../../server/protocol/evidence.ts";
import { contradictionOf } from "../../server/protocol/faults.ts";
import { evidenceOfFiles } from "../../server/protocol/file-evidence.ts";
import type { OpenedReceipt, Seal } from "../../server/protocol/receipt-file.ts";
import type { Statement } from "../../server/protocol/statement.ts";
import { type BookSource, bookSource } from "../audit/books/book-source.ts";
import { warn } from "../say.ts";

export type Found = {
  readonly evidence: readonly Evidence[];
  readonly books: number;
  /** Batches whose books could not be read: there may be more. */
  readonly unread: readonly bigint[];
};

export const NOTHING: Found = { evidence: [], books: 0, unread: [] };

/**
 * What books show: of the files' batches and those before them on their lines, or, without files, of all batches. One book
 * is open at a time, and one more where two contradict each other.
 */
export async function foundInBooks(
  ledger: Hex,
  books: string,
  files: readonly OpenedReceipt[],
  lastBatch: bigint,
): Promise<Found> {
  const shelf = new Shelf(bookSource(books), fromHex(ledger));
  const search = new Search(shelf, files);
  for (const batch of batchesOf(files, lastBatch)) await search.lookInto(batch);
  return { evidence: search.evidence, books: shelf.read, unread: [...shelf.unread] };
}

function batchesOf(files: readonly OpenedReceipt[], lastBatch: bigint): bigint[] {
  if (files.length === 0) return Array.from({ length: Number(lastBatch) }, (_, i) => BigInt(i) + 1n);
  const named = files.flatMap(({ seal }) => (seal === null ? [] : [seal.statement.previous, seal.batch]));
  return [...new Set(named)]
    .filter((batch) => batch > 0n && batch <= lastBatch)
    .sort((a, b) => Number(a - b));
}

type SealedFile = OpenedReceipt & { readonly seal: Seal };
const isSealed = (file: OpenedReceipt): file is SealedFile => file.seal !== null;

/** Books as they are published; one that cannot be read is told, and left out. */
class Shelf {
  readonly #source: BookSource;
  readonly #ledger: Uint8Array;
  readonly unread = new Set<bigint>();
  read = 0;

  constructor(source: BookSource, ledger: Uint8Array) {
    [this.#source, this.#ledger] = [source, ledger];
  }

  async open(batch: bigint): Promise<BookEvidence | null> {
    const bytes = await this.#source.book(batch);
    try {
      if (bytes === undefined) throw new InputError("no-book", "it is not there");
      const book = openBook(bytes);
      if (!equalBytes(book.ledger, this.#ledger) || book.batch !== batch)
        throw new InputError(
          "another-book",
          `it is that of batch ${book.batch} of ledger ${toHex(book.ledger)}`,
        );
      this.read += 1;
      return new BookEvidence(book, fastKeccak);
    } catch (thrown) {
      if (!(thrown instanceof InputError || thrown instanceof VerificationError)) throw thrown;
      warn(`the book of batch ${batch} cannot be used: ${messageOf(thrown)}`);
      this.unread.add(batch);
      return null;
    }
  }
}

class Search {
  readonly evidence: Evidence[] = [];
  readonly #shelf: Shelf;
  readonly #files: readonly SealedFile[];
  /** The last statement of each side of each line. */
  readonly #last = new Map<string, Statement>();

  constructor(shelf: Shelf, files: readonly OpenedReceipt[]) {
    [this.#shelf, this.#files] = [shelf, files.filter(isSealed)];
  }

  async lookInto(batch: bigint): Promise<void> {
    const book = await this.#shelf.open(batch);
    if (book === null) return;
    this.evidence.push(...book.all(), ...this.#withFiles(book));
    for (const statement of book.book.statements) await this.#follow(book, statement);
  }

  /** What files say of this book's statements and trees, against what it says. */
  #withFiles(book: BookEvidence): Evidence[] {
    const ofBatch = this.#files.filter(({ seal }) => seal.batch === book.book.batch);
    const pairs = this.#files.flatMap(({ seal }) =>
      book.of(seal.statement).map((held) => pairOf(book.show(held), seal)),
    );
    const trees = evidenceOfFiles(ofBatch, { hash: fastKeccak, opener: book.opener });
    return [...trees, ...pairs.filter((found) => found !== null)];
  }

  /** The book before is opened again only where it contradicts this one. */
  async #follow(book: BookEvidence, statement: OpenStatement): Promise<void> {
    const { charity, unit, kind } = statement;
    const side = `${toHex(charity)} ${unit} ${kind}`;
    const before = this.#last.get(side);
    const { leaves: _, amounts: __, reversals: ___, ...figures } = statement;
    this.#last.set(side, figures);
    if (before === undefined || before.batch === statement.batch || !contradictionOf(before, statement))
      return;
    const earlier = await this.#shelf.open(before.batch);
    const held = earlier?.of(statement).at(-1);
    const found = earlier && held && pairOf(earlier.show(held), book.show(statement));
    if (found) this.evidence.push(found);
  }
}

const pairOf = (a: ShownStatement | null, b: ShownStatement | null): Evidence | null =>
  a && b && evidenceOfPair(a, b);
