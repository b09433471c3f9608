// What was given in each unit, and how far along it is: the four watermarks as one bar, and in figures.

import { useTranslation } from "react-i18next";
import { useWords } from "../units/use-words.ts";
import { MARKS, percentOf, type UnitTotals } from "./figures.ts";

export function Totals({ units }: { units: readonly UnitTotals[] }) {
  const { t } = useTranslation("overview");
  return (
    <section>
      <h2>{t("totals.heading")}</h2>
      <div className="totals">
        {units.map((unit) => (
          <UnitCard key={unit.unit} totals={unit} />
        ))}
      </div>
    </section>
  );
}

function UnitCard({ totals }: { totals: UnitTotals }) {
  const { amount } = useWords();
  const { t } = useTranslation("overview");
  const { unit } = totals;
  return (
    <article className="card unit-totals" data-unit={unit}>
      <h3>{unit}</h3>
      <Bar totals={totals} />
      <dl className="marks">
        {MARKS.map((mark) => (
          <div key={mark} className="mark">
            <dt>
              <span className={`swatch swatch-${mark}`} aria-hidden="true" />
              {t(`marks.${mark}`)}
            </dt>
            <dd className="figure" data-mark={mark}>
              {amount(totals[mark], unit)}
            </dd>
            <dd className="quiet">{t(`marksMean.${mark}`)}</dd>
          </div>
        ))}
      </dl>
      <Refunds totals={totals} />
    </article>
  );
}

/** Each mark lies within the one before it. */
const Bar = ({ totals }: { totals: UnitTotals }) => (
  <div className="marks-bar" aria-hidden="true">
    {MARKS.map((mark) => (
      <div
        key={mark}
        className={`swatch-${mark}`}
        style={{ width: `${mark === "given" ? 100 : percentOf(totals[mark], totals.given)}%` }}
      />
    ))}
  </div>
);

/** Refunds are told where there are any: what they were set off was paid and not transferred. */
function Refunds({ totals: { unit, refunded, setOff, paid } }: { totals: UnitTotals }) {
  const { t } = useTranslation("overview");
  const { amount } = useWords();
  if (refunded === "0") return null;
  const transferred = BigInt(paid) - BigInt(setOff);
  return (
    <p className="quiet refunds">
      {t("refunds", {
        refunded: amount(refunded, unit),
        setOff: amount(setOff, unit),
        transferred: amount(transferred, unit),
      })}
    </p>
  );
}
