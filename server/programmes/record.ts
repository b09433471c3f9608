// From a business event to what is written down: one event, its receipts, their leaves. Pure: the clock, the secret and
// the randomness are handed in.

import { toHex } from "../protocol/bytes.ts";
import type { Hash } from "../protocol/hash.ts";
import { charityId, type Hmac, receiptId, receiptSalt } from "../protocol/ids.ts";
import { GIFT, REVERSAL, type Receipt } from "../protocol/receipt.ts";
import type { Gift } from "./gift.ts";
import type { Purchase } from "./purchase.ts";
import type { Refund, Reversal } from "./refund.ts";

const EVENT_ID_BYTES = 16;
const KEY_BYTES = 32;
const NONCE_BYTES = 16;

/** What recording needs from outside. */
export type Recorder = {
  /** The newest secret of the ledger: it keys receipt ids. */
  readonly secret: Uint8Array;
  /** The EIP-712 digest of a receipt in this ledger. */
  readonly leafOf: (receipt: Receipt) => Uint8Array;
  readonly hash: Hash;
  readonly hmac: Hmac;
  readonly sha256: (data: Uint8Array | string) => Uint8Array;
  readonly random: (bytes: number) => Uint8Array;
  /** Unix seconds. */
  readonly now: () => number;
};

export type RecordedReceipt = Receipt & {
  readonly leaf: Uint8Array;
  /** The charity's registration id, whose hash is `charity`. */
  readonly registration: string;
  /** The shop's name for the item that it is for. */
  readonly item: string;
  readonly programme: string;
  /** The shop behind it; null where there is none. */
  readonly merchant: string | null;
  /** The canonical JSON of the details, whose hash is `details`. Personal data: never leaves without the receipt's key. */
  readonly private: string;
};

/** One event and its receipts, ready to be written together. */
export type EventRecord = {
  readonly id: Uint8Array;
  readonly acceptedAt: number;
  /** When what it tells of happened, in Unix seconds. */
  readonly happenedAt: number;
  /** JSON of the normalised body: a repeated event is compared with it. */
  readonly body: string;
  readonly receipts: readonly RecordedReceipt[];
};

/** Who tells of an event, and the name they gave it. The same pair is the same event, for ever. */
export type EventName = { readonly source: string; readonly key: string };

export const purchaseName = (purchase: Pick<Purchase, "merchant" | "order">): EventName => ({
  source: purchase.merchant,
  key: `purchase/${purchase.order}`,
});

export const refundName = (refund: Pick<Refund, "merchant" | "refund">): EventName => ({
  source: refund.merchant,
  key: `refund/${refund.refund}`,
});

/** The store's name for an event: 16 bytes of SHA-256. It does not depend on the secret, which may change. */
export const eventId = (name: EventName, sha256: Recorder["sha256"]): Uint8Array =>
  sha256(JSON.stringify([name.source, name.key])).slice(0, EVENT_ID_BYTES);

export const recordPurchase = (recorder: Recorder, purchase: Purchase, gifts: readonly Gift[]): EventRecord =>
  recordGifts(recorder, purchaseName(purchase), purchase, gifts, purchase.completedAt);

/**
 * Any event that gives: its name, its normalised body, the gifts that the programme's rules made of it, and when it
 * happened, in Unix seconds.
 */
export function recordGifts(
  recorder: Recorder,
  name: EventName,
  body: object,
  gifts: readonly Gift[],
  happenedAt: number,
): EventRecord {
  return recordEvent(recorder, name, body, happenedAt, (acceptedAt, donorKey) =>
    gifts.map((gift) => {
      const fields: Fields = {
        ...fieldsOf(gift.charity, gift.unit, gift.amount),
        kind: GIFT,
        acceptedAt,
        terms: gift.terms,
      };
      return receiptOf(recorder, name, gift.item, fields, gift.details, donorKey);
    }),
  );
}

export function recordRefund(
  recorder: Recorder,
  refund: Refund,
  reversals: readonly Reversal[],
): EventRecord {
  const name = refundName(refund);
  return recordEvent(recorder, name, refund, refund.refundedAt, (acceptedAt, donorKey) =>
    reversals.map(({ gift, amount }) => {
      const fields: Fields = {
        ...fieldsOf(gift.charity, gift.unit, amount),
        kind: REVERSAL,
        acceptedAt,
        terms: gift.leaf,
      };
      return receiptOf(recorder, name, gift.item, fields, reversalDetails(refund, gift), donorKey);
    }),
  );
}

/** The donor's key is drawn for the event and not kept: only the salts are, and erasure takes those away. */
function recordEvent(
  { sha256, random, now }: Recorder,
  name: EventName,
  body: object,
  happenedAt: number,
  receiptsOf: (acceptedAt: bigint, donorKey: Uint8Array) => RecordedReceipt[],
): EventRecord {
  const acceptedAt = now();
  const receipts = receiptsOf(BigInt(acceptedAt), random(KEY_BYTES));
  return { id: eventId(name, sha256), acceptedAt, happenedAt, body: JSON.stringify(body), receipts };
}

type Fields = Pick<
  RecordedReceipt,
  "charity" | "registration" | "unit" | "kind" | "amount" | "acceptedAt" | "terms"
>;

function receiptOf(
  recorder: Recorder,
  { source, key: eventKey }: EventName,
  item: string,
  fields: Fields,
  facts: Readonly<Record<string, unknown>>,
  donorKey: Uint8Array,
): RecordedReceipt {
  const id = receiptId(recorder.secret, { source, eventKey, item, ...fields }, recorder.hmac);
  const salt = receiptSalt(donorKey, id, recorder.hmac);
  const details = flatCanonicalJson({ ...facts, nonce: toHex(recorder.random(NONCE_BYTES)) });
  const receipt = { ...fields, id, salt, details: recorder.hash(Buffer.from(details)) };
  return { ...receipt, ...scopeOf(facts), item, leaf: recorder.leafOf(receipt), private: details };
}

const scopeOf = ({ programme, merchant }: Readonly<Record<string, unknown>>) => ({
  programme: String(programme),
  merchant: typeof merchant === "string" ? merchant : null,
});

const fieldsOf = (registration: string, unit: string, amount: bigint) => ({
  registration,
  charity: charityIdOf(registration),
  unit,
  amount,
});

const reversalDetails = (refund: Refund, gift: Reversal["gift"]) => ({
  programme: gift.pledge.terms.programme,
  merchant: refund.merchant,
  order: refund.order,
  refund: refund.refund,
  refundedAt: refund.refundedAt,
  item: gift.item,
  charity: gift.charity,
  gift: toHex(gift.id),
  ...(refund.reason === undefined ? {} : { reason: refund.reason }),
});

/** Charity ids by registration: there are thousands, asked for millions of times. */
const charityIds = new Map<string, Uint8Array>();
const CHARITY_IDS_KEPT = 100_000;

function charityIdOf(registration: string): Uint8Array {
  const known = charityIds.get(registration);
  if (known !== undefined) return known;
  if (charityIds.size >= CHARITY_IDS_KEPT) charityIds.clear();
  const id = charityId(registration);
  charityIds.set(registration, id);
  return id;
}

/** RFC 8785 JSON of an object without objects in it: sorted members are all that it asks for. A third of the time. */
function flatCanonicalJson(facts: Readonly<Record<string, unknown>>): string {
  const sorted: Record<string, unknown> = {};
  for (const name of Object.keys(facts).sort()) sorted[name] = facts[name];
  return JSON.stringify(sorted);
}
