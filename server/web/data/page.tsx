// /data: everything public to download, for the days that are chosen, and how a file is checked against the chain.

import { useState } from "react";
import { Trans, useTranslation } from "react-i18next";
import { Link } from "wouter";
import { Scrolls } from "../shell/scrolls.tsx";
import { useTitle } from "../shell/use-title.ts";
import { PeriodForm } from "./period-form.tsx";
import { ofPeriod, type Period, troubleOf, usualPeriod } from "./queries.ts";
import { Tables } from "./tables.tsx";
import "./data.css";

export default function DataPage() {
  const { t } = useTranslation("data");
  useTitle(t("title"));
  const [period, setPeriod] = useState(() => usualPeriod(new Date()));
  const trouble = troubleOf(period);
  return (
    <>
      <h1>{t("title")}</h1>
      <p>{t("what")}</p>
      <PeriodForm period={period} trouble={trouble} onChange={setPeriod} />
      {trouble === undefined && <Files period={period} />}
      <Checking />
    </>
  );
}

const Files = ({ period }: { period: Period }) => (
  <>
    <Standards period={period} />
    <Tables period={period} />
  </>
);

const STANDARDS = { grants: ["360giving.json", "360giving.csv"], activities: ["iati.xml"] } as const;

function Standards({ period }: { period: Period }) {
  const { t } = useTranslation("data");
  return (
    <section>
      <h2>{t("standards.title")}</h2>
      <ul className="files">
        {(["grants", "activities"] as const).map((standard) => (
          <li key={standard}>
            <h3>{t(`standards.${standard}.name`)}</h3>
            <p>{t(`standards.${standard}.what`)}</p>
            <p className="links">
              {STANDARDS[standard].map((file) => (
                <a key={file} href={ofPeriod(`/v1/exports/${file}`, period)} download>
                  {file}
                </a>
              ))}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

const SUMS = `SELECT registration, unit, sum("to" - "from") AS given
FROM 'statements.parquet' WHERE kind = 0 GROUP BY ALL;`;

function Checking() {
  const { t } = useTranslation("data");
  return (
    <section>
      <h2>{t("check.title")}</h2>
      <p>{t("check.sums")}</p>
      <Scrolls name="DuckDB">
        <pre>
          <code>{SUMS}</code>
        </pre>
      </Scrolls>
      <p>
        <Trans t={t} i18nKey="check.chain" components={{ batches: <Link href="/batches" /> }} />
      </p>
      <p className="quiet">{t("check.limits")}</p>
    </section>
  );
}
