// The frozen vectors: what was published once holds for ever. Read here, never generated; judged by our code and by
// libraries that do not know it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { processProof } from "@openzeppelin/merkle-tree/dist/core.js";
import { expect } from "chai";
import { recoverAddress, SigningKey, TypedDataEncoder } from "ethers";
import { rootFromProof } from "../../server/protocol/batch-proof.ts";
import { batchTree } from "../../server/protocol/batch-root.ts";
import { fromHex, type Hex, tag, toHex, ZERO32 } from "../../server/protocol/bytes.ts";
import { canonicalJson, detailsHash } from "../../server/protocol/details.ts";
import { charityId, receiptId, receiptSalt, unitName } from "../../server/protocol/ids.ts";
import {
  type PromisedReceipt,
  promiseLeaf,
  promiserOf,
  promisesDigest,
} from "../../server/protocol/promise.ts";
import { leafOrder, PromiseTree } from "../../server/protocol/promise-tree.ts";
import { domainSeparator, type Receipt, receiptLeaf } from "../../server/protocol/receipt.ts";
import { noticeLeaf, type Statement, statementLeaf } from "../../server/protocol/statement.ts";
import { climb, proofPath, rootNode, sumTreeLevels } from "../../server/protocol/sum-tree.ts";
import {
  compareWithLedger,
  type Line,
  type Verification,
  verifyReceipt,
} from "../../server/protocol/verify.ts";
import { pathIn } from "../support/promise-path.ts";
import { levelOf } from "./making.ts";

/** The members of a vector: integers are decimal strings, bytes 0x-hex. */
// biome-ignore lint/suspicious/noExplicitAny: the files are frozen, their shape is told in their readme
type Vector = any;

const read = (name: string): Vector => {
  return JSON.parse(readFileSync(join(import.meta.dirname, "../vectors", name), "utf8"));
};

const BYTES = ["id", "charity", "terms", "details", "salt", "receiptsRoot", "subject", "content"];
const INTEGERS = ["amount", "acceptedAt", "batch", "from", "to", "previous", "receipts"];

function inMemory<T>(vector: Vector): T {
  const members = Object.entries<Vector>(vector).map(([name, value]) => {
    if (BYTES.includes(name)) return [name, fromHex(value)];
    return [name, INTEGERS.includes(name) ? BigInt(value) : value];
  });
  return Object.fromEntries(members);
}

const siblings = (path: { hash: Hex; sum: string }[]) => {
  return path.map(({ hash, sum }) => ({ hash: fromHex(hash), sum: BigInt(sum) }));
};

describe("frozen receipts", () => {
  const { ledger, domainSeparator: domain, receipts, extremes } = read("receipts.json");
  const TYPES = {
    Receipt: [
      "bytes16 id",
      "bytes32 charity",
      "bytes32 unit",
      "uint8 kind",
      "uint64 amount",
      "uint64 acceptedAt",
    ]
      .concat(["bytes32 terms", "bytes32 details", "bytes32 salt"])
      .map((field) => ({ type: field.split(" ")[0]!, name: field.split(" ")[1]! })),
  };

  it("are hashed in the frozen domain", () => {
    expect(toHex(domainSeparator(fromHex(ledger)))).to.equal(domain);
  });

  it("keep their leaves, which ethers computes too", () => {
    expect(receipts.length).to.be.at.least(20);
    for (const { receipt, leaf } of [...receipts, ...extremes]) {
      expect(toHex(receiptLeaf(fromHex(ledger), inMemory<Receipt>(receipt)))).to.equal(leaf);
      const typed = { ...receipt, unit: toHex(tag(receipt.unit)) };
      const theirs = TypedDataEncoder.hash({ name: "Amanah", version: "1", salt: ledger }, TYPES, typed);
      expect(theirs).to.equal(leaf);
    }
  });

  it("keep the canonical form and the hash of their details", () => {
    for (const { receipt, details, canonicalDetails } of receipts) {
      expect(canonicalJson(details)).to.equal(canonicalDetails);
      expect(toHex(detailsHash(details))).to.equal(receipt.details);
    }
  });
});

describe("frozen ids", () => {
  const vectors = read("ids.json");

  it("keep the ids of charities and the words of units", () => {
    for (const { registration, charity } of vectors.charities) {
      expect(toHex(charityId(registration))).to.equal(charity);
    }
    for (const { unit, word } of vectors.units) {
      expect([toHex(tag(unit)), unitName(fromHex(word))]).to.deep.equal([word, unit]);
    }
  });

  it("keep receipt ids and salts", () => {
    for (const { id, kind, ...key } of vectors.receiptIds) {
      const whole = { ...inMemory<Parameters<typeof receiptId>[1]>(key), kind };
      expect(toHex(receiptId(fromHex(vectors.secret), whole))).to.equal(id);
    }
    for (const { id, salt } of vectors.salts) {
      expect(toHex(receiptSalt(fromHex(vectors.donorKey), fromHex(id)))).to.equal(salt);
    }
  });

  it("keep the canonical JSON of awkward details", () => {
    for (const { details, canonical, hash } of vectors.details) {
      expect(canonicalJson(details)).to.equal(canonical);
      expect(toHex(detailsHash(details))).to.equal(hash);
    }
  });
});

describe("frozen sum trees", () => {
  const { trees } = read("sum-trees.json");

  it("are there in all the sizes that matter", () => {
    expect(trees.map(({ size }: Vector) => size)).to.deep.equal([1, 2, 3, 5, 8, 100, 1000]);
  });

  for (const { size, leaves, root, proofs } of trees) {
    it(`keep root and paths over ${size} leaves`, () => {
      const nodes = siblings(leaves);
      const levels = sumTreeLevels(levelOf(nodes));
      expect(rootNode(levels)).to.deep.equal(siblings([root])[0]);
      for (const { index, receipts, path } of proofs) {
        const proof = { index: BigInt(index), receipts: BigInt(receipts), path: siblings(path) };
        expect(proofPath(levels, index)).to.deep.equal(proof.path);
        const { hash, sum } = climb(nodes[index]!.hash, nodes[index]!.sum, proof);
        expect([toHex(hash), `${sum}`]).to.deep.equal([root.hash, root.sum]);
      }
    });
  }
});

describe("frozen batches", () => {
  const vectors = read("batches.json");
  const ledger = fromHex(vectors.ledger);

  it("keep the leaves of statements and notices", () => {
    for (const { leaf, ...statement } of vectors.statements) {
      expect(toHex(statementLeaf(ledger, inMemory<Statement>(statement)))).to.equal(leaf);
    }
    for (const { leaf, kind, ...notice } of vectors.notices) {
      const whole = { ...inMemory<Parameters<typeof noticeLeaf>[1]>(notice), kind };
      expect(toHex(noticeLeaf(ledger, whole))).to.equal(leaf);
    }
  });

  it("keep their roots and proofs, which OpenZeppelin checks too", () => {
    for (const { leaves, root, proofs } of vectors.batches) {
      const tree = batchTree(leaves.map((leaf: Hex) => fromHex(leaf)));
      expect(toHex(tree.root)).to.equal(root);
      for (const [i, leaf] of leaves.entries()) {
        expect(tree.proof(fromHex(leaf)).map(toHex)).to.deep.equal(proofs[i]);
        expect(
          toHex(
            rootFromProof(
              fromHex(leaf),
              proofs[i].map((hash: Hex) => fromHex(hash)),
            ),
          ),
        ).to.equal(root);
        expect(processProof(leaf, proofs[i])).to.equal(root);
      }
    }
  });
});

describe("frozen promises", () => {
  const { ledger, key, account, promises } = read("promises.json");
  const domain = { name: "Amanah", version: "1", salt: ledger };
  const types = {
    Promises: [
      { name: "root", type: "bytes32" },
      { name: "deadline", type: "uint64" },
    ],
  };
  const promisedIn = ({ leaf, charity, ...rest }: Vector): PromisedReceipt => ({
    ...rest,
    leaf: fromHex(leaf),
    charity: fromHex(charity),
    amount: BigInt(rest.amount),
  });

  it("are there in all the sizes that matter", () => {
    expect(promises.map(({ size }: Vector) => size)).to.deep.equal([1, 2, 3, 5, 8, 100]);
  });

  for (const { size, receipts, root, deadline, digest, signature, paths } of promises) {
    it(`keep leaves, root and paths over ${size} receipts, which OpenZeppelin checks too`, () => {
      const leaves = receipts.map((each: Vector) => promiseLeaf(fromHex(ledger), promisedIn(each)));
      expect(leaves.map(toHex)).to.deep.equal(receipts.map((each: Vector) => each.promiseLeaf));
      const order = leafOrder(leaves);
      const tree = new PromiseTree(Buffer.concat(order.map((i) => leaves[i])));
      expect(toHex(tree.root)).to.equal(root);
      for (const { index, path } of paths) {
        expect(pathIn(tree, order.indexOf(index))).to.deep.equal(path);
        expect(processProof(receipts[index].promiseLeaf, path)).to.equal(root);
      }
    });

    it(`keep digest, signature and signer over ${size} receipts, which ethers finds too`, () => {
      const signed = { root: fromHex(root), deadline: BigInt(deadline) };
      expect(toHex(promisesDigest(fromHex(ledger), signed))).to.equal(digest);
      expect(TypedDataEncoder.hash(domain, types, { root, deadline })).to.equal(digest);
      expect(new SigningKey(key).sign(digest).serialized).to.equal(signature);
      expect(recoverAddress(digest, signature).toLowerCase()).to.equal(account);
      for (const { index, path } of paths) {
        const hashes = path.map((hash: Hex) => fromHex(hash));
        const own = { deadline: BigInt(deadline), path: hashes, signature: fromHex(signature) };
        expect(promiserOf(fromHex(ledger), { ...promisedIn(receipts[index]), ...own })).to.equal(account);
      }
    });
  }
});

describe("frozen promises in receipt files", () => {
  const { files } = read("held-promises.json");

  it("fail in each of the ways in which a promise alone can", () => {
    const reasons = new Set(files.map(({ reason }: Vector) => reason));
    expect(reasons).to.include.keys("promise-too-far", "promise-leaf-differs", "promise-signature");
  });

  for (const { name, promiser, reason, file } of files) {
    it(`give for one ${name}: ${reason ?? promiser}`, () => {
      const found = verifyReceipt(file);
      const step = found.steps.find((each) => each.step === "promise")!;
      expect([found.promiser, step.reason]).to.deep.equal([promiser, reason]);
      expect(found.verdict).to.equal(reason === null ? "unknown" : "invalid");
    });
  }
});

describe("frozen receipt files", () => {
  const { ledger, roots, lines, files } = read("receipt-files.json");

  /** What the contract of the vectors answers for whatever batch and line a file claims. */
  function judge(json: unknown): Verification {
    const alone = verifyReceipt(json);
    const { batch, position } = alone;
    const marks = (position && lines[`${toHex(position.charity)}/${position.unit}`]) ?? {};
    const names = ["given", "reversed", "paid", "netted", "acknowledged", "spent"];
    const line = Object.fromEntries(names.map((name) => [name, BigInt(marks[name] ?? 0)])) as Line;
    const root = roots[`${batch}`] ? fromHex(roots[`${batch}`]) : ZERO32;
    return compareWithLedger(alone, { ledger: fromHex(ledger), root, line });
  }

  for (const { name, file, ...expected } of files) {
    it(`give for "${name}": ${expected.status ?? expected.reason}`, () => {
      const { verdict, reason, position, status } = judge(file);
      const [start, end] = [position?.start, position?.end].map((at) => at?.toString() ?? null);
      expect({ verdict, reason, start, end, status }).to.deep.equal(expected);
    });
  }

  const mutated = read("mutated-files.json").files;

  it("are mutated in at least forty ways", () => {
    expect(new Set(mutated.map(({ name }: Vector) => name)).size).to.be.at.least(40);
  });

  for (const { name, file, reason, step } of mutated) {
    it(`fail with ${reason}: ${name}`, () => {
      const found = judge(file);
      expect([found.verdict, found.reason, found.steps.at(-1)!.step]).to.deep.equal([
        "invalid",
        reason,
        step,
      ]);
    });
  }
});
