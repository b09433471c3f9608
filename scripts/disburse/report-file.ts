// The report as a charity writes it: a JSON file that may name evidence by local files, which are hashed here and stay where
// they are; and a template of one.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { InputError, messageOf } from "../../server/errors.ts";
import { type SpendingReport, spendingReportSchema } from "../../server/programmes/spending-report.ts";
import { pathFrom } from "../charity/paths.ts";

type Evidence = { readonly file?: unknown; readonly [member: string]: unknown };
type Part = { readonly evidence?: readonly Evidence[] };

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".csv": "text/csv",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".json": "application/json",
  ".mp4": "video/mp4",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".txt": "text/plain",
};

/**
 * Reads a report and hashes the evidence that it names by `file`, a path beside the report.
 * @throws InputError `no-report`, `not-a-report`, `no-evidence`, each naming the file or field
 */
export async function readReport(file: string): Promise<SpendingReport> {
  const path = pathFrom(file);
  const report = parseJson(await readText(path, file), file);
  const parts = Array.isArray(report.parts) ? (report.parts as Part[]) : [];
  const hashed = await Promise.all(parts.map((part) => withEvidence(part, dirname(path))));
  const parsed = spendingReportSchema.safeParse({ ...report, parts: hashed });
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "report"}: ${message}`);
  throw new InputError("not-a-report", `${file}: ${wrong.join("; ")}`);
}

async function readText(path: string, file: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (thrown) {
    throw new InputError(
      "no-report",
      `${file}: cannot be read (${messageOf(thrown)}); --template prints one`,
    );
  }
}

function parseJson(text: string, file: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch (thrown) {
    throw new InputError("not-a-report", `${file}: wanted JSON (${messageOf(thrown)})`);
  }
  throw new InputError("not-a-report", `${file}: wanted a JSON object; --template prints one`);
}

async function withEvidence(part: Part, folder: string): Promise<Part> {
  if (!Array.isArray(part?.evidence)) return part;
  return { ...part, evidence: await Promise.all(part.evidence.map((one) => hashed(one, folder))) };
}

/** Evidence that names a file gets its name, hash, length and kind; what is stated beside wins over name and kind alone. */
async function hashed(evidence: Evidence, folder: string): Promise<Evidence> {
  if (typeof evidence?.file !== "string") return evidence;
  const { file, ...stated } = evidence;
  const path = resolve(folder, file);
  const mediaType = MEDIA_TYPES[extname(path).toLowerCase()];
  try {
    const hash = createHash("sha256");
    await pipeline(createReadStream(path), hash);
    const [sha256, { size: bytes }] = [hash.digest("hex"), await stat(path)];
    return { name: basename(path), ...(mediaType && { mediaType }), ...stated, sha256, bytes };
  } catch (thrown) {
    throw new InputError("no-evidence", `evidence ${file}: cannot be read (${messageOf(thrown)})`);
  }
}

/** A report of [from, upTo) to be filled in. */
export const template = (unit: string, from: string, upTo: string) => ({
  unit,
  from,
  upTo,
  parts: [
    {
      from,
      upTo,
      project: "Free lunches in mountain schools",
      place: { country: "CN", name: "Fengqing, Yunnan" },
      bought: [{ what: "hot lunches", count: "56000", measure: "meals" }],
      beneficiaries: 280,
      note: "Parts lie end to end; add one for each project. Take this note away or write your own.",
      evidence: [{ file: "bills-may.pdf" }],
    },
  ],
});
