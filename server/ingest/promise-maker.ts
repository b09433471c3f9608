// What one write promises, made in one go: the leaves, the tree over them, and its signature. Packed on both ends, since
// threads hand it to each other.

import { fastHex, fastKeccak } from "../hashing.ts";
import { type Hex, hexWordAt, WORD_BYTES } from "../protocol/bytes.ts";
import { ID_BYTES } from "../protocol/ids.ts";
import { type PromisedReceipt, promiseHasher, promisesDigest } from "../protocol/promise.ts";
import { promiseJson } from "../protocol/promise-file.ts";
import { leafOrder, PromiseTree } from "../protocol/promise-tree.ts";
import type { Kind } from "../protocol/receipt.ts";

/** Signs 32 bytes: 65 bytes, the lower s, ending in 27 or 28. */
export type SignDigest = (digest: Uint8Array) => Uint8Array;

/** The receipts that are to be promised together, column by column. */
export type PromiseOrder = {
  /** Unix seconds. */
  readonly deadline: bigint;
  /** 16 bytes each. */
  readonly ids: Uint8Array;
  /** 32 bytes each. */
  readonly leaves: Uint8Array;
  /** 32 bytes each. */
  readonly charities: Uint8Array;
  readonly units: readonly string[];
  /** Of each receipt, its unit's place among `units`. */
  readonly unitOf: Uint16Array;
  readonly kinds: Uint8Array;
  readonly amounts: BigUint64Array;
};

export type MadePromise = {
  /** 65 bytes. */
  readonly signature: Uint8Array;
  /** Leaves of promises, 32 bytes each, in the order of their bytes. */
  readonly leaves: Uint8Array;
  /** The ids of the receipts that the leaves promise, in their order. */
  readonly receipts: Uint8Array;
  /** The promises as JSON, in the order in which the receipts came: `TEXTS_TOGETHER` behind each other in each string. */
  readonly texts: readonly string[];
  /** Where each promise ends in its string. */
  readonly ends: Uint32Array;
};

/**
 * Strings of these are some 64 KB. One for all is twice as slow to make and to move: V8 keeps what is larger than 128 KB
 * apart, on pages that are fresh each time.
 */
export const TEXTS_TOGETHER = 64;

export function promiseMaker(ledger: Uint8Array, sign: SignDigest): (order: PromiseOrder) => MadePromise {
  const leafOf = promiseHasher(ledger, fastKeccak);
  return (order) => {
    const unsorted = Array.from(order.kinds, (_, index) => leafOf(promisedAt(order, index)));
    const places = leafOrder(unsorted);
    const leaves = packed(WORD_BYTES, places, (i) => unsorted[i] as Uint8Array);
    const tree = new PromiseTree(leaves, fastKeccak, fastHex);
    const signature = sign(promisesDigest(ledger, { root: tree.root, deadline: order.deadline }, fastKeccak));
    return {
      signature,
      leaves,
      receipts: packed(ID_BYTES, places, (i) => part(order.ids, ID_BYTES, i)),
      ...textsOf(order, places, tree, fastHex(signature)),
    };
  };
}

function textsOf(order: PromiseOrder, places: readonly number[], tree: PromiseTree, signature: Hex) {
  const leaves = fastHex(order.leaves);
  const charities = fastHex(order.charities);
  const deadline = `${order.deadline}`;
  const texts: string[] = new Array(places.length);
  for (const [place, index] of places.entries()) {
    const fields = {
      leaf: hexWordAt(leaves, index),
      charity: hexWordAt(charities, index),
      unit: unitAt(order, index),
      kind: order.kinds[index] as Kind,
      amount: `${order.amounts[index]}`,
      deadline,
      signature,
    };
    texts[index] = promiseJson(fields, tree.pathText(place));
  }
  return { texts: together(texts), ends: endsOf(texts) };
}

function together(texts: readonly string[]): string[] {
  const strings: string[] = [];
  for (let from = 0; from < texts.length; from += TEXTS_TOGETHER)
    strings.push(texts.slice(from, from + TEXTS_TOGETHER).join(""));
  return strings;
}

function endsOf(texts: readonly string[]): Uint32Array {
  let end = 0;
  return Uint32Array.from(texts, (text, index) => {
    end = (index % TEXTS_TOGETHER === 0 ? 0 : end) + text.length;
    return end;
  });
}

const promisedAt = (order: PromiseOrder, index: number): PromisedReceipt => ({
  leaf: part(order.leaves, WORD_BYTES, index),
  charity: part(order.charities, WORD_BYTES, index),
  unit: unitAt(order, index),
  kind: order.kinds[index] as Kind,
  amount: order.amounts[index] as bigint,
});

const unitAt = (order: PromiseOrder, index: number): string =>
  order.units[order.unitOf[index] as number] as string;

const part = (all: Uint8Array, bytesEach: number, index: number): Uint8Array =>
  all.subarray(index * bytesEach, (index + 1) * bytesEach);

/** A part of each item, one behind the other. `Buffer.concat` takes three times as long for many that are short. */
function packed<Item>(bytesEach: number, items: readonly Item[], partOf: (item: Item) => Uint8Array) {
  const all = new Uint8Array(items.length * bytesEach);
  for (const [place, item] of items.entries()) all.set(partOf(item), place * bytesEach);
  return all;
}
