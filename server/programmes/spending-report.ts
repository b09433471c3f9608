// What a charity reports of the money that it has signed for: which part of its line became what, and where. The schema of
// the report, the published document that is hashed, and the checks of its intervals. Pure; signatures live elsewhere.

import { z } from "zod";
import { ConflictError, InputError } from "../errors.ts";
import { type Hex, toHex } from "../protocol/bytes.ts";
import { detailsHash } from "../protocol/details.ts";
import { isCountry } from "./countries.ts";
import { amountMinor, isPlain, text } from "./fields.ts";

export const REPORT_FORMAT = "amanah-spending-report/1";

const MOST_PARTS = 500;
const MOST_THINGS = 50;
const MOST_EVIDENCE = 50;
const MOST_PEOPLE = 10_000_000_000;
const MOST_EVIDENCE_BYTES = Number.MAX_SAFE_INTEGER;

const degrees = (most: number) => z.number().min(-most).max(most);

const place = z
  .strictObject({
    country: z
      .string()
      .refine(isCountry, "wanted the two letters of a country (ISO 3166-1), such as CN")
      .meta({ description: "ISO 3166-1 alpha-2" }),
    name: text(200),
    lat: degrees(90).optional(),
    lon: degrees(180).optional(),
  })
  .refine(({ lat, lon }) => (lat === undefined) === (lon === undefined), {
    path: ["lon"],
    error: "wanted both lat and lon, or neither",
  });

/** Counts are no money, but decimals all the same: 2.5 tonnes. */
const COUNT = /^(?!0(?:\.0+)?$)(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$/;

const thing = z.strictObject({
  what: text(200),
  count: z.string().regex(COUNT, 'wanted a decimal string above nought, such as "56000" or "2.5"'),
  measure: text(60),
});

const evidence = z.strictObject({
  name: text(200),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "wanted 64 lower-case hexadecimal digits, as of sha256sum"),
  bytes: z.int("wanted a whole number").min(0).max(MOST_EVIDENCE_BYTES),
  mediaType: z
    .string()
    .max(100)
    .regex(/^[\w.+-]+\/[\w.+-]+$/, "wanted a media type, such as image/jpeg")
    .optional(),
  url: z
    .url({ protocol: /^https?$/, error: "wanted a web address" })
    .max(500)
    .refine(isPlain, "wanted a web address")
    .optional(),
});

const part = z.strictObject({
  from: amountMinor,
  upTo: amountMinor,
  project: text(200),
  place,
  bought: z.array(thing).min(1, "wanted at least one thing").max(MOST_THINGS),
  /** How many people it reached; left out where that was not counted. */
  beneficiaries: z.int("wanted a whole number").min(1).max(MOST_PEOPLE).optional(),
  note: text(2_000).optional(),
  evidence: z.array(evidence).max(MOST_EVIDENCE).default([]),
});

/** What a charity sends: the parts lie end to end over [from, upTo) of its line. */
export const spendingReportSchema = z.strictObject({
  unit: z.string().regex(/^[\x21-\x7e]{1,32}$/, "wanted a unit, such as CNY"),
  from: amountMinor,
  upTo: amountMinor,
  parts: z.array(part).min(1, "wanted at least one part").max(MOST_PARTS),
});

export type SpendingReport = z.output<typeof spendingReportSchema>;
export type SpendingPart = SpendingReport["parts"][number];

/** The published document. Its canonical JSON (RFC 8785) is what is hashed. */
export type SpendingDocument = SpendingReport & {
  readonly format: typeof REPORT_FORMAT;
  readonly ledger: Hex;
  /** The public registration id, and the charity's name as it was. */
  readonly charity: string;
  readonly name: string;
};

export const spendingDocument = (
  report: SpendingReport,
  ledger: Uint8Array,
  { registration, name }: { readonly registration: string; readonly name: string },
): SpendingDocument => ({
  format: REPORT_FORMAT,
  ledger: toHex(ledger),
  charity: registration,
  name,
  ...report,
});

/** keccak-256 of the canonical document: the `evidence` of the disbursement on chain. */
export const spendingHash = (document: SpendingDocument): Uint8Array => detailsHash(document);

/** How far the money of a line has come: what is signed for, and what is reported as spent. */
export type Signed = { readonly acknowledged: bigint; readonly spent: bigint };

/**
 * Refuses a report whose intervals do not fit.
 * @throws ConflictError `stale-report`; InputError `empty-report`, `beyond-acknowledged`, `empty-part`, `parts-overlap`,
 *   `parts-gap`, each naming the field, what was wanted and what came
 */
export function checkReport(report: SpendingReport, { acknowledged, spent }: Signed): void {
  const [from, upTo] = [BigInt(report.from), BigInt(report.upTo)];
  if (from !== spent) throw stale(spent, from);
  if (upTo <= from) throw refuse("empty-report", "upTo", `more than from, ${from}`, upTo);
  if (upTo > acknowledged) {
    const wanted = `at most ${acknowledged}, up to where the charity has signed for money`;
    throw refuse("beyond-acknowledged", "upTo", wanted, upTo);
  }
  checkParts(report.parts, from, upTo);
}

function checkParts(parts: readonly SpendingPart[], from: bigint, upTo: bigint): void {
  let at = from;
  for (const [index, part] of parts.entries()) {
    checkBeginning(`parts.${index}.from`, BigInt(part.from), at);
    const end = BigInt(part.upTo);
    if (end <= at) throw refuse("empty-part", `parts.${index}.upTo`, `more than its from, ${at}`, end);
    at = end;
  }
  const last = `parts.${parts.length - 1}.upTo`;
  const wanted = `${upTo}, where the report ends`;
  if (at < upTo) throw refuse("parts-gap", last, wanted, at);
  if (at > upTo) throw refuse("parts-overlap", last, wanted, at);
}

function checkBeginning(field: string, from: bigint, wanted: bigint): void {
  const where = `${wanted}, where the part before ends`;
  if (from > wanted) throw refuse("parts-gap", field, where, from);
  if (from < wanted) throw refuse("parts-overlap", field, where, from);
}

const refuse = (code: string, field: string, wanted: string, came: bigint) =>
  new InputError(code, `${field}: wanted ${wanted}, came ${came}`, { field, wanted, came: `${came}` });

const stale = (spent: bigint, came: bigint) => {
  const wanted = `${spent}, up to where spending is reported already`;
  const facts = { field: "from", wanted, came: `${came}`, spent: `${spent}` };
  return new ConflictError("stale-report", `from: wanted ${wanted}, came ${came}`, facts);
};

/** The parts that share a position with [start, end), in order. */
export const partsAt = (parts: readonly SpendingPart[], start: bigint, end: bigint): SpendingPart[] =>
  parts.filter(({ from, upTo }) => BigInt(from) < end && BigInt(upTo) > start);
