// /v1/purchases: completed sales in, receipts out; one at a time or as many as there are.

import { z } from "zod";
import { giftsIfRecorded, ingestPurchases } from "../ingest/ingest.ts";
import { checkCurrency } from "../programmes/currency.ts";
import { type Purchase, purchaseSchema } from "../programmes/purchase.ts";
import type { Caller, Role } from "../store/keys.ts";
import { answerSchema, showAnswer, showGift, statusOf } from "./answers.ts";
import { mayActFor } from "./auth.ts";
import { answerOrThrow, bulkRoute } from "./contributions.ts";
import { parse } from "./problems.ts";
import { type Route, route } from "./route.ts";
import { isoTime, time } from "./words.ts";

const tag = "Purchases";
const WRITERS: readonly Role[] = ["operator", "merchant"];

const flag = z.enum(["", "true", "false", "1", "0"]).transform((text) => text !== "false" && text !== "0");

const dryAnswer = z.object({
  dryRun: z.literal(true),
  completedAt: time,
  gifts: z.array(
    z.object({
      item: z.string(),
      charity: z.string(),
      unit: z.string(),
      amount: z.string(),
      written: z.string(),
      terms: z.string(),
    }),
  ),
});

/** A body as a purchase that this caller may report. Throws what keeps it from being one. */
function purchaseOf(body: unknown, caller: Caller): Purchase {
  const purchase = parse(purchaseSchema, body);
  checkCurrency(purchase.currency);
  mayActFor(caller, "merchant", purchase.merchant);
  return purchase;
}

export const purchaseRoutes: Route[] = [
  route({
    method: "post",
    path: "/v1/purchases",
    tag,
    summary: "Report a completed purchase",
    description:
      "Records the gifts that the merchant's pledges in force at `completedAt` give, and answers once the receipts are durable. The same purchase again gets the same receipts. With `?dryRun` nothing is recorded.",
    callers: ["operator", "merchant"],
    body: z.unknown().meta({ schema: purchaseSchema }),
    query: z.strictObject({ dryRun: flag.optional() }),
    answers: {
      201: { description: "Recorded; `receipts` is empty when no pledge was in force", schema: answerSchema },
      200: {
        description: "Recorded before: the same receipts; or the answer to a dry run",
        schema: z.union([answerSchema, dryAnswer]),
      },
      409: { description: "This order was recorded with other content; `differences` names it" },
      422: { description: "Refused; `errors` names each field, what was wanted and what came" },
      429: { description: "Too much at once; come back after `Retry-After` seconds" },
    },
    handle: async ({ body, query, caller }, services) => {
      const purchase = purchaseOf(body, caller);
      if (query.dryRun === true) {
        const gifts = await giftsIfRecorded(services.ingest, purchase);
        return {
          status: 200,
          body: { dryRun: true, completedAt: isoTime(purchase.completedAt), gifts: gifts.map(showGift) },
        };
      }
      const [outcome] = await ingestPurchases(services.ingest, [purchase]);
      const answer = answerOrThrow(outcome);
      return { status: statusOf(answer), body: showAnswer(services, answer) };
    },
  }),
  bulkRoute({
    path: "/v1/purchases/bulk",
    tag,
    summary: "Report any number of purchases",
    what: "purchase",
    callers: WRITERS,
    read: purchaseOf,
    ingest: ({ ingest }, purchases) => ingestPurchases(ingest, purchases),
    nameOf: ({ merchant, order }) => ({ merchant, order }),
  }),
];
