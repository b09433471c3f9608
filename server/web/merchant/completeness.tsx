// Why nothing of a shop's sales can be left out unnoticed: the totals of its days, which lie in the books under a salt, and
// how the shop compares them with its own orders. Whoever has its key looks at a day here.

import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { Loading } from "../shell/states.tsx";
import { useWords } from "../units/use-words.ts";
import { type Totals, useTotals } from "./queries.ts";

const DayForm = lazy(() => import("./day-form.tsx"));

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
      <Own merchant={merchant} />
    </section>
  );
}

/** Few who come by have the shop's key: what reads a day is loaded when it is asked for. */
function Own({ merchant }: { merchant: string }) {
  const { t } = useTranslation("merchant");
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="own" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t("own.title")}</summary>
      {isOpen && (
        <Suspense fallback={<Loading />}>
          <DayForm merchant={merchant} />
        </Suspense>
      )}
    </details>
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
