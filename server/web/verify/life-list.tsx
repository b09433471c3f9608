// The life of a receipt, told stage by stage: what has happened, when, by whose word, and what is still waited for.

import { useTranslation } from "react-i18next";
import { shortHex } from "../units/short.ts";
import { useWords } from "../units/use-words.ts";
import { Icon, type Sign } from "./icon.tsx";
import { LINE_AT_FAULT, lifeOf, type Stage, type StageState } from "./life.ts";
import type { Report, ReportPart, Story } from "./queries.ts";
import type { Check } from "./use-check.ts";

/** What only the site says to be done has a sign of its own. */
const SIGNS: Record<StageState, Sign> = {
  done: "passed",
  claimed: "asking",
  waiting: "asking",
  unknown: "unreached",
};

export function Life({ check, story }: { check: Check; story: Story }) {
  const { t } = useTranslation("verify");
  const stages = lifeOf(check.verification, check.line, story);
  if (stages.length === 0 || check.verification.verdict === "invalid") return null;
  return (
    <section aria-labelledby="life">
      <h2 id="life">{t("life.title")}</h2>
      {story.status?.fault == null && check.verification.reason !== LINE_AT_FAULT ? null : (
        <p className="bad">{t("life.fault")}</p>
      )}
      <ol className="life">
        {stages.map((stage) => (
          <StageOf key={stage.name} stage={stage} check={check} />
        ))}
      </ol>
    </section>
  );
}

function StageOf({ stage, check }: { stage: Stage; check: Check }) {
  const { t } = useTranslation("verify");
  const { time } = useWords();
  const { name, state, at, reports } = stage;
  const { unit } = check.verification.file?.receipt ?? { unit: "" };
  const sentence = useSentence(stage, check.verification.batch);
  return (
    <li className={state}>
      <Icon sign={state === "done" && stage.word === "site" ? "said" : SIGNS[state]} />
      <div>
        <p>
          <strong>{t(`life.${name}.title`)}</strong>
          {at === null ? null : <time dateTime={new Date(at).toISOString()}> {time(at)}</time>}
        </p>
        <p>{sentence}</p>
        {reports.map((report) => (
          <ReportOf key={report.hash} report={report} unit={unit} />
        ))}
        <WordOf stage={stage} host={check.host} />
      </div>
    </li>
  );
}

/** A file that was saved early knows no batch, and a claim of which the site tells nothing has no age. */
function useSentence({ name, state, ageSeconds }: Stage, batch: bigint | null): string {
  const { t } = useTranslation("verify");
  const { age } = useWords();
  if (name === "anchored" && state === "done" && batch === null) return t("life.anchored.doneUnnumbered");
  if (state === "claimed" && ageSeconds === null) return t("life.paid.claimedUndated");
  return t(`life.${name}.${state}`, { batch: `${batch ?? ""}`, age: age(ageSeconds ?? 0) });
}

/** Whom one believes in it; that it happened and when may be two people's words. */
function WordOf({ stage: { word, at, transaction }, host }: { stage: Stage; host: string | null }) {
  const { t } = useTranslation("verify");
  if (word === null) return null;
  const isDated = word === "contract" && at !== null;
  return (
    <p className="quiet">
      {t(`life.by.${word}`, { host: host ?? "" })}
      {isDated ? ` ${t("life.by.dateOfSite")}` : null}
      {transaction === null ? null : (
        <>
          {` ${t("life.transaction")} `}
          <code title={transaction}>{shortHex(transaction)}</code>
        </>
      )}
    </p>
  );
}

function ReportOf({ report, unit }: { report: Report; unit: string }) {
  const { t } = useTranslation("verify");
  return (
    <div className="report">
      {report.parts.map((part) => (
        <Part key={part.from} part={part} unit={unit} />
      ))}
      <p className="quiet">
        <a href={report.document}>{t("life.report")}</a> {t("life.reportOf")}
      </p>
    </div>
  );
}

/** Which share of a part one gift became, nobody can tell: the part is named whole. */
function Part({
  part: { from, upTo, project, place, bought, note },
  unit,
}: {
  part: ReportPart;
  unit: string;
}) {
  const { t } = useTranslation("verify");
  const { amount, decimal, country } = useWords();
  const things = bought
    .map(({ count, measure, what }) => t("life.bought", { count: decimal(count), measure, what }))
    .join("; ");
  return (
    <>
      <p className="became">
        {t("life.became", { things, place: place.name, country: country(place.country) })}
      </p>
      <p className="quiet">
        {t("life.part", { project, amount: amount(BigInt(upTo) - BigInt(from), unit) })}
        {note === undefined ? null : ` ${note}`}
      </p>
    </>
  );
}
