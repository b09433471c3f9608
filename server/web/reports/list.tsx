// /reports: all philanthropy reports, the newest first.

import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { Failed, Loading, Nothing } from "../shell/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { useWords } from "../units/use-words.ts";
import { type Listed, useReports } from "./queries.ts";
import { periodText } from "./words.ts";
import "./reports.css";

export default function ReportsPage() {
  const { t } = useTranslation("reports");
  useTitle(t("list.title"));
  return (
    <>
      <h1>{t("list.title")}</h1>
      <p className="lead">{t("list.what")}</p>
      <Reports />
    </>
  );
}

function Reports() {
  const { t } = useTranslation("reports");
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useReports();
  if (isPending) return <Loading />;
  if (data === undefined) return <Failed error={error} retry={() => void refetch()} />;
  const reports = data.pages.flatMap(({ items }) => items);
  if (reports.length === 0) return <Nothing>{t("list.none")}</Nothing>;
  return (
    <>
      <ul className="reports">
        {reports.map((report) => (
          <Item key={report.number} report={report} />
        ))}
      </ul>
      {hasNextPage && (
        <button type="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("list.older")}
        </button>
      )}
    </>
  );
}

function Item({ report: { hash, from, upTo, batch, madeAt } }: { report: Listed }) {
  const { t } = useTranslation("reports");
  const { language, count, time } = useWords();
  const seconds = (iso: string) => Date.parse(iso) / 1000;
  return (
    <li className="card">
      <Link href={`/reports/${hash}`}>{periodText(seconds(from), seconds(upTo), language)}</Link>
      <span className="quiet">{t("list.made", { time: time(madeAt), batch: count(batch) })}</span>
    </li>
  );
}
