// One part of a report: how much of the money became what, and where.

import { useTranslation } from "react-i18next";
import type { SpendingPart } from "../../programmes/spending-report.ts";
import { useWords } from "../units/use-words.ts";
import { siteOf } from "./address.ts";
import { countryName, decimalText } from "./names.ts";

export function PartOfReport({ part, unit }: { part: SpendingPart; unit: string }) {
  const { t } = useTranslation("charity");
  const { amount, count: counted, language } = useWords();
  const { from, upTo, project, place, bought, beneficiaries, note, evidence } = part;
  return (
    <li>
      <strong>{project}</strong> · {place.name}, {countryName(place.country, language)} ·{" "}
      {amount(BigInt(upTo) - BigInt(from), unit)}
      <ul>
        {bought.map(({ what, count, measure }) => (
          <li key={`${what}/${measure}/${count}`}>
            {decimalText(count, language)} {measure}: {what}
          </li>
        ))}
      </ul>
      {beneficiaries !== undefined && (
        <p>{t("reports.people", { count: beneficiaries, shown: counted(beneficiaries) })}</p>
      )}
      {note !== undefined && <p>{note}</p>}
      {evidence.length > 0 && <Evidence evidence={evidence} />}
    </li>
  );
}

function Evidence({ evidence }: Pick<SpendingPart, "evidence">) {
  const { t } = useTranslation("charity");
  return (
    <details>
      <summary>{t("reports.evidence", { count: evidence.length })}</summary>
      <ul>
        {evidence.map(({ name, sha256, url }) => (
          <li key={sha256 + name}>
            {siteOf(url ?? null) === null ? (
              name
            ) : (
              <a href={url} rel="noreferrer noopener">
                {name}
              </a>
            )}{" "}
            <code className="quiet">sha256 {sha256}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}
