// What a published book shows against whoever anchored it: statements that contradict themselves or each other, trees whose
// nodes do not add up, reversals that are counted as another amount. Whether it is what was anchored, the contract tells.

import { AmanahError } from "../errors.ts";
import { type BatchTree, batchTree } from "../protocol/batch-root.ts";
import { equalBytes } from "../protocol/bytes.ts";
import {
  type Evidence,
  evidenceOfForm,
  evidenceOfNode,
  evidenceOfReceipt,
  evidenceOfStatements,
  type ShownStatement,
} from "../protocol/evidence.ts";
import {
  areOfOneSide,
  openedAt,
  type PlacedNode,
  pairBelow,
  placeIn,
  uppermostFalse,
} from "../protocol/faults.ts";
import type { Opener } from "../protocol/file-evidence.ts";
import { type Hash, keccak } from "../protocol/hash.ts";
import { REVERSAL } from "../protocol/receipt.ts";
import { noticeLeaf, type Statement, statementLeaf } from "../protocol/statement.ts";
import {
  climb,
  type Level,
  nodeAt,
  type ReceiptProof,
  rootNode,
  type Sibling,
  sumTreeLevels,
} from "../protocol/sum-tree.ts";
import type { Book, OpenStatement } from "./read.ts";
import { reversalCounted } from "./reversal-evidence.ts";

/** In a tree of at most so many nodes each is tried for the one whose sum was forged. */
const MOST_NODES_TRIED = 1 << 15;

/** One book in the stand. Its trees are built when they are first asked for, and kept. */
export class BookEvidence {
  readonly book: Book;
  readonly #hash: Hash;
  readonly #levels = new Map<OpenStatement, Level[] | null>();
  #top: BatchTree | undefined;

  constructor(book: Book, hash: Hash = keccak) {
    [this.book, this.#hash] = [book, hash];
  }

  /** All that it shows by itself. */
  all(): Evidence[] {
    const { statements } = this.book;
    const shown = statements.map((statement) => this.show(statement)).filter((each) => each !== null);
    const sums = statements.map((statement) => this.ofSums(statement)).filter((found) => found !== null);
    return [...evidenceOfStatements(shown), ...sums, ...this.#ofReversals()];
  }

  #ofReversals(): Evidence[] {
    const sides = this.book.statements.filter(({ kind }) => kind === REVERSAL);
    const all = sides.flatMap((side) => [...side.amounts.keys()].map((i) => this.ofReversal(side, i)));
    return all.filter((found) => found !== null);
  }

  /** The statements of one side of a line; an honest book has at most one. */
  of(side: Statement): OpenStatement[] {
    return this.book.statements.filter((statement) => areOfOneSide(statement, side));
  }

  ofForm(statement: OpenStatement): Evidence | null {
    const shown = this.show(statement);
    return shown && evidenceOfForm(shown);
  }

  /**
   * A false sum in the statement's tree: at the root, when its receipts lead there and add up to something else; or below it,
   * when all but one sum of it are true. Others come to light only by the receipt files that hold them.
   */
  ofSums(statement: OpenStatement): Evidence | null {
    const [shown, placed] = [this.show(statement), orNone(() => this.#falseNodeOf(statement))];
    return shown && placed && evidenceOfNode(shown, placed);
  }

  /** A reversal whose published fields are those of another amount, or another line, than the tree counts it with. */
  ofReversal(statement: OpenStatement, index: number): Evidence | null {
    const counted = reversalCounted(this.book, statement, index, this.#hash);
    const levels = counted && this.#levelsOf(statement);
    if (!levels) return null;
    const { receipt, sum } = counted;
    const shown = this.show(statement);
    return shown && evidenceOfReceipt(shown, receipt, sum, placeIn(levels, 0, index));
  }

  /** Opens nodes of this book's trees for files that say something else of them. */
  readonly opener: Opener = (node, { index, receipts }, statement) => {
    const held = this.of(statement).find(({ batch }) => batch === statement.batch);
    const levels = held && this.#levelsOf(held);
    const level = levels?.findIndex(({ sums }) => BigInt(sums.length) === receipts) ?? -1;
    if (!levels || level < 0) return null;
    return equalBytes(nodeAt(levels[level] as Level, Number(index)).hash, node)
      ? pairBelow(levels, level, Number(index))
      : null;
  };

  /** A statement of this book, with its way to the root that the book leads to; null when it leads to none. */
  show(statement: OpenStatement): ShownStatement | null {
    return orNone(() => ({ statement, statementProof: this.#tree().proof(this.#leafOf(statement)) }));
  }

  #tree(): BatchTree {
    this.#top ??= batchTree(this.#leaves(), this.#hash);
    return this.#top;
  }

  #leaves(): Uint8Array[] {
    const { ledger, statements, notices } = this.book;
    const ofNotices = notices.map((notice) => noticeLeaf(ledger, notice, this.#hash));
    return [...statements.map((statement) => this.#leafOf(statement)), ...ofNotices];
  }

  #leafOf(statement: Statement): Uint8Array {
    return statementLeaf(this.book.ledger, statement, this.#hash);
  }

  #falseNodeOf(statement: OpenStatement): PlacedNode | null {
    const levels = this.#levelsOf(statement);
    if (levels === null || statement.from >= statement.to) return null;
    const stated = statement.to - statement.from;
    const { hash, sum } = rootNode(levels);
    if (!equalBytes(hash, statement.receiptsRoot)) return this.#onlyFalse(statement, levels, stated);
    return sum === stated ? null : uppermostFalse(levels, stated);
  }

  /** If one node alone is false, the statement is wrong by as much as it: so each has one sum that it could have. */
  #onlyFalse(statement: OpenStatement, levels: readonly Level[], stated: bigint): PlacedNode | null {
    const difference = stated - rootNode([...levels]).sum;
    const nodes = levels.reduce((count, { sums }) => count + sums.length, 0);
    if (difference === 0n || nodes > MOST_NODES_TRIED) return null;
    for (let level = levels.length - 2; level > 0; level--)
      for (const [index, sum] of (levels[level] as Level).sums.entries()) {
        const opened = openedAt(levels, level, index, sum + difference);
        if (opened === null) continue;
        const place = placeIn(levels, level, index);
        const { hash } = nodeAt(levels[level] as Level, index);
        if (this.#leadsTo(statement, { hash, sum: opened.sum }, place)) return { opened, place };
      }
    return null;
  }

  #leadsTo({ receiptsRoot }: Statement, { hash, sum }: Sibling, place: ReceiptProof): boolean {
    return sum >= 0n && equalBytes(climb(hash, sum, place, this.#hash).hash, receiptsRoot);
  }

  /** Null where the sums leave [0, 2^63): such a tree shows nothing. */
  #levelsOf(statement: OpenStatement): Level[] | null {
    const { leaves: hashes, amounts: sums } = statement;
    const known = this.#levels.get(statement);
    const levels = known === undefined ? orNone(() => sumTreeLevels({ hashes, sums }, this.#hash)) : known;
    this.#levels.set(statement, levels);
    return levels;
  }
}

/** A book that cannot be built from its own parts shows nothing here; the audit tells what is wrong with it. */
function orNone<T>(make: () => T | null): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof AmanahError) return null;
    throw error;
  }
}
