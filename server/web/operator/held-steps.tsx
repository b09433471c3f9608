// Days of steps that look like no walk and wait for a decision, and what became of those that were decided here.

import { useTranslation } from "react-i18next";
import { Listed } from "../shell/listed.tsx";
import { useWords } from "../units/use-words.ts";
import { dayOf, HeldDayCard } from "./held-day.tsx";
import { type Outcome, useHeldDays } from "./held-queries.ts";
import { Said, useEnded } from "./said.tsx";

const idOf = ({ day }: Outcome) => day.id;

export function HeldSteps() {
  const { t } = useTranslation("operator");
  const { ended, tell } = useEnded(idOf);
  return (
    <section className="held-steps">
      <h2>{t("held.heading")}</h2>
      <p className="quiet">{t("held.what")}</p>
      {ended.map((outcome) => (
        <Said key={`${outcome.day.id} ${outcome.day.state}`}>
          <Became {...outcome} />
        </Said>
      ))}
      <Listed query={useHeldDays()} none={t("held.none")} more={t("held.more")}>
        {(days) => days.map((day) => <HeldDayCard key={day.id} day={day} tell={tell} />)}
      </Listed>
    </section>
  );
}

function Became({ day, decided }: Outcome) {
  const { t } = useTranslation("operator");
  const { count, language } = useWords();
  const words = { day: dayOf(day, language), person: day.report?.person };
  if (decided === null) return t("held.decidedByOther", words);
  if (decided.state === "rejected") return t("held.wasRejected", words);
  const receipt = decided.receipts?.[0];
  if (receipt === undefined) return t("held.wasAccepted", words);
  return (
    <>
      {t("held.wasRecorded", { ...words, steps: count(receipt.amount) })}{" "}
      <a href={`/r/${receipt.id}`}>{t("held.receipt")}</a>
    </>
  );
}
