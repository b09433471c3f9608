// The second reading's own hashes against the protocol's: two implementations that share nothing must agree on all input.

import { expect } from "chai";
import fc from "fast-check";
import {
  LeafReader,
  noticeLeafAgain,
  rootAgain,
  statementLeafAgain,
} from "../../server/jobs/reread-hashing.ts";
import { SumStack } from "../../server/jobs/sum-stack.ts";
import { batchTree } from "../../server/protocol/batch-root.ts";
import { type Receipt, receiptLeaf } from "../../server/protocol/receipt.ts";
import { noticeLeaf, statementLeaf } from "../../server/protocol/statement.ts";
import { rootNode, sumTreeLevels } from "../../server/protocol/sum-tree.ts";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const word = bytes(32);
const uint63 = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
const unit = fc.constantFrom("CNY", "STEP", "A".repeat(32));
const kind = fc.constantFrom(0 as const, 1 as const);

const receipt: fc.Arbitrary<Receipt> = fc.record({
  id: bytes(16),
  charity: word,
  unit,
  kind,
  amount: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
  acceptedAt: uint63,
  terms: word,
  details: word,
  salt: word,
});

const int8 = (value: bigint) => {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(value);
  return out;
};

describe("the second reading's hashes", () => {
  it("refuse a tree whose amounts reach 2^63, and one without leaves", () => {
    const stack = new SumStack();
    expect(() => stack.root()).to.throw(RangeError, "at least one leaf");
    stack.push(new Uint8Array(32), 2n ** 63n - 1n);
    expect(() => stack.push(new Uint8Array(32), 1n)).to.throw(RangeError, "past 2^63");
  });

  it("give the protocol's leaf of every receipt, by both of its ways", () => {
    fc.assert(
      fc.property(word, receipt, (ledger, one) => {
        const reader = new LeafReader(ledger);
        const charity = Buffer.from(one.charity);
        // A line of another shape before it must leave no trace.
        reader.enter({ charity: Buffer.alloc(32, 7), unit: "Z".repeat(32) });
        reader.enter({ charity, unit: one.unit });
        const integers = { amount: int8(one.amount), acceptedAt: int8(one.acceptedAt) };
        const fields = { ...one, ...integers, line: 1, leaf: new Uint8Array(32) };
        const wanted = Buffer.from(receiptLeaf(ledger, one));
        expect(Buffer.from(reader.leaf(fields)).equals(wanted)).to.equal(true);
        expect(Buffer.from(reader.leafByViem(fields)).equals(wanted)).to.equal(true);
      }),
    );
  });

  it("give the protocol's root of every sum tree", () => {
    const amounts = fc.array(fc.bigInt({ min: 1n, max: 2n ** 40n }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(amounts, (sums) => {
        const hashes = new Uint8Array(sums.length * 32).map((_, index) => (index * 31) % 251);
        const stack = new SumStack();
        for (const [index, sum] of sums.entries()) stack.push(hashes.slice(index * 32, index * 32 + 32), sum);
        const wanted = rootNode(sumTreeLevels({ hashes, sums: BigUint64Array.from(sums) }));
        const { hash, sum } = stack.root();
        expect(sum).to.equal(wanted.sum);
        expect(Buffer.from(hash).equals(Buffer.from(wanted.hash))).to.equal(true);
      }),
    );
  });

  it("give the protocol's leaf of every statement and notice", () => {
    const figures = fc.record({
      batch: uint63,
      from: uint63,
      to: uint63,
      previous: uint63,
      receipts: uint63,
    });
    fc.assert(
      fc.property(word, figures, word, word, unit, kind, (ledger, numbers, charity, root, name, side) => {
        const line = { charity: Buffer.from(charity), unit: name, kind: side };
        const again = statementLeafAgain(ledger, { ...numbers, ...line, root });
        const wanted = statementLeaf(ledger, { ...numbers, ...line, receiptsRoot: root });
        expect(Buffer.from(again).equals(Buffer.from(wanted))).to.equal(true);
        const notice = { kind: "previous", subject: charity, content: root };
        const leaf = noticeLeaf(ledger, { batch: numbers.batch, ...notice });
        expect(
          Buffer.from(noticeLeafAgain(ledger, numbers.batch, notice)).equals(Buffer.from(leaf)),
        ).to.equal(true);
      }),
    );
  });

  it("give the root that merkletreejs gives, whatever the order of the leaves", () => {
    const leaves = fc.uniqueArray(word, {
      minLength: 1,
      maxLength: 70,
      selector: (leaf) => Buffer.from(leaf).toString("hex"),
    });
    fc.assert(
      fc.property(leaves, (some) => {
        const wanted = Buffer.from(batchTree(some).root);
        expect(Buffer.from(rootAgain(some.toReversed())).equals(wanted)).to.equal(true);
      }),
    );
  });
});
