// The root to which a book's statements and notices lead. How a tree is built over them is the protocol's.

import { rootOfLeaves } from "../protocol/batch-path.ts";
import type { Hash } from "../protocol/hash.ts";
import { noticeLeaf, statementLeaf } from "../protocol/statement.ts";
import type { Book } from "./read.ts";

/** From the statements as they stand, whether or not their receipts bear them out. */
export const rootOfBatch = ({ ledger, statements, notices }: Book, hash: Hash): Uint8Array =>
  rootOfLeaves(
    [
      ...statements.map((statement) => statementLeaf(ledger, statement, hash)),
      ...notices.map((notice) => noticeLeaf(ledger, notice, hash)),
    ],
    hash,
  );
