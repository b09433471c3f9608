// The findings in the report: one block a kind, the gravest first, each with its numbers.

import { CATALOGUE } from "../catalogue.ts";
import type { AuditReport, ReportedFinding } from "../report.ts";
import { html, type Markup, NOTHING, number, short } from "./text.ts";

const SHOWN_OF_A_CODE = 20;

export function findingsSection(report: AuditReport): Markup {
  const { counts, findings } = report;
  if (counts.length === 0) return NOTHING;
  const blocks = counts.map(({ code, count }, i) =>
    block(
      code,
      count,
      findings.filter((finding) => finding.code === code),
      i < 3,
    ),
  );
  return html`<section><h2>Findings</h2><p class="soft">By kind, the gravest first. The words in front are codes for programs; they do not change.</p>${blocks}${howToProve(report)}</section>`;
}

function howToProve({ findings, contract, books }: AuditReport): Markup {
  const provable = findings.filter(({ accusation }) => accusation !== null).length;
  if (provable === 0) return NOTHING;
  return html`<p>${number(provable)} of these the contract takes as proven faults: the line then takes no more proofs and no payout. Anyone may send that, from any account and with no value, by <code>npm run fault -- --books ${books} --contract ${contract} --rpc URL --key-file FILE</code>, or from any wallet with the data below the finding.</p>`;
}

const accused = (accusation: ReportedFinding["accusation"]): Markup =>
  accusation === null
    ? NOTHING
    : html`<details><summary><span class="badge grave">can be proven</span> ${accusation.says}</summary><p class="soft">${accusation.function}, to ${accusation.contract}</p><code>${accusation.data}</code></details>`;

function block(
  code: ReportedFinding["code"],
  count: number,
  some: readonly ReportedFinding[],
  isOpen: boolean,
): Markup {
  const { severity, consequence } = CATALOGUE[code];
  const shown = some.slice(0, SHOWN_OF_A_CODE);
  const more = count - shown.length;
  const attribute = isOpen ? html` open` : NOTHING;
  return html`<details${attribute}><summary><b>${code}</b> <span class="badge ${severity}">${severity}</span> <span class="badge minor">${number(count)}</span><p>${consequence}</p></summary>
<div class="table"><table><thead><tr><th>where</th><th>what</th><th>numbers</th></tr></thead><tbody>${shown.map(row)}</tbody></table></div>
${more > 0 ? html`<p class="soft">and ${number(more)} more of this kind</p>` : NOTHING}</details>`;
}

function row({ batch, charity, unit, side, says, numbers, accusation }: ReportedFinding): Markup {
  const places = [
    batch === null ? NOTHING : html`batch ${batch}<br>`,
    charity === null ? NOTHING : html`${short(charity)}<br>`,
    unit === null ? NOTHING : html`${unit}${side === null ? "" : `, ${side}`}`,
  ];
  const figures = Object.entries(numbers).map(
    ([name, value]) => html`${name} ${/^0x/.test(value) ? short(value) : html`<code>${value}</code>`}<br>`,
  );
  return html`<tr><td>${places}</td><td>${says}${accused(accusation)}</td><td class="numbers">${figures}</td></tr>`;
}
