// /batches: all batches, the newest first, in plain words; and a place to check any book from one's own disk.

import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { Listed } from "../shell/listed.tsx";
import { useTitle } from "../shell/use-title.ts";
import { useWords } from "../units/use-words.ts";
import { type Batch, useBatches } from "./queries.ts";
import { RecomputePanel } from "./recompute/panel.tsx";
import "./batches.css";

export default function BatchesPage() {
  const { t } = useTranslation("batches");
  useTitle(t("list.title"));
  return (
    <>
      <h1>{t("list.title")}</h1>
      <p>{t("list.what")}</p>
      <Listed query={useBatches()} none={t("list.none")} more={t("list.older")}>
        {(batches) => (
          <ul className="batches">
            {batches.map((batch) => (
              <BatchItem key={batch.number} batch={batch} />
            ))}
          </ul>
        )}
      </Listed>
      <RecomputePanel number={null} batch={undefined} />
    </>
  );
}

function BatchItem({ batch: { number, state, receipts, openedAt, closedAt } }: { batch: Batch }) {
  const { t } = useTranslation("batches");
  const { count, time } = useWords();
  return (
    <li>
      <Link href={`/batches/${number}`}>{t("number", { number: count(number) })}</Link>
      <span className={`state-name ${state}`}>{t(`states.${state}.name`)}</span>
      <span>
        {receipts === null ? "" : t("receipts", { count: Number(receipts), shown: count(receipts) })}
      </span>
      <time dateTime={closedAt ?? openedAt} className="quiet">
        {time(closedAt ?? openedAt)}
      </time>
    </li>
  );
}
