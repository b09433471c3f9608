// Statements and notices: what a batch says of one line, and the documents that it timestamps; and their leaves.
// The trees over receipts (below a statement) and over these leaves (above it) are other files.

import { InputError, VerificationError } from "../errors.ts";
import { isUint63 } from "./amounts.ts";
import { checkLength, concat, tag, uintBytes, uintWord, WORD_BYTES, ZERO32 } from "./bytes.ts";
import { type Hash, keccak } from "./hash.ts";
import { checkKind, type Kind } from "./receipt.ts";

/** What one batch adds to one side of one line: the positions [from, to), by so many receipts under one root. */
export type Statement = {
  batch: bigint;
  charity: Uint8Array;
  /** The plain name. */
  unit: string;
  kind: Kind;
  from: bigint;
  to: bigint;
  /** The batch of this line's last statement before; 0 if none. */
  previous: bigint;
  receipts: bigint;
  receiptsRoot: Uint8Array;
};

/** A document that a batch timestamps: `kind` is a tag in ASCII; subject and content are 32 bytes. */
export type Notice = { batch: bigint; kind: string; subject: Uint8Array; content: Uint8Array };

const STATEMENT_TAG = tag("amanah.statement.v1");
const NOTICE_TAG = tag("amanah.notice.v1");
const TIME_BYTES = 16;

/**
 * The statement's leaf: keccak of keccak of `abi.encode` (OpenZeppelin's standard leaf) of
 * (tag, ledger, batch, charity, unit, kind, from, to, previous, receipts, receiptsRoot). 32 bytes.
 * @throws InputError `wrong-length`, `not-a-tag`, `out-of-range`
 */
export function statementLeaf(ledger: Uint8Array, statement: Statement, hash: Hash = keccak): Uint8Array {
  const { batch, charity, unit, kind, from, to, previous, receipts, receiptsRoot } = statement;
  checkLength(charity, WORD_BYTES, "charity");
  checkLength(receiptsRoot, WORD_BYTES, "receiptsRoot");
  const about = [charity, tag(unit), uintWord(BigInt(kind))];
  const figures = [from, to, previous, receipts].map(uintWord);
  return standardLeaf(STATEMENT_TAG, ledger, [uintWord(batch), ...about, ...figures, receiptsRoot], hash);
}

/**
 * The notice's leaf, likewise, of (tag, ledger, batch, kind, subject, content). 32 bytes.
 * @throws InputError `wrong-length`, `not-a-tag`, `out-of-range`
 */
export function noticeLeaf(ledger: Uint8Array, notice: Notice, hash: Hash = keccak): Uint8Array {
  const { batch, kind, subject, content } = notice;
  checkLength(subject, WORD_BYTES, "subject");
  checkLength(content, WORD_BYTES, "content");
  return standardLeaf(NOTICE_TAG, ledger, [uintWord(batch), tag(kind), subject, content], hash);
}

/** The notice that ties a batch to all history: the root of the batch before; in batch 1 the ledger's id. */
export function previousNotice(batch: bigint, previousRootOrLedger: Uint8Array): Notice {
  return { batch, kind: "previous", subject: ZERO32, content: previousRootOrLedger };
}

/**
 * The notice of when a batch was opened and closed: 16 bytes each, big-endian Unix seconds.
 * @throws InputError `times-reversed`, `out-of-range`
 */
export function timesNotice(batch: bigint, openedAt: bigint, closedAt: bigint): Notice {
  if (openedAt > closedAt) {
    throw new InputError(
      "times-reversed",
      `batch ${batch} closes at ${closedAt}, before it opens at ${openedAt}`,
    );
  }
  const content = concat(uintBytes(openedAt, TIME_BYTES), uintBytes(closedAt, TIME_BYTES));
  return { batch, kind: "times", subject: ZERO32, content };
}

/**
 * Refuses a statement that contradicts itself, whatever its tree may hold.
 * @throws VerificationError `statement-malformed`; InputError `wrong-kind`
 */
export function checkStatement(statement: Statement): void {
  const { batch, from, to, previous, receipts } = statement;
  checkKind(statement.kind);
  const figures = [batch, from, to, previous, receipts];
  demand(figures.every(isUint63), "a figure is not in [0, 2^63)");
  demand(batch >= 1n, "batches are counted from 1");
  demand(from < to, `it ends at ${to}, not behind its beginning at ${from}`);
  demand(receipts >= 1n, "it has no receipts");
  demand(receipts <= to - from, `${receipts} receipts of at least 1 do not fit in ${to - from}`);
  demand(
    previous < batch,
    `the statement before is in batch ${previous}, which does not come before ${batch}`,
  );
  demand(
    previous === 0n ? from === 0n : from > 0n,
    `it begins at ${from}, the statement before is in batch ${previous}`,
  );
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds)
    throw new VerificationError("statement-malformed", `the statement contradicts itself: ${otherwise}`);
}

/** keccak of keccak of the words behind tag and ledger. Hashed twice, so that no leaf can be read as a node of the tree above: 64 bytes are never hashed twice there. */
function standardLeaf(kind: Uint8Array, ledger: Uint8Array, words: Uint8Array[], hash: Hash): Uint8Array {
  checkLength(ledger, WORD_BYTES, "ledger");
  return hash(hash(concat(kind, ledger, ...words)));
}
