// Books to test with: of receipts that the protocol really hashes, sealed as the sealer seals them, or as a dishonest one would.

import {
  type BookHeader,
  type BookStatement,
  type Columns,
  compareStatements,
} from "../../server/books/book.ts";
import { NO_REVERSALS, wholeBook } from "../../server/books/encode.ts";
import type { Book, OpenStatement } from "../../server/books/read.ts";
import { InputError } from "../../server/errors.ts";
import { fastKeccak as hash } from "../../server/hashing.ts";
import { batchTree } from "../../server/protocol/batch-root.ts";
import { concat, equalBytes } from "../../server/protocol/bytes.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { GIFT, type Kind, REVERSAL, type Receipt, receiptHasher } from "../../server/protocol/receipt.ts";
import {
  type Notice,
  noticeLeaf,
  previousNotice,
  type Statement,
  statementLeaf,
  timesNotice,
} from "../../server/protocol/statement.ts";
import { rootNode, sumTreeLevels } from "../../server/protocol/sum-tree.ts";
import { bytesOf, type SealedBatch } from "../protocol/making.ts";

export const LEDGER = bytesOf("the ledger of the books");
export const BATCH = 17n;
export const OPENED_AT = 1_790_000_000n;
export const CLOSED_AT = 1_790_000_060n;

/** A line's side and the amounts of its receipts. */
export type Side = {
  readonly charity: string;
  readonly unit?: string;
  readonly kind?: Kind;
  readonly amounts: readonly bigint[];
};

export type MadeBook = {
  readonly header: BookHeader;
  /** For each statement of the header. */
  readonly columns: readonly Columns[];
  readonly receipts: readonly (readonly Receipt[])[];
};

/** A batch of these sides, one statement each, with the two notices of every batch and those given. */
export function makeBook(sides: readonly Side[], notices: readonly Notice[] = []): MadeBook {
  const made = sides.map(makeStatement).sort((a, b) => compareStatements(a.statement, b.statement));
  const statements = made.map(({ statement }) => statement);
  const all = [
    previousNotice(BATCH, bytesOf("the root before")),
    timesNotice(BATCH, OPENED_AT, CLOSED_AT),
    ...notices,
  ];
  const sorted = all.sort((a, b) => (a.kind < b.kind ? -1 : 1));
  const header = {
    ledger: LEDGER,
    batch: BATCH,
    openedAt: OPENED_AT,
    closedAt: CLOSED_AT,
    receipts: statements.reduce((sum, { receipts }) => sum + receipts, 0n),
    root: rootOf(statements, sorted),
    statements,
    notices: sorted,
  };
  return {
    header,
    columns: made.map(({ columns }) => columns),
    receipts: made.map(({ receipts }) => receipts),
  };
}

/** Its bytes; the columns in pieces of so many receipts. */
export const bytesOfBook = ({ header, columns }: MadeBook, pieceReceipts = 1_000): Promise<Uint8Array> =>
  wholeBook(header, (_, index) => piecesOf(columns[index] as Columns, pieceReceipts));

export function* piecesOf({ leaves, amounts, reversals }: Columns, receipts: number): Generator<Columns> {
  for (let from = 0; from < amounts.length; from += receipts) {
    const part = (bytes: Uint8Array, width: number) =>
      bytes.subarray(from * width, (from + receipts) * width);
    yield {
      leaves: part(leaves, 32),
      amounts: amounts.subarray(from, from + receipts),
      reversals: {
        ids: part(reversals.ids, 16),
        acceptedAt: reversals.acceptedAt.subarray(from, from + receipts),
        terms: part(reversals.terms, 32),
        details: part(reversals.details, 32),
        salts: part(reversals.salts, 32),
      },
    };
  }
}

export function rootOf(
  statements: readonly Statement[],
  notices: readonly Notice[],
  ledger = LEDGER,
): Uint8Array {
  const leaves = statements.map((statement) => statementLeaf(ledger, statement, hash));
  return batchTree([...leaves, ...notices.map((notice) => noticeLeaf(ledger, notice, hash))], hash).root;
}

function makeStatement(side: Side) {
  const { charity: registration, unit = "CNY", kind = GIFT, amounts } = side;
  const charity = charityId(registration);
  const receipts = amounts.map((amount, i) =>
    receiptOf(`${registration}/${unit}/${kind}/${i}`, { charity, unit, kind, amount }),
  );
  const hasher = receiptHasher(LEDGER, hash);
  const columns = columnsOf(receipts, receipts.map(hasher), kind);
  const { hash: receiptsRoot, sum } = rootNode(
    sumTreeLevels({ hashes: columns.leaves, sums: columns.amounts }, hash),
  );
  const positions = { from: 500n, to: 500n + sum, previous: BATCH - 1n };
  const counts = { receipts: BigInt(amounts.length), receiptsRoot };
  const statement: BookStatement = {
    batch: BATCH,
    charity,
    registration,
    unit,
    kind,
    ...positions,
    ...counts,
  };
  return { statement, columns, receipts };
}

const receiptOf = (name: string, given: Pick<Receipt, "charity" | "unit" | "kind" | "amount">): Receipt => ({
  ...given,
  id: bytesOf(`${name} id`).slice(0, 16),
  acceptedAt: OPENED_AT + 7n,
  terms: bytesOf(`${name} terms`),
  details: bytesOf(`${name} details`),
  salt: bytesOf(`${name} salt`),
});

function columnsOf(receipts: readonly Receipt[], leaves: readonly Uint8Array[], kind: Kind): Columns {
  const reversals = {
    ids: concat(...receipts.map(({ id }) => id)),
    acceptedAt: BigUint64Array.from(receipts, ({ acceptedAt }) => acceptedAt),
    terms: concat(...receipts.map(({ terms }) => terms)),
    details: concat(...receipts.map(({ details }) => details)),
    salts: concat(...receipts.map(({ salt }) => salt)),
  };
  return {
    leaves: concat(...leaves),
    amounts: BigUint64Array.from(receipts, ({ amount }) => amount),
    reversals: kind === REVERSAL ? reversals : NO_REVERSALS,
  };
}

/** Whether a book leads, from its receipts up, to the root that it names; reversals from their fields. */
export function leadsToItsRoot(book: Book): boolean {
  try {
    return equalBytes(rootAgain(book), book.root);
  } catch (thrown) {
    // Amounts that no tree can hold.
    if (thrown instanceof InputError) return false;
    throw thrown;
  }
}

function rootAgain({ ledger, statements, notices }: Book): Uint8Array {
  const trees = statements.map((statement) => {
    const { hash: receiptsRoot, sum } = rootNode(
      sumTreeLevels({ hashes: leavesOf(ledger, statement), sums: statement.amounts }, hash),
    );
    return { ...statement, receiptsRoot, to: statement.from + sum };
  });
  return rootOf(trees, notices, ledger);
}

function leavesOf(ledger: Uint8Array, statement: OpenStatement): Uint8Array {
  const { kind, leaves, amounts, reversals } = statement;
  if (kind === GIFT) return leaves;
  const hasher = receiptHasher(ledger, hash);
  const made = Array.from(amounts, (amount, i) =>
    hasher({
      ...statement,
      amount,
      id: reversals.ids.slice(16 * i, 16 * i + 16),
      acceptedAt: reversals.acceptedAt[i] as bigint,
      terms: reversals.terms.slice(32 * i, 32 * i + 32),
      details: reversals.details.slice(32 * i, 32 * i + 32),
      salt: reversals.salts.slice(32 * i, 32 * i + 32),
    }),
  );
  const computed = concat(...made);
  return equalBytes(computed, leaves) ? leaves : computed.fill(0);
}

/** Two lines and both sides of one of them: six receipts. Frozen in test/vectors/books. */
export const smallBook = (): MadeBook =>
  makeBook([
    { charity: "GB-CHC-1", amounts: [5n, 7n, 9n] },
    { charity: "GB-CHC-1", kind: REVERSAL, amounts: [5n, 2n] },
    { charity: "GB-CHC-2/lunches", unit: "STEP", amounts: [1n] },
  ]);

/** The book of a batch that was sealed elsewhere, out of its receipt files. */
export function bookOfSealed(ledger: Uint8Array, batch: SealedBatch, previousRoot: Uint8Array): MadeBook {
  const number = batch.statements[0]!.batch;
  const statements = batch.statements
    .map((statement): BookStatement => ({ ...statement, registration: null }))
    .sort(compareStatements);
  const receipts = statements.map((statement) =>
    batch.files
      .filter(({ seal }) => seal!.statement.receiptsRoot === statement.receiptsRoot)
      .map((file) => file.receipt),
  );
  const hasher = receiptHasher(ledger, hash);
  const header = {
    ledger,
    batch: number,
    openedAt: OPENED_AT,
    closedAt: CLOSED_AT,
    receipts: BigInt(receipts.flat().length),
    root: batch.root,
    statements,
    notices: [previousNotice(number, previousRoot), timesNotice(number, OPENED_AT, CLOSED_AT)],
  };
  const columns = receipts.map((own, i) => columnsOf(own, own.map(hasher), statements[i]!.kind));
  return { header, columns, receipts };
}
