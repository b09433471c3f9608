// From parsed bodies to durable receipts: looks up what the rules need, applies them, writes, answers.

import { InputError } from "../errors.ts";
import type { Gift } from "../programmes/gift.ts";
import type { Pledge } from "../programmes/pledge.ts";
import { checkNotAhead, giftsOf, type Purchase } from "../programmes/purchase.ts";
import {
  type EventName,
  type EventRecord,
  eventId,
  purchaseName,
  type Recorder,
  recordGifts,
  recordRefund,
  refundName,
} from "../programmes/record.ts";
import {
  type Refund,
  type Reversal,
  reversalsOf,
  reversalsOfErased,
  type StandingGift,
} from "../programmes/refund.ts";
import type { Database } from "../store/database.ts";
import type { NoticeFirst } from "../store/notice-first.ts";
import type { PledgeCache } from "../store/pledge-cache.ts";
import type { StoredPledge } from "../store/pledges.ts";
import { type GiftSoFar, type PurchaseSoFar, writeRefund } from "../store/refunds.ts";
import type { GroupedWriter, Promiser } from "../store/writer.ts";
import { type Answer, answerOf, answersOfKnown } from "./answers.ts";
import type { PromiseOpener } from "./promiser.ts";

export type Ingest = {
  readonly sql: Database;
  readonly writer: GroupedWriter;
  readonly pledges: PledgeCache;
  readonly notices: NoticeFirst;
  readonly recorder: Recorder;
  /** Null when the service has no key to promise with. */
  readonly promiser: Promiser | null;
  readonly opener: PromiseOpener;
};

/** An answer, or the reason why there is none. */
export type Outcome = Answer | Error;

/** An event that gives, as its programme's rules have judged it. */
export type Contribution = {
  readonly name: EventName;
  /** The normalised body: the first telling decides, and later ones are compared with it. */
  readonly body: object;
  /** When what it tells of happened, in Unix seconds: a purchase completed, a day walked, a service ended. */
  readonly happenedAt: number;
  readonly gifts: readonly Gift[];
  /** The last batch whose notice names terms of these gifts; left out where they follow from none. */
  readonly noticedIn?: bigint;
};

/** Records purchases that arrive together; as `ingestContributions`. */
export async function ingestPurchases(ingest: Ingest, purchases: readonly Purchase[]): Promise<Outcome[]> {
  const pledges = await ingest.pledges.of(purchases.map(({ merchant }) => merchant));
  const now = ingest.recorder.now();
  return ingestContributions(
    ingest,
    purchases.map((purchase) => attempt(() => contributionOf(now, purchase, pledges.get(purchase.merchant)))),
  );
}

/** A purchase as what it gives under the merchant's pledges of one programme. Throws what keeps it from being recorded. */
export function contributionOf(
  now: number,
  purchase: Purchase,
  pledges: readonly StoredPledge[] | null | undefined,
  programme: Programme = "goods-for-good",
): Contribution {
  const gifts = judge(now, purchase, pledges, programme);
  return {
    name: purchaseName(purchase),
    body: purchase,
    happenedAt: purchase.completedAt,
    gifts,
    noticedIn: noticedIn(gifts, pledges ?? []),
  };
}

/** The last of the batches whose notices name the terms that these gifts follow from; 0 when there are no gifts. */
function noticedIn(gifts: readonly Gift[], pledges: readonly StoredPledge[]): bigint {
  const giving = pledges.filter(({ id }) => gifts.some(({ terms }) => terms === id));
  return lastOf(giving.map((pledge) => pledge.noticedIn));
}

const lastOf = (batches: readonly bigint[]): bigint =>
  batches.reduce((last, batch) => (batch > last ? batch : last), 0n);

/**
 * Records events that arrive together; one outcome each, in order. One that fails, or came as an error, leaves the others
 * as they are. An answer means that the receipts are durable, and promised; and that they are in a later batch than the
 * notices of their terms.
 */
export async function ingestContributions(
  ingest: Ingest,
  contributions: readonly (Contribution | Error)[],
): Promise<Outcome[]> {
  const records = contributions.map((told) =>
    told instanceof Error
      ? told
      : attempt(() => recordGifts(ingest.recorder, told.name, told.body, told.gifts, told.happenedAt)),
  );
  await ingest.notices.before(lastOf(contributions.map(noticeOf)));
  const written = await Promise.all(
    records.map((record) => (record instanceof Error ? record : writeOne(ingest, record))),
  );
  return answerAll(ingest, records, written);
}

const noticeOf = (told: Contribution | Error): bigint =>
  told instanceof Error ? 0n : (told.noticedIn ?? 0n);

/** What a purchase would give; nothing is recorded. */
export async function giftsIfRecorded({ pledges, recorder }: Ingest, purchase: Purchase): Promise<Gift[]> {
  const own = (await pledges.of([purchase.merchant])).get(purchase.merchant);
  return judge(recorder.now(), purchase, own);
}

type Programme = Pledge["terms"]["programme"];

function judge(
  now: number,
  purchase: Purchase,
  pledges: readonly Pledge[] | null | undefined,
  programme?: Programme,
): Gift[] {
  checkNotAhead(purchase.completedAt, now);
  if (pledges == null) throw unknownMerchant(purchase.merchant);
  return giftsOf(purchase, pledges, programme);
}

const unknownMerchant = (came: string) =>
  new InputError("unknown-merchant", `merchant: wanted a merchant that is registered here, came ${came}`, {
    field: "merchant",
    wanted: "a merchant that is registered here",
    came,
  });

/** Writes one event with its group; null when it was known. */
async function writeOne({ writer, opener }: Ingest, record: EventRecord): Promise<Answer | Error | null> {
  try {
    const written = await writer.write(record);
    return written.outcome === "written" ? answerOf(record, written, opener) : null;
  } catch (thrown) {
    return asError(thrown);
  }
}

async function answerAll(
  { sql, opener }: Ingest,
  records: readonly (EventRecord | Error)[],
  written: readonly (Answer | Error | null)[],
): Promise<Outcome[]> {
  const known = records.filter((_, index) => written[index] === null) as EventRecord[];
  const answers = known.length === 0 ? [] : await answersOfKnown(sql, known, opener);
  return written.map((outcome) => outcome ?? (answers.shift() as Outcome));
}

/** Records a refund and the reversals that it causes. Throws what keeps it from being recorded. */
export async function ingestRefund(ingest: Ingest, refund: Refund): Promise<Answer> {
  const { sql, recorder, promiser, opener, writer } = ingest;
  checkNotAhead(refund.refundedAt, recorder.now(), "refundedAt");
  const id = eventId(refundName(refund), recorder.sha256);
  let record: EventRecord | undefined;
  const decide = (soFar: PurchaseSoFar) => {
    const reversals = reversalsBy(refund, soFar);
    record = recordRefund(recorder, refund, reversals);
    return { record, reversals };
  };
  const purchase = eventId(purchaseName(refund), recorder.sha256);
  const written = await writeRefund(sql, purchase, id, decide, writer.campaigns, promiser);
  if (written.outcome === "written") return answerOf(record as EventRecord, written, opener);
  const [known] = await answersOfKnown(sql, [{ id, body: JSON.stringify(refund) }], opener);
  if (known instanceof Error) throw known;
  return known as Answer;
}

function reversalsBy(refund: Refund, { event, refunds, gifts }: PurchaseSoFar): Reversal[] {
  if (event.body === null) return reversalsOfErased(refund, gifts.map(standing));
  const purchase = JSON.parse(event.body) as Purchase;
  if (refund.refundedAt < purchase.completedAt) throw beforePurchase(purchase);
  const earlier = refunds.map((body) => JSON.parse(body) as Refund);
  return reversalsOf(purchase, refund, earlier, gifts.map(standing));
}

/** Of an erased gift nobody knows any more for which item it was. */
function standing({ receipt, pledge, reversed }: GiftSoFar): StandingGift {
  const { item } =
    receipt.private === null ? { item: "" } : (JSON.parse(receipt.private) as { item: string });
  return { ...receipt, item, charity: receipt.registration, pledge, reversed };
}

function beforePurchase({ completedAt }: Purchase): InputError {
  const facts = { field: "refundedAt", wanted: `no earlier than the purchase, ${completedAt}` };
  return new InputError(
    "before-purchase",
    `${facts.field}: wanted a time ${facts.wanted} (Unix seconds)`,
    facts,
  );
}

/** What the work answers, or the reason why there is nothing. */
export function attempt<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (thrown) {
    return asError(thrown);
  }
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
