// Orders of shop systems, recorded the way of every purchase and refund. Told again, nothing is recorded twice: the first
// telling decides, since the receipts that it gave are out already; what a later one says otherwise is kept for people.

import { ConflictError, InputError, NotFoundError, UnavailableError } from "../errors.ts";
import type { Purchase } from "../programmes/purchase.ts";
import { eventId, purchaseName, refundName } from "../programmes/record.ts";
import type { Refund } from "../programmes/refund.ts";
import { isEarly, refundOf, type ShopRefund } from "../programmes/shop-systems/shop-order.ts";
import { keepConflict, purchaseAsTold } from "../store/shop-systems.ts";
import { type Answer, answersOfKnown } from "./answers.ts";
import { type Ingest, ingestPurchases, ingestRefund } from "./ingest.ts";

/** `recorded`: just now. `known`: before. `differs`: before, with other content. `ignored`: it changes nothing. */
export type Taken = "recorded" | "known" | "differs" | "ignored";

/** Throws what keeps it from being recorded. */
export async function takeOrder(ingest: Ingest, purchase: Purchase): Promise<Taken> {
  const [outcome] = await ingestPurchases(ingest, [purchase]);
  if (outcome instanceof ConflictError) return differs(ingest, purchase.merchant, purchase.order, outcome);
  if (outcome === undefined || outcome instanceof Error) throw outcome;
  return outcome.recorded ? "recorded" : "known";
}

async function differs(
  { sql }: Ingest,
  merchant: string,
  name: string,
  conflict: ConflictError,
): Promise<Taken> {
  const fields = (conflict.facts.differences ?? []) as readonly { field: string }[];
  await keepConflict(sql, merchant, name, fields.map(({ field }) => field).join(" ") || conflict.code);
  return "differs";
}

/** The answer to an order that is recorded; undefined where there is none. Throws `ConflictError` once it is erased. */
export async function answerOfOrder(
  { sql, recorder, opener }: Ingest,
  name: Pick<Purchase, "merchant" | "order">,
): Promise<Answer | undefined> {
  const id = eventId(purchaseName(name), recorder.sha256);
  const told = await purchaseAsTold(sql, id);
  if (told === undefined) return undefined;
  if (told.body === null)
    throw new ConflictError("erased", `order: what was recorded of ${name.order} has been erased`);
  const [known] = await answersOfKnown(sql, [{ id, body: told.body }], opener);
  if (known instanceof Error) throw known;
  return known;
}

const AGAIN_SECONDS = 5;

/**
 * Throws `NotFoundError` `unknown-purchase` when the order is not recorded, and `UnavailableError` when another refund of
 * it was quicker: the same again will do.
 */
export async function takeRefund(
  ingest: Ingest,
  { merchant, order }: Pick<Purchase, "merchant" | "order">,
  toldIn: (currency: string) => ShopRefund,
): Promise<Taken> {
  const { sql, recorder } = ingest;
  const soFar = await purchaseAsTold(sql, eventId(purchaseName({ merchant, order }), recorder.sha256));
  if (soFar === undefined)
    throw new NotFoundError("unknown-purchase", `order: ${order} is not recorded; tell of it again later`);
  // Without its prices nothing can be said of a part of it; and all of it is not what this may be.
  if (soFar.body === null) return "ignored";
  const purchase = JSON.parse(soFar.body) as Purchase;
  const told = toldIn(purchase.currency);
  const id = eventId(refundName({ merchant, refund: told.refund }), recorder.sha256);
  if (soFar.refunds.some(({ refund }) => refund.equals(id))) return "known";
  if (isEarly(told, purchase)) return "ignored";
  const earlier = soFar.refunds.flatMap(({ body }) => (body === null ? [] : [JSON.parse(body) as Refund]));
  const refund = refundOf(purchase, earlier, told);
  return refund === null ? "ignored" : record(ingest, refund);
}

async function record(ingest: Ingest, refund: Refund): Promise<Taken> {
  try {
    const { recorded } = await ingestRefund(ingest, refund);
    return recorded ? "recorded" : "known";
  } catch (thrown) {
    if (thrown instanceof ConflictError) return differs(ingest, refund.merchant, refund.refund, thrown);
    if (!(thrown instanceof InputError) || thrown.code !== "refund-too-large") throw thrown;
    throw new UnavailableError(
      "refunded-meanwhile",
      `order: ${refund.order} was refunded meanwhile`,
      AGAIN_SECONDS,
    );
  }
}
