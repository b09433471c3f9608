// Why nothing of a shop's sales can be left out unnoticed: the totals of its days, which lie in the books under a salt, and
// how the shop compares them with its own orders. Whoever has its key looks at a day here.

import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useWords } from "../units/use-words.ts";
import { DayForm } from "./day-form.tsx";
import { type Totals, useTotals } from "./queries.ts";

const COMMAND = "npm run completeness -- --statement DAY.json --export ORDERS.csv";

export function CompletenessSection({ merchant }: { merchant: string }) {
  const { t } = useTranslation("merchant");
  const { data } = useTotals(merchant);
  return (
    <section aria-labelledby="completeness">
      <h2 id="completeness">{t("completeness.title")}</h2>
      <p>{t("completeness.what")}</p>
      {data?.days != null && data.days.length > 0 && <Days days={data.days} />}
      <p>{t("completeness.compare")}</p>
      <p>
        <code>{COMMAND}</code>
      </p>
      <DayForm merchant={merchant} />
    </section>
  );
}

function Days({ days }: { days: NonNullable<Totals["days"]> }) {
  const { t } = useTranslation("merchant");
  const { count } = useWords();
  return (
    <>
      <h3 className="under">{t("completeness.days")}</h3>
      <ul className="days">
        {days.map(({ day, batch, hash }) => (
          <li key={day}>
            <time dateTime={day}>{day}</time>{" "}
            <Link href={`/batches/${batch}`}>{t("completeness.batch", { batch: count(batch) })}</Link>{" "}
            <code className="hash">{hash}</code>
          </li>
        ))}
      </ul>
    </>
  );
}
