// /v1/settlements: runs that pay the charities. A request starts one or joins the one that is under way; the job does the
// work, and this tells how far it has come.

import { z } from "zod";
import { formatAmount } from "../programmes/currency.ts";
import { toHex } from "../protocol/bytes.ts";
import { proofProgress } from "../store/anchoring.ts";
import type { Queries } from "../store/database.ts";
import {
  askForRun,
  lineCount,
  type RunTotal,
  runById,
  runsBefore,
  type SetAside,
  type SettlementRun,
  setAsideBy,
  totalsOf,
} from "../store/settlement-runs.ts";
import { type Route, route } from "./route.ts";
import { previewRoute } from "./settlement-preview.ts";
import { hex32, idBefore, idInPath, listOf, listReply, minor, noSuch, numberedPage, time } from "./words.ts";

const runSchema = z
  .object({
    id: minor,
    askedBy: z.enum(["operator", "schedule"]),
    state: z.enum(["proving", "deciding", "paying", "done"]),
    startedAt: time,
    endedAt: time.nullable(),
    linesLookedAt: z.int(),
    unpaid: z
      .record(z.string(), z.int())
      .meta({ description: "on how many lines nothing was paid, by reason" }),
  })
  .meta({ id: "Settlement" });

const totalSchema = z.object({
  unit: z.string(),
  state: z.string(),
  payouts: z.int(),
  amount: z.string().meta({ description: "whole minor units" }),
  written: z.string(),
});

const setAsideSchema = z.object({
  charity: hex32,
  registration: z.string(),
  unit: z.string(),
  payout: minor.nullable(),
  reason: z.string(),
});

const detailedSchema = runSchema
  .extend({
    lines: z.int().meta({ description: "all that there are" }),
    proofsUnderWay: z.int().nullable().meta({ description: "while the run is proving" }),
    payouts: z.array(totalSchema),
    setAside: z
      .array(setAsideSchema)
      .meta({ description: "lines whose money does not move, and why; at most 1,000" }),
  })
  .meta({ id: "SettlementInDetail" });

const show = (run: SettlementRun) => ({
  id: `${run.id}`,
  askedBy: run.asked_by,
  state: run.state,
  startedAt: run.started_at.toISOString(),
  endedAt: run.ended_at?.toISOString() ?? null,
  linesLookedAt: run.looked_at,
  unpaid: run.unpaid,
});

const showTotal = ({ unit, state, payouts, amount }: RunTotal) => ({
  unit,
  state,
  payouts: Number(payouts),
  amount,
  written: formatAmount(BigInt(amount), unit),
});

const showSetAside = ({ charity, ...aside }: SetAside) => ({ charity: toHex(charity), ...aside });

const MOST_SET_ASIDE = 1_000;

async function showInDetail(sql: Queries, run: SettlementRun) {
  const isProving = run.state === "proving";
  const [lines, proofs, totals, aside] = await Promise.all([
    lineCount(sql),
    isProving ? proofProgress(sql) : null,
    totalsOf(sql, run.id),
    setAsideBy(sql, run.id, MOST_SET_ASIDE),
  ]);
  return {
    ...show(run),
    lines: Number(lines),
    proofsUnderWay: proofs && Number(proofs.unfinished),
    payouts: totals.map(showTotal),
    setAside: aside.map(showSetAside),
  };
}

const tag = "Settlements";

export const settlementRoutes: Route[] = [
  previewRoute,
  route({
    method: "post",
    path: "/v1/settlements",
    tag,
    summary: "Start a settlement run, or join the one that is under way",
    description:
      "Proves what is anchored, then pays on every line up to the last anchored gift, less the refunds behind it. " +
      "Asking again while a run is under way answers with that run.",
    callers: ["operator"],
    body: z.strictObject({}),
    answers: { 202: { description: "Under way; read it again to follow it", schema: runSchema } },
    handle: async (_, { sql }) => {
      const { run } = await askForRun(sql, "operator");
      return { status: 202, body: show(run), headers: { Location: `/v1/settlements/${run.id}` } };
    },
  }),
  route({
    method: "get",
    path: "/v1/settlements",
    tag,
    summary: "List settlement runs, newest first",
    callers: ["operator"],
    query: z.strictObject(numberedPage("a run's id")),
    answers: { 200: { description: "A page", schema: listOf(runSchema) } },
    handle: async ({ query: { after, limit } }, { sql }) => {
      const runs = await runsBefore(sql, idBefore(after), limit);
      return { status: 200, body: listReply(runs.map(show), limit, ({ id }) => id) };
    },
  }),
  route({
    method: "get",
    path: "/v1/settlements/{id}",
    tag,
    summary: "Follow a settlement run",
    callers: ["operator"],
    answers: {
      200: { description: "How far it has come, and what it could not pay", schema: detailedSchema },
      404: { description: "There is no such run" },
    },
    handle: async ({ params: { id = "" } }, { sql }) => {
      const run = await runById(sql, idInPath(id, "settlement"));
      if (run === undefined) throw noSuch("settlement", id);
      return { status: 200, body: await showInDetail(sql, run) };
    },
  }),
];
