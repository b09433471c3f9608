// The text of each promise, as it is cut out of what was made for all of a write together: against what is known of the receipt,
// with paths that another library makes, and read again from what is stored.

import { expect } from "chai";
import fc from "fast-check";
import { MerkleTree } from "merkletreejs";
import { promiserAccount } from "../../server/chain/accounts.ts";
import { promiseSigner } from "../../server/chain/promiser.ts";
import { promiseMaker, TEXTS_TOGETHER } from "../../server/ingest/promise-maker.ts";
import { PromiseOpener, promiserFor } from "../../server/ingest/promiser.ts";
import { fromHex, type Hex } from "../../server/protocol/bytes.ts";
import { fieldsOf } from "../../server/protocol/fields.ts";
import { keccak } from "../../server/protocol/hash.ts";
import { promiseLeaf, promiserOf } from "../../server/protocol/promise.ts";
import { encodePromise, parsePromise } from "../../server/protocol/promise-file.ts";
import type { StoredPromise } from "../../server/store/promises.ts";
import { bytes, kind, uint63, unit } from "../protocol/arbitraries.ts";
import { bytesOf } from "../protocol/making.ts";

const SETTINGS = { demonstration: true, PROMISE_KEY: undefined };
const ledger = bytesOf("ledger");
const promiser = promiserAccount(SETTINGS)!.address.toLowerCase();
const ACCEPTED_AT = 1_700_000_000n;
const WITHIN_SECONDS = 600;

const promise = promiserFor({
  make: promiseMaker(ledger, promiseSigner(SETTINGS)!),
  withinSeconds: WITHIN_SECONDS,
  now: () => Number(ACCEPTED_AT),
});

type Receipts = Parameters<typeof promise>[0];
type Receipt = Receipts[number];

const AROUND_STRINGS = [0, 1, 2].flatMap((many) => [-1, 0, 1].map((off) => many * TEXTS_TOGETHER + off));
const SIZES = [...AROUND_STRINGS, 2, 3, 500].filter((size) => size > 0);

const receipt = fc.record({ leaf: bytes(32), charity: bytes(32), unit, kind, amount: uint63 });
const receipts = fc
  .constantFrom(...SIZES)
  .chain((size) => fc.tuple(fc.array(receipt, { minLength: size, maxLength: size, size: "max" })))
  .map(([list]) => list.map(identified));

/** Ids as they might be: in no order that leaves have. */
const identified = (one: object, index: number): Receipt =>
  ({ ...one, id: bytesOf(`receipt ${index}`).subarray(0, 16), acceptedAt: ACCEPTED_AT }) as Receipt;

/** The path of each, by a library that knows no promise. */
function pathsByOthers(list: Receipts): Hex[][] {
  const leaves = list.map((one) => Buffer.from(promiseLeaf(ledger, one)));
  const tree = new MerkleTree(leaves, keccak, { sortLeaves: true, sortPairs: true });
  return leaves.map((leaf) => tree.getHexProof(leaf) as Hex[]);
}

const textsOf = (from: StoredPromise, list: Receipts) => {
  const opener = new PromiseOpener();
  return list.map((one) => opener.text(from, one));
};

describe("the text of a promise", function () {
  this.timeout(60_000);

  it("is that of its own receipt, as the promise is usually written, however many are made together", async () => {
    const property = fc.asyncProperty(receipts, async (list) => {
      const made = await promise(list);
      const paths = pathsByOthers(list);
      const wanted = list.map((one, index) =>
        JSON.stringify(
          encodePromise({
            ...one,
            ...{ deadline: ACCEPTED_AT + BigInt(WITHIN_SECONDS), signature: made.signature },
            path: paths[index]!.map((hash) => fromHex(hash)),
          }),
        ),
      );
      expect(textsOf(made, list)).to.deep.equal(wanted);
      expect(textsOf({ ...made }, list), "read again").to.deep.equal(wanted);
    });
    await fc.assert(property, { numRuns: 3 * SIZES.length, examples: SIZES.map((size) => [sized(size)]) });
  });

  it("is signed by the promiser, also of two receipts that are promised alike", async () => {
    const [one, twin] = [sized(3)[1]!, { ...sized(3)[1]!, id: bytesOf("twin").subarray(0, 16) }];
    for (const list of [
      [one, twin],
      [...sized(64), { ...sized(64)[5]!, id: twin.id }],
    ]) {
      const made = await promise(list);
      for (const text of [...textsOf(made, list), ...textsOf({ ...made }, list)]) {
        const read = parsePromise(fieldsOf(JSON.parse(text!), ""));
        expect(promiserOf(ledger, read)).to.equal(promiser);
      }
    }
  });

  it("is none of a receipt that was not promised, though it be like one that was", async () => {
    const list = sized(65);
    const made = await promise(list.slice(0, 64));
    expect(new PromiseOpener().text(made, list[64]!)).to.equal(null);
  });
});

const UNITS = ["CNY", "IDR", "STEP"];

/** So many receipts of several lines, every third a refund. */
const sized = (size: number): Receipts =>
  Array.from({ length: size }, (_, index) => ({
    leaf: bytesOf(`leaf ${index}`),
    charity: bytesOf(`charity ${index % 5}`),
    unit: UNITS[index % UNITS.length]!,
    kind: index % 3 === 0 ? 1 : 0,
    amount: BigInt(index + 1),
  })).map(identified) as never;
