// /v1/settlements/preview: what a run would pay on each line if it decided now, by the same rules, without doing anything.

import { z } from "zod";
import { formatAmount } from "../programmes/currency.ts";
import { type Decision, decide, type Rules } from "../programmes/settlement.ts";
import { toHex } from "../protocol/bytes.ts";
import type { Settings } from "../settings.ts";
import { type LineEnds, lineEnds, lineKey } from "../store/sealing.ts";
import { type LineToSettle, lineCount, linesToSettle } from "../store/settlement-runs.ts";
import { route } from "./route.ts";
import { hex32, listOf, minor, page } from "./words.ts";

const lineSchema = z
  .object({
    line: z.int(),
    charity: hex32,
    registration: z.string(),
    unit: z.string(),
    rail: z.enum(["token", "bank"]),
    amount: minor.nullable().meta({ description: "what would be paid; null when nothing would" }),
    written: z.string().nullable(),
    unpaid: z.string().nullable().meta({ description: "why nothing would be paid" }),
    unproven: minor.meta({
      description: "sealed, and not proven to the contract yet: a run does that first, and pays it too",
    }),
  })
  .meta({ id: "SettlementPreview" });

const BEHIND_ALL = 2 ** 31 - 1;
const KEPT_DIGITS = 10;

/** A line's number; there are none behind the largest. */
const lineNumber = z
  .string()
  .regex(new RegExp(`^[0-9]{1,${KEPT_DIGITS}}$`), "wanted a line's number")
  .transform((text) => Math.min(Number(text), BEHIND_ALL));

const rulesOf = ({ SETTLE_MINIMUM_MINOR, SETTLE_AFTER_DAYS }: Settings): Rules => ({
  minimumMinor: BigInt(SETTLE_MINIMUM_MINOR),
  afterDays: SETTLE_AFTER_DAYS,
});

const nowInSeconds = () => BigInt(Math.floor(Date.now() / 1000));

function show(facts: LineToSettle, decision: Decision, ends: LineEnds) {
  const { line, charity, registration, unit, rail, given } = facts;
  const sealed = ends.get(lineKey(line, 0))?.to ?? 0n;
  const amount = "amount" in decision ? decision.amount : null;
  return {
    ...{ line, charity: toHex(charity), registration, unit, rail, amount },
    written: amount === null ? null : formatAmount(amount, unit),
    unpaid: "unpaid" in decision ? decision.unpaid : null,
    unproven: sealed > given ? sealed - given : 0n,
  };
}

export const previewRoute = route({
  method: "get",
  path: "/v1/settlements/preview",
  tag: "Settlements",
  summary: "What a run would pay on each line now, and why nothing on others",
  description: "By the rules of a run, of what the contract was told so far. Nothing is done.",
  callers: ["operator"],
  query: z.strictObject({ ...page(500, 500), after: lineNumber.optional() }),
  answers: {
    200: {
      description: "A page of lines, and how many there are",
      schema: listOf(lineSchema).extend({ lines: z.int() }),
    },
  },
  handle: async ({ query: { after = 0, limit } }, { sql, settings }) => {
    const [facts, lines] = await Promise.all([linesToSettle(sql, after, limit), lineCount(sql)]);
    const ends = await lineEnds(
      sql,
      facts.map(({ line }) => line),
    );
    const [rules, now] = [rulesOf(settings), nowInSeconds()];
    const items = facts.map((one) => show(one, decide(one, rules, now), ends));
    const next = facts.length < limit ? null : `${facts.at(-1)?.line}`;
    return { status: 200, body: { items, next, lines: Number(lines) } };
  },
});
