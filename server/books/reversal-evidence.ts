// A reversal that the book's own columns do not bear out: its fields are public, so that the amount or the line can be found
// that they were hashed with. Of gifts no fields are public: there a receipt file tells.

import { equalBytes, WORD_BYTES } from "../protocol/bytes.ts";
import type { Hash } from "../protocol/hash.ts";
import { ID_BYTES } from "../protocol/ids.ts";
import { type Receipt, receiptHasher } from "../protocol/receipt.ts";
import type { Book, OpenStatement } from "./read.ts";

/** Amounts up to this are tried: most refunds are small, and a hundred thousand hashes take a tenth of a second. */
export const MOST_AMOUNTS_TRIED = 100_000n;

export type CountedReversal = { readonly receipt: Receipt; readonly sum: bigint };

/** The reversal as it was hashed, and the amount with which the book counts it; null when they agree or it is not found. */
export function reversalCounted(
  book: Book,
  statement: OpenStatement,
  index: number,
  hash: Hash,
): CountedReversal | null {
  const leafOf = receiptHasher(book.ledger, hash);
  const leaf = partOf(statement.leaves, index, WORD_BYTES);
  const sum = statement.amounts[index] as bigint;
  const isHashed = (receipt: Receipt) => isUsable(receipt) && equalBytes(leafOf(receipt), leaf);
  const stated = reversalAt(statement, index);
  if (isHashed(stated)) return null;
  for (const receipt of candidates(book, stated)) if (isHashed(receipt)) return { receipt, sum };
  return null;
}

/** Its amount on other lines of the book, then other amounts on its own line. */
function* candidates(book: Book, stated: Receipt): Generator<Receipt> {
  for (const { charity, unit } of book.statements) yield { ...stated, charity, unit };
  for (let amount = 1n; amount <= MOST_AMOUNTS_TRIED; amount++) yield { ...stated, amount };
}

const isUsable = ({ amount, acceptedAt }: Receipt): boolean =>
  amount >= 1n && amount < 2n ** 63n && acceptedAt < 2n ** 63n;

/** As the book's columns have it. */
export function reversalAt(
  { charity, unit, kind, amounts, reversals }: OpenStatement,
  index: number,
): Receipt {
  const { ids, acceptedAt, terms, details, salts } = reversals;
  return {
    ...{ charity, unit, kind, amount: amounts[index] as bigint, acceptedAt: acceptedAt[index] as bigint },
    id: partOf(ids, index, ID_BYTES),
    terms: partOf(terms, index, WORD_BYTES),
    details: partOf(details, index, WORD_BYTES),
    salt: partOf(salts, index, WORD_BYTES),
  };
}

export const partOf = (column: Uint8Array, index: number, width: number): Uint8Array =>
  column.subarray(index * width, (index + 1) * width);
