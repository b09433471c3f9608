// The audit as one page: self-contained, without a script, for a browser, a phone or paper. What the outcome is was
// decided before; here it is only shown.

import { exponentOf } from "../chain/tokens.ts";
import type { AuditReport, LineReport } from "../report.ts";
import { type Bar, barChart, payoutChart, watermarkBar } from "./charts.ts";
import { findingsSection } from "./findings.ts";
import { STYLE } from "./style.ts";
import { dateTime, html, Markup, money, NOTHING, number, short } from "./text.ts";

const LINES_SHOWN = 60;
const UNITS_CHARTED = 3;

export function page(report: AuditReport): string {
  const body = [
    head(report),
    verdict(report),
    figures(report),
    findingsSection(report),
    lines(report),
    overTime(report),
    payouts(report),
    philanthropy(report),
    notChecked(report),
    foot(report),
  ];
  const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}"><title>Audit of a donation ledger: ${verdictWord(report)}</title>
<style>${new Markup(STYLE)}</style></head><body><main>${body}</main></body></html>
`.html;
}

const totalOf = ({ counts }: AuditReport): number => counts.reduce((sum, { count }) => sum + count, 0);

const verdictWord = (report: AuditReport): string => {
  const total = totalOf(report);
  return total === 0 ? "clean" : `${number(total)} finding${total === 1 ? "" : "s"}`;
};

const head = ({
  ledger,
  contract,
  chainId,
  block,
  isDemonstration,
  movedFrom,
}: AuditReport): Markup => html`<header>
<h1>Audit of a donation ledger</h1>
<p class="soft">Ledger ${short(ledger)}, kept by the contract ${short(contract)} on chain ${chainId}${isDemonstration ? " (the demonstration chain)" : ""}, as of block ${number(block.number)} of ${dateTime(block.at)}.</p>
${movedFrom.map(move)}
</header>`;

const move = ({ contract, chainId, lastGoodBatch }: AuditReport["movedFrom"][number]): Markup =>
  html`<p class="soft">It has moved there from the contract ${short(contract)} on chain ${chainId}, which stands up to batch ${number(lastGoodBatch)}.</p>`;

function verdict(report: AuditReport): Markup {
  const scope = `${number(report.receipts)} receipts in ${number(report.batches)} batches were recomputed from the published books and compared with the contract.`;
  if (report.verdict === "clean")
    return html`<div class="verdict clean"><strong>Clean: nothing was found.</strong><p>${scope} Everything that was checked bears itself out.</p></div>`;
  const kinds = report.counts.length === 1 ? "one kind" : `${number(report.counts.length)} kinds`;
  return html`<div class="verdict findings"><strong>${verdictWord(report)} of ${kinds}.</strong><p>${scope} What was found, and what it means for donors and charities, is below.</p></div>`;
}

function figures(report: AuditReport): Markup {
  const cells: [string, string][] = [
    [number(report.receipts), "receipts"],
    [
      number(report.batches),
      report.unreadBatches === 0 ? "batches" : `batches, ${number(report.unreadBatches)} unread`,
    ],
    [number(report.lines.length), "lines"],
    [number(report.reversals), "refunds"],
    [number(report.signatures), "signatures recomputed"],
    [number(report.documents), "documents"],
  ];
  return html`<div class="figures">${cells.map(([figure, what]) => html`<div><b>${figure}</b><span>${what}</span></div>`)}</div>`;
}

const SWATCHES = [
  ["spent", "reported as spent"],
  ["acknowledged", "signed for by the charity"],
  ["paid", "paid"],
  ["given", "given, proven to the contract"],
  ["rest", "in the books, not proven yet"],
] as const;

function lines({ lines: all }: AuditReport): Markup {
  const legend = SWATCHES.map(
    ([colour, what]) =>
      html`<span><svg viewBox="0 0 10 10"><rect class="${colour}" width="10" height="10" rx="2"/></svg>${what}</span>`,
  );
  const more = all.length - LINES_SHOWN;
  return html`<section><h2>How far the money has come</h2><div class="legend">${legend}</div>
<ul class="lines">${all.slice(0, LINES_SHOWN).map(line)}</ul>
${more > 0 ? html`<p class="soft">${number(more)} smaller lines are in the JSON.</p>` : NOTHING}</section>`;
}

function line({ charity, registration, unit, books, contract }: LineReport): Markup {
  const told = (amount: bigint) => money(amount, unit);
  const refunds =
    books.reversals === 0n
      ? ""
      : `; ${told(books.reversals)} taken back by ${number(books.reversalReceipts)} refunds`;
  return html`<li><div class="line"><b>${registration ?? charity}</b><span>${told(books.gifts)}</span></div>
${watermarkBar(books.gifts, contract, told)}
<div class="soft">${number(books.giftReceipts)} gifts${refunds}. ${told(contract.paid - contract.netted)} transferred to the charity. On the line: paid up to ${told(contract.paid)}, signed for up to ${told(contract.acknowledged)}, spent up to ${told(contract.spent)}.</div></li>`;
}

function overTime({ days }: AuditReport): Markup {
  if (days.length === 0) return NOTHING;
  const bars = (
    value: (day: AuditReport["days"][number]) => number,
    says: (day: AuditReport["days"][number]) => string,
  ): Bar[] => days.map((day) => ({ name: day.day, value: value(day), says: `${day.day}: ${says(day)}` }));
  const receipts = bars(
    ({ receipts }) => receipts,
    ({ receipts, batches }) => `${number(receipts)} receipts in ${number(batches)} batches`,
  );
  const batches = bars(
    (day) => day.batches,
    (day) => `${number(day.batches)} batches`,
  );
  const charts = [
    ...unitsOf(days).map((unit) => giftsChart(days, unit)),
    section("Receipts a day", "Gifts and refunds together.", barChart("receipts a day", receipts, "bar-2")),
    section("Batches a day", "Each is one root on chain.", barChart("batches a day", batches, "bar-2")),
  ];
  return html`<div class="charts">${charts}</div>`;
}

/** In whole units: floats serve to draw alone. */
function giftsChart(days: AuditReport["days"], unit: string): Markup {
  const whole = 10 ** exponentOf(unit);
  const bars = days.map(({ day, sums }) => {
    const sum = sums[unit] ?? 0n;
    return { name: day, value: Number(sum) / whole, says: `${day}: ${money(sum, unit)}` };
  });
  return section(
    `Gifts a day in ${unit}`,
    "By the day on which their batch was closed (UTC).",
    barChart(`gifts a day in ${unit}`, bars, "bar"),
  );
}

/** Those that were given on the most days. */
function unitsOf(days: AuditReport["days"]): string[] {
  const counts = new Map<string, number>();
  for (const { sums } of days)
    for (const unit of Object.keys(sums)) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, UNITS_CHARTED)
    .map(([unit]) => unit);
}

const section = (title: string, explains: string, content: Markup): Markup =>
  html`<section><h2>${title}</h2><p class="soft">${explains}</p>${content}</section>`;

function payouts(report: AuditReport): Markup {
  if (report.payouts.length === 0) return NOTHING;
  const open = report.payouts.filter(({ acknowledgedAt }) => acknowledgedAt === null).length;
  const dot = (kind: string, what: string) =>
    html`<span><svg viewBox="0 0 10 10"><circle class="${kind}" cx="5" cy="5" r="4"/></svg>${what}</span>`;
  const legend = html`<div class="legend">${[dot("token signed", "by token"), dot("bank signed", "by bank"), dot("bank open", "not signed for yet")]}</div>`;
  const explains = `How many days passed until the charity signed. ${open === 0 ? "All of them are signed for." : `${number(open)} of ${number(report.payouts.length)} are not: a bank payout is until then the operator's claim.`}`;
  return section(
    "Payouts, and how long until they were signed for",
    explains,
    html`${legend}<div class="wide">${payoutChart(report)}</div>`,
  );
}

function philanthropy({ philanthropy: reports }: AuditReport): Markup {
  if (reports.length === 0) return NOTHING;
  const items = reports.map(
    ({ hash, from, upTo, figures, differing }) =>
      html`<li>${dateTime(from)} to ${dateTime(upTo)} (${short(hash)}): ${number(figures)} figures recomputed, ${differing === 0 ? "all as they should be" : html`<b>${number(differing)} of them differ</b>`}.</li>`,
  );
  return section(
    "Philanthropy reports",
    "Each figure was made again from books, documents and the contract, as of the block that the report names.",
    html`<ul class="open">${items}</ul>`,
  );
}

const notChecked = ({ notChecked: open }: AuditReport): Markup =>
  section(
    "Not checked",
    "What this audit cannot tell, or was not asked to.",
    html`<ul class="open">${open.map((each) => html`<li>${each}</li>`)}</ul>`,
  );

const foot = ({ books, seconds, receiptsPerSecond, block }: AuditReport): Markup => html`<footer>
<p>Read from ${books} and one endpoint of the chain, block ${short(block.hash)}; ${seconds.toFixed(1)} seconds, ${number(receiptsPerSecond)} receipts a second. Anybody can run it again: <code>npm run audit -- --help</code>.</p>
<p>An audit proves that what was reported was recorded, summed, paid and signed for, and by whom. It does not prove that shops reported every purchase, nor that a meal was eaten.</p></footer>`;
