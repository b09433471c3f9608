// What was proven to the contract, held against the books: each proven statement is in the book of its batch, and no line
// has more given than its books hold.

import { bookLineKey, type WalkedLine, type WalkState } from "../books/walk.ts";
import type { LoggedStatement } from "../books/walk-log.ts";
import type { Account } from "../chain/accounts.ts";
import type { Proven } from "../chain/replay.ts";
import type { Findings } from "../findings.ts";

/** Crosses off what goes by; the rest is in no book. */
export class Proofs {
  readonly #lines: readonly WalkedLine[];
  readonly #open = new Map<string, Proven>();

  /** @param lines by the number that the walk has given them */
  constructor(proven: readonly Proven[], lines: readonly WalkedLine[]) {
    this.#lines = lines;
    for (const each of proven) this.#open.set(keyOf(each), each);
  }

  take({ batch, line, kind, from, to }: LoggedStatement): void {
    if (this.#open.size === 0) return;
    const { charity, unit } = this.#lines[line] as WalkedLine;
    this.#open.delete(keyOf({ charity, unit, batch, kind, from, to }));
  }

  /** Answers with the number of those that a book which could not be read may hold. */
  end(unread: readonly bigint[], findings: Findings): number {
    let undecided = 0;
    for (const { charity, unit, batch, kind, from, to } of this.#open.values()) {
      if (unread.includes(batch)) {
        undecided++;
        continue;
      }
      const says = `[${from}, ${to}) was proven out of batch ${batch}; its book holds no such statement`;
      const side = kind === 0 ? "gifts" : "reversals";
      findings.add({
        code: "proof-not-in-book",
        says,
        place: { batch, charity, unit, side },
        numbers: { from, to },
      });
    }
    return undecided;
  }
}

const keyOf = ({ charity, unit, batch, kind, from, to }: Proven) =>
  [charity, unit, batch, kind, from, to].join();

/** Said of ledgers alone whose books could all be read. */
export function checkGiven(
  accounts: Iterable<Account>,
  { lines, unread }: WalkState,
  findings: Findings,
): void {
  if (unread.length > 0) return;
  for (const { charity, unit, marks } of accounts) {
    const sides = lines.get(bookLineKey(charity, unit))?.sides;
    const [given, reversed] = [sides?.[0].to ?? 0n, sides?.[1].to ?? 0n];
    if (marks.given <= given && marks.reversed <= reversed) continue;
    const says = `the contract has ${marks.given} given and ${marks.reversed} taken back; all books hold ${given} and ${reversed}`;
    const numbers = {
      given: marks.given,
      reversed: marks.reversed,
      booksGiven: given,
      booksReversed: reversed,
    };
    findings.add({ code: "given-beyond-books", says, place: { charity, unit }, numbers });
  }
}
