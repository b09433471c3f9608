// Statements, notices and the tree over them, against OpenZeppelin's standard leaf and proofs, and viem's abi.encode.

import { SimpleMerkleTree, StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { processProof } from "@openzeppelin/merkle-tree/dist/core.js";
import { standardLeafHash } from "@openzeppelin/merkle-tree/dist/hashes.js";
import { expect } from "chai";
import fc from "fast-check";
import { encodeAbiParameters, keccak256, parseAbiParameters } from "viem";
import { InputError, VerificationError } from "../../server/errors.ts";
import { rootFromProof } from "../../server/protocol/batch-proof.ts";
import { batchTree } from "../../server/protocol/batch-root.ts";
import { equalBytes, tag, toHex } from "../../server/protocol/bytes.ts";
import { keccak } from "../../server/protocol/hash.ts";
import {
  checkStatement,
  noticeLeaf,
  previousNotice,
  type Statement,
  statementLeaf,
  timesNotice,
} from "../../server/protocol/statement.ts";
import { bytes, statement as someStatement, uint63, unit } from "./arbitraries.ts";
import { expectRefusal } from "./errors.ts";
import { bytesOf } from "./making.ts";

const STATEMENT_TYPES =
  "bytes32,bytes32,uint64,bytes32,bytes32,uint8,uint64,uint64,uint64,uint64,bytes32".split(",");
const NOTICE_TYPES = "bytes32,bytes32,uint64,bytes32,bytes32,bytes32".split(",");

const GOOD: Statement = {
  batch: 3n,
  charity: bytesOf("charity"),
  unit: "CNY",
  kind: 0,
  from: 100n,
  to: 150n,
  previous: 2n,
  receipts: 50n,
  receiptsRoot: bytesOf("root"),
};

describe("statement", () => {
  const contradictions: Record<string, Partial<Statement>> = {
    "batch 0": { batch: 0n, previous: 0n },
    "an end at its beginning": { to: 100n },
    "an end before its beginning": { to: 99n },
    "no receipts": { receipts: 0n },
    "more receipts than minor units": { receipts: 51n },
    "a statement before in its own batch": { previous: 3n },
    "a beginning at zero behind another statement": { from: 0n },
    "a first statement that does not begin at zero": { previous: 0n },
    "an end of 2^63": { to: 2n ** 63n },
    "a negative beginning": { from: -1n },
  };
  for (const [name, change] of Object.entries(contradictions)) {
    it(`refuses ${name}`, () => {
      expectRefusal(() => checkStatement({ ...GOOD, ...change }), VerificationError, "statement-malformed");
    });
  }

  it("refuses a kind that is neither gift nor reversal", () => {
    expectRefusal(() => checkStatement({ ...GOOD, kind: 2 as 1 }), InputError, "wrong-kind");
  });

  it("refuses a leaf from a charity, root or ledger that is not 32 bytes", () => {
    const short = bytesOf("short", 31);
    for (const wrong of [{ charity: short }, { receiptsRoot: short }]) {
      expectRefusal(
        () => statementLeaf(bytesOf("ledger"), { ...GOOD, ...wrong }),
        InputError,
        "wrong-length",
      );
    }
    expectRefusal(() => statementLeaf(short, GOOD), InputError, "wrong-length");
  });

  it("accepts a first and a later statement", () => {
    checkStatement(GOOD);
    checkStatement({ ...GOOD, from: 0n, previous: 0n, receipts: 150n });
  });

  it("has OpenZeppelin's standard leaf, which is also viem's encoding hashed twice", () => {
    fc.assert(
      fc.property(bytes(32), someStatement, (ledger, any) => {
        const { batch, charity, kind, from, to, previous, receipts, receiptsRoot } = any;
        const head = [
          toHex(tag("amanah.statement.v1")),
          toHex(ledger),
          batch,
          toHex(charity),
          toHex(tag(any.unit)),
        ];
        const values = [...head, kind, from, to, previous, receipts, toHex(receiptsRoot)];
        const leaf = toHex(statementLeaf(ledger, any));
        expect(leaf).to.equal(standardLeafHash(STATEMENT_TYPES, values));
        const encoded = encodeAbiParameters(parseAbiParameters(STATEMENT_TYPES.join(",")), values as never);
        expect(encoded).to.have.length(2 + 2 * 352);
        expect(leaf).to.equal(keccak256(keccak256(encoded)));
      }),
    );
  });
});

describe("notice", () => {
  it("refuses times that run backwards", () => {
    expectRefusal(() => timesNotice(1n, 11n, 10n), InputError, "times-reversed");
  });

  it("refuses a subject or content that is not 32 bytes", () => {
    const notice = previousNotice(1n, bytesOf("ledger"));
    for (const wrong of [{ subject: new Uint8Array(31) }, { content: new Uint8Array(33) }]) {
      expectRefusal(() => noticeLeaf(bytesOf("ledger"), { ...notice, ...wrong }), InputError, "wrong-length");
    }
  });

  it("has OpenZeppelin's standard leaf", () => {
    fc.assert(
      fc.property(bytes(32), uint63, unit, bytes(32), bytes(32), (ledger, batch, kind, subject, content) => {
        const head = [toHex(tag("amanah.notice.v1")), toHex(ledger), batch, toHex(tag(kind))];
        const values = [...head, toHex(subject), toHex(content)];
        const leaf = noticeLeaf(ledger, { batch, kind, subject, content });
        expect(toHex(leaf)).to.equal(standardLeafHash(NOTICE_TYPES, values));
      }),
    );
  });

  it("tells opening and closing in 16 bytes each", () => {
    const { kind, content } = timesNotice(7n, 1n, 258n);
    expect([kind, toHex(content)]).to.deep.equal(["times", `0x${"00".repeat(15)}01${"00".repeat(14)}0102`]);
  });
});

describe("batch tree", () => {
  const leaves = Array.from({ length: 11 }, (_, i) => bytesOf(`leaf ${i}`));

  it("refuses to be empty", () => {
    expectRefusal(() => batchTree([]), InputError, "no-leaves");
  });

  it("refuses a leaf given twice", () => {
    expectRefusal(() => batchTree([...leaves, leaves[3]!]), InputError, "leaf-twice");
  });

  it("refuses a proof of a leaf that it does not hold", () => {
    expectRefusal(() => batchTree(leaves).proof(bytesOf("stranger")), InputError, "no-such-leaf");
  });

  it("refuses a proof with hashes that are not 32 bytes, or with more of them than any tree has", () => {
    const [leaf, sibling] = [leaves[0]!, leaves[1]!];
    const wrong = [[sibling.slice(1)], Array<Uint8Array>(65).fill(sibling)];
    for (const proof of wrong) {
      expectRefusal(() => rootFromProof(leaf, proof), VerificationError, "batch-proof-malformed");
    }
    expectRefusal(() => rootFromProof(leaf.slice(1), [sibling]), VerificationError, "batch-proof-malformed");
  });

  it("has proofs that OpenZeppelin verifies, whatever the order in which leaves are given", () => {
    const many = fc.uniqueArray(bytes(32), { minLength: 1, maxLength: 40, comparator: equalBytes });
    fc.assert(
      fc.property(many, (any) => {
        const tree = batchTree(any);
        expect(batchTree(any.toReversed()).root).to.deep.equal(tree.root);
        for (const leaf of any) {
          const proof = tree.proof(leaf);
          expect(rootFromProof(leaf, proof)).to.deep.equal(tree.root);
          expect(processProof(leaf, proof)).to.equal(toHex(tree.root));
          expect(SimpleMerkleTree.verify(tree.root, leaf, proof)).to.equal(true);
        }
      }),
    );
  });

  it("checks proofs from OpenZeppelin's own trees", () => {
    const values = Array.from({ length: 9 }, (_, i) => [toHex(bytesOf(`value ${i}`)), BigInt(i)]);
    const tree = StandardMerkleTree.of(values, ["bytes32", "uint64"]);
    for (const [i, value] of tree.entries()) {
      const leaf = Buffer.from(tree.leafHash(value).slice(2), "hex");
      const proof = tree.getProof(i).map((hash) => Buffer.from(hash.slice(2), "hex"));
      expect(toHex(rootFromProof(leaf, proof))).to.equal(tree.root);
    }
  });

  it("is the leaf itself when there is but one", () => {
    const tree = batchTree([leaves[0]!]);
    expect([tree.root, tree.proof(leaves[0]!)]).to.deep.equal([leaves[0], []]);
  });

  it("takes no part of the memory of the leaves it was given", () => {
    const own = leaves.map((leaf) => leaf.slice());
    const tree = batchTree(own);
    own[5]!.fill(0);
    expect(rootFromProof(leaves[5]!, tree.proof(leaves[5]!))).to.deep.equal(tree.root);
  });

  it("uses the hash that is handed in", () => {
    const other = (data: Uint8Array) => keccak(keccak(data));
    expect(batchTree(leaves, other).root).not.to.deep.equal(batchTree(leaves).root);
  });
});
