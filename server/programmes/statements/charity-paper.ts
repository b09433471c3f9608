// A charity's proof of funds as people see it: on paper, and as a sheet of what happened. What it says is in `charity`.

import type { CharityStatement, ReportedPart } from "./charity.ts";
import { minuteOf, type Paper, periodText, type Sheet, type Table, written } from "./paper.ts";

const MARKS = ["given", "reversed", "paid", "netted", "acknowledged", "spent"] as const;

export const charityPaper = (statement: CharityStatement): Paper => ({
  title: "Proof of funds",
  subtitle: `${statement.charity.name} (${statement.charity.registration})\n${periodText(statement)}`,
  facts: [
    ["Unit", statement.unit],
    ["Contract", statement.ledger.contract ?? "none yet"],
    ["Chain", statement.ledger.chainId ?? "none yet"],
    ["Ledger", statement.ledger.id],
  ],
  tables: [marksTable, payoutsTable, acknowledgementsTable, disbursementsTable].map((table) =>
    table(statement),
  ),
  notes: statement.notes,
});

const marksTable = ({ opening, closing, unit }: CharityStatement): Table => ({
  title: "How far the line has come",
  columns: [
    { title: "Position", width: 25 },
    { title: "Before the period", width: 25, align: "right" },
    { title: "At its end", width: 25, align: "right" },
    { title: "In it", width: 25, align: "right" },
  ],
  rows: MARKS.map((mark) => [
    mark,
    written(opening[mark], unit),
    written(closing[mark], unit),
    written(BigInt(closing[mark]) - BigInt(opening[mark]), unit),
  ]),
  empty: "",
});

const payoutsTable = ({ payouts, repaid, unit }: CharityStatement): Table => ({
  title: "Payouts",
  columns: [
    { title: "Time (UTC)", width: 16 },
    { title: "Rail", width: 9 },
    { title: "Interval", width: 24 },
    { title: "Amount", width: 15, align: "right" },
    { title: "Reference's hash", width: 36 },
  ],
  rows: [
    ...payouts.map((one) => [
      minuteOf(one.at),
      one.rail,
      `[${one.from}, ${one.upTo})`,
      written(one.amount, unit),
      one.reference ?? one.transaction ?? "",
    ]),
    ...repaid.map((one) => [minuteOf(one.at), "bank", `up to ${one.upTo}`, "sent again", one.reference]),
  ],
  empty: "Nothing was paid in this period.",
});

const acknowledgementsTable = ({ acknowledgements, unit }: CharityStatement): Table => ({
  title: "Acknowledgements, signed by the charity",
  columns: [
    { title: "Time (UTC)", width: 16 },
    { title: "Interval", width: 24 },
    { title: "Received", width: 15, align: "right" },
    { title: "Up to batch", width: 9, align: "right" },
    { title: "Its root", width: 36 },
  ],
  rows: acknowledgements.map((one) => [
    minuteOf(one.at),
    `[${one.from}, ${one.upTo})`,
    written(one.received, unit),
    one.batch,
    one.root,
  ]),
  empty: "Nothing was acknowledged in this period.",
});

const disbursementsTable = ({ disbursements, unit }: CharityStatement): Table => ({
  title: "Disbursements, as the charity reports them",
  columns: [
    { title: "Time (UTC)", width: 16 },
    { title: "Interval", width: 24 },
    { title: "Amount", width: 15, align: "right" },
    { title: "Report's hash, what it became", width: 45 },
  ],
  rows: disbursements.map((one) => [
    minuteOf(one.at),
    `[${one.from}, ${one.upTo})`,
    written(BigInt(one.upTo) - BigInt(one.from), unit),
    [one.evidence, ...boughtIn(one.parts)].join("\n"),
  ]),
  empty: "Nothing was reported as spent in this period.",
});

/** A report may tell of thousands of things; a paper that listed them all would be a book. */
const MOST_THINGS_ON_PAPER = 100;

/** What a published report says was bought, one line a thing. */
function boughtIn(parts: readonly ReportedPart[] | null): string[] {
  const things = (parts ?? []).flatMap(({ project, bought }) =>
    bought.map(({ what, count, measure }) => `${project}: ${what}, ${count} ${measure}`),
  );
  const more = things.length - MOST_THINGS_ON_PAPER;
  return more > 0 ? [...things.slice(0, MOST_THINGS_ON_PAPER), `and ${more} more, in the report`] : things;
}

const SHEET_COLUMNS = ["what", "at", "from", "upTo", "amount", "unit", "rail", "hash", "transaction"];

/** One row for each thing that happened, in order of time. `hash`: of the bank's reference, the batch's root or the report. */
export function charitySheet({
  payouts,
  repaid,
  acknowledgements,
  disbursements,
  unit,
}: CharityStatement): Sheet {
  const rows = [
    ...payouts.map((one) => [
      "payout",
      one.at,
      one.from,
      one.upTo,
      one.amount,
      unit,
      one.rail,
      one.reference ?? "",
      one.transaction ?? "",
    ]),
    ...repaid.map((one) => [
      "repaid",
      one.at,
      "",
      one.upTo,
      "",
      unit,
      "bank",
      one.reference,
      one.transaction ?? "",
    ]),
    ...acknowledgements.map((one) => [
      "acknowledgement",
      one.at,
      one.from,
      one.upTo,
      one.received,
      unit,
      "",
      one.root,
      one.transaction ?? "",
    ]),
    ...disbursements.map((one) => [
      "disbursement",
      one.at,
      one.from,
      one.upTo,
      `${BigInt(one.upTo) - BigInt(one.from)}`,
      unit,
      "",
      one.evidence,
      one.transaction ?? "",
    ]),
  ];
  return {
    columns: SHEET_COLUMNS,
    rows: rows.sort(([, a = ""], [, b = ""]) => (a < b ? -1 : a > b ? 1 : 0)),
  };
}
