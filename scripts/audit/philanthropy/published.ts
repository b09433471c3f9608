// Philanthropy reports and programmes documents as they are published, as far as they can be read. Whether what they say is
// so is judged beside.

import {
  type ProgrammesDocument,
  programmesDocumentSchema,
} from "../../../server/programmes/philanthropy/programmes-document.ts";
import {
  PHILANTHROPY_FORMAT,
  type PhilanthropyReport,
} from "../../../server/programmes/philanthropy/report.ts";
import type { Hex } from "../../../server/protocol/bytes.ts";
import { canonicalJson } from "../../../server/protocol/details.ts";

/** A document, and the batch whose notice names it. */
export type Published<Document> = { readonly batch: bigint; readonly hash: Hex; readonly document: Document };
export type PublishedReport = Published<PhilanthropyReport>;
export type PublishedSums = Published<ProgrammesDocument>;

const NUMBER = /^(0|[1-9][0-9]{0,18})$/;
const isNumber = (value: unknown): value is string => typeof value === "string" && NUMBER.test(value);

/** Undefined when it is none: of the rest each figure is compared with what it should be, whatever it is. */
export function parsePhilanthropy(bytes: Uint8Array): PhilanthropyReport | undefined {
  const report = parseJson(bytes) as Partial<PhilanthropyReport> | null | undefined;
  if (report?.format !== PHILANTHROPY_FORMAT) return undefined;
  const wanted = [report.period?.from, report.period?.upTo, report.asOf?.block];
  return wanted.every(isNumber) ? (report as PhilanthropyReport) : undefined;
}

export function parseProgrammes(bytes: Uint8Array): ProgrammesDocument | undefined {
  const read = programmesDocumentSchema.safeParse(parseJson(bytes));
  return read.success ? read.data : undefined;
}

/** Canonical JSON, as documents are: in any other a member may stand twice, and each reader take another one of them. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return canonicalJson(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}
