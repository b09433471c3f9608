// /batches/{number}: what one batch holds, how far it has come, and the way to recompute it. Without an answer of this site
// a book from the visitor's own disk can be recomputed all the same.

import { useTranslation } from "react-i18next";
import { useParams } from "wouter";
import { isUnknown } from "../api/client.ts";
import { Failed, Loading } from "../shell/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { useWords } from "../units/use-words.ts";
import { Course } from "./course.tsx";
import { Identity } from "./identity.tsx";
import { Notices } from "./notices.tsx";
import { useBatch, type WholeBatch } from "./queries.ts";
import { RecomputePanel } from "./recompute/panel.tsx";
import { Statements } from "./statements.tsx";
import "./batches.css";

export default function BatchPage() {
  const { number = "" } = useParams();
  const { t } = useTranslation("batches");
  const { count } = useWords();
  const isNumber = /^[1-9][0-9]{0,18}$/.test(number);
  const title = t("number", { number: isNumber ? count(number) : number });
  const { data, error, isPending, refetch } = useBatch(number);
  useTitle(title);
  if (isPending) return <Loading />;
  if (data === undefined && isUnknown(error)) return <UnknownBatch title={title} />;
  return (
    <>
      <h1>{title}</h1>
      {data === undefined ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : (
        <BatchView batch={data} />
      )}
      <RecomputePanel key={number} number={number} batch={data} />
    </>
  );
}

function UnknownBatch({ title }: { title: string }) {
  const { t } = useTranslation("batches");
  return (
    <>
      <h1>{title}</h1>
      <p className="state">{t("unknown")}</p>
    </>
  );
}

const BatchView = ({ batch }: { batch: WholeBatch }) => (
  <>
    <Course batch={batch} />
    <Statements batch={batch} />
    <Notices batch={batch} />
    <Identity batch={batch} />
  </>
);
