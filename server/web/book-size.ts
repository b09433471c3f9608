// How large a book may be that a page reads, from this site or from the visitor's disk.

import { UnavailableError } from "../errors.ts";

/** Thirty times a million receipts, more than a batch is sealed at: beyond it a browser's memory ends. */
export const MOST_BOOK_BYTES = 1_500_000_000;

/** @throws UnavailableError `book-too-large` */
export function checkBookSize(bytes: number): void {
  if (bytes <= MOST_BOOK_BYTES) return;
  const message = `wanted a book of at most ${MOST_BOOK_BYTES} bytes, which a browser can hold; it has ${bytes}`;
  throw new UnavailableError("book-too-large", message, 0);
}
