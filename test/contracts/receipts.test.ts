// Receipts: that exactly the true ones verify, and where they lie. The trees and hashes to compare with come from
// independent libraries. How far their money has come is in stages.test.ts.
import { expect } from "chai";
import fc from "fast-check";
import { anchor, type Batch, Books, type Entry } from "../support/contracts/books.ts";
import {
  as,
  type Deployed,
  deployOpened,
  ethers,
  type LedgerContract,
  networkHelpers,
} from "../support/contracts/chain.ts";
import {
  batchTree,
  charityId,
  GIFT,
  REVERSAL,
  type Receipt,
  type ReceiptProof,
  random32,
  randomReceipt,
  receiptLeaf,
  statementLeaf,
  sumTree,
  unitOf,
} from "../support/contracts/reference.ts";

const CHARITY = charityId("GB-CHC-1164883");
const CNY = unitOf("CNY");
const LIMIT = 2n ** 63n;
const ANCHORED = 0n;

type Proven = { receipt: Receipt; proof: ReceiptProof; entry: Entry };

describe("receipts", () => {
  let deployed: Deployed;
  let contract: LedgerContract;
  let books: Books;

  beforeEach(async () => {
    deployed = await networkHelpers.loadFixture(deployOpened);
    contract = as(deployed.contract, deployed.stranger);
    books = new Books(deployed.ledger);
  });

  const proven = (entry: Entry, index: number): Proven => ({
    receipt: entry.receipts[index]!,
    proof: entry.tree.proof(index),
    entry,
  });
  const verify = ({ receipt, proof, entry }: Proven) =>
    contract.verifyReceipt(receipt, proof, entry.statement, entry.statementProof);

  async function sealed(amounts: bigint[], kind = GIFT): Promise<Batch> {
    const batch = books.seal({ charity: CHARITY, unit: CNY, kind, amounts });
    await anchor(deployed, batch);
    return batch;
  }

  /** A batch of one statement whose tree was built over receipts that no honest books hold. */
  async function sealedFalsely(
    receipts: Receipt[],
    change: { to?: bigint; count?: bigint } = {},
  ): Promise<Entry> {
    const tree = sumTree(deployed.ledger, receipts);
    const statement = {
      ...{
        batch: 1n,
        charity: CHARITY,
        unit: CNY,
        kind: GIFT,
        from: 0n,
        to: change.to ?? tree.sum,
        previous: 0n,
      },
      ...{ receipts: change.count ?? BigInt(receipts.length), receiptsRoot: tree.root },
    };
    const leaf = statementLeaf(deployed.ledger, statement);
    const batch = batchTree([leaf, random32()]);
    await as(contract, deployed.anchorer).anchor(1, batch.root);
    return { statement, statementProof: batch.proof(leaf), receipts, tree };
  }

  describe("are refused", () => {
    let of: Proven;
    beforeEach(async () => {
      of = proven((await sealed([50n, 20n, 7n, 9n, 3n])).entries[0]!, 2);
    });

    it("changed in any field", async () => {
      const changes: Partial<Receipt>[] = [
        { id: "0x".padEnd(34, "7") },
        { amount: of.receipt.amount + 1n },
        { acceptedAt: of.receipt.acceptedAt + 1n },
        { terms: random32() },
        { details: random32() },
        { salt: random32() },
      ];
      for (const change of changes) {
        await expect(verify({ ...of, receipt: { ...of.receipt, ...change } })).to.be.revertedWithCustomError(
          contract,
          "ReceiptNotInStatement",
        );
      }
    });

    it("of another charity, unit or kind than the statement", async () => {
      for (const change of [{ charity: random32() }, { unit: unitOf("USD") }, { kind: REVERSAL }]) {
        await expect(verify({ ...of, receipt: { ...of.receipt, ...change } })).to.be.revertedWithCustomError(
          contract,
          "ReceiptOfAnotherLine",
        );
      }
    });

    it("of another ledger", async () => {
      const foreign = sumTree(random32(), of.entry.receipts);
      await expect(verify({ ...of, proof: foreign.proof(2) })).to.be.revertedWithCustomError(
        contract,
        "ReceiptNotInStatement",
      );
    });

    it("of nothing, or of an amount or a time that no signed 64-bit integer holds", async () => {
      for (const change of [{ amount: 0n }, { amount: LIMIT }, { acceptedAt: LIMIT }]) {
        await expect(verify({ ...of, receipt: { ...of.receipt, ...change } })).to.be.revertedWithCustomError(
          contract,
          "ReceiptOutOfRange",
        );
      }
    });

    it("at another index", async () => {
      for (const index of [0n, 1n, 3n]) {
        await expect(verify({ ...of, proof: { ...of.proof, index } })).to.be.revertedWithCustomError(
          contract,
          "ReceiptNotInStatement",
        );
      }
    });

    it("at an index that its statement has not", async () => {
      for (const index of [5n, 2n ** 64n - 1n]) {
        await expect(verify({ ...of, proof: { ...of.proof, index } }))
          .to.be.revertedWithCustomError(contract, "IndexOutOfRange")
          .withArgs(index, 5);
      }
    });

    it("with another number of receipts than the statement's", async () => {
      await expect(verify({ ...of, proof: { ...of.proof, receipts: 6n } }))
        .to.be.revertedWithCustomError(contract, "ReceiptsMismatch")
        .withArgs(6, 5);
    });

    it("with a path cut or lengthened at either end", async () => {
      const { path } = of.proof;
      const more = { hash: random32(), sum: 0n };
      for (const [error, changed] of [
        ["PathTooShort", path.slice(1)],
        ["PathTooShort", path.slice(0, -1)],
        ["PathTooShort", []],
        ["PathTooLong", [...path, more]],
        ["PathTooLong", [more, ...path]],
      ] as const) {
        await expect(
          verify({ ...of, proof: { ...of.proof, path: [...changed] } }),
        ).to.be.revertedWithCustomError(contract, error);
      }
    });

    it("with a sibling's hash or sum changed, though the total stays", async () => {
      const { path } = of.proof;
      const [first, second] = path as [(typeof path)[0], (typeof path)[0]];
      const changes = [
        [{ ...first, hash: random32() }, ...path.slice(1)],
        [{ ...first, sum: first.sum + 1n }, ...path.slice(1)],
        [{ ...first, sum: first.sum + 1n }, { ...second, sum: second.sum - 1n }, ...path.slice(2)],
        [second, first, ...path.slice(2)],
      ];
      for (const changed of changes) {
        await expect(verify({ ...of, proof: { ...of.proof, path: changed } })).to.be.revertedWithCustomError(
          contract,
          "ReceiptNotInStatement",
        );
      }
    });

    it("with a sibling's sum, or a sum on the way, that is 2^63 or more", async () => {
      for (const sum of [LIMIT, 2n ** 64n - 1n, LIMIT - 1n]) {
        const path = of.proof.path.map((sibling) => ({ ...sibling, sum }));
        await expect(verify({ ...of, proof: { ...of.proof, path } })).to.be.revertedWithCustomError(
          contract,
          "SumOutOfRange",
        );
      }
    });

    it("when an inner node is offered in the place of a leaf", async () => {
      const proof = { ...of.proof, path: of.proof.path.slice(1), index: of.proof.index >> 1n };
      await expect(verify({ ...of, proof })).to.be.revertedWithCustomError(contract, "PathTooShort");
    });

    it("with a statement that is not in its batch", async () => {
      const entry = { ...of.entry, statement: { ...of.entry.statement, to: of.entry.statement.to + 1n } };
      await expect(verify({ ...of, entry })).to.be.revertedWithCustomError(contract, "StatementNotInBatch");
    });
  });

  it("are refused under a malformed statement", async () => {
    const entry = await sealedFalsely([randomReceipt(CHARITY, CNY, GIFT, 5n)], { count: 6n });
    await expect(verify(proven(entry, 0))).to.be.revertedWithCustomError(contract, "MalformedStatement");
  });

  it("are refused where the batch is not anchored", async () => {
    const batch = books.seal({ charity: CHARITY, unit: CNY, amounts: [50n] });
    await expect(verify(proven(batch.entries[0]!, 0))).to.be.revertedWithCustomError(
      contract,
      "BatchNotAnchored",
    );
  });

  it("are refused under an anchored statement that claims more than its tree holds", async () => {
    const entry = await sealedFalsely([randomReceipt(CHARITY, CNY, GIFT, 5n)], { to: 6n });
    await expect(verify(proven(entry, 0)))
      .to.be.revertedWithCustomError(contract, "SumMismatch")
      .withArgs(5, 6);
  });

  it("are told their leaf, interval and stage", async () => {
    await sealed([1_000n]);
    const { entries } = await sealed([50n, 20n, 7n]);
    const of = proven(entries[0]!, 1);
    expect([...(await verify(of))]).to.deep.equal([
      receiptLeaf(deployed.ledger, of.receipt),
      1_050n,
      1_070n,
      ANCHORED,
    ]);
  });

  it("verify with an empty path when alone in their statement", async () => {
    const { entries } = await sealed([50n]);
    expect((await verify(proven(entries[0]!, 0))).end).to.equal(50n);
  });

  it("verify at every place of every tree that merkletreejs builds, at its positions, and nowhere else", async () => {
    const amount = fc.bigInt({ min: 1n, max: 2n ** 40n });
    await fc.assert(
      fc.asyncProperty(fc.array(amount, { minLength: 1, maxLength: 40 }), fc.nat(), async (amounts, pick) => {
        const entry = (await sealed(amounts)).entries[0]!;
        const index = pick % amounts.length;
        const of = proven(entry, index);
        const { start, end } = await verify(of);
        expect(start - entry.statement.from).to.equal(entry.tree.starts[index]);
        expect(end - start).to.equal(amounts[index]);
        const elsewhere = { ...of.proof, index: BigInt((index + 1) % (amounts.length + 1)) };
        await expect(verify({ ...of, proof: elsewhere })).to.revert(ethers);
      }),
      { numRuns: 60 },
    );
  });
});
