// Statements: what may raise `given` and `reversed` of a line, and what may not.
import { expect } from "chai";
import { anchor, anchorAndProve, Books, type Entry } from "../support/contracts/books.ts";
import {
  as,
  type Deployed,
  deployOpened,
  type LedgerContract,
  networkHelpers,
} from "../support/contracts/chain.ts";
import {
  batchTree,
  charityId,
  GIFT,
  REVERSAL,
  random32,
  type Statement,
  statementLeaf,
  unitOf,
} from "../support/contracts/reference.ts";

const CHARITY = charityId("GB-CHC-1164883");
const CNY = unitOf("CNY");
const LIMIT = 2n ** 63n;

describe("statements", () => {
  let deployed: Deployed;
  let contract: LedgerContract;
  let books: Books;

  beforeEach(async () => {
    deployed = await networkHelpers.loadFixture(deployOpened);
    contract = as(deployed.contract, deployed.stranger);
    books = new Books(deployed.ledger);
  });

  const proven = ({ statement, statementProof }: Entry) => contract.prove(statement, statementProof);
  const marks = async () => (await contract.line(CHARITY, CNY)).slice(0, 2);

  /** Anchors a batch that holds just this statement and tries to prove it. */
  async function proveAlone(change: Partial<Statement>) {
    const statement: Statement = {
      batch: 1n,
      charity: CHARITY,
      unit: CNY,
      kind: GIFT,
      from: 0n,
      to: 100n,
      previous: 0n,
      receipts: 1n,
      receiptsRoot: random32(),
      ...change,
    };
    const leaf = statementLeaf(deployed.ledger, statement);
    const tree = batchTree([leaf, random32()]);
    const next = (await contract.lastBatch()) + 1n;
    await as(deployed.contract, deployed.anchorer).anchor(next, tree.root);
    return contract.prove(statement, tree.proof(leaf));
  }

  describe("a malformed one, though anchored, is refused", () => {
    const malformed: Record<string, Partial<Statement>> = {
      "of no known kind": { kind: 2 },
      "that is empty": { to: 0n },
      "that runs backwards": { from: 5n, to: 4n, previous: 1n, batch: 2n },
      "that ends at 2^63": { to: LIMIT },
      "without receipts": { receipts: 0n },
      "with more receipts than minor units": { receipts: 101n },
      "of batch 0": { batch: 0n },
      "that names itself as the one before": { previous: 1n, from: 1n },
      "that names a later one as the one before": { previous: 2n, from: 1n },
      "first on its line, yet not at 0": { from: 1n },
      "at 0, yet not first on its line": { batch: 2n, previous: 1n },
    };
    for (const [title, change] of Object.entries(malformed)) {
      it(title, async () => {
        await anchor(deployed, books.seal());
        await expect(proveAlone(change)).to.be.revertedWithCustomError(contract, "MalformedStatement");
      });
    }
  });

  it("refuses a statement of a batch that is not anchored", async () => {
    await expect(proven(books.seal({ charity: CHARITY, unit: CNY, amounts: [50n] }).entries[0]!))
      .to.be.revertedWithCustomError(contract, "BatchNotAnchored")
      .withArgs(1);
  });

  it("refuses a statement changed in any field", async () => {
    const batch = books.seal({ charity: CHARITY, unit: CNY, amounts: [50n, 20n] });
    await anchor(deployed, batch);
    const { statement, statementProof } = batch.entries[0]!;
    const changes: Partial<Statement>[] = [
      { charity: random32() },
      { unit: unitOf("USD") },
      { kind: REVERSAL },
      { to: 71n },
      { receipts: 1n },
      { receiptsRoot: random32() },
    ];
    for (const change of changes) {
      await expect(contract.prove({ ...statement, ...change }, statementProof)).to.be.revertedWithCustomError(
        contract,
        "StatementNotInBatch",
      );
    }
  });

  it("refuses a proof cut, lengthened or of another leaf", async () => {
    const batch = books.seal(
      { charity: CHARITY, unit: CNY, amounts: [50n] },
      { charity: CHARITY, unit: unitOf("USD"), amounts: [50n] },
    );
    await anchor(deployed, batch);
    const [{ statement, statementProof }, other] = batch.entries as [Entry, Entry];
    for (const proof of [
      statementProof.slice(1),
      [...statementProof, random32()],
      other.statementProof,
      [],
    ]) {
      await expect(contract.prove(statement, proof)).to.be.revertedWithCustomError(
        contract,
        "StatementNotInBatch",
      );
    }
  });

  it("refuses a statement of another ledger", async () => {
    const foreign = new Books(random32()).seal({ charity: CHARITY, unit: CNY, amounts: [50n] });
    await anchor(deployed, foreign);
    await expect(proven(foreign.entries[0]!)).to.be.revertedWithCustomError(contract, "StatementNotInBatch");
  });

  it("refuses reversals one unit beyond what was given", async () => {
    await anchorAndProve(deployed, books.seal({ charity: CHARITY, unit: CNY, amounts: [50n] }));
    const batch = books.seal({ charity: CHARITY, unit: CNY, kind: REVERSAL, amounts: [51n] });
    await anchor(deployed, batch);
    await expect(proven(batch.entries[0]!))
      .to.be.revertedWithCustomError(contract, "ReversedBeyondGiven")
      .withArgs(50, 51);
  });

  it("raises the line's given to the statement's end, called by anyone, also while paused", async () => {
    const batch = books.seal({ charity: CHARITY, unit: CNY, amounts: [50n, 20n, 1n] });
    await anchor(deployed, batch);
    await as(contract, deployed.pauser).pause();
    await expect(proven(batch.entries[0]!))
      .to.emit(contract, "StatementProven")
      .withArgs(CHARITY, CNY, 1, GIFT, 0, 71);
    expect(await marks()).to.deep.equal([71n, 0n]);
  });

  it("raises reversed up to all that was given", async () => {
    await anchorAndProve(deployed, books.seal({ charity: CHARITY, unit: CNY, amounts: [50n] }));
    const batch = books.seal({ charity: CHARITY, unit: CNY, kind: REVERSAL, amounts: [30n, 20n] });
    await anchor(deployed, batch);
    await expect(proven(batch.entries[0]!))
      .to.emit(contract, "StatementProven")
      .withArgs(CHARITY, CNY, 2, REVERSAL, 0, 50);
    expect(await marks()).to.deep.equal([50n, 50n]);
  });

  it("takes statements again and out of order without lowering anything", async () => {
    const [first, second] = [
      books.seal({ charity: CHARITY, unit: CNY, amounts: [50n] }),
      books.seal({ charity: CHARITY, unit: CNY, amounts: [7n] }),
    ];
    await anchor(deployed, first);
    await anchorAndProve(deployed, second);
    for (const { entries } of [first, second]) {
      await expect(proven(entries[0]!)).not.to.emit(contract, "StatementProven");
    }
    expect(await marks()).to.deep.equal([57n, 0n]);
  });

  it("keeps lines of other charities and units apart", async () => {
    await anchorAndProve(
      deployed,
      books.seal(
        { charity: CHARITY, unit: unitOf("STEP"), amounts: [5_000n] },
        { charity: charityId("other"), unit: CNY, amounts: [9n] },
      ),
    );
    expect(await marks()).to.deep.equal([0n, 0n]);
    expect((await contract.line(CHARITY, unitOf("STEP"))).given).to.equal(5_000n);
  });

  it("holds a line as long as positions go", async () => {
    await proveAlone({ to: LIMIT - 1n });
    expect(await marks()).to.deep.equal([LIMIT - 1n, 0n]);
  });
});
