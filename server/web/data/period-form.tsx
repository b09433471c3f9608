// Which days the files are of.

import { useTranslation } from "react-i18next";
import { MOST_DAYS, type Period, type troubleOf } from "./queries.ts";

type Props = {
  readonly period: Period;
  readonly trouble: ReturnType<typeof troubleOf>;
  onChange(period: Period): void;
};

export function PeriodForm({ period, trouble, onChange }: Props) {
  const { t } = useTranslation("data");
  return (
    <section>
      <h2>{t("period.title")}</h2>
      <p>{t("period.what", { days: MOST_DAYS })}</p>
      <div className="days">
        {(["from", "upTo"] as const).map((end) => (
          <label key={end}>
            {t(`period.${end}`)}
            <input
              type="date"
              value={period[end]}
              onChange={({ target }) => onChange({ ...period, [end]: target.value })}
            />
          </label>
        ))}
      </div>
      <p role="status">{trouble !== undefined && t(`period.trouble.${trouble}`, { days: MOST_DAYS })}</p>
    </section>
  );
}
