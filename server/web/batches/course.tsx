// The way of a batch, open → sealed → anchored → final: which step it has reached, when, and what each means.

import { useTranslation } from "react-i18next";
import { useWords } from "../units/use-words.ts";
import type { Batch } from "./queries.ts";
import { courseOf } from "./reached.ts";

export function Course({ batch }: { batch: Batch }) {
  const { t } = useTranslation("batches");
  const { time, count } = useWords();
  return (
    <section aria-label={t("course")}>
      <ol className="course">
        {courseOf(batch).map(({ step, isReached, at }) => (
          <li key={step} className={isReached ? "reached" : ""}>
            <span className="mark" aria-hidden="true">
              {isReached ? "✓" : "○"}
            </span>
            <div>
              <strong>{t(`states.${step}.name`)}</strong>
              <span className="unseen">: {t(isReached ? "reached" : "notReached")}</span>
              {at !== null && (
                <time dateTime={at} className="quiet">
                  {time(at)}
                </time>
              )}
              <p>{t(`states.${step}.means`)}</p>
            </div>
          </li>
        ))}
      </ol>
      {batch.receipts !== null && (
        <p>{t("holds", { count: Number(batch.receipts), shown: count(batch.receipts) })}</p>
      )}
    </section>
  );
}
