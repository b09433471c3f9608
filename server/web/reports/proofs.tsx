// What proves the figures above: the batches with their root, the contract as of its block, the documents, the transactions.
// Each figure leads to its row here.

import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { PhilanthropyReport } from "../../programmes/philanthropy/report.ts";
import { unixTime } from "../units/time.ts";
import { useWords } from "../units/use-words.ts";
import { BATCHES, BY_PROGRAMME, CONTRACT, proofId } from "./proof.tsx";

export function Proofs({ report }: { report: PhilanthropyReport }) {
  const { t } = useTranslation("reports");
  return (
    <section aria-labelledby="proofs">
      <h2 id="proofs">{t("proofs.title")}</h2>
      <p className="quiet">{t("proofs.what")}</p>
      <ul className="proofs">
        <Batches report={report} />
        <Contract report={report} />
        <ByProgramme report={report} />
        <SpendingReports report={report} />
        <Transactions report={report} />
      </ul>
    </section>
  );
}

type Props = { readonly report: PhilanthropyReport };

/** Where a figure's link arrives; what it is, and the hash in full. */
const Proof = ({ id, title, children }: { id: string; title: ReactNode; children: ReactNode }) => (
  <li id={proofId(id)}>
    <span>{title}</span>
    {children}
  </li>
);

function Batches({ report: { batches } }: Props) {
  const { t } = useTranslation("reports");
  const { count } = useWords();
  if (batches === null) return null;
  const link = (number: string) => (
    <Link href={`/batches/${number}`}>{t("batch", { number: count(number) })}</Link>
  );
  return (
    <Proof id={BATCHES} title={t("proofs.batches")}>
      <span>
        {link(batches.from)} – {link(batches.to)}
      </span>
      <code className="hash">{batches.root}</code>
    </Proof>
  );
}

function Contract({ report: { asOf, earlier = [] } }: Props) {
  const { t } = useTranslation("reports");
  const { count, time } = useWords();
  const { block, chainId: chain, at, contract, hash } = asOf;
  return (
    <Proof id={CONTRACT} title={t("proofs.contract")}>
      <span>{t("head.block", { block: count(block), chain, time: time(unixTime(at)) })}</span>
      <code className="hash">{contract}</code>
      <code className="hash">{hash}</code>
      {earlier.map(({ chainId, contract: left, lastGoodBatch }) => (
        <span key={`${chainId} ${left}`}>
          {t("proofs.earlier", { chain: chainId, batch: count(lastGoodBatch) })}{" "}
          <code className="hash">{left}</code>
        </span>
      ))}
    </Proof>
  );
}

const Document = ({ hash }: { hash: string }) => (
  <a className="hash" href={`/v1/documents/${hash}`}>
    {hash}
  </a>
);

function ByProgramme({ report: { programmes } }: Props) {
  const { t } = useTranslation("reports");
  const { count } = useWords();
  if (programmes.documents.length === 0) return null;
  return (
    <Proof id={BY_PROGRAMME} title={t("proofs.programmes")}>
      {programmes.documents.map(({ hash, fromBatch, toBatch }) => (
        <span key={hash}>
          {t("proofs.ofBatches", { from: count(fromBatch), to: count(toBatch) })} <Document hash={hash} />
        </span>
      ))}
    </Proof>
  );
}

function SpendingReports({ report: { spending } }: Props) {
  const { t } = useTranslation("reports");
  const { amount, time } = useWords();
  return spending.reports.map(({ hash, charity, unit, from, upTo, at, transaction }) => (
    <Proof key={hash} id={hash} title={t("proofs.spending", { charity, time: time(unixTime(at)) })}>
      <span>{t("proofs.positions", { from: amount(from, unit), to: amount(upTo, unit) })}</span>
      <Document hash={hash} />
      <span>
        {t("proofs.transaction")} <code className="hash">{transaction}</code>
      </span>
    </Proof>
  ));
}

const STEPS = ["paid", "acknowledged", "spent"] as const;

/** Many calls may travel in one transaction: it stands here once, with all that it moved. */
function Transactions({ report: { charities } }: Props) {
  const { t } = useTranslation("reports");
  const { amount } = useWords();
  const moves = charities.flatMap((row) =>
    STEPS.map((step) => ({ ...row[step], step, charity: row.charity, unit: row.unit })),
  );
  const told = moves.filter(({ transaction }) => transaction !== null);
  return [...Map.groupBy(told, ({ transaction }) => transaction as string)].map(([transaction, own]) => (
    <Proof key={transaction} id={transaction} title={t("proofs.transaction")}>
      {own.map(({ step, charity, unit, upTo }) => (
        <span key={`${step} ${charity} ${unit}`}>
          {t("proofs.moved", { charity, step: t(`steps.${step}`), upTo: amount(upTo, unit) })}
        </span>
      ))}
      <code className="hash">{transaction}</code>
    </Proof>
  ));
}
