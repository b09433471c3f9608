// /v1/steps: days of steps in, receipts out; or, for a day that looks like no walk, the reasons why it is held. What becomes
// of those is in held-steps.

import { z } from "zod";
import { InputError } from "../errors.ts";
import { ingestSteps, type StepsOutcome } from "../ingest/steps.ts";
import { checkGoal, countSteps } from "../programmes/steps/counting.ts";
import { checkProvenance, reportOf, type StepReport, stepReportSchema } from "../programmes/steps/report.ts";
import { RULES, rulesHash } from "../programmes/steps/rules.ts";
import { toHex } from "../protocol/bytes.ts";
import { documentByHash } from "../store/documents.ts";
import { heldCounts } from "../store/held-steps.ts";
import type { Caller, Role } from "../store/keys.ts";
import { answerSchema, showAnswer, statusOf } from "./answers.ts";
import { mayActFor } from "./auth.ts";
import { answerOrThrow, bulkRoute } from "./contributions.ts";
import { heldAnswerSchema, showHeldAnswer } from "./held-steps.ts";
import { parse } from "./problems.ts";
import { type Reply, type Route, route } from "./route.ts";
import type { Services } from "./services.ts";
import { hex32, minor } from "./words.ts";

const tag = "Steps";
const REPORTERS: readonly Role[] = ["operator", "merchant"];

/** A body as a day that this caller may report. Throws what keeps it from being one. */
function stepReportOf(body: unknown, caller: Caller): StepReport {
  const told = parse(stepReportSchema, body);
  const platform = told.platform ?? ownPlatform(caller);
  mayActFor(caller, "merchant", platform);
  checkProvenance(told);
  checkGoal(countSteps(told.hours));
  return reportOf(told, platform);
}

function ownPlatform({ role, subject }: Caller): string {
  if (role === "merchant" && subject !== null) return subject;
  const facts = { field: "platform", wanted: "the platform that reports", came: "nothing" };
  throw new InputError("invalid", `platform: wanted ${facts.wanted}, came nothing`, { errors: [facts] });
}

const isHeld = (outcome: StepsOutcome): outcome is Extract<StepsOutcome, { held: unknown }> =>
  !(outcome instanceof Error) && "held" in outcome;

/** The reply to a day that is held; anything else as it is. */
const orHeld = (outcome: StepsOutcome) =>
  isHeld(outcome) ? { status: 202, body: showHeldAnswer(outcome.held) } : outcome;

async function reply(services: Services, report: StepReport): Promise<Reply> {
  const [outcome] = (await ingestSteps(services.ingest, [report])).map(orHeld);
  if (outcome !== undefined && "body" in outcome) return outcome;
  const answer = answerOrThrow(outcome);
  return { status: statusOf(answer), body: showAnswer(services, answer) };
}

const rulesSchema = z
  .object({
    hash: hex32.meta({ description: "of the document: what receipts of steps name as their terms" }),
    batch: minor
      .nullable()
      .meta({ description: "the batch whose notice names it; null before the first donation" }),
    rules: z.looseObject({ format: z.string() }).meta({
      description:
        "the document: goal, caps, what is refused, and the patterns that flag; counts are of steps",
    }),
  })
  .meta({ id: "StepsRules" });

const countsSchema = z
  .object({ held: minor, appealed: minor, accepted: minor, rejected: minor })
  .meta({ id: "HeldStepsCounts", description: "days that look like no walk, by how they stand now" });

export const stepsRoutes: Route[] = [
  route({
    method: "post",
    path: "/v1/steps",
    tag,
    summary: "Report a day of steps that is donated",
    description:
      "Records the steps that count as a gift on the charity's line of `STEP`, and answers once the receipt is durable. The day must be over in its offset. The same day of a person again gets the same receipt. A day that looks like no walk is held with its reasons, until the operator has looked.",
    callers: REPORTERS,
    body: z.unknown().meta({ schema: stepReportSchema }),
    answers: {
      201: { description: "Recorded", schema: answerSchema },
      200: { description: "Recorded before: the same receipt", schema: answerSchema },
      202: { description: "Held, for these reasons; `appeal` is where to object", schema: heldAnswerSchema },
      409: { description: "This day of this person was told with other content; `differences` names it" },
      422: { description: "Refused: entered by hand, below the goal, too old, not over yet, or malformed" },
      429: { description: "Too much at once; come back after `Retry-After` seconds" },
    },
    handle: async ({ body, caller }, services) => reply(services, stepReportOf(body, caller)),
  }),
  bulkRoute({
    path: "/v1/steps/bulk",
    tag,
    summary: "Report any number of days of steps",
    what: "day",
    callers: REPORTERS,
    read: stepReportOf,
    ingest: async ({ ingest }, reports) => (await ingestSteps(ingest, reports)).map(orHeld),
    nameOf: ({ platform, person, day }) => ({ platform, person, day }),
  }),
  route({
    method: "get",
    path: "/v1/steps/rules",
    tag,
    summary: "Read the rules by which steps are counted",
    answers: { 200: { description: "The rules in force", schema: rulesSchema } },
    handle: async (_, { sql }) => {
      const batch = (await documentByHash(sql, rulesHash))?.batch ?? null;
      return { status: 200, body: { hash: toHex(rulesHash), batch, rules: RULES } };
    },
  }),
  route({
    method: "get",
    path: "/v1/steps/counts",
    tag,
    summary: "How many days are held, appealed, accepted, rejected",
    answers: { 200: { description: "The counts", schema: countsSchema } },
    handle: async (_, { sql }) => {
      const { held, appealed, accepted, recorded, rejected } = await heldCounts(sql);
      return { status: 200, body: { held, appealed, accepted: accepted + recorded, rejected } };
    },
  }),
];
