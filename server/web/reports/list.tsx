// /reports: all philanthropy reports, the newest first.

import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { Listed } from "../shell/listed.tsx";
import { useTitle } from "../shell/use-title.ts";
import { useWords } from "../units/use-words.ts";
import { type ReportEntry, useReports } from "./queries.ts";
import { periodText } from "./words.ts";
import "./reports.css";

export default function ReportsPage() {
  const { t } = useTranslation("reports");
  useTitle(t("list.title"));
  return (
    <>
      <h1>{t("list.title")}</h1>
      <p className="lead">{t("list.what")}</p>
      <Listed query={useReports()} none={t("list.none")} more={t("list.older")}>
        {(reports) => (
          <ul className="reports">
            {reports.map((report) => (
              <Item key={report.number} report={report} />
            ))}
          </ul>
        )}
      </Listed>
    </>
  );
}

function Item({ report: { hash, from, upTo, batch, madeAt } }: { report: ReportEntry }) {
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
