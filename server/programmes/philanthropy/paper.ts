// A philanthropy report on paper: its tables in words, each with what proves it. How it is drawn is the business of `papers`.

import { isMoney } from "../currency.ts";
import { minuteOf, type Paper, type Table, written } from "../statements/paper.ts";
import { isCourse } from "./latencies.ts";
import { PHILANTHROPY_NOTES } from "./notes.ts";
import type { CharityRow, PhilanthropyReport, Reached } from "./report.ts";
import type { Shared, ShareRow } from "./sums.ts";

/** @param batch whose notice names the report */
export const philanthropyPaper = (report: PhilanthropyReport, batch: string): Paper => ({
  title: "Philanthropy report",
  subtitle: `${momentOf(report.period.from)} to ${momentOf(report.period.upTo)}, UTC`,
  facts: [
    ["Batches", batchesOf(report)],
    ["Root of the last", report.batches?.root ?? "none"],
    ["As of block", `${report.asOf.block} of chain ${report.asOf.chainId}, ${momentOf(report.asOf.at)} UTC`],
    ["Its hash", report.asOf.hash],
    ["Contract", report.asOf.contract],
    ...(report.earlier ?? []).map(earlierFact),
    ["Timestamped by", `batch ${batch}`],
    ["Ledger", report.ledger],
  ],
  tables: [
    unitsTable,
    charitiesTable,
    programmesTable,
    merchantsTable,
    regionsTable,
    outcomesTable,
    latenciesTable,
    proofsTable,
  ].map((table) => cut(table(report))),
  notes: PHILANTHROPY_NOTES,
});

const earlierFact = ({
  chainId,
  contract,
  lastGoodBatch,
}: NonNullable<PhilanthropyReport["earlier"]>[number]) =>
  ["Contract before", `${contract} on chain ${chainId}, up to batch ${lastGoodBatch}`] as const;

/** Of a long table paper has the beginning: the report itself has all. */
const MOST_ROWS = 500;

function cut(table: Table): Table {
  const more = table.rows.length - MOST_ROWS;
  if (more <= 0) return table;
  const told = [`and ${more} more, in the report`, ...table.columns.slice(1).map(() => "")];
  return { ...table, rows: [...table.rows.slice(0, MOST_ROWS), told] };
}

const momentOf = (seconds: string): string => minuteOf(new Date(Number(seconds) * 1000).toISOString());

const batchesOf = ({ batches }: PhilanthropyReport): string =>
  batches === null ? "none" : `${batches.from} to ${batches.to}`;

/** In whole thousandths, rounded down: 99.9 % is not all. */
export function shareOf(part: string, whole: string): string {
  if (BigInt(whole) === 0n) return "–";
  const thousandths = (BigInt(part) * 1000n) / BigInt(whole);
  return `${thousandths / 10n}.${thousandths % 10n} %`;
}

const right = (title: string, width: number) => ({ title, width, align: "right" }) as const;

const unitsTable = ({ units }: PhilanthropyReport): Table => ({
  title: "What was given, and how far it has come",
  columns: [
    { title: "Unit", width: 8 },
    right("Gifts", 9),
    right("Given", 17),
    right("Refunded", 14),
    right("Paid", 17),
    right("Acknowledged", 17),
    right("Spent", 18),
  ],
  rows: units.map(({ unit, gifts, given, reversed, paid, acknowledged, spent }) => [
    unit,
    gifts,
    written(given, unit),
    written(reversed, unit),
    ...[paid, acknowledged, spent].map((mark) =>
      isMoney(unit) ? `${written(mark, unit)}\n${shareOf(mark, given)}` : "",
    ),
  ]),
  empty: "Nothing was given in this period.",
});

const charitiesTable = ({ charities }: PhilanthropyReport): Table => ({
  title: "By charity",
  columns: [
    { title: "Charity, and where its gifts lie on the line", width: 28 },
    right("Given", 15),
    right("Refunded", 13),
    right("Paid", 14),
    right("Acknowledged", 16),
    right("Spent", 14),
  ],
  rows: charities.map(charityRow),
  empty: "Nothing was given in this period.",
});

function charityRow({ charity, unit, gifts, reversals, ...marks }: CharityRow): string[] {
  const length = (side: { from: string; to: string } | null) =>
    side === null ? 0n : BigInt(side.to) - BigInt(side.from);
  const interval = gifts === null ? "" : `\n[${gifts.from}, ${gifts.to}), ${gifts.receipts} gifts`;
  const told = ({ amount }: Reached) => (isMoney(unit) ? written(amount, unit) : "");
  const amounts = [written(length(gifts), unit), written(length(reversals), unit)];
  return [`${charity}${interval}`, ...amounts, told(marks.paid), told(marks.acknowledged), told(marks.spent)];
}

const sharedTable = <Name extends "programme" | "merchant">(
  title: string,
  name: Name,
  shared: Shared<Name>,
  others: string,
): Table => ({
  title,
  columns: [{ title: "", width: 40 }, right("Gifts", 15), right("Given", 25), right("Refunded", 20)],
  rows: shared.rows.map((row: ShareRow<Name>) => [
    row[name] ?? others,
    row.gifts.receipts,
    written(row.gifts.amount, row.unit),
    written(row.reversals.amount, row.unit),
  ]),
  empty: "Nothing was given in this period.",
});

const programmesTable = ({ programmes }: PhilanthropyReport) =>
  sharedTable("By programme", "programme", programmes, "not told");
const merchantsTable = ({ merchants }: PhilanthropyReport) =>
  sharedTable("By merchant", "merchant", merchants, "all others, and gifts without a merchant");

const regionsTable = ({ spending: { regions } }: PhilanthropyReport): Table => ({
  title: "Where it was spent",
  columns: [{ title: "Region", width: 40 }, right("Spent", 20), right("People", 15), right("Reports", 12)],
  rows: regions.map(({ country, place, unit, amount, beneficiaries, reports }) => [
    place === null ? nameOf(country) : `  ${place}`,
    written(amount, unit),
    beneficiaries ?? "not told",
    `${reports.length}`,
  ]),
  empty: "No charity has reported on its spending in this period.",
});

/** The letters where there is no name. */
const nameOf = (country: string): string =>
  /^[A-Z]{2}$/.test(country)
    ? (new Intl.DisplayNames("en", { type: "region" }).of(country) ?? country)
    : country;

const outcomesTable = ({ spending: { outcomes } }: PhilanthropyReport): Table => ({
  title: "What became of it",
  columns: [{ title: "What", width: 50 }, right("How much", 30), right("Reports", 12)],
  rows: outcomes.map(({ what, count, measure, reports }) => [
    what,
    `${count} ${measure}`,
    `${reports.length}`,
  ]),
  empty: "No charity has reported on its spending in this period.",
});

const latenciesTable = ({ latencies }: PhilanthropyReport): Table => ({
  title: "How long it took, from the closing of the batch",
  columns: [
    { title: "Step", width: 24 },
    right("Has come so far", 24),
    right("Half of it within", 17),
    right("90 % within", 17),
    right("99 % within", 17),
  ],
  rows: latencies
    .filter(isCourse)
    .map(({ unit, step, of, reached, p50, p90, p99 }) => [
      `${step}, ${unit}`,
      shareOf(reached, of),
      ...[p50, p90, p99].map((seconds) => (seconds === null ? "–" : durationOf(seconds))),
    ]),
  empty: "Nothing was given in this period.",
});

const DAY = 86_400n;
const HOUR = 3_600n;
const MINUTE = 60n;

/** 93784 seconds: 1 d 2 h. Two parts say enough; the JSON has the seconds. */
export function durationOf(seconds: string): string {
  const whole = BigInt(seconds);
  if (whole >= DAY) return `${whole / DAY} d ${(whole % DAY) / HOUR} h`;
  if (whole >= HOUR) return `${whole / HOUR} h ${(whole % HOUR) / MINUTE} min`;
  if (whole >= MINUTE) return `${whole / MINUTE} min ${whole % MINUTE} s`;
  return `${whole} s`;
}

/** Hashes and transactions on paper are for whoever types one in: the report itself has all. */
const MOST_PROOFS = 40;

function proofsTable({ programmes, spending, charities }: PhilanthropyReport): Table {
  const moves = charities.flatMap(({ charity, unit, paid, acknowledged, spent }) =>
    Object.entries({ paid, acknowledged, spent }).flatMap(([step, { transaction, upTo }]) =>
      transaction === null ? [] : [[`${charity}, ${unit}: ${step} up to ${upTo}`, transaction]],
    ),
  );
  const all = [
    ...programmes.documents.map(({ hash, fromBatch, toBatch }) => [
      `by programme and merchant, batches ${fromBatch} to ${toBatch}`,
      hash,
    ]),
    ...spending.reports.map(({ hash, charity, unit, from, upTo }) => [
      `spending report, ${charity}, ${unit}: [${from}, ${upTo})`,
      hash,
    ]),
    ...moves,
  ];
  const more = all.length - MOST_PROOFS;
  return {
    title: "What proves it",
    columns: [
      { title: "What", width: 42 },
      { title: "Hash of the document, or transaction", width: 58 },
    ],
    rows: more > 0 ? [...all.slice(0, MOST_PROOFS), [`and ${more} more, in the report`, ""]] : all,
    empty: "Nothing was given in this period.",
  };
}
