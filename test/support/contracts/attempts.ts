// What an accuser who does not give up makes of a history: accusations of its own true material, and of material bent a
// little. None of them convicts an honest ledger.
import { between } from "../random.ts";
import { type Accusation, contradiction, falseCount, falseNode, malformed, type Shown } from "./accuser.ts";
import type { Forged } from "./forger.ts";
import { pick, type Random } from "./histories.ts";
import type { Receipt, ReceiptProof, Statement } from "./reference.ts";
import { type Levels, type OpenedNode, openedAt, placeOf } from "./trees.ts";

const FIGURES = ["batch", "from", "to", "previous", "receipts"] as const;

/** The statement with one figure changed, under the proof of the true one. */
function bent(random: Random, { statement, proof }: Shown): Shown {
  const figure = pick(random, FIGURES);
  const by = random() < 0.5 && statement[figure] > 0n ? -1n : 1n;
  return { statement: { ...statement, [figure]: statement[figure] + by } as Statement, proof };
}

const anyIndex = (random: Random, level: readonly unknown[]): number => between(random, 0, level.length - 1);

/** A node as its file opens it; a leaf opened as if it were one. */
function anyNode(random: Random, levels: Levels): { opened: OpenedNode; place: ReceiptProof } {
  const level = anyIndex(random, levels);
  const index = anyIndex(random, levels[level]!);
  const leaf = levels[level]![index]!;
  const opened = openedAt(levels, level, index) ?? { left: leaf, right: leaf, sum: leaf.sum };
  return { opened, place: placeOf(levels, level, index) };
}

/** Where nothing of the kind stands. */
function elsewhere(random: Random, levels: Levels): ReceiptProof {
  const level = anyIndex(random, levels);
  return placeOf(levels, level, anyIndex(random, levels[level]!));
}

function bentReceipt(random: Random, receipt: Receipt): Receipt {
  const kind = 1 - receipt.kind;
  return pick(random, [
    { ...receipt, amount: receipt.amount + 1n },
    { ...receipt, unit: receipt.charity },
    { ...receipt, charity: receipt.unit },
    { ...receipt, kind },
    { ...receipt, salt: receipt.charity },
  ]);
}

/** Attempts of half of all manners, by chance, on statements picked by chance. */
export function attemptsOn(random: Random, shown: readonly Forged[]): Accusation[] {
  return shown.length === 0 ? [] : allAttempts(random, shown).filter(() => random() < 0.5);
}

function allAttempts(random: Random, shown: readonly Forged[]): Accusation[] {
  const [one, other] = [pick(random, shown), pick(random, shown)];
  const { levels, receipts } = one;
  const { opened, place } = anyNode(random, levels);
  const index = anyIndex(random, receipts);
  const [receipt, here] = [receipts[index]!, placeOf(levels, 0, index)];
  const swapped = { statement: one.statement, proof: other.proof };
  return [
    contradiction(one, other),
    contradiction(other, one),
    contradiction(one, one),
    contradiction(one, bent(random, other)),
    contradiction(bent(random, one), one),
    contradiction(swapped, other),
    malformed(one),
    malformed(bent(random, one)),
    falseNode(one, opened, place),
    falseNode(one, { ...opened, sum: opened.sum + 1n }, place),
    falseNode(one, { ...opened, left: opened.right, right: opened.left }, place),
    falseNode(one, opened, elsewhere(random, levels)),
    falseNode(one, { ...opened, left: { ...opened.left, sum: opened.left.sum + 1n } }, place),
    falseCount(one, receipt, receipt.amount, here),
    falseCount(one, receipt, receipt.amount + 1n, here),
    falseCount(one, receipt, receipt.amount, elsewhere(random, levels)),
    falseCount(one, bentReceipt(random, receipt), receipt.amount, here),
    falseCount(other, receipt, receipt.amount, here),
  ];
}
