// The picture as a table: what each colour means, how far each watermark stands, and where the visitor's own lies.

import { useTranslation } from "react-i18next";
import { useWords } from "../units/use-words.ts";
import type { Mark, MarkName } from "./marks.ts";
import type { Interval } from "./viewport.ts";

export function MarksTable({
  marks,
  own,
  unit,
}: {
  readonly marks: readonly Mark[];
  readonly own: Interval;
  readonly unit: string;
}) {
  const { t } = useTranslation("line");
  const { amount, count } = useWords();
  return (
    <table className="line-table">
      <caption className="unseen">{t("table.caption")}</caption>
      <thead className="unseen">
        <tr>
          <th scope="col">{t("table.what")}</th>
          <th scope="col">{t("table.upTo")}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">
            <Chip name="own" />
            {t("mark.own")}
          </th>
          <td className="number">{t("table.interval", { start: count(own.start), end: count(own.end) })}</td>
        </tr>
        {marks.map(({ name, at }) => (
          <tr key={name}>
            <th scope="row">
              <Chip name={name} />
              {t(`mark.${name}`)}
              <small>{t(`meaning.${name}`)}</small>
            </th>
            <td className="number">{amount(at, unit)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const Chip = ({ name }: { name: MarkName | "own" }) => (
  <svg className="line-chip" width="14" height="14" aria-hidden="true">
    <rect className={name === "own" ? "line-own" : `line-fill-${name}`} width="14" height="14" rx="3" />
  </svg>
);
