// Lines as activities of the International Aid Transparency Initiative (IATI 2.03): what came in, what went to the charity,
// what it was spent on, and what became of it. Elements stand in the order that the standard's schema asks for.
//
// Whoever keeps the ledger reports as a secondary reporter: the activity is the charity's. A charity's own identifiers of
// its activities are not known here, and none is made up.

import { create } from "xmlbuilder2";
import { isCountry } from "../programmes/countries.ts";
import { decimalOf } from "../programmes/currency.ts";
import { dayOf, dayOfSecond } from "../programmes/statements/dates.ts";
import type { ActivityLine, GivenOnDay, PaidOut, ReportedPart } from "../store/iati-activities.ts";
import { countryShares, outcomesOf } from "./activity-sums.ts";
import type { Period, Publisher } from "./grants.ts";

// Code lists of IATI 2.03: https://iatistandard.org/en/iati-standard/203/codelists/
const ROLE = { funding: "1", extending: "3", implementing: "4" } as const;
const ORGANISATION = { ngo: "22", private: "70" } as const;
const TRANSACTION = { incoming: "1", disbursement: "3", expenditure: "4" } as const;
const STATUS_IMPLEMENTATION = "2";
const DATE_ACTUAL_START = "2";
const SECTOR_DAC_5 = "1";
const RESULT_OUTPUT = "1";
const MEASURE_UNIT = "1";
const FLOW_PRIVATE = "30";
const REGION_UNSPECIFIED = "998";

export type Activity = ActivityLine & {
  readonly given: readonly GivenOnDay[];
  readonly paid: readonly PaidOut[];
  readonly parts: readonly ReportedPart[];
};

export type Reporter = Publisher & { readonly sector: string };

type Node = { readonly [name: string]: string | Node | readonly Node[] };

const narrative = (text: string): Node => ({ narrative: xmlText(text) });

/** What XML 1.0 has no place for is left out. */
const xmlText = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "").toWellFormed();

/** Identifiers hold no slash: a restricted fund's is a colon. */
const idOf = ({ id }: Publisher, { registration, unit }: ActivityLine): string =>
  `${id}-${registration.replace("/", ":")}-${unit}`;

const charityOf = ({ registration, name }: ActivityLine) => ({
  "@ref": registration.split("/")[0] as string,
  "@type": ORGANISATION.ngo,
  ...narrative(name),
});

const keeperOf = ({ id, name }: Publisher) => ({
  "@ref": id,
  "@type": ORGANISATION.private,
  ...narrative(name),
});

/** One activity as XML, without a declaration. */
export function activityXml(reporter: Reporter, period: Period, activity: Activity, now: Date): string {
  const { unit } = activity;
  const attributes = {
    "@xml:lang": "en",
    "@default-currency": unit,
    "@last-updated-datetime": now.toISOString(),
  };
  const about = aboutOf(reporter, activity);
  const node = { ...attributes, ...about, ...moneyOf(reporter, activity), ...resultsOf(period, activity) };
  return create({ "iati-activity": node }).end({ headless: true, prettyPrint: true });
}

const aboutOf = (reporter: Reporter, activity: ActivityLine & Pick<Activity, "parts">): Node => ({
  "iati-identifier": idOf(reporter, activity),
  "reporting-org": { ...keeperOf(reporter), "@secondary-reporter": "1" },
  title: narrative(`Gifts to ${activity.name} in ${activity.unit}`),
  description: narrative(
    `What buyers and other donors gave to ${activity.name} (${activity.registration}) in ${activity.unit}, ` +
      `recorded by ${reporter.name}, and what the charity reports that it became. ` +
      `Every gift has a receipt: ${reporter.url}/charities/${encodeURIComponent(activity.registration)}`,
  ),
  "participating-org": [
    { "@role": ROLE.extending, ...keeperOf(reporter), "@activity-id": idOf(reporter, activity) },
    { "@role": ROLE.implementing, ...charityOf(activity) },
  ],
  "activity-status": { "@code": STATUS_IMPLEMENTATION },
  "activity-date": { "@type": DATE_ACTUAL_START, "@iso-date": dayOf(activity.began) },
  ...whereOf(activity),
  sector: { "@vocabulary": SECTOR_DAC_5, "@code": reporter.sector },
  "default-flow-type": { "@code": FLOW_PRIVATE },
});

/** By what is reported as spent; before that, by where the charity is registered; where neither tells, unspecified. */
function whereOf({ registration, parts }: ActivityLine & Pick<Activity, "parts">): Node {
  const shares = countryShares(parts);
  if (shares.length > 0)
    return {
      "recipient-country": shares.map(({ country, percentage }) => ({
        ...{ "@code": country, "@percentage": percentage },
      })),
    };
  const home = registration.slice(0, 2);
  return isCountry(home) && registration[2] === "-"
    ? { "recipient-country": { "@code": home, "@percentage": "100" } }
    : { "recipient-region": { "@code": REGION_UNSPECIFIED, "@vocabulary": "1", "@percentage": "100" } };
}

/** A sum of money on a day, as the standard has it. */
function transaction(
  { unit }: ActivityLine,
  told: { type: string; ref: string; day: string; minor: bigint; description: string; rest: Node },
): Node {
  const { type, ref, day, minor, description, rest } = told;
  const value = minor < 0n ? `-${decimalOf(-minor, unit)}` : decimalOf(minor, unit);
  return {
    "@ref": ref,
    "transaction-type": { "@code": type },
    "transaction-date": { "@iso-date": day },
    value: { "@currency": unit, "@value-date": day, "#": value },
    description: narrative(description),
    ...rest,
  };
}

function moneyOf(reporter: Reporter, activity: Activity): Node {
  const all = [
    ...activity.given.flatMap((day) => incomingOf(reporter, activity, day)),
    ...activity.paid.map((payout) => disbursementOf(reporter, activity, payout)),
    ...activity.parts.map((part) => expenditureOf(reporter, activity, part)),
  ];
  return all.length === 0 ? {} : { transaction: all };
}

const DONORS = "Donors by way of merchants, each with a receipt of their own";

function incomingOf(reporter: Reporter, activity: Activity, { day, given, reversed }: GivenOnDay): Node[] {
  const rest = {
    "provider-org": narrative(DONORS),
    "receiver-org": { ...keeperOf(reporter), "@receiver-activity-id": idOf(reporter, activity) },
  };
  const told = { type: TRANSACTION.incoming, day: dayOf(day), rest };
  const gifts = { ...told, ref: `given-${dayOf(day)}`, minor: BigInt(given), description: "Gifts" };
  const back = {
    ...{ ...told, ref: `reversed-${dayOf(day)}`, minor: -BigInt(reversed) },
    description: "Gifts taken back for refunds",
  };
  return [gifts, back].filter(({ minor }) => minor !== 0n).map((one) => transaction(activity, one));
}

const disbursementOf = (
  reporter: Reporter,
  activity: Activity,
  { from, upto, amount, paid_at }: PaidOut,
): Node =>
  transaction(activity, {
    ...{
      type: TRANSACTION.disbursement,
      ref: `payout-${from}-${upto}`,
      day: dayOfSecond(paid_at.getTime() / 1000),
    },
    ...{ minor: amount, description: "Paid to the charity" },
    rest: {
      "provider-org": { ...keeperOf(reporter), "@provider-activity-id": idOf(reporter, activity) },
      "receiver-org": charityOf(activity),
    },
  });

const expenditureOf = (reporter: Reporter, activity: Activity, part: ReportedPart): Node =>
  transaction(activity, {
    ...{ type: TRANSACTION.expenditure, ref: `report-${part.report}-${part.part}` },
    ...{ day: dayOfSecond(part.recorded_at.getTime() / 1000) },
    ...{ minor: BigInt(part.told.upTo) - BigInt(part.told.from), description: part.told.project },
    rest: {
      "provider-org": { ...charityOf(activity), "@provider-activity-id": idOf(reporter, activity) },
    },
  });

/** What was bought over the period: one indicator for each thing and measure. */
function resultsOf(period: Period, { parts }: Activity): Node {
  const outcomes = outcomesOf(parts);
  if (outcomes.length === 0) return {};
  const indicator = outcomes.map(({ what, measure, count }) => ({
    ...{ "@measure": MEASURE_UNIT, "@aggregation-status": "1" },
    title: narrative(`${what} (${measure})`),
    period: {
      "period-start": { "@iso-date": period.from },
      "period-end": { "@iso-date": period.upTo },
      actual: { "@value": count },
    },
  }));
  const title = narrative("What the money became, as the charity reports");
  return { result: { "@type": RESULT_OUTPUT, "@aggregation-status": "1", title, indicator } };
}

/** What is around the activities. */
export const activitiesFile = (now: Date): [string, string] => [
  `<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03" generated-datetime="${now.toISOString()}">\n`,
  "</iati-activities>\n",
];
