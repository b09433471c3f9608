// Exported tables of the money: how far it has come, how it was paid and signed for, and what it became.

import type { Queries } from "./database.ts";
import {
  charity,
  column,
  type ExportPeriod,
  type ExportRow,
  type ExportTable,
  integer,
  maybe,
  minor,
  registration,
  text,
  time,
  unit,
} from "./export-table.ts";

export const lines: ExportTable = {
  name: "lines",
  meaning: "How far the money of each charity and unit has come, as the contract was last read.",
  api: "/v1/lines",
  columns: [
    charity,
    registration,
    unit,
    minor("given", "up to where gifts are proven to the contract"),
    minor("reversed", "the same of gifts that were taken back"),
    minor("paid", "up to where the charity was paid"),
    minor("netted", "how far reversals were set off against payouts"),
    minor("acknowledged", "up to where the charity has signed for its money"),
    minor("spent", "up to where the charity has reported what it became"),
    maybe.text("fault", "the fault that was proven of the line first"),
    maybe.time("read_at", "when the contract was read"),
  ],
  rows: (sql) => sql<ExportRow[]>`
    SELECT lines.charity, registration, lines.unit, coalesce(given, 0) AS given, coalesce(reversed, 0) AS reversed,
      coalesce(paid, 0) AS paid, coalesce(netted, 0) AS netted, coalesce(acknowledged, 0) AS acknowledged,
      coalesce(spent, 0) AS spent, fault, read_at
    FROM lines JOIN charities ON charities.id = lines.charity
    LEFT JOIN watermarks ON watermarks.charity = lines.charity AND watermarks.unit = lines.unit ORDER BY lines.id`,
};

export const lineDays: ExportTable = {
  name: "line-days",
  meaning: "What each line was given and what was taken back, by the day on which the batches were closed.",
  period: "the day",
  api: "/v1/exports/line-days.csv",
  columns: [
    registration,
    unit,
    column("day")("day", "UTC"),
    column("decimal")("given", "gifts; whole minor units"),
    column("decimal")("reversed", "gifts that were taken back; whole minor units"),
  ],
  rows: (sql, { from, before }) => sql<ExportRow[]>`
    SELECT registration, unit, day, given, reversed
    FROM line_days JOIN lines ON lines.id = line JOIN charities ON charities.id = charity
    WHERE day >= ${from} / 86400 AND day < ${before} / 86400 ORDER BY line, day`,
};

export const payouts: ExportTable = {
  name: "payouts",
  meaning: "What was transferred to the charities.",
  period: "when it was written down",
  api: "/v1/payouts",
  columns: [
    integer("id", "the payout's number"),
    integer("settlement", "the settlement run that it is of"),
    charity,
    registration,
    unit,
    text("rail", "token or bank"),
    minor("from", "where on the line it begins"),
    minor("up_to", "where on the line it ends"),
    minor("net_from", "where on the reversal line it begins"),
    minor("net_to", "where on the reversal line it ends"),
    minor("amount", "(up_to - from) - (net_to - net_from)"),
    text("state", "intended, waiting, confirmed, paid or failed"),
    maybe.hash("transaction", "the transaction that records it with the contract"),
    time("created_at", "when it was written down"),
    maybe.time("paid_at", "when the contract recorded it"),
    maybe.time("acknowledged_at", "when the charity was seen to have signed for it"),
  ],
  rows: (sql, { from, before }) => sql<ExportRow[]>`
    SELECT payouts.id, run AS settlement, charity, registration, unit, payouts.rail, "from", upto AS up_to, net_from, net_to,
      amount, payouts.state, transaction, payouts.created_at, paid_at, acknowledged_at
    FROM payouts JOIN lines ON lines.id = line JOIN charities ON charities.id = charity
    LEFT JOIN chain_calls ON chain_calls.id = call
    WHERE payouts.created_at >= to_timestamp(${from}) AND payouts.created_at < to_timestamp(${before}) ORDER BY payouts.id`,
};

/** Calls that the contract has taken within a period. */
const taken = (sql: Queries, { from, before }: ExportPeriod) => sql`
  state <> 'failed' AND mined_at >= to_timestamp(${from}) AND mined_at < to_timestamp(${before})`;

export const acknowledgements: ExportTable = {
  name: "acknowledgements",
  meaning: "What the charities have signed for, as the contract took it.",
  period: "when the contract took it",
  api: "/v1/charities/{id}/acknowledgements",
  columns: [
    charity,
    registration,
    unit,
    minor("from", "where it begins"),
    minor("up_to", "where it ends"),
    minor("net_to", "up to where reversals are set off"),
    minor("received", "the money that came"),
    integer("batch", "the batch up to which the charity has seen the books"),
    text("root", "that batch's root"),
    time("recorded_at", "when the contract took it"),
    maybe.hash("transaction", "the transaction that carried it"),
  ],
  rows: (sql, { from, before }) => sql<ExportRow[]>`
    SELECT charities.id AS charity, registration, signed->>'unit' AS unit, (signed->>'from')::bigint AS "from",
      (signed->>'upTo')::bigint AS up_to, (signed->>'netTo')::bigint AS net_to, (signed->>'received')::bigint AS received,
      (signed->>'batch')::bigint AS batch, signed->>'root' AS root, mined_at AS recorded_at, transaction
    FROM chain_calls CROSS JOIN LATERAL (SELECT args->'acknowledgement' AS signed) AS said
    JOIN charities ON charities.id = decode(substr(signed->>'charity', 3), 'hex')
    WHERE kind = 'acknowledge' AND ${taken(sql, { from, before })} ORDER BY chain_calls.id`,
};

const reportColumns = [
  charity,
  registration,
  unit,
  text("report", "the report's hash: /v1/documents/{report}"),
  integer("part", "the number of the part in its report, from 1"),
];

/** Spending reports that the contract has taken, part by part. */
const parts = (sql: Queries, period: ExportPeriod) => sql`
  SELECT chain_calls.id AS call, charities.id AS charity, registration, signed->>'unit' AS unit,
    signed->>'evidence' AS report, place AS part, part AS told, mined_at AS recorded_at, transaction
  FROM chain_calls CROSS JOIN LATERAL (SELECT args->'disbursement' AS signed) AS said
  JOIN charities ON charities.id = decode(substr(signed->>'charity', 3), 'hex')
  JOIN documents ON hash = decode(substr(signed->>'evidence', 3), 'hex') AND public
  CROSS JOIN LATERAL jsonb_array_elements(body::jsonb->'parts') WITH ORDINALITY AS of (part, place)
  WHERE chain_calls.kind = 'disburse' AND ${taken(sql, period)}`;

export const disbursements: ExportTable = {
  name: "disbursements",
  meaning: "What the charities report that their money became, part by part.",
  period: "when the contract took the report",
  api: "/v1/charities/{id}/disbursements",
  columns: [
    ...reportColumns,
    minor("from", "where on the line the part begins"),
    minor("up_to", "where it ends"),
    text("project", "what it was for"),
    text("country", "ISO 3166-1"),
    text("place", "where"),
    maybe.text("note", "what the charity says of it"),
    time("recorded_at", "when the contract took the report"),
    maybe.hash("transaction", "the transaction that carried it"),
  ],
  rows: (sql, period) => sql<ExportRow[]>`
    SELECT charity, registration, unit, report, part, (told->>'from')::bigint AS "from", (told->>'upTo')::bigint AS up_to,
      told->>'project' AS project, told->'place'->>'country' AS country, told->'place'->>'name' AS place,
      told->>'note' AS note, recorded_at, transaction
    FROM (${parts(sql, period)}) AS parts ORDER BY call, part`,
};

export const outcomes: ExportTable = {
  name: "outcomes",
  meaning: "What the parts of those reports have bought.",
  period: "when the contract took the report",
  api: "/v1/charities/{id}/disbursements",
  columns: [
    ...reportColumns,
    text("what", "what was bought or done"),
    column("decimal")("count", "how many"),
    text("measure", "of what"),
  ],
  rows: (sql, period) => sql<ExportRow[]>`
    SELECT charity, registration, unit, report, part, thing->>'what' AS what, thing->>'count' AS count,
      thing->>'measure' AS measure
    FROM (${parts(sql, period)}) AS parts
    CROSS JOIN LATERAL jsonb_array_elements(told->'bought') WITH ORDINALITY AS of (thing, place) ORDER BY call, part, place`,
};
