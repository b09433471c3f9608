// Every public table as it is exported: its columns, what they mean, and the query that tells its rows in an order that an
// index gives. Only what the API tells anyone is in here: no receipt's private part, no donor, no merchant's turnover.

import type { Queries } from "./database.ts";

/**
 * `integer` is whole and of 64 bits. `hash` are bytes, written 0x. `day` is counted from 1970. `decimal` is text: a number
 * that 64 bits may not hold.
 */
export type ColumnType = "integer" | "text" | "decimal" | "hash" | "time" | "day" | "boolean";

export type Column = {
  readonly name: string;
  readonly type: ColumnType;
  /** Whether it may be missing. */
  readonly optional: boolean;
  readonly meaning: string;
};

/** In Unix seconds; `before` is left out. */
export type ExportPeriod = { readonly from: bigint; readonly before: bigint };

/** A row, by the names of its columns. */
export type ExportRow = Readonly<Record<string, unknown>>;

export type ExportTable = {
  readonly name: string;
  readonly meaning: string;
  /** What a period chooses by; undefined when the table is always told whole. */
  readonly period?: string;
  readonly columns: readonly Column[];
  /** Where the same is told by the API. */
  readonly api: string;
  rows(sql: Queries, period: ExportPeriod): ReturnType<typeof rowsOf>;
};

// Only to name the driver's type of a query that was not sent yet.
const rowsOf = (sql: Queries) => sql<ExportRow[]>``;

const column =
  (type: ColumnType, optional = false) =>
  (name: string, meaning: string): Column => ({ name, type, optional, meaning });

const integer = column("integer");
const text = column("text");
const hash = column("hash");
const time = column("time");
const maybe = {
  integer: column("integer", true),
  text: column("text", true),
  hash: column("hash", true),
  time: column("time", true),
  decimal: column("decimal", true),
};

const BY_BATCH = "when the batch was closed";
const registration = text("registration", "the charity's public registration id (org-id.guide)");
const charity = hash("charity", "keccak-256 of the registration id, as the contract knows it");
const unit = text("unit", "ISO 4217 currency, or STEP, MINUTE, MEAL");
const batch = integer("batch", "the batch's number");
const minor = (name: string, meaning: string) => integer(name, `${meaning}; whole minor units`);

const batches: ExportTable = {
  name: "batches",
  meaning: "The numbered sets of receipts, and where their roots are anchored.",
  period: BY_BATCH,
  api: "/v1/batches",
  columns: [
    integer("number", "1, 2, 3, … without a gap"),
    text("state", "closed, sealed, submitted, anchored or final"),
    time("opened_at", "when it was opened"),
    time("closed_at", "when it was closed"),
    maybe.integer("receipts", "how many receipts it holds"),
    maybe.hash("root", "the Merkle root over its statements and notices"),
    maybe.time("sealed_at", "when its root was fixed"),
    maybe.hash("transaction", "the transaction that anchored it"),
    maybe.integer("block", "the block of that transaction"),
    maybe.time("anchored_at", "when it was anchored"),
  ],
  rows: (sql, { from, before }) => sql<ExportRow[]>`
    SELECT number, state, to_timestamp(opened_at) AS opened_at, to_timestamp(closed_at) AS closed_at, receipts, root,
      sealed_at, transaction, block, anchored_at
    FROM batches WHERE closed_at >= ${from} AND closed_at < ${before} ORDER BY number`,
};

const statements: ExportTable = {
  name: "statements",
  meaning: "What each batch adds to each line.",
  period: BY_BATCH,
  api: "/v1/batches/{number}",
  columns: [
    batch,
    charity,
    registration,
    unit,
    integer("kind", "0 for gifts, 1 for reversals"),
    minor("from", "where on the line it begins"),
    minor("to", "where it ends"),
    integer("previous", "the batch of the line's statement before; 0 when there is none"),
    integer("receipts", "how many receipts it holds"),
    hash("receipts_root", "the root of their sum tree"),
    hash("leaf", "its leaf under the batch's root"),
  ],
  rows: (sql, { from, before }) => sql<ExportRow[]>`
    SELECT batch, charity, registration, unit, kind, "from", "to", previous, statements.receipts, receipts_root, leaf
    FROM statements JOIN batches ON number = batch JOIN lines ON lines.id = line JOIN charities ON charities.id = charity
    WHERE closed_at >= ${from} AND closed_at < ${before} ORDER BY batch, line, kind`,
};

const notices: ExportTable = {
  name: "notices",
  meaning: "The documents that batches timestamp, by their hashes.",
  period: BY_BATCH,
  api: "/v1/batches/{number}",
  columns: [
    batch,
    text("kind", "previous, times, pledge, spending, merchant-total, …"),
    hash("subject", "whom it is about; zero when it is about the whole ledger"),
    hash("content", "the document's hash"),
    hash("leaf", "its leaf under the batch's root"),
  ],
  rows: (sql, { from, before }) => sql<ExportRow[]>`
    SELECT batch, kind, subject, content, leaf FROM notices JOIN batches ON number = batch
    WHERE closed_at >= ${from} AND closed_at < ${before} ORDER BY batch, kind, subject, content`,
};

const documents: ExportTable = {
  name: "documents",
  meaning: "Public documents: /v1/documents/{hash} has each of them, byte for byte.",
  period: BY_BATCH,
  api: "/v1/documents/{hash}",
  columns: [
    hash("hash", "keccak-256 of the document's canonical JSON"),
    text("kind", "what it is: pledge, spending, period, …"),
    hash("subject", "whom it is about; zero when it is about the whole ledger"),
    integer("batch", "the batch whose notice names it"),
  ],
  rows: (sql, { from, before }) => sql<ExportRow[]>`
    SELECT hash, kind, subject, batch FROM documents JOIN batches ON number = batch
    WHERE public AND closed_at >= ${from} AND closed_at < ${before} ORDER BY batch, hash`,
};

const lines: ExportTable = {
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

const lineDays: ExportTable = {
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

const payouts: ExportTable = {
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

const acknowledgements: ExportTable = {
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

/** Calls that the contract has taken within a period. */
const taken = (sql: Queries, { from, before }: ExportPeriod) => sql`
  state <> 'failed' AND mined_at >= to_timestamp(${from}) AND mined_at < to_timestamp(${before})`;

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

const disbursements: ExportTable = {
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

const outcomes: ExportTable = {
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

const charities: ExportTable = {
  name: "charities",
  meaning: "Who receives.",
  api: "/v1/charities",
  columns: [
    hash("id", "keccak-256 of the registration id, as the contract knows it"),
    registration,
    text("name", "as it is registered here"),
    maybe.text("website", "its own site"),
    maybe.hash("payee", "the account that payouts go to"),
    maybe.hash("signer", "the account that signs for it"),
    text("rail", "token or bank"),
    time("created_at", "when it was registered here"),
  ],
  rows: (sql) => sql<ExportRow[]>`
    SELECT id, registration, name, website, payee, signer, rail, created_at FROM charities ORDER BY registration`,
};

const merchants: ExportTable = {
  name: "merchants",
  meaning: "Who sells, and is the donor in law.",
  api: "/v1/merchants",
  columns: [
    text("id", "the merchant's name in the API"),
    text("name", "as buyers know it"),
    text("legal_donor", "the donor in law"),
    column("boolean")("shows_totals", "whether it shows what it has given in all"),
    time("created_at", "when it was registered here"),
  ],
  rows: (sql) => sql<ExportRow[]>`
    SELECT id, name, legal_donor, shows_totals, created_at FROM merchants ORDER BY id`,
};

const merchantDays: ExportTable = {
  name: "merchant-days",
  meaning: "What merchants that show their totals have given, by the day on which the batches were closed.",
  period: "the day",
  api: "/v1/merchants/{id}/totals",
  columns: [
    text("merchant", "the merchant's name in the API"),
    registration,
    unit,
    column("day")("day", "UTC"),
    minor("given", "gifts"),
    minor("reversed", "gifts that were taken back"),
  ],
  rows: (sql, { from, before }) => sql<ExportRow[]>`
    SELECT merchant, registration, unit, day, given, reversed
    FROM merchants JOIN merchant_gift_days ON merchant = merchants.id
    JOIN lines ON lines.id = line JOIN charities ON charities.id = charity
    WHERE shows_totals AND day >= ${from} / 86400 AND day < ${before} / 86400 ORDER BY merchant, line, day`,
};

const pledges: ExportTable = {
  name: "pledges",
  meaning: "What merchants promise.",
  api: "/v1/pledges",
  columns: [
    hash("id", "the hash of the terms"),
    text("merchant", "the merchant's name in the API"),
    text("terms", "JSON"),
    time("created_at", "when it was recorded"),
    maybe.time("ended_at", "from when it is no longer in force"),
  ],
  rows: (sql) => sql<ExportRow[]>`
    SELECT id, merchant, terms, created_at, to_timestamp(ended_at) AS ended_at FROM pledges ORDER BY id`,
};

const pledgeAcceptances: ExportTable = {
  name: "pledge-acceptances",
  meaning: "Which charities have accepted which pledge.",
  api: "/v1/pledges",
  columns: [hash("pledge", "the pledge's id"), registration, time("accepted_at", "when it was accepted")],
  rows: (sql) => sql<ExportRow[]>`
    SELECT pledge, registration, accepted_at FROM pledge_acceptances JOIN charities ON charities.id = charity
    ORDER BY pledge, charity`,
};

const challenges: ExportTable = {
  name: "challenges",
  meaning: "Promises that were challenged on chain, and whether they were kept.",
  api: "/v1/challenges",
  columns: [
    integer("number", "the challenge's number here"),
    hash("promise", "the promise's leaf, its name on chain"),
    hash("leaf", "of the receipt that was promised"),
    charity,
    unit,
    integer("kind", "0 for a gift, 1 for a reversal"),
    column("decimal")("amount", "as promised; whole minor units"),
    maybe.time("deadline", "by when it was to be anchored"),
    maybe.hash("challenger", "who challenged it"),
    maybe.time("due_at", "until when an answer is in time"),
    text("state", "open, answered, breached or answeredLate"),
    maybe.decimal("answered_from", "the batch in which the receipt was shown to be"),
  ],
  rows: (sql) => sql<ExportRow[]>`
    SELECT id AS number, promise, leaf, charity, unit, kind, amount, to_timestamp(deadline) AS deadline, challenger,
      to_timestamp(due_at) AS due_at, state, answer_batch AS answered_from
    FROM challenges ORDER BY id`,
};

/** All of them, in the order in which they are listed. */
export const EXPORT_TABLES: readonly ExportTable[] = [
  batches,
  statements,
  notices,
  documents,
  lines,
  lineDays,
  payouts,
  acknowledgements,
  disbursements,
  outcomes,
  charities,
  merchants,
  merchantDays,
  pledges,
  pledgeAcceptances,
  challenges,
];
