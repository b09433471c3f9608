// A book recomputed part by part: the same trees as the protocol's, and every way in which a book contradicts itself by name.

import { expect } from "chai";
import { rootOfBatch } from "../../server/books/batch-tree.ts";
import { openBook } from "../../server/books/read.ts";
import { rootOfReceipts } from "../../server/books/receipts-tree.ts";
import { recomputeNotices, recomputeStatement } from "../../server/books/recompute.ts";
import { fastKeccak } from "../../server/hashing.ts";
import { rootNode, sumTreeLevels } from "../../server/protocol/sum-tree.ts";
import { bytesOf } from "../protocol/making.ts";
import { bytesOfBook, LEDGER, smallBook } from "./making.ts";

const PART_RECEIPTS = 65_536;

/** Leaves that are all different, and amounts of which no two halves are alike. */
function receipts(count: number) {
  const leaves = new Uint8Array(32 * count);
  const view = new DataView(leaves.buffer);
  for (let i = 0; i < count; i++) view.setUint32(32 * i, i);
  return { leaves, amounts: BigUint64Array.from({ length: count }, (_, i) => BigInt(1 + (i % 997))) };
}

describe("the tree of a statement, part by part", () => {
  for (const count of [1, 2, 3, PART_RECEIPTS - 1, PART_RECEIPTS, PART_RECEIPTS + 1, 2 * PART_RECEIPTS + 5])
    it(`is that of the protocol over ${count} receipts, and tells of each of them`, () => {
      const { leaves, amounts } = receipts(count);
      let told = 0;
      const root = rootOfReceipts(leaves, amounts, fastKeccak, (more) => {
        told += more;
      });
      const whole = rootNode(sumTreeLevels({ hashes: leaves, sums: amounts }, fastKeccak));
      expect(root).to.deep.equal(whole);
      expect(told).to.equal(count);
    });

  it("has no root where the amounts leave what a tree can hold, and still their sum", () => {
    const { leaves } = receipts(2);
    const amounts = BigUint64Array.from([2n ** 63n - 1n, 1n]);
    expect(rootOfReceipts(leaves, amounts, fastKeccak)).to.deep.equal({
      hash: new Uint8Array(32),
      sum: 2n ** 63n,
    });
  });
});

describe("a book recomputed", () => {
  let bytes: Uint8Array;
  beforeEach(async () => {
    bytes = (await bytesOfBook(smallBook())).slice();
  });

  /** The codes by statement, each of the book as it stands now. */
  const flaws = () =>
    openBook(bytes).statements.map((statement) =>
      recomputeStatement(statement, LEDGER, fastKeccak).map(({ code }) => code),
    );

  it("contradicts itself nowhere as it was sealed, and leads to its root", () => {
    const book = openBook(bytes);
    expect(flaws()).to.deep.equal([[], [], []]);
    expect(recomputeNotices(book, bytesOf("the root before"))).to.deep.equal([]);
    expect(rootOfBatch(book, fastKeccak)).to.deep.equal(book.root);
  });

  it("names a changed leaf and a changed amount, each at its own statement alone", () => {
    const [first, second] = openBook(bytes).statements;
    first!.leaves[0]! ^= 1;
    expect(flaws()).to.deep.equal([["receipts-altered"], [], []]);
    second!.amounts[0] = 0n;
    expect(flaws()).to.deep.equal([["receipts-altered"], expectedOfZero(), []]);
  });

  /** A reversal of nothing: neither its tree, nor its sum, nor its own hash holds. */
  const expectedOfZero = () =>
    openBook(bytes).statements[1]!.kind === 1
      ? ["amount-zero", "receipts-altered", "amounts-false", "reversal-altered"]
      : ["amount-zero", "receipts-altered", "amounts-false"];

  it("names a reversal whose published fields are not those that were hashed", () => {
    const side = openBook(bytes).statements.findIndex(({ kind }) => kind === 1);
    openBook(bytes).statements[side]!.reversals.salts[3]! ^= 1;
    expect(flaws()[side]).to.deep.equal(["reversal-altered"]);
  });

  it("names a statement that contradicts itself, whatever its tree holds", () => {
    const book = openBook(bytes);
    const codes = recomputeStatement({ ...book.statements[0]!, previous: 99n }, LEDGER, fastKeccak);
    expect(codes.map(({ code }) => code)).to.deep.equal(["statement-malformed"]);
  });

  it("names another root before it than the contract keeps, and missing notices", () => {
    const book = openBook(bytes);
    const codes = (given: Partial<typeof book>, root = bytesOf("the root before")) =>
      recomputeNotices({ ...book, ...given }, root).map(({ code }) => code);
    expect(codes({}, bytesOf("another"))).to.deep.equal(["previous-false"]);
    expect(codes({ notices: [] })).to.deep.equal(["previous-missing", "times-missing"]);
    expect(codes({ closedAt: 1n })).to.deep.equal(["book-header-false"]);
  });
});
