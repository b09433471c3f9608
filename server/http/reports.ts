// /v1/reports/period: what consecutive batches come to, as documents that a batch timestamps and an audit recomputes.

import { z } from "zod";
import { ConflictError } from "../errors.ts";
import { toHex } from "../protocol/bytes.ts";
import type { StoredDocument } from "../store/documents.ts";
import { type PeriodReport, type ReportRow, reportPeriod, reportsBefore } from "../store/period-reports.ts";
import { type Route, route } from "./route.ts";
import { hex32, listOf, listReply, minor, page, time } from "./words.ts";

const MAX_NUMBER = 2n ** 63n - 1n;

const reportSchema = z
  .object({
    hash: hex32.meta({
      description: "of the document, which is at /v1/documents and, once sealed, among the books",
    }),
    fromBatch: minor,
    toBatch: minor,
    recordedAt: time,
  })
  .meta({ id: "PeriodReport" });

const show = ({ document, from_batch, to_batch, created_at }: ReportRow) => ({
  hash: toHex(document),
  fromBatch: `${from_batch}`,
  toBatch: `${to_batch}`,
  recordedAt: created_at.toISOString(),
});

function showNew({ hash, body, created_at }: StoredDocument) {
  const { fromBatch, toBatch } = JSON.parse(body) as PeriodReport;
  return { hash: toHex(hash), fromBatch, toBatch, recordedAt: created_at.toISOString() };
}

const tag = "Reports";

export const reportRoutes: Route[] = [
  route({
    method: "post",
    path: "/v1/reports/period",
    tag,
    summary: "Report on all batches since the last report",
    description:
      "A report is made by itself when a UTC day is over. The document becomes a notice of the batch that is open.",
    callers: ["operator"],
    body: z.strictObject({}),
    answers: {
      201: { description: "The report is recorded", schema: reportSchema },
      409: { description: "No batch has been sealed since the last report" },
    },
    handle: async (_, { sql, ledger }) => {
      const report = await reportPeriod(sql, ledger.id, { closedBefore: null, orEmpty: true });
      if (report === undefined)
        throw new ConflictError("nothing-to-report", "no batch has been sealed since the last report");
      return { status: 201, body: showNew(report) };
    },
  }),
  route({
    method: "get",
    path: "/v1/reports/period",
    tag,
    summary: "List period reports, newest first",
    query: z.strictObject({
      ...page(),
      after: z
        .string()
        .regex(/^[1-9][0-9]{0,17}$/, "wanted a report's first batch")
        .optional(),
    }),
    answers: { 200: { description: "A page", schema: listOf(reportSchema) } },
    handle: async ({ query: { after, limit } }, { sql }) => {
      const reports = await reportsBefore(sql, after === undefined ? MAX_NUMBER : BigInt(after), limit);
      return { status: 200, body: listReply(reports.map(show), limit, ({ fromBatch }) => fromBatch) };
    },
  }),
];
