// The promise of everything that one write transaction records: one signature over the tree of all, made before the
// transaction and stored in it. Who holds the key is not known here.

import { fastHex } from "../hashing.ts";
import type { Hex } from "../protocol/bytes.ts";
import type { Hash } from "../protocol/hash.ts";
import { type PromisedReceipt, promiseHasher, promisesDigest } from "../protocol/promise.ts";
import type { PromiseFile } from "../protocol/promise-file.ts";
import { leafOrder, PromiseTree } from "../protocol/promise-tree.ts";
import type { StoredPromise } from "../store/promises.ts";
import type { Promiser } from "../store/writer.ts";

/** Signs 32 bytes: 65 bytes, the lower s, ending in 27 or 28. */
export type SignDigest = (digest: Uint8Array) => Uint8Array;

export type PromiserOptions = {
  readonly ledger: Uint8Array;
  readonly hash: Hash;
  readonly sign: SignDigest;
  /** How long after being recorded a receipt may take to be in an anchored batch. */
  readonly withinSeconds: number;
  /** Unix seconds. */
  readonly now: () => number;
};

/** Of promises that are in use: the answers to a write are given from the tree that was made to sign it. */
const trees = new WeakMap<StoredPromise, PromiseTree>();

function treeOf(promise: StoredPromise, hash: Hash): PromiseTree {
  const known = trees.get(promise) ?? new PromiseTree(promise.leaves, hash, fastHex);
  trees.set(promise, known);
  return known;
}

/** Promises receipts: all that are given together by one signature. */
export function promiserFor({ ledger, hash, sign, withinSeconds, now }: PromiserOptions): Promiser {
  const leafOf = promiseHasher(ledger, hash);
  return (receipts) => {
    const leaves = receipts.map(leafOf);
    const order = leafOrder(leaves);
    const packed = Buffer.concat(order.map((i) => leaves[i] as Uint8Array));
    const tree = new PromiseTree(packed, hash, fastHex);
    const deadline = BigInt(now() + withinSeconds);
    const promise = {
      deadline,
      signature: sign(promisesDigest(ledger, { root: tree.root, deadline }, hash)),
      leaves: packed,
      receipts: Buffer.concat(order.map((i) => (receipts[i] as { id: Uint8Array }).id)),
    };
    trees.set(promise, tree);
    return promise;
  };
}

/** Hands out the promises of single receipts from what is stored for all of their transaction. */
export class PromiseOpener {
  readonly #hash: Hash;
  readonly #opened = new WeakMap<StoredPromise, Opened>();

  constructor(hash: Hash) {
    this.#hash = hash;
  }

  /** Null when the receipt is not among what was promised. */
  open(promise: StoredPromise, receipt: PromisedReceipt & { readonly id: Uint8Array }): PromiseFile | null {
    const { tree, places, deadline, signature } = this.#open(promise);
    const place = places.get(keyOf(receipt.id));
    if (place === undefined) return null;
    return {
      leaf: fastHex(receipt.leaf),
      charity: fastHex(receipt.charity),
      unit: receipt.unit,
      kind: receipt.kind,
      amount: `${receipt.amount}`,
      deadline,
      path: tree.path(place),
      signature,
    };
  }

  #open(promise: StoredPromise): Opened {
    const known = this.#opened.get(promise);
    if (known !== undefined) return known;
    const opened = {
      tree: treeOf(promise, this.#hash),
      places: placesOf(promise),
      deadline: `${promise.deadline}`,
      signature: fastHex(promise.signature),
    };
    this.#opened.set(promise, opened);
    return opened;
  }
}

type Opened = {
  readonly tree: PromiseTree;
  readonly places: ReadonlyMap<string, number>;
  readonly deadline: string;
  readonly signature: Hex;
};

const ID_BYTES = 16;

function placesOf({ receipts }: StoredPromise): Map<string, number> {
  const places = new Map<string, number>();
  const keys = keyOf(receipts);
  for (let at = 0; at < keys.length; at += ID_BYTES) places.set(keys.slice(at, at + ID_BYTES), at / ID_BYTES);
  return places;
}

/** A character for each byte. */
const keyOf = (ids: Uint8Array): string =>
  Buffer.from(ids.buffer, ids.byteOffset, ids.length).toString("latin1");
