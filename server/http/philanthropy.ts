// /v1/philanthropy-reports: what was given in a period and what became of it, as documents that a batch timestamps and an
// audit recomputes figure by figure. What one comes to is reckoned by the programmes; paper is drawn by `papers`.

import { z } from "zod";
import { toPdf } from "../papers/pdf.ts";
import { philanthropyPaper } from "../programmes/philanthropy/paper.ts";
import type { PhilanthropyReport } from "../programmes/philanthropy/report.ts";
import { toHex } from "../protocol/bytes.ts";
import type { Queries } from "../store/database.ts";
import { documentByHash, type StoredDocument } from "../store/documents.ts";
import { type PhilanthropyRow, philanthropyReports, reportPhilanthropy } from "../store/philanthropy.ts";
import { publicUrl } from "./receipt-keys.ts";
import { type Route, route } from "./route.ts";
import {
  bytesInPath,
  hex32,
  idBefore,
  isoTime,
  listOf,
  listReply,
  minor,
  noSuch,
  numberedPage,
  time,
} from "./words.ts";

const HASH_BYTES = 32;
const YEAR_SECONDS = 31_536_000;
const MOST_DAYS = 3_660;
const FOR_EVER = { "Cache-Control": `public, max-age=${YEAR_SECONDS}, immutable` };

const momentIn = z.iso
  .datetime({ offset: true, error: "wanted a time with its offset, such as 2026-09-01T00:00:00Z" })
  .transform((text) => Math.floor(Date.parse(text) / 1000));

const periodBody = z
  .strictObject({
    from: momentIn,
    upTo: momentIn.meta({ description: "left out of the period itself; not in the future" }),
  })
  .refine(({ from, upTo }) => from < upTo, { path: ["upTo"], error: "wanted a time behind from" })
  .refine(({ from, upTo }) => upTo - from <= MOST_DAYS * 86_400, {
    path: ["upTo"],
    error: "wanted a period of at most ten years",
  })
  .refine(({ upTo }) => upTo * 1000 <= Date.now(), {
    path: ["upTo"],
    error: "wanted a time that has passed",
  });

const listedSchema = z
  .object({
    number: minor,
    hash: hex32.meta({ description: "of the document: the content of its notice" }),
    from: time,
    upTo: time,
    batch: minor.meta({ description: "the batch that timestamps it" }),
    madeAt: time,
  })
  .meta({ id: "PhilanthropyListed" });

const show = ({ number, document, period_from, period_upto, batch, made_at }: PhilanthropyRow) => ({
  number: `${number}`,
  hash: toHex(document),
  from: isoTime(period_from),
  upTo: isoTime(period_upto),
  batch: `${batch}`,
  madeAt: made_at.toISOString(),
});

const reportSchema = z
  .looseObject({ format: z.literal("amanah-philanthropy-report/1") })
  .meta({ id: "PhilanthropyReport" });

const madeSchema = z
  .object({ hash: hex32, batch: minor, report: reportSchema })
  .meta({ id: "PhilanthropyMade" });

async function reportByHash(sql: Queries, hash: string): Promise<StoredDocument> {
  const document = await documentByHash(sql, bytesInPath(hash, HASH_BYTES, "report"));
  if (document?.kind !== "philanthropy") throw noSuch("report", hash);
  return document;
}

const opened = ({ body }: StoredDocument) => JSON.parse(body) as PhilanthropyReport;

const tag = "Reports";

export const philanthropyRoutes: Route[] = [
  route({
    method: "post",
    path: "/v1/philanthropy-reports",
    tag,
    summary: "Report on what was given in a period and what became of it",
    description:
      "Over the batches that were closed in the period, all of which must be anchored. It becomes a notice of the batch that is open; what it says of the contract is as of the block that it names.",
    callers: ["operator"],
    body: periodBody,
    answers: {
      201: { description: "The report is recorded", schema: madeSchema },
      409: { description: "Not all of the period is anchored and counted yet, or a document would be cut" },
      503: { description: "The contract was not read yet, or a batch of the period was closed meanwhile" },
    },
    handle: async ({ body: { from, upTo } }, { sql, ledger }) => {
      const made = await reportPhilanthropy(sql, ledger.id, { from: BigInt(from), upTo: BigInt(upTo) });
      return { status: 201, body: { hash: toHex(made.hash), batch: made.batch, report: opened(made) } };
    },
  }),
  route({
    method: "get",
    path: "/v1/philanthropy-reports",
    tag,
    summary: "List philanthropy reports, newest first",
    query: z.strictObject(numberedPage("a report's number")),
    answers: { 200: { description: "A page", schema: listOf(listedSchema) } },
    handle: async ({ query: { after, limit } }, { sql }) => {
      const rows = await philanthropyReports(sql, idBefore(after), limit);
      return { status: 200, body: listReply(rows.map(show), limit, ({ number }) => number) };
    },
  }),
  route({
    method: "get",
    path: "/v1/philanthropy-reports/{hash}",
    tag,
    summary: "Read a philanthropy report",
    description: "Its canonical JSON exactly as it was hashed: keccak-256 of the bytes is the hash.",
    answers: {
      200: { description: "The report", schema: reportSchema },
      404: { description: "Not known" },
    },
    handle: async ({ params: { hash = "" } }, { sql }) => {
      const { body, batch } = await reportByHash(sql, hash);
      return { status: 200, body: Buffer.from(body), headers: { ...FOR_EVER, "Amanah-Batch": `${batch}` } };
    },
  }),
  route({
    method: "get",
    path: "/v1/philanthropy-reports/{hash}/pdf",
    tag,
    summary: "A philanthropy report on paper",
    description: "With a code that leads to the report's page, and its hash to compare with.",
    answers: { 200: { description: "A PDF (application/pdf)" }, 404: { description: "Not known" } },
    handle: async ({ params: { hash = "" } }, { sql, settings }) => {
      const document = await reportByHash(sql, hash);
      const name = toHex(document.hash);
      const paper = philanthropyPaper(opened(document), `${document.batch}`);
      const body = await toPdf(paper, { url: `${publicUrl(settings)}/reports/${name}`, hash: name });
      const file = `attachment; filename="philanthropy-report-${name.slice(2, 10)}.pdf"`;
      return {
        status: 200,
        body,
        headers: { ...FOR_EVER, "Content-Type": "application/pdf", "Content-Disposition": file },
      };
    },
  }),
];
