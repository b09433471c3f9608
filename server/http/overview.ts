// /v1/overview: what was given over all lines and how far it has come, now and day by day, for anyone to look at. Kept in
// totals, so that it costs the same however many receipts there are, and written alike for those who ask and who watch.

import { z } from "zod";
import { InputError } from "../errors.ts";
import { formatAmount } from "../programmes/currency.ts";
import {
  type DayTotals,
  dayTotals,
  type OldestClaim,
  type Sums,
  totalsBefore,
  type UnitTotals,
} from "../store/totals.ts";
import { batchSchema, show as showBatch } from "./batches.ts";
import type { Overview } from "./overview-watch.ts";
import { type Route, route, toJson } from "./route.ts";
import { minor, time } from "./words.ts";

const sum = z
  .string()
  .regex(/^[0-9]+$/)
  .meta({ description: "whole minor units, over all lines: it may have more than 19 digits" });

const sums = {
  given: sum.meta({ description: "by sealed batches" }),
  refunded: sum.meta({ description: "of what was given, by sealed batches" }),
  paid: sum.meta({ description: "the lines' positions, as the contract keeps them" }),
  setOff: sum.meta({ description: "of what is paid, refunds set off: it was not transferred" }),
  acknowledged: sum,
  spent: sum,
};

const unitSchema = z.object({ unit: z.string(), gifts: minor.meta({ description: "how many" }), ...sums });

const claimSchema = z.object({
  payout: minor,
  registration: z.string(),
  name: z.string(),
  unit: z.string(),
  amount: minor,
  written: z.string(),
  since: time.meta({ description: "when it was recorded with the contract" }),
});

const overviewSchema = z
  .object({
    units: z.array(unitSchema),
    receiptsLastMinute: minor.meta({ description: "gifts and reversals, recorded by any process" }),
    open: z.object({
      batch: minor.meta({ description: "the batch that is open" }),
      receipts: minor.meta({ description: "recorded and not sealed yet: not in the sums" }),
    }),
    batches: z.array(batchSchema).meta({ description: "the newest, without statements" }),
    oldestClaim: claimSchema.nullable().meta({
      description:
        "the oldest payout by bank that its charity has not signed for: the operator's word so far",
    }),
  })
  .meta({ id: "Overview" });

const day = z.iso.date().meta({ description: "a UTC day" });

const daysSchema = z
  .object({
    unit: z.string(),
    from: day,
    to: day,
    before: z.object(sums).meta({ description: "all that there was before the first day" }),
    days: z
      .array(z.object({ day, gifts: minor, ...sums }))
      .meta({ description: "what each day has added; days on which nothing happened are left out" }),
  })
  .meta({ id: "OverviewDays" });

const showSums = ({ given, reversed, paid, netted, acknowledged, spent }: Sums) => ({
  ...{ given, refunded: reversed, paid, setOff: netted, acknowledged, spent },
});

const showUnit = ({ unit, gifts, ...totals }: UnitTotals) => ({ unit, gifts, ...showSums(totals) });

const showClaim = ({ payout, registration, name, unit, amount, since }: OldestClaim) => ({
  ...{ payout, registration, name, unit, amount },
  written: formatAmount(amount, unit),
  since: since.toISOString(),
});

const show = ({ units, pace, batches, claim }: Overview) => ({
  units: units.map(showUnit),
  receiptsLastMinute: pace.minute,
  open: { batch: pace.open, receipts: pace.waiting },
  batches: batches.map(showBatch),
  oldestClaim: claim === undefined ? null : showClaim(claim),
});

const write = (overview: Overview) => toJson(show(overview));

const DAY_MS = 86_400_000;
const dayNumber = (date: string) => Math.floor(Date.parse(date) / DAY_MS);
const dateOf = (number: number) => new Date(number * DAY_MS).toISOString().slice(0, 10);

const showDay = ({ day: number, gifts, ...totals }: DayTotals) => ({
  ...{ day: dateOf(number), gifts },
  ...showSums(totals),
});

const MOST_DAYS = 1_100;
const USUAL_DAYS = 30;

/** The days asked for, counted from 1970. Throws `InputError` when they are too many, or none. */
function period(from: string | undefined, to: string | undefined): { first: number; last: number } {
  const last = to === undefined ? Math.floor(Date.now() / DAY_MS) : dayNumber(to);
  const first = from === undefined ? last - USUAL_DAYS + 1 : dayNumber(from);
  if (first <= last && last - first < MOST_DAYS) return { first, last };
  throw new InputError(
    "invalid",
    `from: wanted a day up to ${MOST_DAYS} days before ${dateOf(last)}, came ${from}`,
    {
      errors: [{ field: "from", wanted: `a day up to ${MOST_DAYS} days before ${dateOf(last)}`, came: from }],
    },
  );
}

const tag = "Overview";

export const overviewRoutes: Route[] = [
  route({
    method: "get",
    path: "/v1/overview",
    tag,
    summary: "What was given in all and how far it has come, the pace, the newest batches, the oldest claim",
    description: "At most a second old. No sum in it ever falls.",
    answers: { 200: { description: "As it is now", schema: overviewSchema } },
    handle: async (_, { overview }) => ({
      status: 200,
      body: show(await overview.now()),
      headers: { "Cache-Control": "no-store" },
    }),
  }),
  {
    method: "get",
    path: "/v1/overview/stream",
    tag,
    summary: "Watch the overview: server-sent events",
    description:
      "`overview` events carry the document of `/v1/overview`, at once and whenever it has changed, at most once a second; `beat` events say that there is still somebody.",
    consumes: "text/plain",
    produces: "text/event-stream",
    answers: {
      200: { description: "Events until either side ends it" },
      503: { description: "Too many watch already, or the service is stopping: read `/v1/overview` instead" },
    },
    stream: (_request, response, _, { overview }) => overview.watch(response, write),
  },
  route({
    method: "get",
    path: "/v1/overview/days",
    tag,
    summary: "What each day has added in a unit",
    description: `The last ${USUAL_DAYS} days unless others are named; at most ${MOST_DAYS}.`,
    query: z.strictObject({
      unit: z.string().min(1).max(32),
      from: day.optional(),
      to: day.optional(),
    }),
    answers: { 200: { description: "Day by day", schema: daysSchema } },
    handle: async ({ query: { unit, from, to } }, { sql }) => {
      const { first, last } = period(from, to);
      const [before, days] = await Promise.all([
        totalsBefore(sql, unit, first),
        dayTotals(sql, unit, first, last),
      ]);
      const body = {
        unit,
        from: dateOf(first),
        to: dateOf(last),
        before: showSums(before),
        days: days.map(showDay),
      };
      return { status: 200, body, headers: { "Cache-Control": "no-store" } };
    },
  }),
];
