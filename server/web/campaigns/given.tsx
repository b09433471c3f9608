// What was given, large, and what refunds have taken back of it, beside.

import { useTranslation } from "react-i18next";
import { SaidNowAndThen } from "../live/said.tsx";
import { useWords } from "../units/use-words.ts";
import type { Total } from "./figures.ts";
import { useMeasure } from "./use-measure.ts";

export function Given({ totals }: { totals: readonly Total[] }) {
  const { t } = useTranslation("campaigns");
  const measure = useMeasure();
  if (totals.length === 0) return <p className="lead">{t("nothing")}</p>;
  const said = totals.map(({ given, unit }) => measure(given, unit)).join(", ");
  return (
    <>
      <div className="given">
        {totals.map((total) => (
          <Sum key={total.unit} total={total} />
        ))}
      </div>
      <SaidNowAndThen text={t("said", { given: said })} />
    </>
  );
}

function Sum({ total: { unit, given, gifts, takenBack } }: { total: Total }) {
  const { t } = useTranslation("campaigns");
  const { count } = useWords();
  const measure = useMeasure();
  return (
    <div className="sum" data-unit={unit}>
      <p className="sum-figure">{measure(given, unit)}</p>
      <p className="sum-what">{t("gifts", { count: Number(gifts), gifts: count(gifts) })}</p>
      {takenBack !== "0" && (
        <p className="quiet taken-back">{t("takenBack", { amount: measure(takenBack, unit) })}</p>
      )}
    </div>
  );
}
