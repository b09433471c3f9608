// /v1/refunds: what was taken back of a purchase, whole or in part.

import { ingestRefund } from "../ingest/ingest.ts";
import { refundSchema } from "../programmes/refund.ts";
import { answerSchema, showAnswer, statusOf } from "./answers.ts";
import { mayActFor } from "./auth.ts";
import { type Route, route } from "./route.ts";

export const refundRoutes: Route[] = [
  route({
    method: "post",
    path: "/v1/refunds",
    tag: "Purchases",
    summary: "Report a refund",
    description:
      "Of the whole purchase, or of the items named: all that is left of each, so many pieces, or so much of its price and shipping. Gifts under terms with `refunds: reverse` are reversed down to the share of what is left; under `merchant-bears` they stand. A reversal is a receipt of its own.",
    callers: ["operator", "merchant"],
    body: refundSchema,
    answers: {
      201: { description: "Recorded; `receipts` are the reversals", schema: answerSchema },
      200: { description: "Recorded before: the same reversals", schema: answerSchema },
      404: { description: "No such purchase is recorded" },
      409: { description: "This refund was recorded with other content" },
    },
    handle: async ({ body, caller }, services) => {
      mayActFor(caller, "merchant", body.merchant);
      const answer = await ingestRefund(services.ingest, body);
      return { status: statusOf(answer), body: showAnswer(services, answer) };
    },
  }),
];
