// Promises: receipts that the operator's key has signed for, and how they are challenged and answered.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { as, BOND_WEI, type Deployed, now } from "./chain.ts";
import { CHARITY } from "./charity.ts";
import { anchorForged, type Draft, type Forged } from "./forger.ts";
import {
  batchTree,
  GIFT,
  type PromisedReceipt,
  promiseLeaf,
  type Receipt,
  randomReceipt,
  receiptLeaf,
  sign,
  unitOf,
} from "./reference.ts";
import { placeOf } from "./trees.ts";

/** What a donor holds, and the receipt that it is about. */
export type Promised = {
  receipt: Receipt;
  promised: PromisedReceipt;
  id: string;
  deadline: bigint;
  path: string[];
  signature: string;
};

export type Terms = { deadline?: bigint; by?: HardhatEthersSigner; ledger?: string };

export const receiptOf = (amount: bigint): Receipt => randomReceipt(CHARITY, unitOf("CNY"), GIFT, amount);

function promisedOf(ledger: string, receipt: Receipt): PromisedReceipt {
  const { charity, unit, kind, amount } = receipt;
  return { leaf: receiptLeaf(ledger, receipt), charity, unit, kind, amount };
}

/** One signature over all of them; unless said otherwise the deadline is the second of the newest block. */
export async function promiseAll(
  deployed: Deployed,
  receipts: Receipt[],
  { deadline, by = deployed.promiser, ledger = deployed.ledger }: Terms = {},
): Promise<Promised[]> {
  const all = receipts.map((receipt) => promisedOf(ledger, receipt));
  const ids = all.map((promised) => promiseLeaf(ledger, promised));
  const tree = batchTree(ids);
  const until = deadline ?? (await now());
  const signature = await sign(by, ledger, "Promises", { root: tree.root, deadline: until });
  return all.map((promised, i) => {
    const [receipt, id] = [receipts[i]!, ids[i]!];
    return { receipt, promised, id, deadline: until, path: tree.proof(id), signature };
  });
}

export async function promise(deployed: Deployed, amount: bigint, terms?: Terms): Promise<Promised> {
  const [only] = await promiseAll(deployed, [receiptOf(amount)], terms);
  return only!;
}

export const challengeArgs = ({ promised, deadline, path, signature }: Promised) => [
  promised,
  deadline,
  path,
  signature,
];

export const challenge = ({ contract, stranger }: Deployed, held: Promised, value = BOND_WEI) =>
  as(contract, stranger).challenge(...challengeArgs(held), { value });

/** The receipt anchored as promised, between two others; or otherwise, as the draft says. */
export async function anchorReceipt(deployed: Deployed, { receipt }: Promised, draft: Draft = {}) {
  const holds = [receiptOf(7n), receipt, receiptOf(8n)];
  const [forged] = await anchorForged(deployed, { holds, ...draft });
  return forged!;
}

export const answerArgs = ({ promised }: Pick<Promised, "promised">, forged: Forged, index = 1) => [
  promised,
  placeOf(forged.levels, 0, index),
  forged.statement,
  forged.proof,
];

export const answer = ({ contract, other }: Deployed, held: Promised, forged: Forged, index = 1) =>
  as(contract, other).answer(...answerArgs(held, forged, index));
