// A ledger whose operator has anchored every lie that the contract can be convinced of, each on a line of its own, beside an
// honest line. The books are published as they were sealed.

import type { FindingCode } from "../../scripts/audit/catalogue.ts";
import type { Fault } from "../../server/protocol/faults.ts";
import { REVERSAL } from "../../server/protocol/receipt.ts";
import { type Level, parentLevel, rootNode } from "../../server/protocol/sum-tree.ts";
import { type Draft, gifts, reversals, type Side } from "./drafts.ts";
import { AuditLedger, type Operator } from "./ledger.ts";

type Before = readonly Draft[];
export type Lie = {
  /** The line's charity. */
  readonly charity: string;
  readonly fault: Fault;
  /** How an audit names it. */
  readonly code: FindingCode;
  /** The sides of this charity, batch after batch. */
  readonly batches: readonly ((charity: string, before: Before) => readonly Side[])[];
  /** Changes the draft of the last of these batches before its root is taken. */
  readonly change: (draft: Draft, charity: string) => void;
};

const give =
  (...amounts: bigint[]) =>
  (charity: string) => [gifts(charity, amounts)];

export function shift(draft: Draft, charity: string, by: bigint): void {
  const statement = draft.statement(charity);
  statement.from += by;
  statement.to += by;
}

/** How a tree is forged: by how much the sum at a level, of the node at about this part of it, is changed. */
export type Forgery = { readonly level: number; readonly part: number; readonly by: bigint };

/** All levels as the operator has them: each forged before the one above is hashed. */
export function forgedLevels(leaves: Level, forged: readonly Forgery[]): Level[] {
  const levels: Level[] = [];
  for (let level = leaves; ; level = parentLevel(level)) {
    for (const { part, by } of forged.filter((forgery) => forgery.level === levels.length)) {
      const at = Math.trunc((part * level.sums.length) / 100);
      level.sums[at] = level.sums[at]! + by;
    }
    levels.push(level);
    if (level.sums.length === 1) return levels;
  }
}

function forge(draft: Draft, charity: string, forged: readonly Forgery[]): void {
  const { leaves, amounts } = draft.column(charity);
  const levels = forgedLevels({ hashes: leaves, sums: amounts.slice() }, forged);
  const { hash, sum } = rootNode(levels);
  const statement = draft.statement(charity);
  Object.assign(statement, { receiptsRoot: hash, to: statement.from + sum });
}

export const LIES: readonly Lie[] = [
  {
    ...{ charity: "overlapping", fault: "overlap", code: "line-overlap", batches: [give(10n), give(10n)] },
    change: (draft, charity) => shift(draft, charity, -5n),
  },
  {
    ...{ charity: "gaping", fault: "gap", code: "line-gap", batches: [give(10n), give(10n)] },
    change: (draft, charity) => shift(draft, charity, 5n),
  },
  {
    ...{ charity: "skipping", fault: "skip", code: "line-skip", batches: [give(10n), give(10n), give(10n)] },
    change: (draft, charity) => {
      draft.statement(charity).previous = 1n;
    },
  },
  {
    ...{ charity: "doubled", fault: "twice", code: "statement-twice" },
    batches: [(charity) => [gifts(charity, [10n]), gifts(charity, [20n])]],
    change: (draft, charity) => {
      for (const statement of draft.statements.filter((each) => each.registration === charity))
        if (statement.from > 0n) Object.assign(statement, { from: 0n, to: 20n, previous: 0n });
    },
  },
  {
    ...{
      charity: "malformed",
      fault: "malformed",
      code: "statement-malformed",
      batches: [give(1n, 1n, 10n)],
    },
    change: (draft, charity) => {
      draft.column(charity).amounts.set([0n, 0n, 1n]);
      draft.settle(charity);
    },
  },
  {
    ...{ charity: "inflated", fault: "false-sum", code: "amounts-false", batches: [give(10n, 20n, 30n)] },
    change: (draft, charity) => {
      draft.statement(charity).to += 5n;
    },
  },
  {
    ...{ charity: "shrunk", fault: "false-sum", code: "receipts-altered" },
    batches: [give(50n, 30n, 20n, 10n, 7n)],
    change: (draft, charity) => forge(draft, charity, [{ level: 1, part: 0, by: -20n }]),
  },
  {
    ...{ charity: "refunded", fault: "false-receipt", code: "reversal-altered" },
    batches: [
      give(50n),
      (charity, before) => [
        gifts(charity, [3n]),
        reversals(charity, [
          [before[0]!.leaf(charity, 0), 20n],
          [before[0]!.leaf(charity, 0), 5n],
        ]),
      ],
    ],
    change: (draft, charity) => {
      draft.column(charity, REVERSAL).amounts.set([15n, 5n]);
      draft.settle(charity, REVERSAL);
    },
  },
];

/** The line beside them that nothing can be held against. */
export const HONEST = "honest";

export async function lyingLedger(operator: Operator): Promise<AuditLedger> {
  const ledger = await AuditLedger.make(operator);
  const batches = Math.max(...LIES.map((lie) => lie.batches.length));
  for (let batch = 0; batch < batches; batch++) {
    const before = [...ledger.drafts];
    const sides = LIES.flatMap((lie) => [...(lie.batches[batch]?.(lie.charity, before) ?? [])]);
    const draft = ledger.draft([...sides, gifts(HONEST, [5n, 6n, 7n])]);
    for (const lie of LIES) if (batch === lie.batches.length - 1) lie.change(draft, lie.charity);
    await ledger.anchor(draft);
  }
  return ledger;
}
