// The worker that looks into a book: opens it, builds the tree of the receipt's statement, and says what it testifies.

import { openBook } from "../../../books/read.ts";
import { bookWitness } from "../../../books/witness.ts";
import { AmanahError } from "../../../errors.ts";
import type { Question, Testimony } from "./ask.ts";

function testify({ book, file, leaf }: Question): Testimony {
  let witness: ReturnType<typeof bookWitness>;
  try {
    witness = bookWitness(openBook(book));
  } catch (error) {
    // A book that cannot be read says nothing against a receipt.
    if (error instanceof AmanahError) return { says: { reason: error.code, says: error.message } };
    throw error;
  }
  try {
    return { says: witness(file, leaf) };
  } catch (error) {
    if (error instanceof AmanahError) return { contradicts: { code: error.code, message: error.message } };
    throw error;
  }
}

self.onmessage = ({ data }: MessageEvent<Question>) => self.postMessage(testify(data));
