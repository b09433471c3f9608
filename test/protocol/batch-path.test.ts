// A batch's root, and the way to it, without a library, beside the library's.

import { expect } from "chai";
import fc from "fast-check";
import type { InputError } from "../../server/errors.ts";
import { batchPath, rootOfLeaves } from "../../server/protocol/batch-path.ts";
import { batchTree } from "../../server/protocol/batch-root.ts";
import { ZERO32 } from "../../server/protocol/bytes.ts";
import { bytesOf } from "./making.ts";

const leaves = (count: number) => Array.from({ length: count }, (_, i) => bytesOf(`leaf ${i}`));

describe("a batch's root", () => {
  it("is the library's, for batches of any size; zero for one without leaves", () => {
    for (const count of [1, 2, 3, 5, 8, 100])
      expect(rootOfLeaves(leaves(count))).to.deep.equal(batchTree(leaves(count)).root);
    expect(rootOfLeaves([])).to.deep.equal(ZERO32);
  });
});

describe("the way to a batch's root", () => {
  it("is the library's, for batches of any size and every leaf", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), (count, which) => {
        const all = leaves(count);
        const leaf = all[which % count]!;
        const { root, proof } = batchPath(all, leaf);
        const tree = batchTree(all);
        expect(root).to.deep.equal(tree.root);
        expect(proof).to.deep.equal(tree.proof(leaf));
      }),
      { numRuns: 60 },
    );
  });

  it("is refused for a leaf that is not there, and among leaves of which one is there twice", () => {
    const codeOf = (make: () => unknown) => {
      try {
        make();
      } catch (error) {
        return (error as InputError).code;
      }
    };
    expect(codeOf(() => batchPath(leaves(3), bytesOf("another")))).to.equal("no-such-leaf");
    expect(codeOf(() => batchPath([...leaves(3), ...leaves(1)], bytesOf("leaf 0")))).to.equal("leaf-twice");
  });
});
