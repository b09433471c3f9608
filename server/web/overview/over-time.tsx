// How the four watermarks have risen: a chart of a chosen period, and the same in a table.

import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Scrolls } from "../shell/scrolls.tsx";
import { Asked } from "../shell/states.tsx";
import { useWords } from "../units/use-words.ts";
import { Chart } from "./chart.tsx";
import { type Days, MARKS, pointsOf, type UnitTotals } from "./figures.ts";
import { useDays } from "./queries.ts";

const PERIODS = [30, 90, 365] as const;

export function OverTime({ units }: { units: readonly UnitTotals[] }) {
  const { t } = useTranslation("overview");
  const [chosen, choose] = useState<string>();
  const [days, lookBack] = useState<number>(PERIODS[0]);
  const unit = units.find(({ unit }) => unit === chosen) ?? (units[0] as UnitTotals);
  const query = useDays(unit.unit, days);
  return (
    <section>
      <h2>{t("time.heading")}</h2>
      <p className="choices">
        {units.length > 1 && (
          <Choice name={t("time.unit")} value={unit.unit} choose={choose}>
            {units.map((one) => (
              <option key={one.unit}>{one.unit}</option>
            ))}
          </Choice>
        )}
        <Choice name={t("time.period")} value={`${days}`} choose={(count) => lookBack(Number(count))}>
          {PERIODS.map((count) => (
            <option key={count} value={count}>
              {t("time.days", { count })}
            </option>
          ))}
        </Choice>
      </p>
      <Asked query={query}>{(answer) => <Risen days={answer} />}</Asked>
    </section>
  );
}

type ChoiceProps = {
  readonly name: string;
  readonly value: string;
  readonly choose: (value: string) => void;
  readonly children: React.ReactNode;
};

function Choice({ name, value, choose, children }: ChoiceProps) {
  const id = useId();
  return (
    <span>
      <label htmlFor={id}>{name} </label>
      <select id={id} value={value} onChange={({ target }) => choose(target.value)}>
        {children}
      </select>
    </span>
  );
}

function Risen({ days }: { days: Days }) {
  const { t } = useTranslation("overview");
  const { amount } = useWords();
  const points = pointsOf(days);
  const last = points.at(-1);
  const told = MARKS.map((mark) => `${t(`marks.${mark}`)} ${amount(last?.[mark] ?? 0n, days.unit)}`);
  return (
    <figure className="over-time">
      <Chart
        points={points}
        unit={days.unit}
        label={t("time.label", { unit: days.unit, marks: told.join(", ") })}
      />
      <figcaption>
        <ul className="legend">
          {MARKS.map((mark) => (
            <li key={mark}>
              <span className={`swatch swatch-${mark}`} aria-hidden="true" />
              {t(`marks.${mark}`)}
            </li>
          ))}
        </ul>
        <DayTable days={days} />
      </figcaption>
    </figure>
  );
}

function DayTable({ days: { unit, days } }: { days: Days }) {
  const { t } = useTranslation("overview");
  const { amount, date } = { ...useWords(), date: useDate() };
  return (
    <details>
      <summary>{t("time.table")}</summary>
      {days.length === 0 ? (
        <p>{t("time.nothing")}</p>
      ) : (
        <Scrolls name={t("time.table")}>
          <table>
            <caption className="quiet">{t("time.caption")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("time.day")}</th>
                {MARKS.map((mark) => (
                  <th key={mark} scope="col" className="number">
                    {t(`marks.${mark}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {days.toReversed().map((day) => (
                <tr key={day.day}>
                  <th scope="row">{date(day.day)}</th>
                  {MARKS.map((mark) => (
                    <td key={mark} className="number">
                      {amount(day[mark], unit)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolls>
      )}
    </details>
  );
}

/** Days are UTC days, wherever the reader is. */
function useDate() {
  const { language } = useWords();
  const format = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
  return (day: string) => format.format(new Date(day));
}
