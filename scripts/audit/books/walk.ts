// Goes from batch to batch in order: does each line go on where it ended, do the times? Receipts were checked before, in
// the threads; what needs all books at once comes after.

import { type Hex, toHex } from "../../../server/protocol/bytes.ts";
import { charityId } from "../../../server/protocol/ids.ts";
import { GIFT, type Kind } from "../../../server/protocol/receipt.ts";
import type { FindingCode } from "../catalogue.ts";
import type { Findings, Observation } from "../findings.ts";
import type { CheckedBook, StatementFigures } from "./check-book.ts";
import type { WalkLog } from "./walk-log.ts";

/** How far one side of a line has come in the books. */
export type Side = { to: bigint; batch: bigint; receipts: bigint };
export type WalkedLine = {
  readonly number: number;
  readonly charity: Hex;
  readonly unit: string;
  registration: string | null;
  readonly sides: readonly [Side, Side];
};
export type Day = {
  batches: number;
  receipts: number;
  reversals: number;
  readonly sums: Record<string, bigint>;
};

/** Everything that a walk knows; it is saved as it is. */
export type WalkState = {
  batch: bigint;
  openedAt: bigint;
  closedAt: bigint;
  receipts: bigint;
  bytes: bigint;
  readonly lines: Map<string, WalkedLine>;
  /** Batches whose books could not be read: what goes on behind them cannot be judged. */
  readonly unread: bigint[];
  /** By UTC day of the closing. */
  readonly days: Map<string, Day>;
};

export const emptyWalk = (): WalkState => ({
  ...{ batch: 0n, openedAt: 0n, closedAt: 0n, receipts: 0n, bytes: 0n },
  ...{ lines: new Map(), unread: [], days: new Map() },
});

export const bookLineKey = (charity: Hex, unit: string): string => `${charity}/${unit}`;

export class Walk {
  readonly state: WalkState;
  readonly #findings: Findings;
  readonly #log: WalkLog;

  constructor(state: WalkState, findings: Findings, log: WalkLog) {
    [this.state, this.#findings, this.#log] = [state, findings, log];
  }

  /** The next batch's book. */
  take(book: CheckedBook): void {
    this.#findings.merge(book.findings);
    this.state.batch = book.batch;
    this.state.bytes += BigInt(book.bytes);
    if (book.statements === null) return void this.state.unread.push(book.batch);
    this.#checkTimes(book);
    const day = this.#dayOf(book);
    for (const statement of book.statements) this.#takeStatement(book.batch, statement, day);
    for (const notice of book.notices) this.#log.addNotice(notice);
    this.#log.addClosing(book.batch, BigInt.asUintN(64, book.closedAt));
    this.state.receipts += BigInt(book.receipts);
  }

  #checkTimes({ batch, openedAt, closedAt }: CheckedBook): void {
    const before = this.state;
    if (openedAt < before.openedAt || closedAt < before.closedAt) {
      const says = `batch ${batch} was open from ${openedAt} to ${closedAt}; the one before it from ${before.openedAt} to ${before.closedAt}`;
      this.#findings.add({
        code: "times-backwards",
        says,
        place: { batch },
        numbers: { openedAt, closedAt },
      });
    }
    [before.openedAt, before.closedAt] = [openedAt, closedAt];
  }

  #dayOf({ closedAt, receipts }: CheckedBook): Day {
    const days = this.state.days;
    const name = dayName(closedAt);
    const day = days.get(name) ?? { batches: 0, receipts: 0, reversals: 0, sums: {} };
    days.set(name, day);
    day.batches += 1;
    day.receipts += receipts;
    return day;
  }

  #takeStatement(batch: bigint, statement: StatementFigures, day: Day): void {
    const { kind, from, to, unit, receipts } = statement;
    const line = this.#lineOf(batch, statement);
    const side = line.sides[kind];
    if (side.batch === batch)
      return void this.#tell(
        "statement-twice",
        batch,
        statement,
        "a second statement of this line in one batch",
        {},
      );
    this.#checkContinuity(batch, statement, side);
    this.#log.addStatement({ batch, line: line.number, kind, from, to, receipts });
    [side.to, side.batch, side.receipts] = [to, batch, side.receipts + receipts];
    if (kind === GIFT) day.sums[unit] = (day.sums[unit] ?? 0n) + (to - from);
    else day.reversals += Number(receipts);
  }

  #checkContinuity(batch: bigint, statement: StatementFigures, { to, batch: before }: Side): void {
    const { from, previous } = statement;
    // The book that would tell lies between: only what is read can be judged.
    if (
      this.state.unread.some((unread) => unread > before && unread < batch) &&
      (previous === 0n || this.state.unread.includes(previous))
    )
      return;
    const numbers = { previous, lastBatch: before, lastTo: to, from };
    if (previous !== before)
      this.#tell(
        "line-skip",
        batch,
        statement,
        `it names batch ${previous} as the one before; the line's last statement is in batch ${before}`,
        numbers,
      );
    if (from > to)
      this.#tell("line-gap", batch, statement, `it begins at ${from}; the line ended at ${to}`, numbers);
    if (from < to)
      this.#tell(
        "line-overlap",
        batch,
        statement,
        `it begins at ${from}; the line had come to ${to}`,
        numbers,
      );
  }

  #lineOf(batch: bigint, statement: StatementFigures): WalkedLine {
    const { charity, unit, registration } = statement;
    const key = bookLineKey(charity, unit);
    const known = this.state.lines.get(key);
    if (known !== undefined && (registration === null || known.registration === registration)) return known;
    this.#checkRegistration(batch, statement);
    if (known !== undefined) {
      known.registration ??= registration;
      return known;
    }
    const line: WalkedLine = {
      number: this.state.lines.size,
      charity,
      unit,
      registration,
      sides: [newSide(), newSide()],
    };
    this.state.lines.set(key, line);
    return line;
  }

  #checkRegistration(batch: bigint, statement: StatementFigures): void {
    const { charity, registration } = statement;
    if (registration === null || idOrNone(registration) === charity) return;
    this.#tell(
      "book-header-false",
      batch,
      statement,
      `the book calls it ${JSON.stringify(registration)}, which is another charity's name`,
      {},
    );
  }

  #tell(
    code: FindingCode,
    batch: bigint,
    { charity, unit, kind, from, to }: StatementFigures,
    says: string,
    numbers: Observation["numbers"],
  ): void {
    const side = sideName(kind);
    const place = { batch, charity, unit, side } as const;
    this.#findings.add({
      code,
      says: `${side} of batch ${batch}: ${says}`,
      place,
      numbers: { from, to, ...numbers },
    });
  }
}

const newSide = (): Side => ({ to: 0n, batch: 0n, receipts: 0n });

export const sideName = (kind: Kind) => (kind === GIFT ? "gifts" : "reversals");

function idOrNone(registration: string): Hex | null {
  try {
    return toHex(charityId(registration));
  } catch {
    return null;
  }
}

const SECONDS_A_DAY = 86_400n;
const LAST_DAY = 100_000_000n;

/** UTC; a false book may name any second. */
function dayName(seconds: bigint): string {
  const day = seconds / SECONDS_A_DAY;
  return day >= LAST_DAY ? "later" : new Date(Number(day * SECONDS_A_DAY) * 1000).toISOString().slice(0, 10);
}
