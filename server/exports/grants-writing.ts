// Grants as 360Giving writes them: one JSON package, or a sheet whose headings are the titles of the schema's fields.

import { csvLines } from "../papers/csv.ts";
import { GRANTS_VERSION, type Grant, type Period, type Publisher } from "./grants.ts";

/** A decimal as a number of JSON, digit by digit: what reads it may round, what is written is exact. */
const exact = (decimal: string): unknown => (JSON as typeof JSON & Raw).rawJSON(decimal);

type Raw = { rawJSON(text: string): object };

/** What there is of a grant's two sides: a refund is a commitment taken back. */
const commitments = ({ currency, given, reversed, period: { upTo }, funder, recipient }: Grant) =>
  [
    { value: given, description: "Gifts" },
    { value: reversed, description: "Gifts taken back for refunds" },
  ]
    .filter(({ value }) => /[1-9]/.test(value))
    .map(({ value, description }) => ({
      ...{ transactionDate: upTo, currency, value: exact(value), description },
      ...{ provider: funder.name, recipient: recipient.name },
    }));

/** One grant as JSON. */
export const grantJson = (grant: Grant): string =>
  JSON.stringify({
    id: grant.id,
    title: grant.title,
    description: grant.description,
    currency: grant.currency,
    amountAwarded: exact(grant.amount),
    awardDate: grant.period.upTo,
    url: grant.url,
    plannedDates: [{ startDate: grant.period.from, endDate: grant.period.upTo }],
    actualDates: [{ startDate: grant.period.from, endDate: grant.period.upTo }],
    fundingOrganization: [grant.funder],
    recipientOrganization: [grant.recipient],
    commitmentTransaction: commitments(grant),
    dataSource: grant.dataSource,
  });

export type PackageFacts = {
  readonly publisher: Publisher;
  readonly period: Period;
  readonly issued: Date;
  /** The last batch that is counted. */
  readonly upToBatch: bigint;
};

/** The package around its grants: what comes before the first of them, and behind the last. */
export function grantPackage({ publisher, period, issued, upToBatch }: PackageFacts): [string, string] {
  const facts = {
    version: GRANTS_VERSION,
    title: `Gifts recorded by ${publisher.name}, ${period.from} to ${period.upTo}`,
    description: `One grant for each merchant that shows its totals, charity and currency; all other merchants together under ${publisher.name}. All batches up to ${upToBatch} that were closed in the period are counted.`,
    issued: issued.toISOString(),
    publisher: { name: publisher.name, identifier: publisher.id, website: publisher.url },
    accessURL: `${publisher.url}/data`,
  };
  return [`${JSON.stringify(facts).slice(0, -1)},"grants":[\n`, "\n]}\n"];
}

type Cell = (grant: Grant) => string;

/** By the titles of the schema's fields, a colon between an object and its field. */
const SHEET: readonly (readonly [string, Cell])[] = [
  ["Identifier", ({ id }) => id],
  ["Title", ({ title }) => title],
  ["Description", ({ description }) => description],
  ["Currency", ({ currency }) => currency],
  ["Amount Awarded", ({ amount }) => amount],
  ["Award Date", ({ period }) => period.upTo],
  ["URL", ({ url }) => url],
  ["Planned Dates:Start Date", ({ period }) => period.from],
  ["Planned Dates:End Date", ({ period }) => period.upTo],
  ["Actual Dates:Start Date", ({ period }) => period.from],
  ["Actual Dates:End Date", ({ period }) => period.upTo],
  ["Recipient Org:Identifier", ({ recipient }) => recipient.id],
  ["Recipient Org:Name", ({ recipient }) => recipient.name],
  ["Funding Org:Identifier", ({ funder }) => funder.id],
  ["Funding Org:Name", ({ funder }) => funder.name],
  ["Data Source", ({ dataSource }) => dataSource],
];

export const grantHeading = (): string => csvLines([SHEET.map(([title]) => title)]);
export const grantLine = (grant: Grant): string => csvLines([SHEET.map(([, cell]) => cell(grant))]);
