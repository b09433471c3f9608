// /v1/exports/iati.xml: what came in, went out and became of it, line by line, as aid is reported.

import { z } from "zod";
import { NotFoundError } from "../errors.ts";
import { activitiesFile, activityXml, type Reporter } from "../exports/activities.ts";
import type { Sink } from "../exports/parquet.ts";
import { isMoney } from "../programmes/currency.ts";
import type { Queries } from "../store/database.ts";
import {
  type ActivityLine,
  activityLinesAfter,
  givenByDay,
  paidOut,
  reportedParts,
} from "../store/iati-activities.ts";
import type { Days } from "../store/period-sums.ts";
import { boundedPeriod, checkDays, publisherOf, untilToday } from "./export-grants.ts";
import { sendExport } from "./export-stream.ts";
import { tag } from "./exports.ts";
import { parse } from "./problems.ts";
import type { Route } from "./route.ts";
import { charityInPath } from "./words.ts";

const TYPE = "application/xml";

const query = z.strictObject({
  ...boundedPeriod,
  charity: z
    .string()
    .max(120)
    .optional()
    .meta({ description: "a charity's registration id, or the hash of it" }),
});

/** Lines of money, in their order. */
async function* moneyLines(
  sql: Queries,
  last: number,
  charity: Uint8Array | null,
): AsyncGenerator<ActivityLine> {
  for (let after = 0; ; ) {
    const lines = await activityLinesAfter(sql, after, last, charity);
    for (const line of lines) if (isMoney(line.unit)) yield line;
    const end = lines.at(-1);
    if (end === undefined) return;
    after = end.line;
  }
}

async function readActivity(sql: Queries, line: ActivityLine, days: Days) {
  const given = await givenByDay(sql, line.line, days);
  const paid = await paidOut(sql, line, days);
  return { ...line, given, paid, parts: await reportedParts(sql, line, days) };
}

const nothingThere = () =>
  new NotFoundError(
    "no-activities",
    "period: nothing was given until its end, and a file without an activity is not valid",
  );

type Asked = z.output<typeof query>;

async function writeActivities(sql: Queries, reporter: Reporter, { charity, ...period }: Asked, sink: Sink) {
  const now = new Date();
  const days = checkDays(period);
  const [beginning, end] = activitiesFile(now);
  let before = beginning;
  for await (const line of moneyLines(
    sql,
    days.last,
    charity === undefined ? null : charityInPath(charity),
  )) {
    const xml = activityXml(reporter, period, await readActivity(sql, line, days), now);
    await sink(Buffer.from(`${before}${xml}\n`));
    before = "";
  }
  if (before !== "") throw nothingThere();
  await sink(Buffer.from(end));
}

export const iatiRoutes: Route[] = [
  {
    method: "get",
    path: "/v1/exports/iati.xml",
    tag,
    summary: "Read what came in, went out and became of it as IATI 2.03 activities",
    description:
      "One activity for each line of money: gifts by day (incoming funds; what was taken back is below nought), payouts (disbursement), what the charities report as spent (expenditure), and as results what it bought. Countries are those of the reported spending; until there is any, where the charity is registered.",
    consumes: "application/json",
    produces: TYPE,
    query,
    answers: {
      200: { description: "The activities" },
      404: { description: "Nothing was given until the period's end" },
      422: { description: "The period cannot be read, or is too long" },
      429: { description: "Too many exports at once; `Retry-After` says when to try" },
    },
    stream: async (request, response, _, services) => {
      const asked = parse(query, request.query);
      checkDays(asked);
      const reporter = { ...publisherOf(services.settings), sector: services.settings.IATI_SECTOR };
      const download = { type: TYPE, name: `iati-${asked.from}-${asked.upTo}.xml` };
      await sendExport(request, response, services, download, (tx, sink) =>
        writeActivities(tx, reporter, untilToday(asked), sink),
      );
    },
  },
];
