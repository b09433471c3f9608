// The reports of a charity: what its money became, by its own word, as published and named on chain.

import { useTranslation } from "react-i18next";
import { toHex } from "../../protocol/bytes.ts";
import { detailsHash } from "../../protocol/details.ts";
import { Asked } from "../shell/states.tsx";
import { useWords } from "../units/use-words.ts";
import { Listed } from "./more.tsx";
import { PartOfReport } from "./part.tsx";
import { type Charity, type Disbursement, useDisbursements, useReport } from "./queries.ts";

export function Reports({ charity: { id } }: { charity: Charity }) {
  const { t } = useTranslation("charity");
  return (
    <section aria-labelledby="reports">
      <h2 id="reports">{t("reports.title")}</h2>
      <p className="quiet">{t("reports.lead")}</p>
      <Listed query={useDisbursements(id)} none={t("reports.none")}>
        {(reports) => reports.map((one) => <Entry key={one.number} one={one} />)}
      </Listed>
    </section>
  );
}

function Entry({ one }: { one: Disbursement }) {
  const { t } = useTranslation("charity");
  const { amount, count, time } = useWords();
  const { unit, from, upTo, evidence, state, recordedAt } = one;
  const figures = { from: count(from), upTo: count(upTo) };
  return (
    <article className="card report">
      <h3>{amount(BigInt(upTo) - BigInt(from), unit)}</h3>
      <p className="quiet">
        {t("reports.interval", figures)}{" "}
        {recordedAt === null
          ? t(`standing.${state}`)
          : t("signed.recordedAt", { time: time(recordedAt), standing: t(`standing.${state}`) })}
      </p>
      <Document evidence={evidence} />
    </article>
  );
}

function Document({ evidence }: Pick<Disbursement, "evidence">) {
  const { t } = useTranslation("charity");
  const query = useReport(evidence);
  return (
    <Asked query={query}>
      {(report) => (
        <>
          <ul className="parts">
            {report.parts.map((part) => (
              <PartOfReport key={part.from} part={part} unit={report.unit} />
            ))}
          </ul>
          {toHex(detailsHash(report)) === evidence ? (
            <p className="quiet small">
              {t("reports.hashFits")} <a href={`/v1/documents/${evidence}`}>{t("reports.document")}</a>{" "}
              <code>{evidence}</code>
            </p>
          ) : (
            <p className="failed" role="alert">
              {t("reports.hashDiffers", { evidence })}
            </p>
          )}
        </>
      )}
    </Asked>
  );
}
