// Exported tables of what is proven: batches, what they add, what they timestamp, and promises that were challenged.

import {
  BY_BATCH,
  batch,
  charity,
  column,
  type ExportRow,
  type ExportTable,
  hash,
  integer,
  maybe,
  minor,
  registration,
  text,
  time,
  unit,
} from "./export-table.ts";

export const batches: ExportTable = {
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

export const statements: ExportTable = {
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

export const notices: ExportTable = {
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

export const documents: ExportTable = {
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

export const challenges: ExportTable = {
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
