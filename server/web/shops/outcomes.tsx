// Side by side: how many things all gifts of a shop come to, exactly, and how many its charity has reported.

import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { addressOf } from "../charity/address.ts";
import { portionsText, thingsText } from "../units/portions.ts";
import { useWords } from "../units/use-words.ts";
import type { Outcome, Shop } from "./queries.ts";

export function Outcomes({ shop: { outcomes } }: { shop: Shop }) {
  const { t } = useTranslation("shops");
  if (outcomes.length === 0) return null;
  return (
    <section aria-labelledby="outcomes">
      <h2 id="outcomes">{t("outcomes.title")}</h2>
      {outcomes.map((outcome) => (
        <Pair key={`${outcome.charity} ${outcome.unit}`} outcome={outcome} />
      ))}
    </section>
  );
}

function Pair({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation("shops");
  const { language, decimal } = useWords();
  return (
    <dl className="pair">
      <div>
        <dt>{t("outcomes.reached")}</dt>
        <dd className="figure">{portionsText(outcome, language, t)}</dd>
        <dd className="quiet">{t("outcomes.reachedHow")}</dd>
      </div>
      <div>
        <dt>{t("outcomes.served")}</dt>
        <dd className="figure">
          {thingsText(outcome.what, decimal(outcome.served), outcome.served === "1", t)}
        </dd>
        <dd className="quiet">
          {t("outcomes.servedHow")} <Link href={addressOf(outcome.charity)}>{outcome.name}</Link>
        </dd>
      </div>
    </dl>
  );
}
