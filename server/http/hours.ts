// /v1/hours: finished attendances that organisers' own systems tell of; one at a time or as many as there are.

import { z } from "zod";
import { ingestReports, type Told } from "../ingest/hours.ts";
import { reportSchema } from "../programmes/hours/report.ts";
import type { Caller, Role } from "../store/keys.ts";
import { answerSchema, showAnswer, statusOf } from "./answers.ts";
import { speaksFor } from "./auth.ts";
import { answerOrThrow, bulkRoute } from "./contributions.ts";
import { parse } from "./problems.ts";
import { type Route, route } from "./route.ts";

const tag = "Three hours";
const WRITERS: readonly Role[] = ["operator", "charity"];

/** A body as what this caller reports. Whether for that organiser, the activity tells. */
function toldOf(body: unknown, caller: Caller): Told {
  const isOperator = caller.role === "operator";
  const mayReportFor = (organiser: string) => isOperator || speaksFor(caller, organiser);
  return {
    report: parse(reportSchema, body),
    reporter: { scope: isOperator ? "platform" : "organiser", mayReportFor },
  };
}

export const hoursRoutes: Route[] = [
  route({
    method: "post",
    path: "/v1/hours",
    tag,
    summary: "Report a finished attendance",
    description:
      "For organisers with a check-in of their own: counted by the same rules, and recorded at once. One volunteer at one activity is one attendance; the same again gets the same receipt.",
    callers: WRITERS,
    body: z.unknown().meta({ schema: reportSchema }),
    answers: {
      201: { description: "Recorded; `receipts` is empty for less than six minutes", schema: answerSchema },
      200: { description: "Recorded before: the same receipt", schema: answerSchema },
      409: { description: "Recorded with other content, or the volunteer takes part by sign-up" },
      422: { description: "Refused; `errors` names each field, what was wanted and what came" },
    },
    handle: async ({ body, caller }, services) => {
      const [outcome] = await ingestReports(services, services.ledger, [toldOf(body, caller)]);
      const answer = answerOrThrow(outcome);
      return { status: statusOf(answer), body: showAnswer(services, answer) };
    },
  }),
  bulkRoute({
    path: "/v1/hours/bulk",
    tag,
    summary: "Report any number of attendances",
    what: "attendance",
    callers: WRITERS,
    read: toldOf,
    ingest: (services, told) => ingestReports(services, services.ledger, told),
    nameOf: ({ report: { activity, volunteer } }) => ({ activity, volunteer }),
  }),
];
