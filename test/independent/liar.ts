// An operator who lies: batches that are anchored and that no honest ledger could hold, and the receipt files that two
// donors have of each lie. Made with the reference libraries alone. How they are brought on chain is the caller's.

import { decodeBytes32String, solidityPackedKeccak256 } from "ethers";
import {
  batchTree,
  charityId,
  GIFT,
  type Receipt,
  type ReceiptProof,
  random32,
  randomReceipt,
  receiptLeaf,
  type Statement,
  statementLeaf,
  sumTree,
  unitOf,
} from "../support/contracts/reference.ts";

const UNIT = unitOf("CNY");

export type Place = { readonly ledger: string; readonly chainId: number; readonly contract: string };

/** A lie: the roots that the operator anchors for it, in order, and what the two donors hold. */
export type Lie = { readonly roots: readonly string[]; readonly files: readonly [object, object] };

type Held = { statement: Statement; receipts: Receipt[]; proofs: ReceiptProof[] };
type Node = { hash: string; sum: bigint };

const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, each) => (typeof each === "bigint" ? `${each}` : each)));

export class Liar {
  readonly #place: Place;
  #batch: bigint;

  /** @param lastBatch the last batch that is anchored before the lies */
  constructor(place: Place, lastBatch: bigint) {
    this.#place = place;
    this.#batch = lastBatch;
  }

  /** Two batches of one line: the second begins at `from`, and names the first, or `previous`, as the one before. */
  twoStatements(charity: string, from: bigint): Lie {
    const first = this.#statement(charity, [60n, 40n], 0n, 0n);
    const one = this.#seal(first);
    const second = this.#statement(charity, [30n, 20n], from, first.statement.batch);
    const other = this.#seal(second);
    return { roots: [one.root, other.root], files: [one.file(0), other.file(1)] };
  }

  /** Three batches of one line, of which the third passes over the second. */
  skip(charity: string): Lie {
    const first = this.#statement(charity, [60n, 40n], 0n, 0n);
    const one = this.#seal(first);
    const second = this.#statement(charity, [30n], 100n, first.statement.batch);
    const other = this.#seal(second);
    const third = this.#statement(charity, [20n, 5n], 130n, first.statement.batch);
    const last = this.#seal(third);
    return { roots: [one.root, other.root, last.root], files: [other.file(0), last.file(0)] };
  }

  /** Four gifts of 50, 30, 20 and 10: the tree says 60 instead of 80 of the first two, and so the line is short of 20. */
  falseSum(charity: string): Lie {
    const receipts = [50n, 30n, 20n, 10n].map((amount) => this.#receipt(charity, amount));
    const leaves = receipts.map((receipt) => this.#leaf(receipt));
    const [a, b, c, d] = leaves as [Node, Node, Node, Node];
    const forged = { ...parent(a, b), sum: 60n };
    const right = parent(c, d);
    const top = parent(forged, right);
    const held = this.#held(charity, receipts, {
      from: 0n,
      to: top.sum,
      previous: 0n,
      receiptsRoot: top.hash,
    });
    const paths = [
      [b, right],
      [a, right],
      [d, forged],
      [c, forged],
    ];
    const sealed = this.#seal({
      ...held,
      proofs: paths.map((path, index) => ({ index: BigInt(index), receipts: 4n, path })),
    });
    return { roots: [sealed.root], files: [sealed.file(0), sealed.file(2)] };
  }

  #receipt(charity: string, amount: bigint): Receipt {
    return randomReceipt(charityId(charity), UNIT, GIFT, amount);
  }

  #leaf(receipt: Receipt): Node {
    return { hash: receiptLeaf(this.#place.ledger, receipt), sum: receipt.amount };
  }

  #statement(charity: string, amounts: readonly bigint[], from: bigint, previous: bigint): Held {
    const receipts = amounts.map((amount) => this.#receipt(charity, amount));
    const tree = sumTree(this.#place.ledger, receipts);
    const held = this.#held(charity, receipts, {
      from,
      to: from + tree.sum,
      previous,
      receiptsRoot: tree.root,
    });
    return { ...held, proofs: receipts.map((_, index) => tree.proof(index)) };
  }

  #held(
    charity: string,
    receipts: Receipt[],
    part: Pick<Statement, "from" | "to" | "previous" | "receiptsRoot">,
  ): Held {
    const line = { charity: charityId(charity), unit: UNIT, kind: GIFT };
    const statement = { batch: this.#batch + 1n, ...line, ...part, receipts: BigInt(receipts.length) };
    return { statement, receipts, proofs: [] };
  }

  /** The next batch, which holds this statement and what every batch holds besides. */
  #seal({ statement, receipts, proofs }: Held): { root: string; file: (index: number) => object } {
    this.#batch += 1n;
    const leaf = statementLeaf(this.#place.ledger, statement);
    const tree = batchTree([leaf, random32(), random32()]);
    const file = (index: number) => this.#file(receipts[index]!, proofs[index]!, statement, tree.proof(leaf));
    return { root: tree.root, file };
  }

  #file(receipt: Receipt, proof: ReceiptProof, statement: Statement, statementProof: string[]): object {
    const { ledger: id, chainId, contract } = this.#place;
    const named = <T extends { unit: string }>(record: T) => ({
      ...record,
      unit: decodeBytes32String(record.unit),
    });
    return plain({
      format: "amanah-receipt/1",
      ledger: { id, chainId, contract },
      receipt: named(receipt),
      details: null,
      batch: statement.batch,
      proof,
      statement: named(statement),
      statementProof,
    }) as object;
  }
}

function parent(left: Node, right: Node): Node {
  const types = ["uint64", "bytes32", "uint64", "bytes32"];
  const hash = solidityPackedKeccak256(types, [left.sum, left.hash, right.sum, right.hash]);
  return { hash, sum: left.sum + right.sum };
}
