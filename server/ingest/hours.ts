// From an agreed service to its receipt: once, whoever asks, and after the notice of its activity. What is agreed stands in the
// store before, so that a process that dies here leaves nothing undone: the next step finds it.

import { ConflictError, ForbiddenError, InputError, InvariantError, NotFoundError } from "../errors.ts";
import { countService } from "../programmes/hours/counting.ts";
import { type AgreedService, giftsOfService, serviceBody, serviceName } from "../programmes/hours/gift.ts";
import type { ServiceReport } from "../programmes/hours/report.ts";
import { checkReport } from "../programmes/hours/report.ts";
import { type Scope, volunteerId, volunteersKey } from "../programmes/hours/volunteer.ts";
import { yearAt } from "../programmes/hours/year.ts";
import { fromHex, toHex } from "../protocol/bytes.ts";
import { activitiesByIds, type StoredActivity } from "../store/activities.ts";
import {
  type Attendance,
  addReported,
  agreedAttendances,
  agreeOverdue,
  attendancesByNames,
  noteRecorded,
  proposeOverdue,
  putOff,
} from "../store/attendances.ts";
import type { Ledger } from "../store/ledger.ts";
import type { NoticeFirst } from "../store/notice-first.ts";
import type { Answer } from "./answers.ts";
import { type Ingest, ingestContributions, type Outcome } from "./ingest.ts";

export type Hours = { readonly ingest: Ingest; readonly noticeFirst: NoticeFirst };

/** How long a volunteer, and an organiser, has to say otherwise. */
export const DISPUTE_WITHIN_SECONDS = 72 * 60 * 60;
const AT_ONCE = 200;
/** Whoever has something agreed records it at once; what is left after this long is found by the next step. */
export const LEFT_AFTER_SECONDS = 60;

/** One bounded step of what goes on by itself; false when there was nothing to do. */
export async function settleHours(hours: Hours): Promise<boolean> {
  const { sql, recorder } = hours.ingest;
  const now = recorder.now();
  const proposed = await proposeOverdue(sql, now, now + DISPUTE_WITHIN_SECONDS, AT_ONCE);
  const agreed = await agreeOverdue(sql, now, AT_ONCE);
  const waiting = await agreedAttendances(sql, now, AT_ONCE);
  await recordAgreed(hours, waiting);
  return proposed + agreed + waiting.length > 0;
}

/** Records the receipts of agreed attendances; one outcome each, in order. */
export async function recordAgreed(hours: Hours, agreed: readonly Attendance[]): Promise<Outcome[]> {
  const { sql, recorder } = hours.ingest;
  const activities = await activitiesByIds(
    sql,
    agreed.map(({ activity }) => activity),
  );
  for (const { batch } of activities.values()) await hours.noticeFirst.before(batch);
  const services = agreed.map((each) => serviceOf(each, activities));
  const outcomes = await ingestContributions(hours.ingest, services.map(contributionOf));
  for (const [index, outcome] of outcomes.entries()) {
    const service = services[index] as AgreedService;
    if (outcome instanceof Error) await putOff(sql, nameOf(service), recorder.now() + LEFT_AFTER_SECONDS);
    else await noteRecorded(sql, { ...nameOf(service), ...recordedAs(service, outcome) });
  }
  return outcomes;
}

const contributionOf = (service: AgreedService) => ({
  name: serviceName(service),
  body: serviceBody(service),
  happenedAt: service.checkOut,
  gifts: giftsOfService(service),
});

const nameOf = ({ activityId, volunteerId }: AgreedService) => ({
  activity: activityId,
  volunteer: volunteerId,
});

const recordedAs = (service: AgreedService, { receipts }: Answer) => ({
  kind: service.activity.kind,
  year: yearAt(service.checkOut, service.activity.utcOffset),
  tenths: countService(service.activity, service).tenths,
  receipt: receipts[0]?.id ?? null,
});

function serviceOf(attendance: Attendance, activities: ReadonlyMap<string, StoredActivity>): AgreedService {
  const stored = activities.get(attendance.activity.toString("hex"));
  if (stored === undefined || attendance.checkIn === null || attendance.checkOut === null)
    throw new InvariantError("an attendance was agreed without its activity or its times");
  return {
    activityId: stored.id,
    activity: stored.activity,
    volunteerId: attendance.volunteer,
    volunteer: attendance.name,
    checkIn: Number(attendance.checkIn),
    checkOut: Number(attendance.checkOut),
    pieces: attendance.pieces,
  };
}

/** Who reports, and for which organisers they may. */
export type Reporter = { readonly scope: Scope; mayReportFor(organiser: string): boolean };
export type Told = { readonly report: ServiceReport; readonly reporter: Reporter };

/** Records finished attendances that organisers' own systems tell of; one outcome each, in order. */
export async function ingestReports(
  hours: Hours,
  ledger: Pick<Ledger, "secrets">,
  told: readonly Told[],
): Promise<Outcome[]> {
  const ids = told.map(({ report }) => fromHex(report.activity));
  const activities = await activitiesByIds(hours.ingest.sql, ids);
  const key = volunteersKey(ledger.secrets);
  const judged = told.map((each) => judge(each, activities, key, hours.ingest.recorder.now()));
  const sound = judged.filter((each) => !(each instanceof Error)) as Sound[];
  const stored = await store(hours, sound);
  const agreed = stored.filter((each) => !(each instanceof Error)) as Attendance[];
  const outcomes = await recordAgreed(hours, agreed);
  const answered = stored.map((each) => (each instanceof Error ? each : (outcomes.shift() as Outcome)));
  return judged.map((each) => (each instanceof Error ? each : (answered.shift() as Outcome)));
}

type Sound = {
  readonly activity: Uint8Array;
  readonly volunteer: Uint8Array;
  readonly name: string;
  readonly checkIn: number;
  readonly checkOut: number;
  readonly pieces: number | null;
};

function judge(
  { report, reporter }: Told,
  activities: ReadonlyMap<string, StoredActivity>,
  key: Uint8Array,
  now: number,
): Sound | Error {
  const stored = activities.get(report.activity.slice(2));
  if (stored === undefined)
    return new NotFoundError("unknown-activity", `activity: there is none called ${report.activity}`);
  const { organiser } = stored.activity;
  if (!reporter.mayReportFor(organiser))
    return new ForbiddenError("wrong-subject", `this key does not speak for charity ${organiser}`);
  const fault = checkReport(report, stored.activity, now);
  if (fault instanceof InputError) return fault;
  const scope = reporter.scope === "platform" ? reporter.scope : organiser;
  const { volunteer: name, checkIn, checkOut, pieces } = report;
  return { activity: stored.id, volunteer: volunteerId(key, scope, name), name, checkIn, checkOut, pieces };
}

/** Writes the intentions down, and reads what stands: the first telling decides. */
async function store({ ingest: { sql, recorder } }: Hours, sound: readonly Sound[]) {
  if (sound.length === 0) return [];
  await sql.begin((tx) => addReported(tx, sound, recorder.now() + LEFT_AFTER_SECONDS));
  const rows = await attendancesByNames(sql, sound);
  const standing = new Map(rows.map((row) => [pairOf(row), row]));
  return sound.map((each) => conflictOf(each, standing.get(pairOf(each))));
}

const pairOf = ({ activity, volunteer }: { activity: Uint8Array; volunteer: Uint8Array }) =>
  `${toHex(activity)}/${toHex(volunteer)}`;

function conflictOf(told: Sound, standing: Attendance | undefined): Attendance | ConflictError {
  if (standing === undefined) throw new InvariantError("an attendance was written, and is not there");
  const { state, checkIn, checkOut, pieces } = standing;
  if (state !== "agreed" && state !== "recorded")
    return new ConflictError("attendance-open", `the volunteer takes part by sign-up, and is ${state}`, {
      state,
    });
  const [recorded, came] = [
    { checkIn: Number(checkIn), checkOut: Number(checkOut), pieces },
    { checkIn: told.checkIn, checkOut: told.checkOut, pieces: told.pieces },
  ];
  const fields = (["checkIn", "checkOut", "pieces"] as const).filter((name) => recorded[name] !== came[name]);
  if (fields.length === 0) return standing;
  const differences = fields.map((field) => ({ field, recorded: recorded[field], came: came[field] }));
  const names = fields.join(", ");
  return new ConflictError("event-differs", `already recorded with other content: ${names}`, { differences });
}
