// What one write promises, made in one go: the leaves, the tree over them, and its signature. Packed on both ends, since
// threads hand it to each other.

import { fastHex, fastKeccak } from "../hashing.ts";
import { type Hex, hexWordAt, WORD_BYTES } from "../protocol/bytes.ts";
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
  /** Which of the receipts each leaf promises, counted from 0 as they came. */
  readonly receiptOf: Uint32Array;
  /** The leaves' promises as JSON, in their order: `TEXTS_TOGETHER` behind each other in each string. */
  readonly texts: readonly string[];
  /** Where each promise ends in its string. */
  readonly ends: Uint32Array;
};

/**
 * Strings of these are some 64 KB. V8 keeps what is larger than 128 KB apart: measured by itself, one string for all takes
 * twice as long to make and to move; among all else that a service does, the difference is lost.
 */
export const TEXTS_TOGETHER = 64;

export function promiseMaker(ledger: Uint8Array, sign: SignDigest): (order: PromiseOrder) => MadePromise {
  const leafOf = promiseHasher(ledger, fastKeccak);
  return (order) => {
    const unsorted = Array.from(order.kinds, (_, index) => leafOf(promisedAt(order, index)));
    const receiptOf = Uint32Array.from(leafOrder(unsorted));
    const leaves = packed(receiptOf, (index) => unsorted[index] as Uint8Array);
    const tree = new PromiseTree(leaves, fastKeccak, fastHex);
    const signature = sign(promisesDigest(ledger, { root: tree.root, deadline: order.deadline }, fastKeccak));
    return { signature, leaves, receiptOf, ...textsOf(order, receiptOf, tree, fastHex(signature)) };
  };
}

/** String by string, so that what one is put together from is still at hand when it is. */
function textsOf(order: PromiseOrder, receiptOf: Uint32Array, tree: PromiseTree, signature: Hex) {
  const textAt = textMaker(order, receiptOf, tree, signature);
  const texts: string[] = [];
  const ends = new Uint32Array(receiptOf.length);
  for (let from = 0; from < receiptOf.length; from += TEXTS_TOGETHER) {
    const to = Math.min(from + TEXTS_TOGETHER, receiptOf.length);
    let text = "";
    for (let place = from; place < to; place++) {
      text += textAt(place);
      ends[place] = text.length;
    }
    texts.push(text);
  }
  return { texts, ends };
}

function textMaker(order: PromiseOrder, receiptOf: Uint32Array, tree: PromiseTree, signature: Hex) {
  const leaves = fastHex(order.leaves);
  const charities = fastHex(order.charities);
  const deadline = `${order.deadline}`;
  return (place: number): string => {
    const index = receiptOf[place] as number;
    const fields = {
      leaf: hexWordAt(leaves, index),
      charity: hexWordAt(charities, index),
      unit: unitAt(order, index),
      kind: order.kinds[index] as Kind,
      amount: `${order.amounts[index]}`,
      deadline,
      signature,
    };
    return promiseJson(fields, tree.pathText(place));
  };
}

const promisedAt = (order: PromiseOrder, index: number): PromisedReceipt => ({
  leaf: wordAt(order.leaves, index),
  charity: wordAt(order.charities, index),
  unit: unitAt(order, index),
  kind: order.kinds[index] as Kind,
  amount: order.amounts[index] as bigint,
});

const unitAt = (order: PromiseOrder, index: number): string =>
  order.units[order.unitOf[index] as number] as string;

const wordAt = (all: Uint8Array, index: number): Uint8Array =>
  all.subarray(index * WORD_BYTES, (index + 1) * WORD_BYTES);

/** A word of each, one behind the other. `Buffer.concat` takes three times as long for many that are short. */
function packed(items: Uint32Array, wordOf: (item: number) => Uint8Array): Uint8Array {
  const all = new Uint8Array(items.length * WORD_BYTES);
  for (const [place, item] of items.entries()) all.set(wordOf(item), place * WORD_BYTES);
  return all;
}
