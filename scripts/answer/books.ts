// Finds the promised receipt in the published books, and leads it to a root that the contract keeps. A book that is missing,
// or that leads elsewhere, is told of and passed over.

import { openBook } from "../../server/books/read.ts";
import { bookWitness } from "../../server/books/witness.ts";
import { AmanahError } from "../../server/errors.ts";
import { fastKeccak } from "../../server/hashing.ts";
import { fromHex, ZERO32 } from "../../server/protocol/bytes.ts";
import type { PromisedReceipt } from "../../server/protocol/promise.ts";
import type { OpenedReceipt, Seal } from "../../server/protocol/receipt-file.ts";
import { type BookSource, bookSource, isUrl } from "../audit/books/book-source.ts";
import type { Contract } from "../chain/contract.ts";
import { pathFrom } from "../charity/paths.ts";
import { warn } from "../say.ts";
import type { Challenged } from "./challenged.ts";
import { isAnchored } from "./prove.ts";

const TELL_EVERY_BOOKS = 50n;

/** What ties the receipt to an anchored root; undefined when no book holds it. */
export async function sealFromBooks(
  contract: Contract,
  books: string,
  { promised, since }: Challenged,
): Promise<Seal | undefined> {
  const source = bookSource(isUrl(books) ? books : pathFrom(books));
  const last = (await contract.read("lastBatch")) as bigint;
  const first = await firstClosedAfter(source, last, since);
  for (let batch = first; batch <= last; batch++) {
    const seal = await sealIn(contract, source, batch, promised);
    if (seal !== undefined) return seal;
    if ((batch - first) % TELL_EVERY_BOOKS === TELL_EVERY_BOOKS - 1n)
      warn(`looked into the books up to batch ${batch} of ${last}`);
  }
  return undefined;
}

/** The first batch whose book was closed at that time or later, in Unix seconds; where a book is missing, an earlier one. */
async function firstClosedAfter(source: BookSource, last: bigint, time: bigint): Promise<bigint> {
  let [low, high] = [1n, last];
  while (low < high) {
    const middle = (low + high) / 2n;
    const book = await readBook(source, middle);
    if (book !== undefined && book.closedAt < time) low = middle + 1n;
    else high = middle;
  }
  return low;
}

async function readBook(source: BookSource, batch: bigint) {
  const bytes = await source.book(batch);
  if (bytes === undefined) return undefined;
  try {
    return openBook(bytes);
  } catch (thrown) {
    if (!(thrown instanceof AmanahError)) throw thrown;
    warn(`the book of batch ${batch} cannot be read: ${thrown.message}`);
    return undefined;
  }
}

async function sealIn(
  contract: Contract,
  source: BookSource,
  batch: bigint,
  promised: PromisedReceipt,
): Promise<Seal | undefined> {
  const book = await readBook(source, batch);
  if (book === undefined) {
    warn(`there is no book of batch ${batch}`);
    return undefined;
  }
  const seal = testify(bookWitness(book, fastKeccak), contract, batch, promised);
  if (seal === undefined || (await isAnchored(contract, seal))) return seal;
  warn(`the book of batch ${batch} does not lead to the root that the contract keeps`);
  return undefined;
}

type Witness = ReturnType<typeof bookWitness>;

function testify(
  witness: Witness,
  { ledger }: Contract,
  batch: bigint,
  promised: PromisedReceipt,
): Seal | undefined {
  try {
    const found = witness(fileOf(fromHex(ledger), promised), promised.leaf);
    if (!("reason" in found)) return found;
    if (found.reason !== "not-in-book") warn(`the book of batch ${batch}: ${found.says}`);
  } catch (thrown) {
    if (!(thrown instanceof AmanahError)) throw thrown;
    warn(`the book of batch ${batch}: ${thrown.message}`);
  }
  return undefined;
}

/** As much of a receipt file as a book is asked for: its ledger, its line and its amount. */
function fileOf(ledger: Uint8Array, { charity, unit, kind, amount }: PromisedReceipt): OpenedReceipt {
  const nothing = { id: ZERO32, terms: ZERO32, details: ZERO32, salt: ZERO32, acceptedAt: 0n };
  return {
    ledger: { id: ledger, chainId: 0, contract: ZERO32 },
    receipt: { charity, unit, kind, amount, ...nothing },
    details: null,
    seal: null,
    expected: null,
    promise: null,
  };
}
