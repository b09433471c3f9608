// What a report is known by: its hash, reckoned here; the batch that timestamps it; the block as of which the contract was
// read; and the report as a file, as a paper, and as an audit takes it.

import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { unixTime } from "../units/time.ts";
import { useWords } from "../units/use-words.ts";
import { type Read, useNotice } from "./queries.ts";

export function Head({ hash, read }: { hash: string; read: Read }) {
  const { t } = useTranslation("reports");
  const { count, time } = useWords();
  const { asOf } = read.report;
  return (
    <section aria-label={t("head.title")} className="card head">
      <dl>
        <Entry name={t("head.hash")}>
          <code className="hash">{hash}</code>
          <p className={read.isItsHash ? "good" : "failed"}>
            {read.isItsHash ? `✓ ${t("head.fits")}` : `✗ ${t("head.fitsNot")}`}
          </p>
        </Entry>
        <Timestamp hash={hash} />
        <Entry name={t("head.asOf")}>
          {t("head.block", { block: count(asOf.block), chain: asOf.chainId, time: time(unixTime(asOf.at)) })}
        </Entry>
      </dl>
      <p className="files">
        <a href={`/v1/philanthropy-reports/${hash}/pdf`}>{t("head.pdf")}</a>
        <a href={`/v1/philanthropy-reports/${hash}`}>{t("head.json")}</a>
        <button type="button" onClick={() => window.print()}>
          {t("head.print")}
        </button>
      </p>
    </section>
  );
}

function Timestamp({ hash }: { hash: string }) {
  const { t } = useTranslation("reports");
  const { count } = useWords();
  const { data } = useNotice(hash);
  if (data === undefined) return null;
  const isAnchored = data.state === "anchored" || data.state === "final";
  return (
    <Entry name={t("head.timestamp")}>
      <Link href={`/batches/${data.batch}`}>{t("batch", { number: count(data.batch) })}</Link>{" "}
      <span role="status">{t(isAnchored ? "head.anchored" : "head.notAnchored")}</span>
    </Entry>
  );
}

const Entry = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);
