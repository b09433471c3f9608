// /v1/purchases: completed sales in, receipts out; one at a time or as many as there are.

import type { Request, Response } from "express";
import { z } from "zod";
import { giftsIfRecorded, ingestPurchases, type Outcome } from "../ingest/ingest.ts";
import { checkCurrency } from "../programmes/currency.ts";
import { type Purchase, purchaseSchema } from "../programmes/purchase.ts";
import type { Caller, Role } from "../store/keys.ts";
import { answerSchema, showAnswer, showGift, statusOf } from "./answers.ts";
import { authenticate, mayActFor } from "./auth.ts";
import { answerLines, type Line, type Result, readLine } from "./bulk.ts";
import { parse, problemOf } from "./problems.ts";
import { type Route, route } from "./route.ts";
import type { Services } from "./services.ts";
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

function answerOrThrow(outcome: Outcome | undefined) {
  if (outcome === undefined || outcome instanceof Error) throw outcome;
  return outcome;
}

async function streamPurchases(request: Request, response: Response, _: Caller, services: Services) {
  await answerLines(request, response, {
    ready: () => services.ingest.writer.ready(),
    // Asked again for each chunk, since an upload may outlive its key.
    answer: async (lines) => answerChunk(lines, await authenticate(services.sql, request, WRITERS), services),
  });
}

/** One result line for each input line; the bad ones do not disturb the good. */
async function answerChunk(lines: readonly Line[], caller: Caller, services: Services): Promise<Result[]> {
  const results: Result[] = new Array(lines.length);
  const good: { at: number; purchase: Purchase }[] = [];
  for (const [at, line] of lines.entries()) {
    try {
      good.push({ at, purchase: purchaseOf(readLine(line), caller) });
    } catch (thrown) {
      results[at] = problemOf(thrown);
    }
  }
  const outcomes = await ingestPurchases(
    services.ingest,
    good.map(({ purchase }) => purchase),
  );
  for (const [index, outcome] of outcomes.entries()) {
    const { at, purchase } = good[index] as (typeof good)[number];
    results[at] = showOutcome(services, purchase, outcome);
  }
  return results;
}

function showOutcome(services: Services, { merchant, order }: Purchase, outcome: Outcome): Result {
  if (!(outcome instanceof Error))
    return showAnswer(services, outcome, { status: statusOf(outcome), merchant, order });
  const problem = problemOf(outcome);
  if (problem.status === 500) services.log.error({ err: outcome }, "a line of a bulk failed");
  return { merchant, order, ...problem };
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
  {
    method: "post",
    path: "/v1/purchases/bulk",
    tag,
    summary: "Report any number of purchases",
    description:
      "One purchase a line in, one result a line out, in the same order, with `line` and `status`. Results stream back while the upload goes on. A bad line gets a problem document of its own.",
    callers: ["operator", "merchant"],
    consumes: "application/x-ndjson",
    produces: "application/x-ndjson",
    answers: { 200: { description: "One result for each line", schema: answerSchema } },
    stream: streamPurchases,
  },
];
