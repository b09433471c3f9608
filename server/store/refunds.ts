// The one transaction that reads before it writes: what a refund reverses depends on the refunds before it. All that it
// reads, it reads on its own connection: one that waited for another of the pool could wait for ever.

import { InvariantError, NotFoundError } from "../errors.ts";
import type { Pledge } from "../programmes/pledge.ts";
import type { EventRecord } from "../programmes/record.ts";
import type { Reversal } from "../programmes/refund.ts";
import { type KnownCampaigns, reversalCounts, writeCounted } from "./campaign-counter.ts";
import type { Database, Transaction } from "./database.ts";
import { askErasure } from "./erasure.ts";
import { holdEvent, type StoredEvent } from "./events.ts";
import { pledgesByIds } from "./pledges.ts";
import { receiptsByIds, reversalsOfGifts, type StoredReceipt } from "./receipts.ts";
import { tellOfRefund } from "./webhook-events.ts";
import { idKey, writeEvents } from "./write.ts";
import { type Promiser, promiseOf, type Written } from "./writer.ts";

/** A gift of the purchase, the pledge that it was given under, and how much of it is reversed already. */
export type GiftSoFar = {
  readonly receipt: StoredReceipt;
  readonly pledge: Pledge;
  readonly reversed: bigint;
};

export type PurchaseSoFar = {
  readonly event: StoredEvent;
  /** The normalised bodies of earlier refunds, in the order in which they were recorded; erased ones are left out. */
  readonly refunds: readonly string[];
  readonly gifts: readonly GiftSoFar[];
};

export type Decision = { readonly record: EventRecord; readonly reversals: readonly Reversal[] };

/**
 * Records a refund. `decide` is given the purchase as it stands, which no other refund changes meanwhile, and may throw.
 * Throws `NotFoundError` when there is no such purchase.
 */
export function writeRefund(
  sql: Database,
  purchase: Uint8Array,
  refund: Uint8Array,
  decide: (soFar: PurchaseSoFar) => Decision,
  campaigns: KnownCampaigns,
  promiser: Promiser | null = null,
): Promise<Written> {
  return sql.begin("ISOLATION LEVEL READ COMMITTED", async (tx): Promise<Written> => {
    const event = await holdEvent(tx, purchase);
    if (event === undefined)
      throw new NotFoundError("unknown-purchase", "order: no such purchase is recorded");
    if (await isKnown(tx, refund)) return { outcome: "known" };
    const soFar = await readSoFar(tx, event);
    const { record, reversals } = decide(soFar);
    const lines = reversals.map(({ gift }) => lineOf(soFar, gift.id));
    const promise = await promiseOf(promiser, [{ record }]);
    const countsOf = reversalCounts(event.campaigns ?? []);
    const { batch, added } = await writeCounted(tx, campaigns, countsOf, (counter) =>
      writeEvents(tx, [{ record, lines }], promise, counter),
    );
    if (!added.has(idKey(record.id))) return { outcome: "known" };
    await writeTraces(tx, batch, purchase, record, reversals);
    if (event.body === null) await askErasure(tx, { purchase }, AFTER_ERASURE, record.acceptedAt);
    return { outcome: "written", batch, promise };
  }) as Promise<Written>;
}

/** What is told of an erased purchase afterwards is erased in its turn. */
const AFTER_ERASURE = { role: "ledger", label: "a refund of an erased purchase" };

const isKnown = async (tx: Transaction, id: Uint8Array) =>
  (await tx`SELECT FROM events WHERE id = ${id}`).length === 1;

async function readSoFar(tx: Transaction, event: StoredEvent): Promise<PurchaseSoFar> {
  const refunds = await tx<{ body: string }[]>`
    SELECT body FROM refunds WHERE purchase = ${event.id} AND body IS NOT NULL ORDER BY position`;
  const receipts = await receiptsByIds(tx, event.receipts);
  const reversals = await reversalsOfGifts(tx, event.receipts);
  const pledges = await pledgesByTerms(tx, [...receipts.values()]);
  const gifts = event.receipts.map((id) => {
    const receipt = receipts.get(id.toString("hex")) as StoredReceipt;
    const pledge = pledges.get(receipt.terms.toString("hex"));
    if (pledge === undefined) throw new InvariantError("a gift's pledge is not there");
    const own = reversals.filter(({ gift }) => gift.equals(id));
    return { receipt, pledge, reversed: own.reduce((sum, { amount }) => sum + amount, 0n) };
  });
  return { event, refunds: refunds.map(({ body }) => body), gifts };
}

async function pledgesByTerms(tx: Transaction, receipts: readonly StoredReceipt[]) {
  const pledges = await pledgesByIds(
    tx,
    receipts.map(({ terms }) => terms),
  );
  return new Map(pledges.map((pledge) => [Buffer.from(pledge.id).toString("hex"), pledge]));
}

const lineOf = ({ gifts }: PurchaseSoFar, id: Uint8Array): number =>
  (gifts.find(({ receipt }) => receipt.id.equals(id)) as GiftSoFar).receipt.line;

async function writeTraces(
  tx: Transaction,
  batch: bigint,
  purchase: Uint8Array,
  record: EventRecord,
  reversals: readonly Reversal[],
): Promise<void> {
  await tx`INSERT INTO refunds (purchase, refund, body) VALUES (${purchase}, ${record.id}, ${record.body})`;
  if (reversals.length > 0) await tellOfRefund(tx, record);
  for (const [index, { gift, amount }] of reversals.entries()) {
    const reversal = (record.receipts[index] as EventRecord["receipts"][number]).id;
    const shop = gift.pledge.terms.programme === "charity-shop" ? gift.pledge.id : null;
    await tx`
      INSERT INTO reversals (reversal, gift, amount, batch, shop_pledge)
      VALUES (${reversal}, ${gift.id}, ${amount}, ${batch}, ${shop})`;
  }
}
