// The outcome in plain words, for a terminal. What books say may come from anybody: whatever could steer a terminal is
// shown as an escape.

import { formatAmount } from "../../server/programmes/currency.ts";
import { CATALOGUE } from "./catalogue.ts";
import type { AuditReport, LineReport, ReportedFinding } from "./report.ts";

const FINDINGS_TOLD_OF_A_CODE = 5;
const LINES_TOLD = 12;

export const tell = (report: AuditReport): string[] =>
  [
    ...tellScope(report),
    "",
    ...tellLines(report),
    ...report.philanthropy.map(tellRecomputed),
    "",
    ...tellFindings(report),
    "",
    ...tellNotChecked(report),
  ].map(printable);

const number = (value: bigint | number) => value.toLocaleString("en");

function tellScope(report: AuditReport): string[] {
  const {
    contract,
    chainId,
    block,
    ledger,
    batches,
    unreadBatches,
    receipts,
    reversals,
    notices,
    documents,
    signatures,
    seconds,
  } = report;
  const unread =
    unreadBatches === 0 ? "" : `, of which ${number(unreadBatches)} have no book that can be read`;
  return [
    `ledger ${ledger}`,
    `contract ${contract} on chain ${chainId}, as of block ${block.number} (${block.hash}), ${timeOf(block.at)}`,
    ...report.movedFrom.map(tellMove),
    `${number(batches)} batches${unread}; ${number(receipts)} receipts, ${number(reversals)} of them reversals`,
    `${number(signatures)} signatures, ${number(notices)} notices, ${number(documents)} documents; ${seconds.toFixed(1)} s, ${number(report.receiptsPerSecond)} receipts/s`,
  ];
}

const tellMove = ({ contract, chainId, lastGoodBatch, block }: AuditReport["movedFrom"][number]): string =>
  `  the ledger has moved there from ${contract} on chain ${chainId}, good up to batch ${lastGoodBatch} (read as of block ${block})`;

export const timeOf = (seconds: bigint): string =>
  new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z");

function tellLines({ lines }: AuditReport): string[] {
  const more = lines.length - LINES_TOLD;
  return [
    ...lines.slice(0, LINES_TOLD).map(tellLine),
    ...(more > 0 ? [`  … and ${number(more)} lines more: see --html or --json`] : []),
  ];
}

function tellLine({ charity, registration, unit, books, contract }: LineReport): string {
  const amount = (value: bigint) => formatAmount(value, unit);
  const marks = `the line is given up to ${amount(contract.given)}, paid ${amount(contract.paid)}, acknowledged ${amount(contract.acknowledged)}, spent ${amount(contract.spent)}`;
  const moved = `transferred ${amount(contract.paid - contract.netted)}`;
  return `  ${registration ?? charity}: ${amount(books.gifts)} in ${number(books.giftReceipts)} gifts, ${amount(books.reversals)} taken back, ${moved}; ${marks}`;
}

function tellRecomputed({
  hash,
  from,
  upTo,
  figures,
  differing,
}: AuditReport["philanthropy"][number]): string {
  const outcome = differing === 0 ? "all as they should be" : `${number(differing)} of them differ`;
  return `  ${number(figures)} figures of the philanthropy report ${hash.slice(0, 10)}… of ${timeOf(from)} to ${timeOf(upTo)} recomputed: ${outcome}`;
}

function tellFindings(report: AuditReport): string[] {
  const { counts, findings } = report;
  if (counts.length === 0) return ["No findings: everything that was checked bears itself out."];
  const told = counts.flatMap(({ code, count }) => {
    const some = findings.filter((finding) => finding.code === code).slice(0, FINDINGS_TOLD_OF_A_CODE);
    const { severity, consequence } = CATALOGUE[code];
    const more = count - some.length;
    return [
      `✗ ${code} (${severity}), ${number(count)}: ${consequence}`,
      ...some.map(tellFinding),
      ...(more > 0 ? [`    … and ${number(more)} more`] : []),
    ];
  });
  return [...told, ...tellAccusations(report)];
}

/** How the findings that the contract can be convinced of are brought there. */
function tellAccusations({ findings, contract, books }: AuditReport): string[] {
  const provable = findings.filter(({ accusation }) => accusation !== null).length;
  if (provable === 0) return [];
  return [
    "",
    `${number(provable)} of these the contract takes as proven faults (marked ⚖); anyone may send that, from any account:`,
    `  npm run fault -- --books ${books} --contract ${contract} --rpc URL --key-file FILE`,
    "  or from any wallet, with no value: the data of each call is in --json and --html",
  ];
}

const tellFinding = ({ batch, charity, unit, says, accusation }: ReportedFinding): string =>
  `  ${accusation === null ? " " : "⚖"} ${[batch === null ? null : `batch ${batch}`, charity, unit].filter((part) => part !== null).join(", ") || "ledger"}: ${says}`;

const tellNotChecked = ({ notChecked }: AuditReport): string[] => [
  "Not checked:",
  ...notChecked.map((open) => `  – ${open}`),
];

/** Control and format characters (also those that turn the direction of writing) as escapes. */
function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (found) => `\\u{${found.codePointAt(0)?.toString(16)}}`);
}
