// /v1/challenges: promises that were challenged on chain, and whether they were kept. For anyone to read: what the
// contract says of them is public.

import { z } from "zod";
import { toHex } from "../protocol/bytes.ts";
import { type Challenge, challengesBefore } from "../store/challenges.ts";
import { type Route, route } from "./route.ts";
import {
  address,
  hex32,
  hexOrNull,
  idBefore,
  isoTime,
  listOf,
  listReply,
  minor,
  numberedPage,
  time,
} from "./words.ts";

const challengeSchema = z
  .object({
    number: minor,
    promise: hex32.meta({ description: "the promise's leaf, its name on chain" }),
    leaf: hex32.meta({ description: "of the receipt that was promised" }),
    charity: hex32,
    unit: z.string(),
    kind: z.int(),
    amount: z
      .string()
      .meta({ description: "as promised; a key in other hands may promise any number of 64 bits" }),
    deadline: time.nullable().meta({ description: "by when it was to be anchored" }),
    promiser: address.nullable().meta({ description: "who signed the promise" }),
    challenger: address.nullable(),
    dueAt: time.nullable().meta({ description: "until when an answer is in time" }),
    state: z.enum(["open", "answered", "breached", "answeredLate"]),
    answeredFrom: minor.nullable().meta({ description: "the batch in which the receipt was shown to be" }),
    answeredBy: address.nullable(),
    problem: z.string().nullable().meta({ description: "why an open one is not answered" }),
  })
  .meta({ id: "Challenge" });

const timeOrNull = (seconds: bigint | null) => (seconds === null ? null : isoTime(seconds));

const show = (challenge: Challenge) => ({
  number: challenge.id,
  promise: toHex(challenge.promise),
  leaf: toHex(challenge.leaf),
  charity: toHex(challenge.charity),
  unit: challenge.unit,
  kind: challenge.kind,
  amount: challenge.amount,
  deadline: timeOrNull(challenge.deadline),
  promiser: hexOrNull(challenge.promiser),
  challenger: hexOrNull(challenge.challenger),
  dueAt: timeOrNull(challenge.due_at),
  state: challenge.state,
  answeredFrom: challenge.answer_batch,
  answeredBy: hexOrNull(challenge.answered_by),
  problem: challenge.state === "open" ? challenge.problem : null,
});

export const challengeRoutes: Route[] = [
  route({
    method: "get",
    path: "/v1/challenges",
    tag: "Challenges",
    summary: "List promises that were challenged, newest first",
    description:
      "A breach stays in the list for ever. Fields that only a challenge tells are null for a breach that was carried over from an earlier contract.",
    query: z.strictObject(numberedPage("a challenge's number")),
    answers: { 200: { description: "A page", schema: listOf(challengeSchema) } },
    handle: async ({ query: { after, limit } }, { sql }) => {
      const challenges = await challengesBefore(sql, idBefore(after), limit);
      return { status: 200, body: listReply(challenges.map(show), limit, ({ number }) => `${number}`) };
    },
  }),
];
