// /v1/steps/held: days that look like no walk, what those who reported them object, and what the operator decides.

import { z } from "zod";
import { ConflictError, ForbiddenError } from "../errors.ts";
import { decideOnSteps } from "../ingest/steps-decisions.ts";
import { text } from "../programmes/fields.ts";
import type { Reason } from "../programmes/steps/patterns.ts";
import { stepReportSchema } from "../programmes/steps/report.ts";
import type { Queries } from "../store/database.ts";
import {
  appealHeld,
  eraseHeld,
  HELD_STATES,
  type HeldState,
  type HeldSteps,
  heldBefore,
  heldByNumber,
  WAITING_STATES,
} from "../store/held-steps.ts";
import type { Caller, Role } from "../store/keys.ts";
import { answerSchema, showAnswer } from "./answers.ts";
import { mayActFor } from "./auth.ts";
import { type Route, route } from "./route.ts";
import { idBefore, idInPath, listOf, listReply, minor, noSuch, numberedPage, time } from "./words.ts";

const tag = "Steps";
const REPORTERS: readonly Role[] = ["operator", "merchant"];
const MOST_TEXT = 1_000;
/** Walkers and their devices. */
const PRIVATE = { "Cache-Control": "private, no-store" };

const reasonSchema = z.object({
  code: z.string().meta({ description: "the pattern's name in the rules" }),
  says: z.string(),
});

export const heldAnswerSchema = z
  .object({
    held: z.literal(true),
    id: minor,
    state: z.enum(HELD_STATES),
    reasons: z.array(reasonSchema),
    appeal: z.string().meta({ description: "the path to object at" }),
  })
  .meta({ id: "HeldAnswer" });

const heldSchema = z
  .object({
    id: minor,
    platform: z.string(),
    state: z.enum(HELD_STATES),
    reasons: z.array(reasonSchema),
    heldAt: time,
    report: stepReportSchema
      .nullable()
      .meta({ description: "null once it is recorded: the receipt tells it" }),
    appeal: z.object({ text: z.string(), at: time }).nullable(),
    decision: z.object({ reason: z.string(), at: time }).nullable(),
  })
  .meta({ id: "HeldSteps" });

const reasonsOf = ({ reasons }: HeldSteps) => JSON.parse(reasons) as Reason[];

export const showHeldAnswer = (held: HeldSteps) => ({
  held: true,
  id: held.number,
  state: held.state,
  reasons: reasonsOf(held),
  appeal: `/v1/steps/held/${held.number}/appeal`,
});

const saidAt = (said: string | null, at: Date | null) =>
  said === null || at === null ? null : { said, at: at.toISOString() };

function show(held: HeldSteps) {
  const appeal = saidAt(held.appeal, held.appealed_at);
  const decision = saidAt(held.decision, held.decided_at);
  return {
    id: held.number,
    platform: held.platform,
    state: held.state,
    reasons: reasonsOf(held),
    heldAt: held.held_at.toISOString(),
    report: held.body === null ? null : JSON.parse(held.body),
    appeal: appeal && { text: appeal.said, at: appeal.at },
    decision: decision && { reason: decision.said, at: decision.at },
  };
}

async function heldInPath(sql: Queries, id: string): Promise<HeldSteps> {
  const held = await heldByNumber(sql, idInPath(id, "held-day"));
  if (held === undefined) throw noSuch("held-day", id);
  return held;
}

/** Once: of what was held, or was rejected unheard. */
async function appeal(sql: Parameters<typeof appealHeld>[0], held: HeldSteps, said: string): Promise<void> {
  if (held.appeal === said) return;
  const isOpen = held.appeal === null && (held.state === "held" || held.state === "rejected");
  if (isOpen && (await appealHeld(sql, held.number, held.state, said))) return;
  throw new ConflictError(
    "not-open-to-appeal",
    `state: wanted held, or rejected unheard, came ${held.state}`,
    {
      field: "state",
      wanted: "held, or rejected unheard",
      came: held.state,
      appealed: held.appeal !== null,
    },
  );
}

/** All that the operator sees, or the platform's own. */
function platformOf(caller: Caller, asked: string | undefined): string | null {
  if (caller.role === "operator") return asked ?? null;
  const platform = asked ?? caller.subject;
  if (platform === null) throw new ForbiddenError("wrong-subject", "this key speaks for no platform");
  mayActFor(caller, "merchant", platform);
  return platform;
}

const ALL_WAITING = "waiting";
type AskedState = HeldState | typeof ALL_WAITING;

const statesOf = (asked: AskedState | undefined): readonly HeldState[] => {
  if (asked === undefined) return HELD_STATES;
  return asked === ALL_WAITING ? WAITING_STATES : [asked];
};

export const heldStepsRoutes: Route[] = [
  route({
    method: "get",
    path: "/v1/steps/held",
    tag,
    summary: "List days that are held, the newest first",
    description:
      "The operator sees all, a platform its own. `waiting` are those that are held or appealed, or accepted and not recorded yet.",
    callers: REPORTERS,
    query: z.strictObject({
      ...numberedPage("held-day"),
      state: z.enum([...HELD_STATES, ALL_WAITING]).optional(),
      platform: z.string().max(100).optional(),
    }),
    answers: { 200: { description: "A page", schema: listOf(heldSchema) } },
    handle: async ({ query: { after, limit, state, platform }, caller }, { sql }) => {
      const of = platformOf(caller, platform);
      const held = await heldBefore(sql, idBefore(after), limit, {
        platform: of,
        states: statesOf(state),
      });
      return { status: 200, body: listReply(held.map(show), limit, ({ id }) => `${id}`), headers: PRIVATE };
    },
  }),
  route({
    method: "get",
    path: "/v1/steps/held/{id}",
    tag,
    summary: "Read a day that is held, and how it stands",
    callers: REPORTERS,
    answers: { 200: { description: "The day", schema: heldSchema }, 404: { description: "Not known" } },
    handle: async ({ params: { id = "" }, caller }, { sql }) => {
      const held = await heldInPath(sql, id);
      mayActFor(caller, "merchant", held.platform);
      return { status: 200, body: show(held), headers: PRIVATE };
    },
  }),
  route({
    method: "post",
    path: "/v1/steps/held/{id}/appeal",
    tag,
    summary: "Object to a day being held",
    description: "By who reported it, in the walker's words; once. Also where it was rejected unheard.",
    callers: REPORTERS,
    body: z.strictObject({ text: text(MOST_TEXT) }),
    answers: {
      200: { description: "Kept; or kept before, with the same words", schema: heldSchema },
      404: { description: "Not known" },
      409: { description: "Appealed before, or accepted" },
    },
    handle: async ({ params: { id = "" }, body, caller }, { sql }) => {
      const held = await heldInPath(sql, id);
      mayActFor(caller, "merchant", held.platform);
      await appeal(sql, held, body.text);
      return { status: 200, body: show(await heldInPath(sql, id)) };
    },
  }),
  route({
    method: "post",
    path: "/v1/steps/held/{id}/erasure",
    tag,
    summary: "Erase a day that is held or rejected",
    description:
      "Report, reasons, objection and decision go; it stands as rejected. A day that is recorded is erased by its receipt.",
    callers: REPORTERS,
    body: z.strictObject({}),
    answers: {
      200: { description: "Erased; or before", schema: heldSchema },
      404: { description: "Not known" },
      409: { description: "It is accepted, so there is or will be a receipt; or it changed meanwhile" },
    },
    handle: async ({ params: { id = "" }, caller }, { sql }) => {
      const held = await heldInPath(sql, id);
      mayActFor(caller, "merchant", held.platform);
      if (await eraseHeld(sql, held.number, held.state))
        return { status: 200, body: show(await heldInPath(sql, id)) };
      throw new ConflictError("has-receipt", `state: wanted held, appealed or rejected, came ${held.state}`);
    },
  }),
  route({
    method: "post",
    path: "/v1/steps/held/{id}/decision",
    tag,
    summary: "Decide on a day that is held",
    description:
      "Accepted, it is recorded as if it had just been reported, and the answer holds its receipt. The same decision again completes it and changes nothing.",
    callers: ["operator"],
    body: z.strictObject({ accept: z.boolean(), reason: text(MOST_TEXT) }),
    answers: {
      200: {
        description: "Decided; accepted, with its receipt",
        schema: z.union([answerSchema, heldSchema]),
      },
      404: { description: "Not known" },
      409: { description: "Decided otherwise, changed meanwhile, or another report of the day is recorded" },
    },
    handle: async ({ params: { id = "" }, body }, services) => {
      const answer = await decideOnSteps(services.ingest, await heldInPath(services.sql, id), body);
      const held = show(await heldInPath(services.sql, id));
      return { status: 200, body: answer === null ? held : showAnswer(services, answer, shownLine(held)) };
    },
  }),
];

/** Beside receipts the numbers are text already. */
const shownLine = ({ id, ...held }: ReturnType<typeof show>) => ({ id: `${id}`, ...held });
