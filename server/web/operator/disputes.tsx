// Hours that a volunteer has disputed again after the organiser's decision: the operator's word stands.

import { useTranslation } from "react-i18next";
import { Listed } from "../shell/listed.tsx";
import { useWords } from "../units/use-words.ts";
import { DisputeCard } from "./dispute.tsx";
import { calledOf, type Ended, nameOf, useDisputes } from "./dispute-queries.ts";
import { Said, useEnded } from "./said.tsx";

const named = ({ dispute }: Ended) => nameOf(dispute);

export function Disputes() {
  const { t } = useTranslation("operator");
  const { ended, tell } = useEnded(named);
  return (
    <section className="disputes">
      <h2>{t("disputes.heading")}</h2>
      <p className="quiet">{t("disputes.what")}</p>
      {ended.map((each) => (
        <Said key={named(each)}>
          <Became {...each} />
        </Said>
      ))}
      <Listed query={useDisputes()} none={t("disputes.none")} more={t("disputes.more")}>
        {(disputes) => disputes.map((each) => <DisputeCard key={nameOf(each)} dispute={each} tell={tell} />)}
      </Listed>
    </section>
  );
}

function Became({ dispute, decided }: Ended) {
  const { t } = useTranslation("operator");
  const { decimal } = useWords();
  const words = { title: dispute.announced.title, name: calledOf(dispute) };
  if (decided === null) return t("disputes.decidedByOther", words);
  return t("disputes.decided", { ...words, hours: decimal(decided.counted?.hours ?? "0") });
}
