// A sealed batch as its book, out of the store: the header, and the receipts of each statement piece by piece. Whatever
// does not lead to the sealed root is not handed out to its end. Where the bytes go is in book-files.ts.

import { type BookHeader, type Columns, compareNotices, compareStatements } from "../books/book.ts";
import { encodeBook, NO_REVERSALS, type Pieces } from "../books/encode.ts";
import { InvariantError } from "../errors.ts";
import { fastKeccak } from "../hashing.ts";
import { batchTree } from "../protocol/batch-root.ts";
import { concat, equalBytes, toHex } from "../protocol/bytes.ts";
import { GIFT, type Kind, REVERSAL, receiptHasher } from "../protocol/receipt.ts";
import { noticeLeaf, type Statement, statementLeaf } from "../protocol/statement.ts";
import {
  type BookStatementRow,
  type ChunkRow,
  type ReversalRow,
  readChunks,
  readReversals,
  type Side,
  statementsForBook,
} from "../store/books.ts";
import type { Database, Transaction } from "../store/database.ts";
import { batchHead, inOneView, storedNotices } from "../store/rereading.ts";
import { ByPlace } from "./by-place.ts";
import { SumStack } from "./sum-stack.ts";

const LEAF_BYTES = 40;
const HASH_BYTES = 32;

/**
 * Hands the bytes of a sealed batch's book to `write`, in order; the same bytes each time.
 * @throws InvariantError when what is stored does not lead to the root that was sealed
 */
export function readBook(
  sql: Database,
  ledger: Uint8Array,
  batch: bigint,
  write: (bytes: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<void> {
  return inOneView(sql, async (tx) => {
    const { header, sides } = await headerOf(tx, ledger, batch);
    checkRoot(header);
    const source = new Source(tx, header, sides);
    await write(encodeBook(header, (_, place) => source.pieces(place)));
  });
}

type Told = { readonly header: BookHeader; readonly sides: readonly Side[] };

async function headerOf(tx: Transaction, ledger: Uint8Array, batch: bigint): Promise<Told> {
  const { opened_at: openedAt, closed_at: closedAt, receipts, root } = await batchHead(tx, batch);
  if (root === null || receipts === null) throw new InvariantError(`batch ${batch} is not sealed`);
  const told = (await statementsForBook(tx, batch)).map((row) => ({
    row,
    statement: statementOf(batch, row),
  }));
  told.sort((a, b) => compareStatements(a.statement, b.statement));
  const notices = (await storedNotices(tx, batch)).map(({ kind, subject, content }) => ({
    batch,
    kind,
    subject,
    content,
  }));
  notices.sort(compareNotices);
  const statements = told.map(({ statement }) => statement);
  const header = { ledger, batch, openedAt, closedAt, receipts, root, statements, notices };
  return { header, sides: told.map(({ row: { line, kind } }, place) => ({ line, kind, place })) };
}

const statementOf = (batch: bigint, { line: _, receipts_root: receiptsRoot, ...row }: BookStatementRow) => ({
  batch,
  receiptsRoot,
  ...row,
});

function checkRoot({ ledger, batch, root, statements, notices }: BookHeader): void {
  const leaves = [
    ...statements.map((statement) => statementLeaf(ledger, statement, fastKeccak)),
    ...notices.map((notice) => noticeLeaf(ledger, notice, fastKeccak)),
  ];
  const made = batchTree(leaves, fastKeccak).root;
  if (!equalBytes(made, root))
    throw new InvariantError(`the book of batch ${batch} leads to ${toHex(made)}, sealed was ${toHex(root)}`);
}

/** The receipts of one batch, asked for once a statement, in the order of the header. */
class Source {
  readonly #header: BookHeader;
  readonly #gifts: ByPlace<ChunkRow>;
  readonly #reversals: ByPlace<ReversalRow>;

  constructor(tx: Transaction, header: BookHeader, sides: readonly Side[]) {
    const of = (wanted: Kind) => sides.filter(({ kind }) => kind === wanted);
    this.#header = header;
    this.#gifts = new ByPlace(() => readChunks(tx, header.batch, of(GIFT)));
    this.#reversals = new ByPlace(() => readReversals(tx, header.batch, of(REVERSAL)));
  }

  pieces(place: number): Pieces {
    const statement = this.#header.statements[place] as Statement;
    return checked(
      statement,
      statement.kind === REVERSAL ? this.#reversalPieces(place) : this.#giftPieces(place),
    );
  }

  async *#giftPieces(place: number): AsyncGenerator<Columns> {
    for await (const chunks of this.#gifts.of(place)) yield giftColumns(chunks);
  }

  async *#reversalPieces(place: number): AsyncGenerator<Columns> {
    const statement = this.#header.statements[place] as Statement;
    const leafOf = leafMaker(this.#header.ledger, statement);
    for await (const rows of this.#reversals.of(place)) yield reversalColumns(rows, leafOf);
  }
}

/** Passes the pieces on, and builds their tree beside it. */
async function* checked(statement: Statement, pieces: AsyncIterable<Columns>): AsyncGenerator<Columns> {
  const tree = new SumStack();
  for await (const piece of pieces) {
    for (const [i, amount] of piece.amounts.entries())
      tree.push(piece.leaves.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES), amount);
    yield piece;
  }
  const { hash, sum } = tree.root();
  if (!equalBytes(hash, statement.receiptsRoot) || sum !== statement.to - statement.from)
    throw new InvariantError(
      `the receipts of batch ${statement.batch}, ${toHex(statement.charity)} in ${statement.unit}, lead to ${toHex(hash)} and ${sum}, sealed was ${toHex(statement.receiptsRoot)}`,
    );
}

function giftColumns(chunks: readonly ChunkRow[]): Columns {
  const packed = Buffer.concat(chunks.map(({ leaves }) => leaves));
  const receipts = packed.length / LEAF_BYTES;
  const leaves = new Uint8Array(receipts * HASH_BYTES);
  const amounts = new BigUint64Array(receipts);
  for (let i = 0, at = 0; i < receipts; i++, at += LEAF_BYTES) {
    packed.copy(leaves, i * HASH_BYTES, at, at + HASH_BYTES);
    amounts[i] = packed.readBigUInt64BE(at + HASH_BYTES);
  }
  return { leaves, amounts, reversals: NO_REVERSALS };
}

type LeafMaker = (row: ReversalRow) => Uint8Array;

function leafMaker(ledger: Uint8Array, { charity, unit, kind }: Statement): LeafMaker {
  const leaf = receiptHasher(ledger, fastKeccak);
  return ({ accepted_at: acceptedAt, ...row }) =>
    leaf({ ...row, charity, unit, kind, acceptedAt, salt: saltOf(row) });
}

/** What a donor's erasure must leave. */
function saltOf({ id, salt }: Pick<ReversalRow, "id" | "salt">): Uint8Array {
  if (salt === null)
    throw new InvariantError(`the reversal ${toHex(id)} has lost its salt: its book cannot be made`);
  return salt;
}

function reversalColumns(rows: readonly ReversalRow[], leafOf: LeafMaker): Columns {
  return {
    leaves: concat(...rows.map(leafOf)),
    amounts: BigUint64Array.from(rows, ({ amount }) => amount),
    reversals: {
      ids: concat(...rows.map(({ id }) => id)),
      acceptedAt: BigUint64Array.from(rows, (row) => row.accepted_at),
      terms: concat(...rows.map(({ terms }) => terms)),
      details: concat(...rows.map(({ details }) => details)),
      salts: concat(...rows.map(saltOf)),
    },
  };
}
