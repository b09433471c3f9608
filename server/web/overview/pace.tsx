// How fast receipts come, and how many wait for their seal. Read aloud now and then, not each second.

import { useTranslation } from "react-i18next";
import { SaidNowAndThen } from "../live/said.tsx";
import { useWords } from "../units/use-words.ts";
import type { Overview } from "./figures.ts";

export function Pace({ overview: { receiptsLastMinute, open, units } }: { overview: Overview }) {
  const { t } = useTranslation("overview");
  const { count, amount } = useWords();
  const gifts = units.reduce((sum, unit) => sum + BigInt(unit.gifts), 0n);
  const said = units.map(({ unit, given }) => amount(given, unit)).join(", ");
  return (
    <>
      <dl className="pace">
        <Figure name={t("pace.minute")} value={count(receiptsLastMinute)} id="minute" />
        <Figure name={t("pace.waiting")} value={count(open.receipts)} id="waiting" />
        <Figure name={t("pace.gifts")} value={count(gifts)} id="gifts" />
      </dl>
      <SaidNowAndThen text={t("pace.said", { minute: count(receiptsLastMinute), given: said })} />
    </>
  );
}

const Figure = ({ name, value, id }: { name: string; value: string; id: string }) => (
  <div className="card">
    <dt>{name}</dt>
    <dd className="figure" data-figure={id}>
      {value}
    </dd>
  </div>
);
