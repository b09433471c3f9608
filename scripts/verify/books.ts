// The books that the reader names on the command line, as witnesses for receipts. What they testify is judged by server/protocol.

import { readFile } from "node:fs/promises";
import { openBook } from "../../server/books/read.ts";
import { anyWitness, bookWitness } from "../../server/books/witness.ts";
import { messageOf, VerificationError } from "../../server/errors.ts";
import { fastKeccak } from "../../server/hashing.ts";
import type { Witness } from "../../server/protocol/testimony.ts";

/** All of the books in one; null when none is named. One that cannot be used says why when it is asked. */
export async function witnessOf(paths: readonly string[]): Promise<Witness | null> {
  if (paths.length === 0) return null;
  const witnesses: Witness[] = [];
  for (const path of paths) witnesses.push(await witnessIn(path));
  return anyWitness(witnesses);
}

async function witnessIn(path: string): Promise<Witness> {
  try {
    return bookWitness(openBook(await readFile(path)), fastKeccak);
  } catch (thrown) {
    const reason = thrown instanceof VerificationError ? thrown.code : "book-not-readable";
    return () => ({ reason, says: `${path}: ${messageOf(thrown)}` });
  }
}
