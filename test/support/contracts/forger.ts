// Batches that no honest books hold: statements that begin, end or follow as they should not, and trees that count what
// they should not. Honest books are in books.ts.
import { anchor } from "./books.ts";
import type { Deployed } from "./chain.ts";
import { CHARITY } from "./charity.ts";
import {
  batchTree,
  GIFT,
  type Receipt,
  random32,
  randomReceipt,
  receiptLeaf,
  type Statement,
  statementLeaf,
  unitOf,
} from "./reference.ts";
import { type Claim, type Levels, levelsOf, topOf } from "./trees.ts";

/** A statement as it shall be; what is not said is as in the honest first statement of a line. */
export type Draft = Partial<Statement> & {
  amounts?: bigint[];
  /** Receipts of the caller's own, in place of some made for `amounts`. */
  holds?: Receipt[];
  /** With which amounts the tree counts them, in place of their own. */
  counted?: bigint[];
  claims?: Claim[];
};

export type Forged = { statement: Statement; proof: string[]; receipts: Receipt[]; levels: Levels };

const LINE = { charity: CHARITY, unit: unitOf("CNY"), kind: GIFT };

function forge(ledger: string, batch: bigint, { amounts = [50n], ...draft }: Draft): Omit<Forged, "proof"> {
  const { holds, counted, claims, ...said } = draft;
  const line = { ...LINE, ...said };
  const receipts = holds ?? amounts.map((each) => randomReceipt(line.charity, line.unit, line.kind, each));
  const sums = counted ?? receipts.map(({ amount }) => amount);
  const leaves = receipts.map((receipt, i) => ({ hash: receiptLeaf(ledger, receipt), sum: sums[i]! }));
  const levels = levelsOf(leaves, claims);
  const { hash, sum } = topOf(levels);
  const from = said.from ?? 0n;
  const follows = { batch, from, to: from + sum, previous: from === 0n ? 0n : batch - 1n };
  const statement = { ...follows, receipts: BigInt(receipts.length), receiptsRoot: hash, ...line };
  return { statement, receipts, levels };
}

/** Anchors the next batch, with these statements in it, and two other leaves. */
export async function anchorForged(deployed: Deployed, ...drafts: Draft[]): Promise<Forged[]> {
  const batch = ((await deployed.contract.lastBatch()) as bigint) + 1n;
  const forged = drafts.map((draft) => forge(deployed.ledger, batch, draft));
  const leaves = forged.map(({ statement }) => statementLeaf(deployed.ledger, statement));
  const tree = batchTree([...leaves, random32(), random32()]);
  await anchor(deployed, { number: batch, root: tree.root, entries: [] });
  return forged.map((each, i) => ({ ...each, proof: tree.proof(leaves[i]!) }));
}
