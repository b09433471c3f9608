// What happened to each line's money over a period, for whoever reports activities: gifts by day, payouts, and the parts of
// the charities' spending reports.

import { toHex } from "../protocol/bytes.ts";
import type { Queries } from "./database.ts";
import { isBack } from "./payouts.ts";
import type { Days } from "./period-sums.ts";

const SECONDS_A_DAY = 86_400;
const LINES_AT_ONCE = 100;

export type ActivityLine = {
  readonly line: number;
  readonly charity: Buffer;
  readonly registration: string;
  /** The charity's. */
  readonly name: string;
  readonly website: string | null;
  readonly unit: string;
  /** The day of its first gift, counted from 1970. */
  readonly began: number;
};

/** Behind the line `after`, those that were given something until the last day; of one charity, if it is named. */
export const activityLinesAfter = (sql: Queries, after: number, last: number, charity: Uint8Array | null) =>
  sql<ActivityLine[]>`
    SELECT lines.id AS line, charity, registration, name, website, unit, began
    FROM lines JOIN charities ON charities.id = charity
    CROSS JOIN LATERAL (SELECT min(day) AS began FROM line_days WHERE line = lines.id) AS days
    WHERE lines.id > ${after} AND began <= ${last} AND (${charity}::bytea IS NULL OR charity = ${charity})
    ORDER BY lines.id LIMIT ${LINES_AT_ONCE}`;

/** Decimals of whole minor units. */
export type GivenOnDay = { readonly day: number; readonly given: string; readonly reversed: string };

export const givenByDay = (sql: Queries, line: number, { first, last }: Days) =>
  sql<GivenOnDay[]>`
    SELECT day, given::text, reversed::text FROM line_days
    WHERE line = ${line} AND day BETWEEN ${first} AND ${last} ORDER BY day`;

/** [from, upto) of the line, what of it was transferred, and when the contract recorded it first. */
export type PaidOut = {
  readonly from: bigint;
  readonly upto: bigint;
  readonly amount: bigint;
  readonly paid_at: Date;
};

/** The payouts that the contract has recorded, but for those whose money came back. */
export const paidOut = (sql: Queries, { charity, unit }: LineOf, days: Days) =>
  sql<PaidOut[]>`
    SELECT "from", upto, upto - "from" - (net_to - net_from) AS amount, mined_at AS paid_at FROM (
      SELECT id, mined_at, (args->>'from')::bigint AS "from", (args->>'upTo')::bigint AS upto,
        (args->>'netTo')::bigint AS net_to,
        coalesce(lag((args->>'netTo')::bigint) OVER (ORDER BY (args->>'upTo')::bigint), 0) AS net_from
      FROM chain_calls WHERE kind IN ('payBank', 'payToken') AND state <> 'failed' AND mined_at IS NOT NULL
        AND args->>'charity' = ${toHex(charity)} AND args->>'unit' = ${unit}
    ) AS calls
    WHERE ${within(sql, sql`mined_at`, days)}
      AND NOT EXISTS (SELECT FROM payouts WHERE call = calls.id AND ${isBack(sql)})
    ORDER BY upto`;

type LineOf = Pick<ActivityLine, "charity" | "unit">;

/** A part of a report, with what it bought, as the charity has published it. */
export type ReportedPart = {
  readonly report: string;
  readonly part: bigint;
  readonly told: {
    readonly from: string;
    readonly upTo: string;
    readonly project: string;
    readonly place: { readonly country: string; readonly name: string };
    readonly bought: readonly { readonly what: string; readonly count: string; readonly measure: string }[];
  };
  readonly recorded_at: Date;
};

export const reportedParts = (sql: Queries, { charity, unit }: LineOf, days: Days) =>
  sql<ReportedPart[]>`
    SELECT args->'disbursement'->>'evidence' AS report, place AS part, part AS told, mined_at AS recorded_at
    FROM chain_calls
    JOIN documents ON hash = decode(substr(args->'disbursement'->>'evidence', 3), 'hex') AND public
    CROSS JOIN LATERAL jsonb_array_elements(body::jsonb->'parts') WITH ORDINALITY AS of (part, place)
    WHERE chain_calls.kind = 'disburse' AND state <> 'failed'
      AND args->'disbursement'->>'charity' = ${toHex(charity)}
      AND args->'disbursement'->>'unit' = ${unit} AND ${within(sql, sql`mined_at`, days)}
    ORDER BY chain_calls.id, place`;

const within = (sql: Queries, column: ReturnType<Queries>, { first, last }: Days) => sql`
  (${column} >= to_timestamp(${first * SECONDS_A_DAY}) AND ${column} < to_timestamp(${(last + 1) * SECONDS_A_DAY}))`;
