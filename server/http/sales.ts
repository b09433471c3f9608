// /v1/sales: what charities' own shops sold, in; receipts out. Refunds of them are told as refunds of purchases.

import { z } from "zod";
import { ingestSales } from "../ingest/sales.ts";
import { checkCurrency } from "../programmes/currency.ts";
import { type Sale, saleSchema } from "../programmes/sale.ts";
import type { Caller, Role } from "../store/keys.ts";
import { answerSchema, showAnswer, statusOf } from "./answers.ts";
import { mayActFor } from "./auth.ts";
import { answerOrThrow, bulkRoute } from "./contributions.ts";
import { parse } from "./problems.ts";
import { type Route, route } from "./route.ts";

const tag = "Charity shops";
const WRITERS: readonly Role[] = ["operator", "merchant"];

/** A body as a sale that this caller may report. Throws what keeps it from being one. */
function saleOf(body: unknown, caller: Caller): Sale {
  const sale = parse(saleSchema, body);
  checkCurrency(sale.currency);
  mayActFor(caller, "merchant", sale.merchant);
  return sale;
}

export const saleRoutes: Route[] = [
  route({
    method: "post",
    path: "/v1/sales",
    tag,
    summary: "Report a sale of a charity's own shop",
    description:
      "Products and quantities, priced by the shop's list that was in force at `completedAt`; a line that states another price is refused with the one that was wanted. Records the gifts that the shop's pledges with `programme: charity-shop` give, and answers once the receipts are durable. The same sale again gets the same receipts. A refund of it is told to `/v1/refunds`.",
    callers: WRITERS,
    body: z.unknown().meta({ schema: saleSchema }),
    answers: {
      201: { description: "Recorded; `receipts` is empty when no pledge was in force", schema: answerSchema },
      200: { description: "Recorded before: the same receipts", schema: answerSchema },
      409: { description: "This order was recorded with other content; `differences` names it" },
      422: { description: "Refused; `errors` names each field, what was wanted and what came" },
      429: { description: "Too much at once; come back after `Retry-After` seconds" },
    },
    handle: async ({ body, caller }, services) => {
      const [outcome] = await ingestSales(services.ingest, [saleOf(body, caller)]);
      const answer = answerOrThrow(outcome);
      return { status: statusOf(answer), body: showAnswer(services, answer) };
    },
  }),
  bulkRoute({
    path: "/v1/sales/bulk",
    tag,
    summary: "Report any number of sales",
    what: "sale",
    callers: WRITERS,
    read: saleOf,
    ingest: ({ ingest }, sales) => ingestSales(ingest, sales),
    nameOf: ({ merchant, order }) => ({ merchant, order }),
  }),
];
