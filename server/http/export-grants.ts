// /v1/exports/360giving.json and .csv: what was given over a period, as funders publish their grants.

import type { Request } from "express";
import { z } from "zod";
import { InputError, NotFoundError } from "../errors.ts";
import { type Grant, grantOf, isGrantable, type Publisher, Remainders } from "../exports/grants.ts";
import { grantHeading, grantJson, grantLine, grantPackage } from "../exports/grants-writing.ts";
import type { Sink } from "../exports/parquet.ts";
import { dayNumber, dayText } from "../programmes/statements/dates.ts";
import type { Settings } from "../settings.ts";
import type { Transaction } from "../store/database.ts";
import { type LineSum, lastBatchSummed, sumsOfLines, sumsOfMerchants } from "../store/period-sums.ts";
import { sendExport } from "./export-stream.ts";
import { checkedPeriod, tag } from "./exports.ts";
import { parse } from "./problems.ts";
import { publicUrl } from "./receipt-keys.ts";
import type { Route, StreamRoute } from "./route.ts";

const MOST_DAYS = 366;

export const boundedPeriod = {
  from: dayText.meta({ description: "the first day (UTC), by when batches were closed" }),
  upTo: dayText.meta({ description: `the last day (UTC); at most ${MOST_DAYS} days` }),
};

/** Throws `InputError` unless the days are in order, and not too many. */
export function checkDays({ from, upTo }: { readonly from: string; readonly upTo: string }) {
  checkedPeriod(from, upTo);
  const days = { first: dayNumber(from), last: dayNumber(upTo) };
  const came = days.last - days.first + 1;
  if (came <= MOST_DAYS) return days;
  const facts = { field: "upTo", wanted: `at most ${MOST_DAYS} days`, came: `${came} days` };
  throw new InputError("period-too-long", `upTo: wanted ${facts.wanted}, came ${facts.came}`, facts);
}

/** A period that reaches beyond today ends today: nothing is reported of days that have not been. */
export function untilToday<Asked extends { readonly from: string; readonly upTo: string }>(
  asked: Asked,
): Asked {
  const today = new Date().toISOString().slice(0, 10);
  const end = today < asked.from ? asked.from : today;
  return { ...asked, upTo: asked.upTo < end ? asked.upTo : end };
}

export const publisherOf = (settings: Settings): Publisher => ({
  name: settings.ORGANISATION_NAME,
  id: settings.ORGANISATION_ID,
  prefix: settings.GRANT_PREFIX,
  url: publicUrl(settings),
});

const query = z.strictObject(boundedPeriod);
type Period = z.output<typeof query>;

/** The merchants' own grants first, then what is left of each line. */
async function* grantsOver(
  tx: Transaction,
  publisher: Publisher,
  period: Period,
  signal: AbortSignal,
): AsyncGenerator<Grant> {
  const days = checkDays(period);
  const remainders = new Remainders();
  const isTold = ({ unit }: LineSum) => isGrantable(unit);
  for await (const sums of sumsOfMerchants(tx, days, signal))
    for (const sum of sums.filter(isTold)) {
      remainders.take(sum);
      if (sum.given !== "0" || sum.reversed !== "0") yield grantOf(publisher, period, sum, sum);
    }
  for await (const sums of sumsOfLines(tx, days, signal))
    for (const sum of sums.filter(isTold)) {
      const rest = remainders.of(sum);
      if (rest !== undefined) yield grantOf(publisher, period, rest);
    }
}

/** How grants become text: what is before the first, between two, and behind the last. */
type Writing = {
  readonly before: string;
  readonly between: string;
  readonly behind: string;
  write(grant: Grant): string;
};

const KINDS = {
  json: {
    type: "application/json",
    about: "JSON, a package by the schema 1.4",
    writing: (facts: Parameters<typeof grantPackage>[0]): Writing => {
      const [before, behind] = grantPackage(facts);
      return { before, between: ",\n", behind, write: grantJson };
    },
  },
  csv: {
    type: "text/csv; charset=utf-8",
    about: "CSV, headed by the titles of the schema's fields",
    writing: (): Writing => ({ before: grantHeading(), between: "", behind: "", write: grantLine }),
  },
} as const;

const GRANTS_AT_ONCE = 500;

/** A package has at least one grant: one without any is not valid, so nothing is sent before there is one. */
async function writeGrants(grants: AsyncIterable<Grant>, writing: Writing, sink: Sink): Promise<void> {
  let texts: string[] = [];
  let beginning: string | undefined = writing.before;
  const send = async () => {
    await sink(Buffer.from((beginning ?? writing.between) + texts.join(writing.between)));
    beginning = undefined;
    texts = [];
  };
  for await (const grant of grants) if (texts.push(writing.write(grant)) >= GRANTS_AT_ONCE) await send();
  if (texts.length > 0) await send();
  if (beginning !== undefined) throw nothingGiven();
  await sink(Buffer.from(writing.behind));
}

const nothingGiven = () =>
  new NotFoundError(
    "no-grants",
    "period: nothing was given in it, and a package without a grant is not valid",
  );

const grantRoute = (kind: keyof typeof KINDS): StreamRoute => ({
  method: "get",
  path: `/v1/exports/360giving.${kind}`,
  tag,
  summary: `Read what was given as 360Giving ${KINDS[kind].about}`,
  description:
    "One grant for each merchant, charity and currency over the period. A merchant is named only if it shows its totals; all others are together under the organisation that keeps the ledger, so that the grants add up to the statements of the batches closed in the period. An amount is what was given less what was taken back. Currencies that the standard does not list, and what is no money, are left out.",
  consumes: "application/json",
  produces: KINDS[kind].type,
  query,
  answers: {
    200: { description: "The grants" },
    404: { description: "Nothing was given in the period" },
    422: { description: "The period cannot be read, or is too long" },
    429: { description: "Too many exports at once; `Retry-After` says when to try" },
  },
  stream: async (request: Request, response, _, services) => {
    const asked = parse(query, request.query);
    checkDays(asked);
    const period = untilToday(asked);
    const publisher = publisherOf(services.settings);
    const download = {
      type: KINDS[kind].type,
      name: `360giving-${period.from}-${period.upTo}.${kind}`,
    };
    await sendExport(request, response, services, download, async (tx, sink, signal) => {
      const upToBatch = await lastBatchSummed(tx);
      const writing = KINDS[kind].writing({ publisher, period, issued: new Date(), upToBatch });
      await writeGrants(grantsOver(tx, publisher, period, signal), writing, sink);
    });
  },
});

export const grantRoutes: Route[] = [grantRoute("json"), grantRoute("csv")];
