// Evidence for findings: the books that a finding names are opened once more, since the walk has kept a few figures of them
// only. What the contract makes of the evidence is asked elsewhere.

import { BookEvidence } from "../../../server/books/evidence.ts";
import { type OpenStatement, openBook } from "../../../server/books/read.ts";
import { VerificationError } from "../../../server/errors.ts";
import { fastKeccak } from "../../../server/hashing.ts";
import { toHex } from "../../../server/protocol/bytes.ts";
import { type Evidence, evidenceOfPair } from "../../../server/protocol/evidence.ts";
import { GIFT } from "../../../server/protocol/receipt.ts";
import type { BookSource } from "../books/book-source.ts";
import type { FindingCode } from "../catalogue.ts";
import type { Finding } from "../findings.ts";

/** Books are large; findings come in order, and concern one or two at a time. */
const BOOKS_KEPT = 2;

export class EvidenceSearch {
  readonly #source: BookSource;
  readonly #books = new Map<bigint, BookEvidence | null>();

  constructor(source: BookSource) {
    this.#source = source;
  }

  /** Whether findings of this kind can be proven to the contract at all. */
  static isProvable(code: FindingCode): boolean {
    return BUILDERS[code] !== undefined;
  }

  /** Null where the books do not show enough: then receipt files may. */
  async of(finding: Finding): Promise<Evidence | null> {
    const book = finding.batch === null ? null : await this.#open(BigInt(finding.batch));
    if (book === null) return null;
    for (const statement of book.book.statements.filter((each) => isOf(finding, each))) {
      const found = await BUILDERS[finding.code]?.({
        finding,
        book,
        statement,
        open: (batch) => this.#open(batch),
      });
      if (found) return found;
    }
    return null;
  }

  async #open(batch: bigint): Promise<BookEvidence | null> {
    const known = this.#books.get(batch);
    if (known !== undefined) return known;
    const opened = openedOrNone(await this.#source.book(batch));
    this.#books.set(batch, opened);
    for (const oldest of [...this.#books.keys()].slice(0, -BOOKS_KEPT)) this.#books.delete(oldest);
    return opened;
  }
}

function openedOrNone(bytes: Uint8Array | undefined): BookEvidence | null {
  try {
    return bytes === undefined ? null : new BookEvidence(openBook(bytes), fastKeccak);
  } catch (error) {
    if (error instanceof VerificationError) return null;
    throw error;
  }
}

const isOf = ({ charity, unit, side }: Finding, statement: OpenStatement): boolean =>
  toHex(statement.charity) === charity &&
  statement.unit === unit &&
  (statement.kind === GIFT ? "gifts" : "reversals") === side;

type Case = {
  readonly finding: Finding;
  readonly book: BookEvidence;
  readonly statement: OpenStatement;
  open(batch: bigint): Promise<BookEvidence | null>;
};
type Builder = (of: Case) => Evidence | null | Promise<Evidence | null>;

/** Against the line's last statement before, or the one that this names as the last. */
const againstEarlier: Builder = async ({ finding, book, statement, open }) => {
  const second = book.show(statement);
  const batches = [finding.numbers.lastBatch, finding.numbers.previous].map((batch) => BigInt(batch ?? 0));
  for (const batch of new Set(batches.filter((each) => each > 0n && each < statement.batch))) {
    const earlier = await open(batch);
    const first = earlier?.of(statement).map((each) => earlier.show(each))[0];
    const found = first && second && evidenceOfPair(first, second);
    if (found) return found;
  }
  return null;
};

const againstTwin: Builder = ({ book, statement }) => {
  const [first, second] = book.of(statement).map((each) => book.show(each));
  return first && second ? evidenceOfPair(first, second) : null;
};

const ofReversal: Builder = ({ finding, book, statement }) =>
  book.ofReversal(statement, Number(finding.numbers.index ?? 0));

/** Of these kinds of findings the contract can be convinced; of the others it cannot judge. */
const BUILDERS: Partial<Record<FindingCode, Builder>> = {
  "line-overlap": againstEarlier,
  "line-gap": againstEarlier,
  "line-skip": againstEarlier,
  "statement-twice": againstTwin,
  "statement-malformed": ({ book, statement }) => book.ofForm(statement),
  "amounts-false": ({ book, statement }) => book.ofSums(statement),
  "receipts-altered": ({ book, statement }) => book.ofSums(statement),
  "reversal-altered": ofReversal,
};
