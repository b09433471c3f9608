// Random histories of ledgers, honest ones and such with one lie: a few batches on lines of their own, of any shape. Many of
// them share one contract. What an accuser makes of them is in attempts.ts.
import { id, toBeHex } from "ethers";
import { between } from "../random.ts";
import type { Forged } from "./forger.ts";
import {
  batchTree,
  GIFT,
  REVERSAL,
  type Receipt,
  random32,
  receiptLeaf,
  type Statement,
  statementLeaf,
  unitOf,
} from "./reference.ts";
import { type Claim, levelsOf, topOf } from "./trees.ts";

export type Random = () => number;
export type History = { roots: string[]; shown: Forged[] };

/** How one statement departs from an honest one. */
export type Lie = {
  from?: bigint;
  previous?: bigint;
  receipts?: bigint;
  counted?: bigint[];
  claims?: (leaves: number) => Claim[];
};

type Place = { ledger: string; batch: bigint };

const UNITS = ["CNY", "STEP"].map(unitOf);
const MOST_RECEIPTS = 5;
const ZERO = toBeHex(0, 32);

export const pick = <T>(random: Random, items: readonly T[]): T =>
  items[Math.floor(random() * items.length)] as T;

/** Mostly small, now and then large: three of the largest still fit a line. */
export const amountOf = (random: Random): bigint =>
  random() < 0.1 ? 1n << BigInt(between(random, 20, 58)) : BigInt(between(random, 1, 1_000));

/** The draft of a statement, and what it leads to. */
export function state(
  { ledger, batch }: Place,
  line: Pick<Statement, "charity" | "unit" | "kind">,
  amounts: readonly bigint[],
  { from, previous, ...lie }: Lie & { from: bigint; previous: bigint },
): Omit<Forged, "proof"> {
  const receipts = amounts.map((amount, i) => receiptOf(line, amount, `${batch} ${i}`));
  const leaves = receipts.map((receipt, i) => ({
    hash: receiptLeaf(ledger, receipt),
    sum: lie.counted?.[i] ?? receipt.amount,
  }));
  const levels = levelsOf(leaves, lie.claims?.(leaves.length));
  const { hash: receiptsRoot, sum } = topOf(levels);
  const count = lie.receipts ?? BigInt(receipts.length);
  const statement = { batch, ...line, from, to: from + sum, previous, receipts: count, receiptsRoot };
  return { statement, receipts, levels };
}

/** Little of it is random: to draw so many hashes takes longer than all else. */
function receiptOf(
  line: Pick<Statement, "charity" | "unit" | "kind">,
  amount: bigint,
  name: string,
): Receipt {
  const salt = id(`${line.charity} ${line.unit} ${line.kind} ${name}`);
  const fixed = { acceptedAt: 1_790_000_000n, terms: ZERO, details: ZERO };
  return { id: salt.slice(0, 34), ...line, amount, ...fixed, salt };
}

/** Closes a batch over these statements, and the two leaves that every batch holds besides. */
export function close(
  ledger: string,
  drafts: readonly Omit<Forged, "proof">[],
): { root: string; shown: Forged[] } {
  const leaves = drafts.map(({ statement }) => statementLeaf(ledger, statement));
  const tree = batchTree([...leaves, random32(), random32()]);
  return { root: tree.root, shown: drafts.map((draft, i) => ({ ...draft, proof: tree.proof(leaves[i]!) })) };
}

/** What an honest ledger may come to: lines that pause, sides that grow, one receipt or some, of any amounts. */
export function honest(random: Random, ledger: string, name: string, lastBatch: bigint): History {
  const lines = UNITS.flatMap((unit) => [GIFT, REVERSAL].map((kind) => ({ charity: id(name), unit, kind })));
  const ends = new Map<number, { batch: bigint; to: bigint }>();
  const history: History = { roots: [], shown: [] };
  const batches = between(random, 2, 4);
  for (let number = 1; number <= batches; number++) {
    const batch = lastBatch + BigInt(number);
    const drafts = lines.flatMap((line, i) => {
      if (random() < 0.6) return [];
      const { batch: previous, to: from } = ends.get(i) ?? { batch: 0n, to: 0n };
      const draft = state({ ledger, batch }, line, amountsOf(random), { from, previous });
      ends.set(i, draft.statement);
      return [draft];
    });
    const { root, shown } = close(ledger, drafts);
    history.roots.push(root);
    history.shown.push(...shown);
  }
  return history;
}

export const amountsOf = (random: Random): bigint[] =>
  Array.from({ length: between(random, 1, MOST_RECEIPTS) }, () => amountOf(random));
