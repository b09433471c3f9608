// What was given in each unit, and how much of it is paid, acknowledged and traced to its end use.

import { useTranslation } from "react-i18next";
import { isMoney } from "../../programmes/currency.ts";
import type { PhilanthropyReport, UnitRow } from "../../programmes/philanthropy/report.ts";
import { Nothing } from "../shell/states.tsx";
import { useWords } from "../units/use-words.ts";
import { BATCHES, CONTRACT, Figure } from "./proof.tsx";
import { ShareBar } from "./share-bar.tsx";
import { shareText } from "./words.ts";

const STEPS = ["paid", "acknowledged", "spent"] as const;

export function Units({ report: { units } }: { report: PhilanthropyReport }) {
  const { t } = useTranslation("reports");
  return (
    <section aria-labelledby="units">
      <h2 id="units">{t("units.title")}</h2>
      {units.length === 0 && <Nothing>{t("nothing")}</Nothing>}
      <div className="units">
        {units.map((row) => (
          <Unit key={row.unit} row={row} />
        ))}
      </div>
    </section>
  );
}

function Unit({ row }: { row: UnitRow }) {
  const { t } = useTranslation("reports");
  const { amount, count } = useWords();
  const { unit, given, gifts } = row;
  return (
    <article className="card unit" data-unit={unit}>
      <h3>
        <Figure of={BATCHES}>{amount(given, unit)}</Figure>
      </h3>
      <p className="quiet">
        <Figure of={BATCHES}>{t("units.gifts", { count: Number(gifts), shown: count(gifts) })}</Figure>
      </p>
      {isMoney(unit) && <Shares row={row} />}
      <Refunds row={row} />
    </article>
  );
}

function Shares({ row }: { row: UnitRow }) {
  const { t } = useTranslation("reports");
  const { amount, language } = useWords();
  const { unit, given } = row;
  const share = (step: (typeof STEPS)[number]) => shareText(row[step], given, language) ?? "–";
  const label = STEPS.map((step) => `${t(`steps.${step}`)}: ${share(step)}`).join(", ");
  return (
    <>
      <ShareBar row={row} label={label} />
      <dl className="shares">
        {STEPS.map((step) => (
          <div key={step}>
            <dt>
              <span className={`swatch share-${step}`} aria-hidden="true" />
              {t(`steps.${step}`)}
            </dt>
            <dd>
              <strong>
                <Figure of={CONTRACT}>{share(step)}</Figure>
              </strong>
              <span className="quiet">
                <Figure of={CONTRACT}>{amount(row[step], unit)}</Figure>
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Refunds({ row: { unit, reversals, reversed } }: { row: UnitRow }) {
  const { t } = useTranslation("reports");
  const { amount, count } = useWords();
  if (reversals === "0") return null;
  const facts = { count: Number(reversals), shown: count(reversals), amount: amount(reversed, unit) };
  return (
    <p>
      <Figure of={BATCHES}>{t("units.refunds", facts)}</Figure>
    </p>
  );
}
