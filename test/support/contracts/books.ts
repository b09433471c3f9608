// An honest set of books: batches whose statements follow each other on their lines, with every receipt, tree and proof
// at hand; and short ways to bring them on chain. Hashing is in reference.ts.
import { as, type Deployed } from "./chain.ts";
import {
  batchTree,
  GIFT,
  type Receipt,
  random32,
  randomReceipt,
  type Statement,
  type SumTree,
  statementLeaf,
  sumTree,
} from "./reference.ts";

export type Entry = {
  statement: Statement;
  statementProof: string[];
  receipts: Receipt[];
  tree: SumTree;
};

export type Batch = { number: bigint; root: string; entries: Entry[] };

/** What one batch adds to one side of one line. */
export type Addition = { charity: string; unit: string; kind?: number; amounts: bigint[] };

export class Books {
  readonly batches: Batch[] = [];
  private readonly last = new Map<string, Statement>();
  private readonly ledger: string;

  constructor(ledger: string) {
    this.ledger = ledger;
  }

  /** A fixture's books are shared by its tests: each goes on with a copy. */
  copy(): Books {
    const copy = new Books(this.ledger);
    copy.batches.push(...this.batches);
    for (const [key, statement] of this.last) copy.last.set(key, statement);
    return copy;
  }

  /** Closes the next batch. Beside its statements it holds two other leaves, as every real batch does. */
  seal(...additions: Addition[]): Batch {
    const number = BigInt(this.batches.length + 1);
    const drafts = additions.map((addition) => this.enter(number, addition));
    const leaves = drafts.map(({ statement }) => statementLeaf(this.ledger, statement));
    const tree = batchTree([...leaves, random32(), random32()]);
    const entries = drafts.map((draft, i) => ({ ...draft, statementProof: tree.proof(leaves[i]!) }));
    const batch = { number, root: tree.root, entries };
    this.batches.push(batch);
    return batch;
  }

  /** The last statement of a line said once more in a batch of its own, as if it were new; undefined when there is none. */
  lie(charity: string, unit: string): Batch | undefined {
    const [number, key] = [BigInt(this.batches.length + 1), [charity, unit, GIFT].join()];
    const last = this.last.get(key);
    const told = this.batches.flatMap(({ entries }) => entries).find(({ statement }) => statement === last);
    if (last === undefined || told === undefined) return undefined;
    const statement = { ...last, batch: number };
    const leaf = statementLeaf(this.ledger, statement);
    const tree = batchTree([leaf, random32(), random32()]);
    const entries = [{ ...told, statement, statementProof: tree.proof(leaf) }];
    const batch = { number, root: tree.root, entries };
    this.batches.push(batch);
    return batch;
  }

  private enter(batch: bigint, { charity, unit, kind = GIFT, amounts }: Addition) {
    const receipts = amounts.map((amount) => randomReceipt(charity, unit, kind, amount));
    const tree = sumTree(this.ledger, receipts);
    const key = [charity, unit, kind].join();
    const [previous, from] = [this.last.get(key)?.batch ?? 0n, this.last.get(key)?.to ?? 0n];
    const [to, count, receiptsRoot] = [from + tree.sum, BigInt(receipts.length), tree.root];
    const statement = { batch, charity, unit, kind, from, to, previous, receipts: count, receiptsRoot };
    this.last.set(key, statement);
    return { statement, receipts, tree };
  }
}

export async function anchor({ contract, anchorer }: Deployed, batch: Batch): Promise<void> {
  await as(contract, anchorer).anchor(batch.number, batch.root);
}

export async function prove({ contract, stranger }: Deployed, batch: Batch): Promise<void> {
  for (const { statement, statementProof } of batch.entries) {
    await as(contract, stranger).prove(statement, statementProof);
  }
}

export async function anchorAndProve(deployed: Deployed, batch: Batch): Promise<void> {
  await anchor(deployed, batch);
  await prove(deployed, batch);
}
