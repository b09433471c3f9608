// Where the money was spent, what became of it and for how many people, as charities report and sign.

import { useTranslation } from "react-i18next";
import type { Outcome, Region, Spending as Told } from "../../programmes/philanthropy/spending.ts";
import { countryName } from "../charity/names.ts";
import { Nothing } from "../shell/states.tsx";
import { useWords } from "../units/use-words.ts";
import { Figure } from "./proof.tsx";

export function Spending({ spending }: { spending: Told }) {
  const { t } = useTranslation("reports");
  if (spending.reports.length === 0)
    return (
      <section aria-labelledby="regions">
        <h2 id="regions">{t("spending.regions")}</h2>
        <Nothing>{t("spending.none")}</Nothing>
      </section>
    );
  return (
    <>
      <section aria-labelledby="outcomes">
        <h2 id="outcomes">{t("spending.outcomes")}</h2>
        <p className="quiet">{t("spending.what")}</p>
        <ul className="outcomes">
          <People spending={spending} />
          {spending.outcomes.map((outcome) => (
            <OutcomeItem key={`${outcome.what} ${outcome.measure}`} outcome={outcome} />
          ))}
        </ul>
      </section>
      <section aria-labelledby="regions">
        <h2 id="regions">{t("spending.regions")}</h2>
        <ul className="regions">
          {spending.regions.map((region) => (
            <RegionItem key={`${region.country} ${region.place} ${region.unit}`} region={region} />
          ))}
        </ul>
      </section>
    </>
  );
}

function People({ spending: { beneficiaries, reports } }: { spending: Told }) {
  const { t } = useTranslation("reports");
  const { count } = useWords();
  const { people, partsThatTell, partsThatDoNot } = beneficiaries;
  if (partsThatTell === "0") return null;
  return (
    <li className="card">
      <strong className="figure">
        <Figure of={reports[0]?.hash ?? null}>{count(people)}</Figure>
      </strong>
      <span>{t("spending.people")}</span>
      <From reports={reports.map(({ hash }) => hash)} />
      <span className="quiet">
        {partsThatDoNot !== "0" &&
          t("spending.untold", { count: Number(partsThatDoNot), shown: count(partsThatDoNot) })}
      </span>
    </li>
  );
}

function OutcomeItem({ outcome: { what, count, measure, reports } }: { outcome: Outcome }) {
  const words = useWords();
  return (
    <li className="card">
      <strong className="figure">
        <Figure of={reports[0] ?? null}>{words.decimal(count)}</Figure>
      </strong>
      <span>
        {measure}, {what}
      </span>
      <From reports={reports} />
    </li>
  );
}

/** A figure that follows from several reports leads to each of them, or to as many as there is room for. */
const MOST_LINKS = 20;

function From({ reports }: { reports: readonly string[] }) {
  const { t } = useTranslation("reports");
  const { count } = useWords();
  return (
    <span className="quiet">
      {t("spending.reports", { count: reports.length, shown: count(reports.length) })}
      {reports.slice(0, MOST_LINKS).map((hash, i) => (
        <span key={hash}>
          {" "}
          <Figure of={hash}>[{count(i + 1)}]</Figure>
        </span>
      ))}
    </span>
  );
}

function RegionItem({ region }: { region: Region }) {
  const { t } = useTranslation("reports");
  const { amount, count, language } = useWords();
  const { country, place, unit, beneficiaries, reports } = region;
  return (
    <li className={place === null ? "country" : "place"}>
      <span>{place ?? countryName(country, language)}</span>
      <span className="quiet">
        {beneficiaries !== null && (
          <Figure of={reports[0] ?? null}>
            {t("spending.reached", { count: Number(beneficiaries), shown: count(beneficiaries) })}
          </Figure>
        )}
      </span>
      <span className="number">
        <Figure of={reports[0] ?? null}>{amount(region.amount, unit)}</Figure>
      </span>
      {reports.length > 1 && <From reports={reports} />}
    </li>
  );
}
