// Exported tables of who takes part, and what merchants promise. Of what a merchant has given only what it shows itself.

import {
  column,
  type ExportRow,
  type ExportTable,
  hash,
  maybe,
  minor,
  registration,
  text,
  time,
  unit,
} from "./export-table.ts";

export const charities: ExportTable = {
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

export const merchants: ExportTable = {
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

export const merchantDays: ExportTable = {
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

export const pledges: ExportTable = {
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

export const pledgeAcceptances: ExportTable = {
  name: "pledge-acceptances",
  meaning: "Which charities have accepted which pledge.",
  api: "/v1/pledges",
  columns: [hash("pledge", "the pledge's id"), registration, time("accepted_at", "when it was accepted")],
  rows: (sql) => sql<ExportRow[]>`
    SELECT pledge, registration, accepted_at FROM pledge_acceptances JOIN charities ON charities.id = charity
    ORDER BY pledge, charity`,
};
