// Reporting what the money became, line by line: the form, the review, and the signature.

import { useTranslation } from "react-i18next";
import { compareDisbursement } from "../../../verifier/compare-signed.ts";
import { useWords } from "../../units/use-words.ts";
import { PartOfReport } from "../part.tsx";
import type { Line } from "../queries.ts";
import { useDesk } from "./context.ts";
import { NotDone } from "./not-done.tsx";
import { OpenLines } from "./open-lines.tsx";
import { ReportForm } from "./report-form.tsx";
import { disbursementUnderWay, postSignature, type ToDisburse } from "./signing.ts";
import { ToSign } from "./to-sign.tsx";
import { useReporting } from "./use-reporting.ts";

export function Disburse() {
  const { t } = useTranslation("charity-desk");
  return (
    <section className="card" aria-labelledby="disburse">
      <h3 id="disburse">{t("disburse.title")}</h3>
      <p className="quiet">{t("disburse.lead")}</p>
      <OpenLines what="disbursement" from="spent" upTo="acknowledged" none={t("disburse.none")}>
        {(line) => <OfLine key={line.unit} line={line} />}
      </OpenLines>
    </section>
  );
}

function OfLine({ line }: { line: Line }) {
  const { t } = useTranslation("charity-desk");
  const { amount } = useWords();
  const reporting = useReporting(line);
  const { draft, change, wrong, filed, failure, isBusy, submit, begin, edit } = reporting;
  const { acknowledged, spent } = line.watermarks;
  const open = amount(BigInt(acknowledged) - BigInt(spent), line.unit);
  if (draft === null)
    return (
      <>
        <p>{t("disburse.open", { amount: open })}</p>
        <button type="button" className="main" onClick={begin}>
          {t("disburse.begin")}
        </button>
      </>
    );
  if (filed !== null) return <Review filed={filed} edit={edit} />;
  return (
    <>
      <p>{t("disburse.open", { amount: open })}</p>
      {failure !== null && <NotDone error={failure} />}
      {`${draft.from}` !== spent && (
        <p className="claimed" role="alert">
          {t("disburse.moved")}{" "}
          <button type="button" onClick={begin}>
            {t("disburse.beginAnew")}
          </button>
        </p>
      )}
      <ReportForm draft={draft} change={change} wrong={wrong} isBusy={isBusy} submit={submit} />
    </>
  );
}

type ReviewProps = { readonly filed: ToDisburse & { taken: null }; readonly edit: () => void };

function Review({ filed: { offer, report }, edit }: ReviewProps) {
  const { t } = useTranslation("charity-desk");
  const { charity, session } = useDesk();
  return (
    <>
      <ToSign
        offer={offer}
        words={useSentences(offer)}
        compare={(place) => compareDisbursement(place, offer, charity.signer ?? "0x")}
        post={async (signature) =>
          disbursementUnderWay(charity, await postSignature(charity, offer, signature, session))
        }
        label={t("disburse.sign")}
      >
        <ul className="parts">
          {report.parts.map((part) => (
            <PartOfReport key={part.from} part={part} unit={report.unit} />
          ))}
        </ul>
      </ToSign>
      <button type="button" onClick={edit}>
        {t("disburse.edit")}
      </button>
    </>
  );
}

function useSentences({ args, ledger }: ReviewProps["filed"]["offer"]): string[] {
  const { t } = useTranslation("charity-desk");
  const { amount, count } = useWords();
  const { charity } = useDesk();
  const { unit, from, upTo, evidence } = args;
  const gifts = amount(BigInt(upTo) - BigInt(from), unit);
  return [
    t("disburse.says.spent", {
      ...{ name: `${charity.name} (${charity.registration})`, amount: gifts, unit },
      ...{ from: count(from), upTo: count(upTo) },
    }),
    t("disburse.says.report", { evidence }),
    t("toSign.forEver", { ledger }),
  ];
}
