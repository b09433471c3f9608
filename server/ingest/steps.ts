// From reported days of steps to receipts, or to days that are held with their reasons. What is decided of those is in
// steps-decisions.

import { ConflictError, InputError } from "../errors.ts";
import { eventId } from "../programmes/record.ts";
import { countSteps } from "../programmes/steps/counting.ts";
import { giftOfSteps, stepsName } from "../programmes/steps/gift.ts";
import { type Reason, reasonsOf, SHARED_DEVICE } from "../programmes/steps/patterns.ts";
import { checkDay, dayNumber, endOfDay, type StepReport } from "../programmes/steps/report.ts";
import { RULES, rulesHash } from "../programmes/steps/rules.ts";
import { documentByHash, recordDocument } from "../store/documents.ts";
import { eventsByIds } from "../store/events.ts";
import { type HeldSteps, heldByEvents, holdSteps } from "../store/held-steps.ts";
import { unknownCharities } from "../store/parties.ts";
import { claimDevices, type DeviceClaim, forgetDevices } from "../store/step-devices.ts";
import { differencesOf } from "./answers.ts";
import { attempt, type Contribution, type Ingest, ingestContributions, type Outcome } from "./ingest.ts";

/** What becomes of any event; or a day that is held. */
export type StepsOutcome = Outcome | { readonly held: HeldSteps };

/** A report with the id of its event, 16 bytes, and that in hex. */
type Told = { readonly id: Buffer; readonly key: string; readonly report: StepReport };

/**
 * Records days of steps that arrive together; one outcome each, in order. One that fails leaves the others as they are. Of
 * the same person's day the first telling decides, also among those that arrive together.
 */
export async function ingestSteps(ingest: Ingest, reports: readonly StepReport[]): Promise<StepsOutcome[]> {
  const told = reports.map((report) => toldOf(ingest, report));
  const firsts = [...new Map(told.toReversed().map((one) => [one.key, one])).values()].toReversed();
  const outcomes = await ingestDistinct(ingest, firsts);
  for (const again of told.filter((one) => !outcomes.has(one)))
    for (const [one, outcome] of await ingestDistinct(ingest, [again])) outcomes.set(one, outcome);
  return told.map((one) => outcomes.get(one) as StepsOutcome);
}

function toldOf({ recorder }: Ingest, report: StepReport): Told {
  const id = Buffer.from(eventId(stepsName(report), recorder.sha256));
  return { id, key: id.toString("hex"), report };
}

/** Of days that are all different. */
async function ingestDistinct(ingest: Ingest, told: readonly Told[]): Promise<Map<Told, StepsOutcome>> {
  const { given, fresh, outcomes } = await sort(ingest, told);
  const flags = await flagsOf(ingest, fresh);
  const clean = fresh.filter((one) => !flags.has(one));
  for (const [one, outcome] of await hold(ingest, flags)) outcomes.set(one, outcome);
  for (const [one, outcome] of await give(ingest, [...given, ...clean])) outcomes.set(one, outcome);
  return outcomes;
}

/** What is recorded already, what is new, and what has its outcome. */
type Sorted = {
  readonly given: Told[];
  readonly fresh: Told[];
  readonly outcomes: Map<Told, StepsOutcome>;
};

/** Those that were told before are not judged again: they get the answer of the first telling. */
async function sort(ingest: Ingest, told: readonly Told[]): Promise<Sorted> {
  const sorted: Sorted = { given: [], fresh: [], outcomes: new Map() };
  const ids = told.map(({ id }) => id);
  const [events, held] = await Promise.all([eventsByIds(ingest.sql, ids), heldByEvents(ingest.sql, ids)]);
  const check = await checksFor(ingest, told);
  for (const one of told) {
    const before = held.get(one.key);
    const wrong = attempt(() => check(one));
    if (events.has(one.key)) sorted.given.push(one);
    else if (before !== undefined) sorted.outcomes.set(one, heldOutcome(before, one));
    else if (wrong instanceof Error) sorted.outcomes.set(one, wrong);
    else sorted.fresh.push(one);
  }
  return sorted;
}

/** What can be refused only by what is known here, and at which time. */
async function checksFor({ sql, pledges, recorder }: Ingest, told: readonly Told[]) {
  const platforms = await pledges.of(told.map(({ report }) => report.platform));
  const strangers = new Set(
    await unknownCharities(sql, [...new Set(told.map(({ report }) => report.charity))]),
  );
  const now = recorder.now();
  return ({ report }: Told): void => {
    if (platforms.get(report.platform) == null)
      throw unknown(
        "merchant",
        "platform",
        "a platform that is registered here as a merchant",
        report.platform,
      );
    if (strangers.has(report.charity))
      throw unknown("charity", "charity", "a charity that is registered here", report.charity);
    checkDay(report, now);
  };
}

const unknown = (what: string, field: string, wanted: string, came: string) =>
  new InputError(`unknown-${what}`, `${field}: wanted ${wanted}, came ${came}`, { field, wanted, came });

const DEVICE_DAYS = RULES.oldestDays + 3;
const SECONDS_A_DAY = 86_400;
const HASH_BYTES = 16;

type Flags = ReadonlyMap<Told, readonly Reason[]>;

/** Those of these days that are to be held, and why; few, as a rule. */
async function flagsOf({ sql, recorder }: Ingest, told: readonly Told[]): Promise<Flags> {
  if (told.length === 0) return new Map();
  const hashOf = (...name: string[]) => recorder.sha256(JSON.stringify(name)).slice(0, HASH_BYTES);
  const claims = told.map(
    ({ report }): DeviceClaim => ({
      day: dayNumber(report),
      device: hashOf(report.platform, report.device.id),
      person: hashOf(report.platform, report.person),
    }),
  );
  const shared = await claimDevices(sql, claims);
  // Twice what may have come: so nothing piles up.
  const today = Math.floor(recorder.now() / SECONDS_A_DAY);
  await forgetDevices(sql, today - DEVICE_DAYS, 2 * claims.length);
  const flags = told.map((one, index) => {
    const reasons = [...reasonsOf(one.report.hours), ...(shared[index] ? [SHARED_DEVICE] : [])];
    return [one, reasons] as const;
  });
  return new Map(flags.filter(([, reasons]) => reasons.length > 0));
}

/** Holds days, each with its reasons; another telling may have been quicker, and decides then. */
async function hold({ sql }: Ingest, flags: Flags): Promise<Map<Told, StepsOutcome>> {
  if (flags.size === 0) return new Map();
  const told = [...flags.keys()];
  const rows = told.map((one) => ({
    event: one.id,
    platform: one.report.platform,
    body: JSON.stringify(one.report),
    reasons: JSON.stringify(flags.get(one)),
  }));
  await holdSteps(sql, rows);
  const held = await heldByEvents(
    sql,
    told.map(({ id }) => id),
  );
  return new Map(told.map((one) => [one, heldOutcome(held.get(one.key) as HeldSteps, one)]));
}

/** The same report is held still; another one of the same day contradicts it. */
function heldOutcome(held: HeldSteps, { report }: Told): StepsOutcome {
  const told = held.body === null ? null : (JSON.parse(held.body) as StepReport | null);
  const differences = told === null ? [] : differencesOf(told, report);
  if (differences.length === 0) return { held };
  const names = differences.map(({ field }) => field).join(", ");
  return new ConflictError("event-differs", `already held with other content: ${names}`, { differences });
}

async function give(ingest: Ingest, told: readonly Told[]): Promise<Map<Told, Outcome>> {
  if (told.length === 0) return new Map();
  const outcomes = await ingestReports(
    ingest,
    told.map(({ report }) => report),
  );
  return new Map(told.map((one, index) => [one, outcomes[index] as Outcome]));
}

/** Writes days down, whatever they look like: the same day again gets its first answer. */
export async function ingestReports(ingest: Ingest, reports: readonly StepReport[]): Promise<Outcome[]> {
  const noticedIn = await noticeOfRules(ingest.sql);
  return ingestContributions(
    ingest,
    reports.map(
      (report): Contribution => ({
        name: stepsName(report),
        body: report,
        // Its last second: at its end the next day has begun, and with it, it may be, another campaign.
        happenedAt: endOfDay(report) - 1,
        gifts: [giftOfSteps(report, countSteps(report.hours), rulesHash)],
        noticedIn,
      }),
    ),
  );
}

const ABOUT_ALL = { kind: "activity", body: RULES, isPublic: true } as const;

/** The batch whose notice names the rules; they are published at their first use. */
async function noticeOfRules(sql: Ingest["sql"]): Promise<bigint> {
  const known = await documentByHash(sql, rulesHash);
  if (known !== undefined) return known.batch;
  const { batch } = await sql.begin("ISOLATION LEVEL READ COMMITTED", (tx) => recordDocument(tx, ABOUT_ALL));
  return batch;
}
