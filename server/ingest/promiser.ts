// The promise of everything that one write transaction records: one signature over the tree of all, made before the
// transaction and stored in it. Who holds the key is not known here.

import { fastHex, fastKeccak } from "../hashing.ts";
import { WORD_BYTES } from "../protocol/bytes.ts";
import { ID_BYTES } from "../protocol/ids.ts";
import { PROMISE_PERIOD_SECONDS, type PromisedReceipt } from "../protocol/promise.ts";
import { type PromiseFile, promiseJson } from "../protocol/promise-file.ts";
import { PromiseTree } from "../protocol/promise-tree.ts";
import type { StoredPromise } from "../store/promises.ts";
import type { Promiser } from "../store/writer.ts";
import { type MadePromise, type PromiseOrder, TEXTS_TOGETHER } from "./promise-maker.ts";

export type PromiserOptions = {
  readonly make: (order: PromiseOrder) => MadePromise | Promise<MadePromise>;
  /** How long after being recorded a receipt may take to be in an anchored batch. */
  readonly withinSeconds: number;
  /** Unix seconds. */
  readonly now: () => number;
};

/** Promises receipts: all that are given together by one signature. */
export const promiserFor =
  ({ make, withinSeconds, now }: PromiserOptions): Promiser =>
  async (receipts) => {
    const deadline = deadlineOf(receipts, now() + withinSeconds);
    return new FreshPromise(receipts, deadline, await make(orderOf(receipts, deadline)));
  };

/** What was just made: its answers come next. */
class FreshPromise implements StoredPromise {
  readonly deadline: bigint;
  readonly signature: Uint8Array;
  readonly leaves: Uint8Array;
  readonly receipts: Uint8Array;
  readonly #texts: readonly string[];
  readonly #ends: Uint32Array;
  /** Of the very receipts that were promised. */
  readonly #places = new Map<Identified, number>();

  constructor(receipts: Receipts, deadline: bigint, made: MadePromise) {
    this.deadline = deadline;
    this.signature = made.signature;
    this.leaves = made.leaves;
    this.receipts = new Uint8Array(receipts.length * ID_BYTES);
    this.#texts = made.texts;
    this.#ends = made.ends;
    for (const [place, index] of made.receiptOf.entries()) {
      const receipt = receipts[index] as Receipts[number];
      this.receipts.set(receipt.id, place * ID_BYTES);
      this.#places.set(receipt, place);
    }
  }

  text(receipt: Identified): string | undefined {
    const place = this.#places.get(receipt);
    if (place === undefined) return undefined;
    const start = place % TEXTS_TOGETHER === 0 ? 0 : this.#ends[place - 1];
    return this.#texts[Math.floor(place / TEXTS_TOGETHER)]?.slice(start, this.#ends[place]);
  }
}

/** However long a receipt waits to be written: what is promised for later, retiring the key would put out of force. */
function deadlineOf(receipts: Receipts, usual: number): bigint {
  let first = (receipts[0] as Receipts[number]).acceptedAt;
  for (const { acceptedAt } of receipts) if (acceptedAt < first) first = acceptedAt;
  const furthest = first + PROMISE_PERIOD_SECONDS;
  return furthest < usual ? furthest : BigInt(usual);
}

function orderOf(receipts: Receipts, deadline: bigint): PromiseOrder {
  const order = emptyOrder(receipts.length, deadline);
  for (let i = 0; i < receipts.length; i++) {
    const { leaf, charity, unit, kind, amount } = receipts[i] as Receipts[number];
    order.leaves.set(leaf, i * WORD_BYTES);
    order.charities.set(charity, i * WORD_BYTES);
    let place = order.units.indexOf(unit);
    if (place < 0) place = order.units.push(unit) - 1;
    order.unitOf[i] = place;
    order.kinds[i] = kind;
    order.amounts[i] = amount;
  }
  return order;
}

const emptyOrder = (receipts: number, deadline: bigint) => ({
  deadline,
  leaves: new Uint8Array(receipts * WORD_BYTES),
  charities: new Uint8Array(receipts * WORD_BYTES),
  unitOf: new Uint16Array(receipts),
  units: [] as string[],
  kinds: new Uint8Array(receipts),
  amounts: new BigUint64Array(receipts),
});

type Receipts = Parameters<Promiser>[0];

type Identified = PromisedReceipt & { readonly id: Uint8Array };

/** Hands out the promises of single receipts from what was made, or is stored, for all of their transaction. */
export class PromiseOpener {
  /** The promise as JSON; null when the receipt is not among what was promised. */
  text(promise: StoredPromise, receipt: Identified): string | null {
    const fresh = promise instanceof FreshPromise ? promise.text(receipt) : undefined;
    return fresh ?? textOfStored(promise, receipt);
  }

  /** Null when the receipt is not among what was promised. */
  open(promise: StoredPromise, receipt: Identified): PromiseFile | null {
    const text = this.text(promise, receipt);
    return text === null ? null : JSON.parse(text);
  }
}

type Opened = {
  readonly tree: PromiseTree;
  /** By `keyOf` a receipt's id. */
  readonly places: ReadonlyMap<string, number>;
};

/** Of promises in use that were read again. */
const opened = new WeakMap<StoredPromise, Opened>();

function textOfStored(promise: StoredPromise, receipt: Identified): string | null {
  const { tree, places } = opened.get(promise) ?? openStored(promise);
  const place = places.get(keyOf(receipt.id));
  if (place === undefined) return null;
  const { leaf, charity, unit, kind, amount } = receipt;
  const fields = { leaf: fastHex(leaf), charity: fastHex(charity), unit, kind, amount: `${amount}` };
  const { deadline, signature } = promise;
  const terms = { deadline: `${deadline}`, signature: fastHex(signature) };
  return promiseJson({ ...fields, ...terms }, tree.pathText(place));
}

function openStored(promise: StoredPromise): Opened {
  const tree = new PromiseTree(promise.leaves, fastKeccak, fastHex);
  const open = { tree, places: placesByIds(promise.receipts) };
  opened.set(promise, open);
  return open;
}

function placesByIds(ids: Uint8Array): Map<string, number> {
  const places = new Map<string, number>();
  const keys = keyOf(ids);
  for (let at = 0; at < keys.length; at += ID_BYTES) places.set(keys.slice(at, at + ID_BYTES), at / ID_BYTES);
  return places;
}

/** A character for each byte. */
const keyOf = (ids: Uint8Array): string =>
  Buffer.from(ids.buffer, ids.byteOffset, ids.length).toString("latin1");
