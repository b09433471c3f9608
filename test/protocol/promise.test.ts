// Promises: leaf, tree, digest and signer, against libraries that do not know ours.

import { expect } from "chai";
import { AbiCoder, keccak256, SigningKey, TypedDataEncoder, verifyTypedData, Wallet } from "ethers";
import fc from "fast-check";
import { MerkleTree } from "merkletreejs";
import { InputError, VerificationError } from "../../server/errors.ts";
import { rootFromProof } from "../../server/protocol/batch-proof.ts";
import { fromHex, tag, toHex } from "../../server/protocol/bytes.ts";
import { keccak } from "../../server/protocol/hash.ts";
import {
  type PromisedReceipt,
  promiseHasher,
  promiseLeaf,
  promiserOf,
  promisesDigest,
  type ReceiptPromise,
} from "../../server/protocol/promise.ts";
import { encodePromise, promiseJson } from "../../server/protocol/promise-file.ts";
import { leafOrder, PromiseTree } from "../../server/protocol/promise-tree.ts";
import { pathIn } from "../support/promise-path.ts";
import { bytes, kind, uint63, unit } from "./arbitraries.ts";
import { expectRefusal } from "./errors.ts";
import { bytesOf } from "./making.ts";

const ledger = bytesOf("ledger");
const wallet = new Wallet(toHex(bytesOf("promiser")));
const domain = { name: "Amanah", version: "1", salt: toHex(ledger) };
const TYPES = {
  Promises: [
    { name: "root", type: "bytes32" },
    { name: "deadline", type: "uint64" },
  ],
};

const promised = (label: string, given: Partial<PromisedReceipt> = {}): PromisedReceipt => ({
  leaf: bytesOf(`${label} leaf`),
  charity: bytesOf("charity"),
  unit: "CNY",
  kind: 0,
  amount: 50n,
  ...given,
});

/** A promise of one receipt among others, signed by ethers. */
async function signed(
  others: readonly Uint8Array[] = [],
  deadline = 1_790_086_400n,
): Promise<ReceiptPromise> {
  const one = promised("one");
  const own = promiseLeaf(ledger, one);
  const leaves = [own, ...others];
  const tree = new PromiseTree(packed(leaves));
  const signature = await wallet.signTypedData(domain, TYPES, { root: tree.root, deadline });
  const path = pathIn(tree, leafOrder(leaves).indexOf(0)).map((hash) => fromHex(hash));
  return { ...one, deadline, path, signature: fromHex(signature) };
}

const packed = (leaves: readonly Uint8Array[]) =>
  Buffer.concat(leafOrder(leaves).map((i) => leaves[i] as Uint8Array));

describe("a promise's leaf", () => {
  for (const [name, wrong, code] of [
    ["a leaf a byte short", { leaf: new Uint8Array(31) }, "wrong-length"],
    ["a charity a byte long", { charity: new Uint8Array(33) }, "wrong-length"],
    ["a unit with a space", { unit: "C NY" }, "not-a-tag"],
    ["a kind that there is not", { kind: 2 as never }, "wrong-kind"],
    ["an amount of 2^63", { amount: 2n ** 63n }, "out-of-range"],
    ["a negative amount", { amount: -1n }, "out-of-range"],
  ] as const) {
    it(`refuses ${name}`, () => {
      expectRefusal(() => promiseLeaf(ledger, promised("any", wrong)), InputError, code);
    });
  }

  it("refuses a ledger that is none", () => {
    expectRefusal(() => promiseLeaf(new Uint8Array(31), promised("any")), InputError, "wrong-length");
  });

  it("is the standard leaf that ethers encodes, also when one function makes many", () => {
    const leafOf = promiseHasher(ledger);
    const given = fc.record({ leaf: bytes(32), charity: bytes(32), unit, kind, amount: uint63 });
    const words = ["bytes32", "bytes32", "bytes32", "bytes32", "bytes32", "uint8", "uint64"];
    fc.assert(
      fc.property(given, (one) => {
        const name = tag("amanah.promise.v1");
        const values = [name, ledger, one.leaf, one.charity, tag(one.unit), one.kind, one.amount];
        const theirs = keccak256(keccak256(AbiCoder.defaultAbiCoder().encode(words, values)));
        expect(toHex(leafOf(one))).to.equal(theirs);
        expect(toHex(promiseLeaf(ledger, one))).to.equal(theirs);
      }),
    );
  });
});

describe("the tree of promises", () => {
  it("is that of merkletreejs with sorted leaves and pairs, over 1 to 300 leaves, with every path", () => {
    for (let size = 1; size <= 300; size += size < 40 ? 1 : 13) {
      const leaves = Array.from({ length: size }, (_, i) => bytesOf(`leaf ${size} ${i}`));
      const options = { sortLeaves: true, sortPairs: true };
      const theirs = new MerkleTree(leaves.map(Buffer.from), keccak, options);
      const ours = new PromiseTree(packed(leaves));
      expect(toHex(ours.root)).to.equal(theirs.getHexRoot());
      for (const [place, i] of leafOrder(leaves).entries()) {
        const path = pathIn(ours, place);
        expect(path).to.deep.equal(theirs.getHexProof(Buffer.from(leaves[i] as Uint8Array)));
        const hashes = path.map((hash) => fromHex(hash));
        expect(rootFromProof(leaves[i] as Uint8Array, hashes)).to.deep.equal(ours.root);
      }
    }
  });

  it("of one leaf is that leaf, with an empty path", () => {
    const tree = new PromiseTree(bytesOf("alone"));
    expect([tree.root, pathIn(tree, 0)]).to.deep.equal([bytesOf("alone"), []]);
  });
});

describe("what a promiser signs", () => {
  it("is the typed data that ethers hashes", () => {
    fc.assert(
      fc.property(bytes(32), bytes(32), uint63, (id, root, deadline) => {
        const theirs = TypedDataEncoder.hash({ ...domain, salt: toHex(id) }, TYPES, { root, deadline });
        expect(toHex(promisesDigest(id, { root, deadline }))).to.equal(theirs);
      }),
    );
  });
});

describe("the signer of a promise", () => {
  const others = [1, 2, 3, 4].map((i) => bytesOf(`other ${i}`));
  const account = wallet.address.toLowerCase();

  it("is found, for one alone and for one of many, and is the one that ethers finds", async () => {
    for (const promise of [await signed(), await signed(others)]) {
      expect(promiserOf(ledger, promise)).to.equal(account);
      const root = rootFromProof(promiseLeaf(ledger, promise), promise.path);
      const value = { root, deadline: promise.deadline };
      expect(verifyTypedData(domain, TYPES, value, toHex(promise.signature))).to.equal(wallet.address);
    }
  });

  it("is another, if any, as soon as anything that was promised is another", async () => {
    const promise = await signed(others);
    const changes: Partial<ReceiptPromise>[] = [
      { leaf: bytesOf("another") },
      { charity: bytesOf("another") },
      { unit: "EUR" },
      { kind: 1 },
      { amount: 51n },
      { deadline: promise.deadline + 1n },
      { path: promise.path.slice(1) },
      { path: [bytesOf("another"), ...promise.path.slice(1)] },
    ];
    for (const change of changes) {
      const found = signerOrNone(() => promiserOf(ledger, { ...promise, ...change }));
      expect(found, Object.keys(change).join()).not.to.equal(account);
    }
    expect(signerOrNone(() => promiserOf(bytesOf("another ledger"), promise))).not.to.equal(account);
  });

  it("is nobody for a signature that is none, or that somebody has turned into a second one", async () => {
    const promise = await signed();
    const { signature } = promise;
    const ending = (last: number) => Uint8Array.of(...signature.slice(0, 64), last);
    const wrong = [signature.slice(1), ending(0), ending(29), new Uint8Array(65), highS(signature)];
    for (const each of wrong)
      expectRefusal(
        () => promiserOf(ledger, { ...promise, signature: each }),
        VerificationError,
        "promise-signature",
      );
  });

  it("needs no particular library: a signature by ethers' bare key is as good", async () => {
    const promise = await signed();
    const root = promiseLeaf(ledger, promise);
    const digest = promisesDigest(ledger, { root, deadline: promise.deadline });
    const { serialized } = new SigningKey(wallet.privateKey).sign(digest);
    expect(promiserOf(ledger, { ...promise, signature: fromHex(serialized) })).to.equal(account);
  });
});

function signerOrNone(work: () => string): string | undefined {
  try {
    return work();
  } catch (error) {
    expect(error).to.be.instanceOf(VerificationError);
    return undefined;
  }
}

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** The other signature that the curve admits beside each. */
function highS(signature: Uint8Array): Uint8Array {
  const s = ORDER - BigInt(toHex(signature.slice(32, 64)));
  const other = fromHex(`0x${s.toString(16).padStart(64, "0")}`);
  return Uint8Array.of(...signature.slice(0, 32), ...other, signature[64] === 27 ? 28 : 27);
}

describe("the JSON of a promise", () => {
  it("is to the letter what JSON.stringify writes, whatever the unit is called", () => {
    const promise = fc.record({
      leaf: bytes(32),
      charity: bytes(32),
      unit: fc.oneof(unit, fc.constantFrom('"', "\\", 'A"B\\')),
      kind,
      amount: uint63,
      deadline: uint63,
      path: fc.array(bytes(32), { maxLength: 12 }),
      signature: bytes(65),
    });
    fc.assert(
      fc.property(promise, (given) => {
        const file = encodePromise(given);
        expect(promiseJson(file, JSON.stringify(file.path).slice(1, -1))).to.equal(JSON.stringify(file));
      }),
    );
  });
});
