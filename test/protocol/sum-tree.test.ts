// The sum tree, against MerkleSumTree of merkletreejs, and what it refuses that this library accepts.

import { expect } from "chai";
import fc from "fast-check";
import { MerkleSumTree } from "merkletreejs";
import { InputError, VerificationError } from "../../server/errors.ts";
import { concat, toHex, uint64 } from "../../server/protocol/bytes.ts";
import { keccak } from "../../server/protocol/hash.ts";
import {
  climb,
  levelCount,
  levelsAbove,
  nodeAt,
  parentLevel,
  pathPlaces,
  pathShape,
  proofPath,
  rootNode,
  type Sibling,
  sumTreeLevels,
} from "../../server/protocol/sum-tree.ts";
import { leaves as someLeaves } from "./arbitraries.ts";
import { expectRefusal } from "./errors.ts";
import { bytesOf, levelOf } from "./making.ts";

/** merkletreejs hashes the data of its own leaves; ours are hashes already, so the bucket is given directly. */
function libraryTree(leaves: Sibling[]): MerkleSumTree {
  let end = 0n;
  const ranged = leaves.map(({ hash, sum }) => {
    const rng = [end, end + sum];
    end += sum;
    const bucket = { size: sum, hashed: Buffer.from(hash), parent: null, left: null, right: null };
    return { rng, data: null, getBucket: () => bucket };
  });
  return new MerkleSumTree(ranged as never, ((node: Buffer) => Buffer.from(keccak(node))) as never);
}

function numberedLeaves(count: number): Sibling[] {
  return Array.from({ length: count }, (_, i) => ({ hash: keccak(uint64(BigInt(i))), sum: BigInt(i + 1) }));
}

function flipBit(hash: Uint8Array, bit: number): Uint8Array {
  return hash.with(bit >> 3, hash[bit >> 3]! ^ (1 << (bit & 7)));
}

describe("sum tree: what climbing refuses", () => {
  const leaves = numberedLeaves(7);
  const levels = sumTreeLevels(levelOf(leaves));
  const [leaf, path] = [leaves[2]!, proofPath(levels, 2)];
  const proof = { index: 2n, receipts: 7n, path };

  it("refuses an index past the receipts", () => {
    for (const index of [7n, 8n, -1n, 2n ** 62n]) {
      const past = { ...proof, index };
      expectRefusal(() => climb(leaf.hash, leaf.sum, past), VerificationError, "index-out-of-range");
    }
  });

  it("refuses a number of receipts that no tree has", () => {
    for (const receipts of [0n, -1n, 2n ** 63n]) {
      expectRefusal(() => pathShape(0n, receipts), VerificationError, "index-out-of-range");
    }
  });

  it("refuses a path of another length than index and number ask for", () => {
    for (const wrong of [[], path.slice(1), [...path, path[0]!]]) {
      expectRefusal(
        () => climb(leaf.hash, leaf.sum, { ...proof, path: wrong }),
        VerificationError,
        "path-length",
      );
    }
  });

  it("refuses an amount or a sibling's sum outside [0, 2^63)", () => {
    for (const sum of [-1n, 2n ** 63n, 2n ** 64n]) {
      expectRefusal(() => climb(leaf.hash, sum, proof), VerificationError, "sum-out-of-range");
      const forged = [{ ...path[0]!, sum }, ...path.slice(1)];
      expectRefusal(
        () => climb(leaf.hash, leaf.sum, { ...proof, path: forged }),
        VerificationError,
        "sum-out-of-range",
      );
    }
  });

  it("refuses partial sums that reach 2^63, even if the total would wrap to the right one", () => {
    const huge = path.map((sibling) => ({ ...sibling, sum: 2n ** 62n }));
    expectRefusal(
      () => climb(leaf.hash, leaf.sum, { ...proof, path: huge }),
      VerificationError,
      "sum-out-of-range",
    );
  });

  it("refuses the negative sum with which merkletreejs lets a gift be inflated", () => {
    const [inflated, hidden] = [
      { hash: bytesOf("inflated"), sum: 60n },
      { hash: bytesOf("hidden"), sum: -10n },
    ];
    const tree = libraryTree([inflated, hidden]);
    const forgery = {
      rng: [0n, 60n],
      data: null,
      getBucket: () => ({ size: 60n, hashed: Buffer.from(inflated.hash) }),
    };
    expect(tree.root.size).to.equal(50n);
    expect(tree.verifyProof(tree.root, forgery as never, tree.getProof(0))).to.equal(true);
    const claim = { index: 0n, receipts: 2n, path: [hidden] };
    expectRefusal(() => climb(inflated.hash, 60n, claim), VerificationError, "sum-out-of-range");
  });

  it("leads elsewhere when leaf, amount, side or any sibling is changed", () => {
    fc.assert(
      fc.property(someLeaves(40), fc.nat(), fc.nat({ max: 255 }), (any, pick, bit) => {
        const index = pick % any.length;
        const [all, { hash, sum }] = [sumTreeLevels(levelOf(any)), any[index]!];
        const good = { index: BigInt(index), receipts: BigInt(any.length), path: proofPath(all, index) };
        const root = toHex(rootNode(all).hash);
        const differs = (end: { hash: Uint8Array }) => expect(toHex(end.hash)).not.to.equal(root);
        differs(climb(flipBit(hash, bit), sum, good));
        for (const [step, sibling] of good.path.entries()) {
          differs(
            climb(hash, sum, {
              ...good,
              path: good.path.with(step, { ...sibling, hash: flipBit(sibling.hash, bit) }),
            }),
          );
          differs(
            climb(hash, sum, { ...good, path: good.path.with(step, { ...sibling, sum: sibling.sum + 1n }) }),
          );
        }
        if (good.path.length > 0) differs(climb(hash, sum + 1n, good));
      }),
    );
  });
});

describe("sum tree: what building refuses", () => {
  it("refuses a level without nodes, or whose hashes and sums disagree in number", () => {
    for (const [hashBytes, sums] of [
      [0, 0],
      [32, 2],
      [33, 1],
    ] as const) {
      const level = { hashes: new Uint8Array(hashBytes), sums: new BigUint64Array(sums) };
      expectRefusal(() => parentLevel(level), InputError, "wrong-level");
    }
  });

  it("refuses amounts that add up past 2^63 − 1", () => {
    const two = levelOf([
      { hash: bytesOf("a"), sum: 2n ** 62n },
      { hash: bytesOf("b"), sum: 2n ** 62n },
    ]);
    expectRefusal(() => sumTreeLevels(two), InputError, "sum-out-of-range");
  });

  it("refuses to show a node that is not there", () => {
    expectRefusal(() => nodeAt(levelOf(numberedLeaves(3)), 3), InputError, "no-such-node");
  });
});

describe("sum tree", () => {
  it("is one leaf alone when there is but one", () => {
    const [leaf] = numberedLeaves(1);
    const levels = sumTreeLevels(levelOf([leaf!]));
    expect(levels).to.have.length(1);
    expect(climb(leaf!.hash, leaf!.sum, { index: 0n, receipts: 1n, path: [] })).to.deep.equal({
      ...leaf,
      before: 0n,
    });
  });

  it("moves an odd node up unchanged", () => {
    const leaves = numberedLeaves(5);
    const levels = sumTreeLevels(levelOf(leaves));
    expect([nodeAt(levels[1]!, 2), nodeAt(levels[2]!, 1)]).to.deep.equal([leaves[4], leaves[4]]);
    expect(pathShape(4n, 5n)).to.deep.equal(["left"]);
  });

  it("hashes both sums, each before its hash, in 80 bytes", () => {
    const [left, right] = numberedLeaves(2);
    const root = rootNode(sumTreeLevels(levelOf([left!, right!])));
    expect(root.hash).to.deep.equal(keccak(concat(uint64(1n), left!.hash, uint64(2n), right!.hash)));
  });

  it("has the root of MerkleSumTree, and proofs that MerkleSumTree verifies", () => {
    fc.assert(
      fc.property(someLeaves(70), fc.nat(), (leaves, pick) => {
        const index = pick % leaves.length;
        const [levels, library] = [sumTreeLevels(levelOf(leaves)), libraryTree(leaves)];
        expect(toHex(rootNode(levels).hash)).to.equal(toHex(library.root.hashed));
        expect(rootNode(levels).sum).to.equal(library.root.size);
        const sides = pathShape(BigInt(index), BigInt(leaves.length));
        const own = proofPath(levels, index).map(({ hash, sum }, i) => [
          toHex(hash),
          sum,
          sides[i] === "right",
        ]);
        const theirs = library
          .getProof(index)
          .map((step) => [toHex(step.bucket.hashed), step.bucket.size, step.right]);
        expect(own).to.deep.equal(theirs);
      }),
    );
  });

  it("proves the interval of every leaf: what is left of it, and where the tree ends", () => {
    fc.assert(
      fc.property(someLeaves(40), (leaves) => {
        const levels = sumTreeLevels(levelOf(leaves));
        let before = 0n;
        for (const [index, { hash, sum }] of leaves.entries()) {
          const proof = {
            index: BigInt(index),
            receipts: BigInt(leaves.length),
            path: proofPath(levels, index),
          };
          expect(climb(hash, sum, proof)).to.deep.equal({ ...rootNode(levels), before });
          before += sum;
        }
      }),
    );
  });

  it("grows the same from aligned segments, whichever level they are joined at", () => {
    fc.assert(
      fc.property(someLeaves(200), fc.integer({ min: 0, max: 5 }), (leaves, height) => {
        const whole = sumTreeLevels(levelOf(leaves));
        const width = 2 ** height;
        const roots: Sibling[] = [];
        for (let at = 0; at < leaves.length; at += width) {
          roots.push(rootNode(sumTreeLevels(levelOf(leaves.slice(at, at + width)))));
        }
        const joined = levelOf(roots);
        expect([joined, ...levelsAbove(joined)]).to.deep.equal(
          whole.slice(Math.min(height, whole.length - 1)),
        );
      }),
    );
  });

  it("has as many levels as counted, and siblings only where there are nodes", () => {
    for (let receipts = 1; receipts <= 130; receipts++) {
      const sizes = sumTreeLevels(levelOf(numberedLeaves(receipts))).map(({ sums }) => BigInt(sums.length));
      expect(levelCount(BigInt(receipts))).to.equal(sizes.length);
      for (let index = 0n; index < receipts; index++) {
        const places = pathPlaces(index, BigInt(receipts));
        expect(
          places.every(
            (place) => place.index < sizes[place.level]! && place.index !== index >> BigInt(place.level),
          ),
        ).to.equal(true);
      }
    }
  });

  it("counts the levels of the largest tree there can be", () => {
    expect([1n, 2n, 3n, 4n, 5n, 2n ** 63n - 1n].map(levelCount)).to.deep.equal([1, 2, 3, 3, 4, 64]);
    expect(pathShape(0n, 2n ** 63n - 1n)).to.have.length(63);
  });

  it("reads levels that begin inside a larger buffer", () => {
    const leaves = levelOf(numberedLeaves(5));
    const padded = concat(new Uint8Array(3), leaves.hashes).subarray(3);
    expect(rootNode(sumTreeLevels({ ...leaves, hashes: padded }))).to.deep.equal(
      rootNode(sumTreeLevels(leaves)),
    );
  });
});
