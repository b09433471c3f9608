// The outcome in plain words, for a terminal. What books say may come from anybody: whatever could steer a terminal is
// shown as an escape.

import { formatAmount } from "../../server/programmes/currency.ts";
import { CATALOGUE } from "./catalogue.ts";
import type { Finding } from "./findings.ts";
import type { AuditReport, LineReport } from "./report.ts";

const FINDINGS_TOLD_OF_A_CODE = 5;
const LINES_TOLD = 12;

export const tell = (report: AuditReport): string[] =>
  [
    ...tellScope(report),
    "",
    ...tellLines(report),
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
    `${number(batches)} batches${unread}; ${number(receipts)} receipts, ${number(reversals)} of them reversals`,
    `${number(signatures)} signatures, ${number(notices)} notices, ${number(documents)} documents; ${seconds.toFixed(1)} s, ${number(report.receiptsPerSecond)} receipts/s`,
  ];
}

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

function tellFindings({ counts, findings }: AuditReport): string[] {
  if (counts.length === 0) return ["No findings: everything that was checked bears itself out."];
  return counts.flatMap(({ code, count }) => {
    const some = findings.filter((finding) => finding.code === code).slice(0, FINDINGS_TOLD_OF_A_CODE);
    const { severity, consequence } = CATALOGUE[code];
    const more = count - some.length;
    return [
      `✗ ${code} (${severity}), ${number(count)}: ${consequence}`,
      ...some.map(tellFinding),
      ...(more > 0 ? [`    … and ${number(more)} more`] : []),
    ];
  });
}

const tellFinding = ({ batch, charity, unit, says }: Finding): string =>
  `    ${[batch === null ? null : `batch ${batch}`, charity, unit].filter((part) => part !== null).join(", ") || "ledger"}: ${says}`;

const tellNotChecked = ({ notChecked }: AuditReport): string[] => [
  "Not checked:",
  ...notChecked.map((open) => `  – ${open}`),
];

/** Control and format characters (also those that turn the direction of writing) as escapes. */
function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (found) => `\\u{${found.codePointAt(0)?.toString(16)}}`);
}
