// Batches as an operator would make them, honest by default and open to every kind of fraud: a draft may be changed before
// its root is taken (then the fraud is anchored) or after (then the book is not what was anchored).

import type { BookHeader, BookStatement, Columns } from "../../server/books/book.ts";
import { compareNotices, compareStatements } from "../../server/books/book.ts";
import { NO_REVERSALS, wholeBook } from "../../server/books/encode.ts";
import { type BatchTree, batchTree } from "../../server/protocol/batch-root.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { GIFT, type Kind, REVERSAL, type Receipt, receiptLeaf } from "../../server/protocol/receipt.ts";
import {
  type Notice,
  noticeLeaf,
  previousNotice,
  statementLeaf,
  timesNotice,
} from "../../server/protocol/statement.ts";
import { rootNode, sumTreeLevels } from "../../server/protocol/sum-tree.ts";
import { levelOf, makeReceipt } from "../protocol/making.ts";

type Writable<T> = { -readonly [Member in keyof T]: T[Member] };
export type DraftStatement = Writable<BookStatement>;

/** One side of one line in a batch; `takes` names, for each reversal, the leaf of its gift. */
export type Side = {
  readonly charity: string;
  readonly unit: string;
  readonly kind: Kind;
  readonly amounts: readonly bigint[];
  readonly takes: readonly Uint8Array[];
};

export const gifts = (charity: string, amounts: readonly bigint[], unit = "CNY"): Side => ({
  ...{ charity, unit, amounts, kind: GIFT, takes: [] },
});

export const reversals = (
  charity: string,
  taken: readonly (readonly [Uint8Array, bigint])[],
  unit = "CNY",
): Side => ({
  ...{
    charity,
    unit,
    kind: REVERSAL,
    amounts: taken.map(([, amount]) => amount),
    takes: taken.map(([leaf]) => leaf),
  },
});

/** How far each side of each line has come; a false ledger's too. */
export type Ends = Map<string, { to: bigint; batch: bigint }>;

export class Draft {
  readonly ledger: Uint8Array;
  readonly batch: bigint;
  openedAt: bigint;
  closedAt: bigint;
  statements: DraftStatement[] = [];
  columns: Writable<Columns>[] = [];
  notices: Notice[] = [];

  constructor(
    ledger: Uint8Array,
    batch: bigint,
    previousRoot: Uint8Array,
    sides: readonly Side[],
    ends: Ends,
  ) {
    [this.ledger, this.batch] = [ledger, batch];
    this.openedAt = 1_790_000_000n + batch * 60n;
    this.closedAt = this.openedAt + 60n;
    const parts = sides.map((side, number) => this.#part(side, number, ends));
    parts.sort((a, b) => compareStatements(a.statement, b.statement));
    this.statements = parts.map(({ statement }) => statement);
    this.columns = parts.map(({ columns }) => columns);
    this.notices = [previousNotice(batch, previousRoot), timesNotice(batch, this.openedAt, this.closedAt)];
  }

  /** The n-th leaf of a charity's side. */
  leaf(charity: string, n: number, kind: Kind = GIFT): Uint8Array {
    return this.columns[this.indexOf(charity, kind)]!.leaves.slice(32 * n, 32 * n + 32);
  }

  indexOf(charity: string, kind: Kind = GIFT): number {
    return this.statements.findIndex((each) => each.registration === charity && each.kind === kind);
  }

  statement(charity: string, kind: Kind = GIFT): DraftStatement {
    return this.statements[this.indexOf(charity, kind)]!;
  }

  column(charity: string, kind: Kind = GIFT): Writable<Columns> {
    return this.columns[this.indexOf(charity, kind)]!;
  }

  /** Makes the statement fit its columns again: root, count, end. */
  settle(charity: string, kind: Kind = GIFT): void {
    const [statement, { leaves, amounts }] = [this.statement(charity, kind), this.column(charity, kind)];
    const { hash, sum } = rootNode(sumTreeLevels({ hashes: leaves, sums: amounts }));
    Object.assign(statement, {
      receiptsRoot: hash,
      receipts: BigInt(amounts.length),
      to: statement.from + sum,
    });
  }

  /** The times of header and notice alike. */
  setTimes(openedAt: bigint, closedAt: bigint): void {
    [this.openedAt, this.closedAt] = [openedAt, closedAt];
    const honest = timesNotice(this.batch, 0n, 0n);
    const content = new Uint8Array(32);
    new DataView(content.buffer).setBigUint64(8, openedAt);
    new DataView(content.buffer).setBigUint64(24, closedAt);
    this.notices = this.notices.map((notice) => (notice.kind === "times" ? { ...honest, content } : notice));
  }

  tree(): BatchTree {
    return batchTree([
      ...this.statements.map((statement) => statementLeaf(this.ledger, statement)),
      ...this.notices.map((notice) => noticeLeaf(this.ledger, notice)),
    ]);
  }

  header(): BookHeader {
    const receipts = this.statements.reduce((sum, statement) => sum + statement.receipts, 0n);
    const { ledger, batch, openedAt, closedAt, statements } = this;
    const notices = this.notices.toSorted(compareNotices);
    return { ledger, batch, openedAt, closedAt, receipts, root: this.tree().root, statements, notices };
  }

  book(): Promise<Uint8Array> {
    return wholeBook(this.header(), (_, index) => [this.columns[index]!]);
  }

  /** A copy that can be changed without changing this one. */
  copy(): Draft {
    const copy = new Draft(this.ledger, this.batch, new Uint8Array(32), [], new Map());
    copy.statements = this.statements.map((statement) => ({ ...statement }));
    copy.columns = this.columns.map((columns) => ({
      leaves: columns.leaves.slice(),
      amounts: columns.amounts.slice(),
      reversals: structuredClone(columns.reversals),
    }));
    [copy.notices, copy.openedAt, copy.closedAt] = [[...this.notices], this.openedAt, this.closedAt];
    return copy;
  }

  #part({ charity, unit, kind, amounts, takes }: Side, number: number, ends: Ends) {
    const key = [charity, unit, kind].join();
    const { to: from, batch: previous } = ends.get(key) ?? { to: 0n, batch: 0n };
    const id = charityId(charity);
    const receipts = amounts.map((amount, i) => {
      const label = `${toHex(this.ledger)} ${this.batch} ${number} ${i}`;
      const given = { charity: id, unit, kind, amount, ...(takes[i] && { terms: takes[i] }) };
      return makeReceipt(label, { order: label }, given);
    });
    const level = levelOf(
      receipts.map((receipt) => ({ hash: receiptLeaf(this.ledger, receipt), sum: receipt.amount })),
    );
    const { hash, sum } = rootNode(sumTreeLevels(level));
    ends.set(key, { to: from + sum, batch: this.batch });
    const figures = { from, to: from + sum, previous, receipts: BigInt(receipts.length), receiptsRoot: hash };
    const statement: DraftStatement = {
      batch: this.batch,
      charity: id,
      registration: charity,
      unit,
      kind,
      ...figures,
    };
    const columns = { leaves: level.hashes, amounts: level.sums, reversals: reversalsOf(kind, receipts) };
    return { statement, columns };
  }
}

function reversalsOf(kind: Kind, receipts: readonly Receipt[]): Columns["reversals"] {
  if (kind === GIFT) return NO_REVERSALS;
  const packed = (field: "id" | "terms" | "details" | "salt") =>
    Uint8Array.from(receipts.flatMap((receipt) => [...receipt[field]]));
  const acceptedAt = BigUint64Array.from(receipts, (receipt) => receipt.acceptedAt);
  return {
    ids: packed("id"),
    acceptedAt,
    terms: packed("terms"),
    details: packed("details"),
    salts: packed("salt"),
  };
}
