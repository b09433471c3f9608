// A statement as JSON, as a sheet or on paper. What is printed is kept under a token that is on the paper, so that whoever
// holds it can compare.

import { z } from "zod";
import { fastKeccak } from "../hashing.ts";
import { toCsv } from "../papers/csv.ts";
import { toPdf } from "../papers/pdf.ts";
import { dayText } from "../programmes/statements/dates.ts";
import type { Paper, Sheet } from "../programmes/statements/paper.ts";
import { toHex, utf8 } from "../protocol/bytes.ts";
import { canonicalJson } from "../protocol/details.ts";
import { issueStatement, type StillThere } from "../store/issued-statements.ts";
import { publicUrl } from "./receipt-keys.ts";
import type { Reply } from "./route.ts";
import type { Services } from "./services.ts";

export const formatField = z.enum(["json", "csv", "pdf"]).default("json");
export type Format = z.output<typeof formatField>;

const LONGEST_DAYS = 3_660;

/** Days, both included. */
export const periodQuery = (more: z.ZodRawShape = {}) =>
  z
    .strictObject({ from: dayText, to: dayText, format: formatField, ...more })
    .refine(({ from, to }) => from <= to, { path: ["to"], error: "wanted a day no earlier than from" })
    .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= LONGEST_DAYS * 86_400_000, {
      path: ["to"],
      error: "wanted a period of at most ten years",
    });

/** A statement in all its forms. */
export type Statement = {
  /** JSON; 64-bit integers are decimal strings. */
  readonly document: unknown;
  readonly sheet: () => Sheet;
  readonly paper: () => Paper;
  /** Whom it is about, so that erasure finds what was issued. */
  readonly subject: string;
  /** Asked when a paper is kept; left out where nothing personal is told. */
  readonly isStillThere?: StillThere;
  /** Of the file, without its ending. */
  readonly name: string;
};

/** Statements hold what is nobody else's business: nothing on the way keeps them. */
const PRIVATE = { "Cache-Control": "private, no-store" };

export async function replyAs(services: Services, format: Format, statement: Statement): Promise<Reply> {
  if (format === "json") return { status: 200, body: statement.document, headers: PRIVATE };
  const file = format === "csv" ? sheetOf(statement) : await paperOf(services, statement);
  const name = `${statement.name.replace(/[^\w.-]+/g, "-")}.${format}`;
  const headers = { "Content-Type": TYPES[format], "Content-Disposition": `attachment; filename="${name}"` };
  return { status: 200, body: file, headers: { ...PRIVATE, ...headers } };
}

const TYPES = { csv: "text/csv; charset=utf-8; header=present", pdf: "application/pdf" };

const sheetOf = ({ sheet }: Statement): Buffer => Buffer.from(toCsv(sheet()));

async function paperOf(
  { sql, settings }: Services,
  { document, paper, subject, isStillThere }: Statement,
): Promise<Buffer> {
  const body = canonicalJson(document);
  const issued = { hash: fastKeccak(utf8(body)), subject, body };
  const { token, hash } = await issueStatement(sql, issued, isStillThere);
  const url = `${publicUrl(settings)}/v1/statements/${token.toString("base64url")}`;
  return toPdf(paper(), { url, hash: toHex(hash) });
}
