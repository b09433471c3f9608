// What is wrong with a report, field by field, by the same rules as the service's; and where in the form each is shown. Pure.

import { AmanahError } from "../../../errors.ts";
import {
  checkReport,
  type Signed,
  type SpendingReport,
  spendingReportSchema,
} from "../../../programmes/spending-report.ts";
import type { RefusedByService } from "../../api/client.ts";
import type { reportOf } from "./draft.ts";

type Fault = {
  /** Which words tell what is wanted. */
  readonly about: string;
  /** The service's own word. */
  readonly says: string | null;
};

/** What is wrong, by the field at which it is shown, as the API names it. */
export type Wrong = ReadonlyMap<string, Fault>;

export const NOTHING_WRONG: Wrong = new Map();

type Checked =
  | { readonly report: SpendingReport; readonly wrong?: undefined }
  | { readonly wrong: Wrong; readonly report?: undefined };

export function checkDraft(report: ReturnType<typeof reportOf>, signed: Signed): Checked {
  const parsed = spendingReportSchema.safeParse(report);
  if (!parsed.success)
    return {
      wrong: placed(
        parsed.error.issues.map(({ path }) => path.join(".")),
        report.parts.length,
      ),
    };
  try {
    checkReport(parsed.data, signed);
  } catch (thrown) {
    if (!(thrown instanceof AmanahError)) throw thrown;
    return { wrong: placed([`${thrown.facts.field}`], report.parts.length) };
  }
  return { report: parsed.data };
}

const placed = (fields: readonly string[], parts: number): Wrong =>
  new Map(
    fields.map((field) => {
      const place = placeOf(field, parts);
      return [place, { about: subjectOf(place), says: null }];
    }),
  );

/** A refusal of the service at its fields; empty when it names none. */
export const refusedFields = ({ fields }: RefusedByService, parts: number): Wrong =>
  new Map(
    fields.map(({ field, wanted, came }) => {
      const place = placeOf(field, parts);
      const about = field === "from" ? "from" : subjectOf(place);
      return [place, { about, says: `${field}: wanted ${wanted}, came ${came}` }];
    }),
  );

/** The last part has no amount of its own to be wrong, nor has the beginning of any: what precedes it has. */
function placeOf(field: string, parts: number): string {
  const [, index, end] = /^parts\.([0-9]+)\.(from|upTo)$/.exec(field) ?? [];
  if (index === undefined) return field === "from" ? "upTo" : field;
  const part = end === "from" ? Number(index) - 1 : Number(index);
  return part < 0 || part >= parts - 1 ? "upTo" : `parts.${part}.upTo`;
}

/** What a field is about, for the words that tell what is wanted: "parts.0.place.name" → "placeName". */
export function subjectOf(field: string): string {
  const names = field.split(".").filter((name) => !/^[0-9]+$/.test(name));
  if (field.includes("place.name")) return "placeName";
  return names.length > 1 && names.at(-1) === "upTo" ? "amount" : (names.at(-1) ?? field);
}
