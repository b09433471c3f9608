// A day of steps as a device reports it, by way of its platform: the body, and when it may come. Pure.

import { z } from "zod";
import { InputError } from "../../errors.ts";
import { name, registration, text } from "../fields.ts";
import { RULES } from "./rules.ts";

const HOURS_A_DAY = 24;
const MOST_REPORTED_AN_HOUR = 100_000;
const SECONDS_A_DAY = 86_400;
const AHEAD_SECONDS = 300;
const OFFSET = /^[+-](0[0-9]|1[0-3]):[0-5][0-9]$|^[+-]14:00$/;

/** `person` and `device.id` are pseudonyms of the platform: never a name, a number or an address. */
export const stepReportSchema = z.strictObject({
  /** Who reports: the merchant's id. May be left out by the platform itself. */
  platform: name.optional(),
  person: name,
  day: z.iso.date("wanted a day, such as 2026-09-01"),
  utcOffset: z.string().regex(OFFSET, "wanted the day's offset from UTC, such as +08:00"),
  charity: registration,
  device: z.strictObject({ id: name, model: text(100) }),
  source: z.strictObject({ app: text(100), recording: z.enum(["automatic", "manual"]) }),
  /** Whole steps of each hour of the day, from 00:00 in its offset on. */
  hours: z
    .array(z.int("wanted a whole number").min(0).max(MOST_REPORTED_AN_HOUR))
    .length(HOURS_A_DAY, `wanted ${HOURS_A_DAY} whole numbers, one for each hour of the day`),
});

type Told = z.output<typeof stepReportSchema>;
export type StepReport = Omit<Told, "platform"> & { readonly platform: string };

/** The normalised report of a platform: whoever named it, and wherever in the body. */
export function reportOf({ platform: _, ...told }: Told, platform: string): StepReport {
  return { platform, ...told };
}

/** Days since 1970. */
export const dayNumber = ({ day }: Pick<StepReport, "day">): number =>
  Date.parse(`${day}T00:00:00Z`) / 1000 / SECONDS_A_DAY;

/** When the day is over, in its own offset; Unix seconds. */
export const endOfDay = ({ day, utcOffset }: Pick<StepReport, "day" | "utcOffset">): number =>
  Date.parse(`${day}T00:00:00${utcOffset}`) / 1000 + SECONDS_A_DAY;

/** Refuses what was entered by hand. Throws `InputError`. */
export function checkProvenance({ source: { recording } }: Pick<StepReport, "source">): void {
  const refused: readonly string[] = RULES.refusedRecordings;
  if (!refused.includes(recording)) return;
  const wanted = "steps that a device recorded by itself";
  const facts = { field: "source.recording", wanted, came: recording };
  throw new InputError("hand-entered", `source.recording: wanted ${wanted}, came ${recording}`, facts);
}

/** Refuses a day that is not over yet, or over for too long. `now` in Unix seconds. Throws `InputError`. */
export function checkDay(report: Pick<StepReport, "day" | "utcOffset">, now: number): void {
  const end = endOfDay(report);
  if (end > now + AHEAD_SECONDS) throw wrongDay("day-ahead", "a day that is over", report);
  if (end + RULES.oldestDays * SECONDS_A_DAY < now)
    throw wrongDay("day-too-old", `a day that ended at most ${RULES.oldestDays} days ago`, report);
}

function wrongDay(code: string, wanted: string, { day, utcOffset }: Pick<StepReport, "day" | "utcOffset">) {
  const came = `${day} at ${utcOffset}`;
  return new InputError(code, `day: wanted ${wanted}, came ${came}`, { field: "day", wanted, came });
}
