// The promise of everything that one write transaction records: one signature over the tree of all, made before the
// transaction and stored in it. Who holds the key is not known here.

import { fastHex } from "../hashing.ts";
import { type Hex, WORD_BYTES } from "../protocol/bytes.ts";
import type { Hash } from "../protocol/hash.ts";
import { ID_BYTES } from "../protocol/ids.ts";
import {
  PROMISE_PERIOD_SECONDS,
  type PromisedReceipt,
  promiseHasher,
  promisesDigest,
} from "../protocol/promise.ts";
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

/** Promises receipts: all that are given together by one signature. */
export function promiserFor({ ledger, hash, sign, withinSeconds, now }: PromiserOptions): Promiser {
  const leafOf = promiseHasher(ledger, hash);
  return (receipts) => {
    const unsorted = receipts.map(leafOf);
    const order = leafOrder(unsorted);
    const ordered = order.map((i) => receipts[i] as Identified);
    const leaves = packed(WORD_BYTES, order, (i) => unsorted[i] as Uint8Array);
    const tree = new PromiseTree(leaves, hash, fastHex);
    const deadline = least([BigInt(now() + withinSeconds), ...receipts.map(furthest)]);
    const signature = sign(promisesDigest(ledger, { root: tree.root, deadline }, hash));
    const promise = { deadline, signature, leaves, receipts: packed(ID_BYTES, ordered, ({ id }) => id) };
    opened.set(promise, openedOf(promise, tree, placesAmong(ordered)));
    return promise;
  };
}

/** A part of each item, one behind the other. `Buffer.concat` takes three times as long for many that are short. */
function packed<Item>(bytesEach: number, items: readonly Item[], partOf: (item: Item) => Uint8Array) {
  const all = new Uint8Array(items.length * bytesEach);
  for (const [place, item] of items.entries()) all.set(partOf(item), place * bytesEach);
  return all;
}

/** However long a receipt waits to be written: what is promised for later, retiring the key would put out of force. */
const furthest = ({ acceptedAt }: { readonly acceptedAt: bigint }) => acceptedAt + PROMISE_PERIOD_SECONDS;

const least = (times: readonly bigint[]) => times.reduce((a, b) => (b < a ? b : a));

/** Hands out the promises of single receipts from what is stored for all of their transaction. */
export class PromiseOpener {
  readonly #hash: Hash;

  constructor(hash: Hash) {
    this.#hash = hash;
  }

  /** Null when the receipt is not among what was promised. */
  open(promise: StoredPromise, receipt: Identified): PromiseFile | null {
    const { tree, placeOf, deadline, signature } = opened.get(promise) ?? this.#openStored(promise);
    const place = placeOf(receipt);
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

  #openStored(promise: StoredPromise): Opened {
    const tree = new PromiseTree(promise.leaves, this.#hash, fastHex);
    const made = openedOf(promise, tree, placesByIds(promise.receipts));
    opened.set(promise, made);
    return made;
  }
}

type Identified = PromisedReceipt & { readonly id: Uint8Array };

/** The place of a receipt's promise in the tree; undefined when it is not there. */
type PlaceOf = (receipt: Identified) => number | undefined;

type Opened = {
  readonly tree: PromiseTree;
  readonly placeOf: PlaceOf;
  readonly deadline: string;
  readonly signature: Hex;
};

/** Of promises in use. What was just signed is among them, with its tree: its answers come next. */
const opened = new WeakMap<StoredPromise, Opened>();

const openedOf = ({ deadline, signature }: StoredPromise, tree: PromiseTree, placeOf: PlaceOf): Opened => ({
  tree,
  placeOf,
  deadline: `${deadline}`,
  signature: fastHex(signature),
});

/** For the very receipts that were promised. */
function placesAmong(ordered: readonly Identified[]): PlaceOf {
  const places = new Map(ordered.map((receipt, place) => [receipt, place]));
  return (receipt) => places.get(receipt);
}

/** For receipts read again. */
function placesByIds(ids: Uint8Array): PlaceOf {
  const places = new Map<string, number>();
  const keys = keyOf(ids);
  for (let at = 0; at < keys.length; at += ID_BYTES) places.set(keys.slice(at, at + ID_BYTES), at / ID_BYTES);
  return ({ id }) => places.get(keyOf(id));
}

/** A character for each byte. */
const keyOf = (ids: Uint8Array): string =>
  Buffer.from(ids.buffer, ids.byteOffset, ids.length).toString("latin1");
