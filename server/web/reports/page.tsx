// /reports/{hash}: what was given in a period and what became of it, each figure with the way to what proves it.

import { useTranslation } from "react-i18next";
import { useParams } from "wouter";
import { isUnknown } from "../api/client.ts";
import { Failed, Loading, Nothing } from "../shell/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { useWords } from "../units/use-words.ts";
import { Charities } from "./charities.tsx";
import { Head } from "./head.tsx";
import { Latencies } from "./latencies.tsx";
import { Proofs } from "./proofs.tsx";
import { type Read, useReport } from "./queries.ts";
import { SharedOut } from "./shared-out.tsx";
import { Spending } from "./spending.tsx";
import { Units } from "./units.tsx";
import { periodText } from "./words.ts";
import "./reports.css";

export default function ReportPage() {
  const { hash = "" } = useParams();
  const { t } = useTranslation("reports");
  const { data, error, isPending, refetch } = useReport(hash);
  useTitle(t("title"));
  if (isPending) return <Loading />;
  if (data !== undefined) return <Report hash={hash} read={data} />;
  return (
    <>
      <h1>{t("title")}</h1>
      {isUnknown(error) ? (
        <Nothing>{t("unknown")}</Nothing>
      ) : (
        <Failed error={error} retry={() => void refetch()} />
      )}
    </>
  );
}

function Report({ hash, read }: { hash: string; read: Read }) {
  const { t } = useTranslation("reports");
  const { language } = useWords();
  const { report } = read;
  const { from, upTo } = report.period;
  return (
    <article className="report">
      <header>
        <h1>{t("title")}</h1>
        <p className="lead">{periodText(from, upTo, language)}</p>
      </header>
      <Head hash={hash} read={read} />
      <Units report={report} />
      <Charities charities={report.charities} />
      <SharedOut name="programme" shared={report.programmes} units={report.units} />
      <SharedOut name="merchant" shared={report.merchants} units={report.units} />
      <Spending spending={report.spending} />
      <Latencies latencies={report.latencies} />
      <Proofs report={report} />
      <Limits />
    </article>
  );
}

const LIMITS = ["gifts", "marks", "programmes", "spending", "latencies"] as const;

function Limits() {
  const { t } = useTranslation("reports");
  return (
    <section aria-labelledby="limits">
      <h2 id="limits">{t("limits.title")}</h2>
      <ul className="limits">
        {LIMITS.map((one) => (
          <li key={one}>{t(`limits.${one}`)}</li>
        ))}
      </ul>
    </section>
  );
}
