// The published files of a ledger in one folder: books, public documents, and what an auditor needs to begin. Each is made
// from the store, and made again when it is lost. When that is done is decided in publish.ts and by whoever asks for one.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { InvariantError, UnavailableError } from "../errors.ts";
import { toHex, utf8 } from "../protocol/bytes.ts";
import { isSealed, type PublishedBook, publishedBook, recordBook } from "../store/books.ts";
import type { Database } from "../store/database.ts";
import { documentByHash, documentsOfBatch } from "../store/documents.ts";
import { hashOf, markOf, sizeOf, type Written, writeWhole } from "./book-files.ts";
import { readBook } from "./book-source.ts";
import { LEDGER_FILE } from "./ledger-card.ts";

export type ShelfOptions = {
  readonly sql: Database;
  /** The ledger's id. */
  readonly ledger: Uint8Array;
  readonly folder: string;
  readonly log: Logger;
};

/** A file on the shelf: its name in the folder, and the SHA-256 of its bytes. */
export type ShelfFile = { readonly name: string; readonly sha256: Buffer };

const MOST_MADE_AT_ONCE = 2;
const TRY_AGAIN_SECONDS = 5;
const MOST_CHECKED = 10_000;

/** A file that was read to its end: which it was, and whether it held what was published. */
type Checked = { readonly mark: string; readonly isRight: Promise<boolean> };

export const bookName = (batch: bigint): string => `${batch}.arrow`;
const DOCUMENTS = "documents";
const documentName = (hash: Uint8Array): string => join(DOCUMENTS, `${toHex(hash)}.json`);

export class BookShelf {
  readonly folder: string;
  /** The folder within it that public documents are in. */
  readonly documents: string;
  readonly #options: ShelfOptions;
  /** The books that are being made because somebody asked for them. */
  readonly #making = new Map<bigint, Promise<Written>>();
  readonly #checked = new Map<bigint, Checked>();

  constructor(options: ShelfOptions) {
    this.folder = options.folder;
    this.documents = join(options.folder, DOCUMENTS);
    this.#options = options;
  }

  /** Writes a sealed batch's public documents and its book, and records the book's hash. Doing it again changes nothing. */
  async publish(batch: bigint): Promise<PublishedBook> {
    const { sql, log } = this.#options;
    const started = performance.now();
    await this.writeDocuments(batch);
    const written = await this.#make(batch);
    const recorded = await recordBook(sql, { batch, ...written });
    demandSame(recorded, written);
    const milliseconds = Math.round(performance.now() - started);
    log.info({ batch, bytes: written.bytes, milliseconds }, "book published");
    return recorded;
  }

  /**
   * The book of a batch, made now if it is not there or not as it was published; undefined while the batch is not sealed.
   * @throws UnavailableError `books-busy`; InvariantError when it does not come out as it was published
   */
  async book(batch: bigint): Promise<ShelfFile | undefined> {
    const { sql, log } = this.#options;
    const name = bookName(batch);
    const published = await publishedBook(sql, batch);
    if (published !== undefined && (await this.#isRight(published)))
      return { name, sha256: published.sha256 };
    if (published === undefined && !(await isSealed(sql, batch))) return undefined;
    if (published !== undefined) log.warn({ batch }, "a book that was lost or damaged is made again");
    return { name, sha256: (await this.#makeForReader(batch)).sha256 };
  }

  /** The name of a public document's file, written now if it is not there; undefined if none of this hash is published. */
  async document(hash: Uint8Array): Promise<string | undefined> {
    const { sql } = this.#options;
    const document = await documentByHash(sql, hash);
    if (document?.public !== true || !(await isSealed(sql, document.batch))) return undefined;
    await this.#writeText(documentName(hash), document.body);
    return documentName(hash);
  }

  /** Whether there is a `ledger.json` yet. */
  async hasLedgerCard(): Promise<boolean> {
    return (await sizeOf(join(this.folder, LEDGER_FILE))) !== null;
  }

  async hasDocument(hash: Uint8Array): Promise<boolean> {
    return (await sizeOf(join(this.folder, documentName(hash)))) !== null;
  }

  async writeDocuments(batch: bigint): Promise<void> {
    const documents = await documentsOfBatch(this.#options.sql, batch);
    for (const { hash, body } of documents.filter((document) => document.public))
      await this.#writeText(documentName(hash), body);
  }

  /** Whether the file is there with all its bytes; what they are is checked when somebody asks for it. */
  async isWhole({ batch, bytes }: PublishedBook): Promise<boolean> {
    return (await sizeOf(join(this.folder, bookName(batch)))) === bytes;
  }

  /** Whether the file holds the bytes that were published. They are read once, and again when it is another file. */
  async #isRight({ batch, sha256 }: PublishedBook): Promise<boolean> {
    const path = join(this.folder, bookName(batch));
    const mark = await markOf(path);
    if (mark === null) return false;
    const known = this.#checked.get(batch);
    if (known?.mark === mark) return known.isRight;
    const isRight = hashOf(path).then(
      (hash) => hash.equals(sha256),
      () => false,
    );
    if (this.#checked.size >= MOST_CHECKED) this.#checked.clear();
    this.#checked.set(batch, { mark, isRight });
    return isRight;
  }

  async #writeText(name: string, text: string): Promise<void> {
    const bytes = utf8(text);
    const path = join(this.folder, name);
    const there = await readFile(path).catch(() => null);
    if (there?.equals(bytes) !== true) await writeWhole(path, (write) => write(inOnePiece(bytes)));
  }

  #makeForReader(batch: bigint): Promise<Written> {
    const known = this.#making.get(batch);
    if (known !== undefined) return known;
    if (this.#making.size >= MOST_MADE_AT_ONCE)
      throw new UnavailableError(
        "books-busy",
        `the book of batch ${batch} is not there and has to be made, as others are just now`,
        TRY_AGAIN_SECONDS,
      );
    const making = this.#make(batch).finally(() => this.#making.delete(batch));
    this.#making.set(batch, making);
    return making;
  }

  /** A book that was published before comes out to the byte, or not at all. */
  async #make(batch: bigint): Promise<Written> {
    const { sql, ledger } = this.#options;
    const published = await publishedBook(sql, batch);
    return writeWhole(
      join(this.folder, bookName(batch)),
      (write) => readBook(sql, ledger, batch, write),
      (written) => published && demandSame(published, written),
    );
  }
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function demandSame(published: PublishedBook, { sha256, bytes }: Written): void {
  if (published.sha256.equals(sha256)) return;
  const was = `${published.bytes} bytes with SHA-256 ${published.sha256.toString("hex")}`;
  const is = `${bytes} bytes with SHA-256 ${sha256.toString("hex")}`;
  throw new InvariantError(
    `the book of batch ${published.batch} was published as ${was}, and now comes out as ${is}`,
  );
}
